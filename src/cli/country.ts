import { isCountry, likelyCountry } from '../core/countries.ts';
import { UsageError } from '../core/error.ts';

const names = new Intl.DisplayNames('en', { type: 'region' });

/** What a country is called in English; `*` is the default. */
export const countryName = (code: string): string => (code === '*' ? 'all others' : (names.of(code) ?? code));

/** The country that was typed, in capitals; throws for what is none, and says what may have been meant. */
export function toCountry(typed: string, hint = 'name it by its ISO 3166 code, such as FR'): string {
  const code = typed.trim().toUpperCase();
  if (isCountry(code)) return code;
  const meant = likelyCountry(code);
  throw new UsageError('country-unknown', 'there is no country of this code that telephone numbers belong to', {
    hint: meant === undefined ? hint : `did you mean ${meant} (${countryName(meant)})?`,
  });
}

/** Like `toCountry`, and `*` for all countries that are not named. */
export const toCountryOrDefault = (typed: string): string =>
  typed.trim() === '*'
    ? '*'
    : toCountry(typed, 'name it by its ISO 3166 code, such as FR, or write "*" for all others');
