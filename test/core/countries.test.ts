import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import examples from 'libphonenumber-js/examples.mobile.json';
import type { CountryCode } from 'libphonenumber-js/max';
import { getExampleNumber, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { describe, expect, it } from 'vitest';
import { countries, isCountry, likelyCountry, sharedRanges } from '../../src/core/countries.ts';
import { decode } from '../../src/core/decode.ts';
import { originationIdentities, routeTo } from '../../src/core/origination-identities.ts';
import { parsePhone } from '../../src/core/phone.ts';
import { valueIn } from '../support/decoded.ts';

const isCode = (code: string): code is CountryCode => Object.hasOwn(examples, code);

/** Every example number of the library, with the country that it is an example for, and the one it is detected as. */
const exampleNumbers = Object.keys(examples)
  .filter(isCode)
  .map((country) => {
    const number = getExampleNumber(country, examples)?.number ?? '';
    return { country, number, detected: parsePhoneNumberFromString(number)?.country };
  });

describe("libphonenumber's example mobile numbers", () => {
  it('are there for every country', () => {
    expect(exampleNumbers.map(({ country }) => country).toSorted()).toEqual(countries);
    expect(countries.length).toBeGreaterThan(240);
  });

  it('route to the identity of the country that the library detects, all of them', () => {
    // A sender ID of its own for each country, and one for calls.
    const list = Object.fromEntries(
      countries.map((country, index) => [country, { sms: `ID-${country}`, voice: `+999${index + 1000}` }]),
    );
    const identities = valueIn(decode(originationIdentities, { ...list, '*': 'DEFAULT' }));
    for (const { country, number, detected } of exampleNumbers) {
      const phone = valueIn(parsePhone(number));
      expect(detected, country).toBeDefined();
      expect(phone.country, country).toBe(detected);
      for (const channel of ['sms', 'voice'] as const) {
        const route = routeTo(identities, phone.country, channel);
        const values = route.kind === 'identities' ? route.channel.identities.map(({ value }) => value) : [route.kind];
        expect(values, country).toEqual([list[detected ?? '']?.[channel]]);
      }
    }
  });

  it('are told to be of another country in nine shared ranges, which are listed', () => {
    const elsewhere = exampleNumbers.filter(({ country, detected }) => country !== detected);
    expect(sharedRanges).toEqual(Object.fromEntries(elsewhere.map(({ country, detected }) => [country, detected])));
    expect(elsewhere).toHaveLength(9);
  });

  it('have the nine in docs/lint.md', () => {
    const document = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'lint.md'), 'utf8');
    const [, section = ''] = document.split('\n## Shared ranges\n');
    const names = new Intl.DisplayNames('en', { type: 'region' });
    const named = (code: string) => `${code} ${names.of(code)}`;
    const rows = section
      .split('\n')
      .filter((line) => line.startsWith('| '))
      .slice(2);
    expect(rows).toEqual(Object.entries(sharedRanges).map(([own, main]) => `| ${named(own)} | ${named(main)} |`));
  });
});

describe('a country code', () => {
  it.each([
    ['UK', 'GB'],
    ['EL', 'GR'],
    ['DD', 'DE'],
    ['SU', 'RU'],
    ['EN', 'GB'],
    ['AN', 'CW'],
  ])('%s that is none may be meant for %s', (code, meant) => {
    expect(isCountry(code)).toBe(false);
    expect(likelyCountry(code)).toBe(meant);
  });

  it.each(['QQ', 'AQ', '12', '', 'FRA', '-u-'])('"%s" is meant for none that is known', (code) => {
    expect(isCountry(code)).toBe(false);
    expect(likelyCountry(code)).toBeUndefined();
  });
});
