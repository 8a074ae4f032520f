import type { CountryCode } from 'libphonenumber-js/max';
import { getCountries } from 'libphonenumber-js/max';

/** ISO 3166-1 alpha-2 codes of every country that telephone numbers are told to belong to, by name. */
export const countries: readonly string[] = getCountries().toSorted();

/** Countries whose example numbers are told to be those of the country whose calling code they share. */
type SharedRange = Readonly<Partial<Record<CountryCode, CountryCode>>>;

/**
 * The nine countries whose mobile numbers lie in a range that the numbering plan of a larger one has, too: they are told
 * to belong to that one, and whatever it has in `originationIdentities.json` serves them.
 *
 * `test/core/countries.test.ts` derives the list from libphonenumber's own example numbers.
 */
const ranges: SharedRange = {
  AX: 'FI',
  BL: 'GP',
  CC: 'AU',
  CX: 'AU',
  EH: 'MA',
  IM: 'GB',
  MF: 'GP',
  SJ: 'NO',
  VA: 'IT',
};
export const sharedRanges: Readonly<Record<string, string>> = ranges;

export const isCountry = (code: string): boolean => countries.includes(code);

/** Codes that people write for a country: the one of its language or of its vehicles, or Eurostat's. */
const written: Readonly<Record<string, string>> = {
  EL: 'GR',
  EN: 'GB',
  DA: 'DK',
  JA: 'JP',
  KO: 'KR',
  SP: 'ES',
  SW: 'SE',
  ZH: 'CN',
};

/** The country that somebody who wrote an unknown code may have meant: `UK` is `GB`, and a former country its successor. */
export function likelyCountry(code: string): string | undefined {
  const meant = written[code] ?? (/^[A-Z]{2}$/.test(code) ? new Intl.Locale(`und-${code}`).region : undefined);
  return meant !== undefined && isCountry(meant) ? meant : undefined;
}
