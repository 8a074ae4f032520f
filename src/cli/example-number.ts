import type { CountryCode } from 'libphonenumber-js/max';
import { getExampleNumber, isSupportedCountry } from 'libphonenumber-js/max';
import examples from 'libphonenumber-js/mobile/examples';

/** A mobile number of the country's form, in E.164; it may be somebody's. Undefined where no form is known. */
export function exampleNumber(country: string): string | undefined {
  return isSupportedCountry(country) ? exampleOf(country) : undefined;
}

const exampleOf = (country: CountryCode) => getExampleNumber(country, examples)?.number;
