import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { localeChain, matchLocales, parseLocale } from '../../src/core/locale.ts';

const allMatches = (wanted: string | undefined, available: readonly string[], fallback: string) => [
  ...matchLocales(wanted, new Set(available), fallback),
];

/** The languages that Okta itself speaks. */
const oktaLanguages =
  'en zh-CN zh-TW cs da de el es fi fr ht hu id it ja ko ms nb nl-NL pl pt-BR ro ru sv th tr uk vi he'.split(' ');

const best = (wanted: string | undefined, available: readonly string[], fallback = 'en') =>
  allMatches(wanted, available, fallback)[0];

const tags = fc
  .tuple(
    fc.constantFrom('en', 'es', 'zh', 'sr', 'pt', 'nb', 'de', 'xx'),
    fc.constantFrom('', '-Latn', '-Cyrl', '-Hans', '-Hant'),
    fc.constantFrom('', '-US', '-MX', '-TW', '-CN', '-RS', '-BR', '-419'),
    fc.constantFrom('', '-1996', '-valencia'),
  )
  .map((parts) => parts.join(''));

describe('a locale as it comes', () => {
  it.each([
    ['EN-US', 'en-US'],
    ['en_us', 'en-US'],
    [' es ', 'es'],
    ['ZH_hant_hk', 'zh-Hant-HK'],
    ['iw', 'he'],
    ['in', 'id'],
    ['no', 'nb'],
    ['no_NO', 'nb-NO'],
    ['nn-NO', 'nn-NO'],
    ['en-US-u-ca-gregory', 'en-US'],
    ['es-419', 'es-419'],
    ['en_US_POSIX', 'en-US'],
    ['ca-ES-valencia', 'ca-ES-valencia'],
  ])('"%s" is %s', (raw, locale) => {
    expect(parseLocale(raw)).toBe(locale);
  });

  it.each([
    '',
    ' ',
    'e',
    'en-',
    '-',
    'en.UTF-8',
    'englishlanguage',
    'C',
    '*',
    '%s',
    '{{otp}}',
    '../../es',
    'und',
    'und-US',
    'UND',
  ])('"%s" is none', (raw) => {
    expect(parseLocale(raw)).toBeUndefined();
  });

  it('falls back by truncation', () => {
    expect(localeChain('zh-Hant-HK')).toEqual(['zh-Hant-HK', 'zh-Hant', 'zh']);
    expect(localeChain('es')).toEqual(['es']);
  });
});

describe('the locale of a message', () => {
  it.each([
    ['es', 'es', 'exact'],
    ['es_mx', 'es', 'less-specific'],
    ['es-MX', 'es', 'less-specific'],
    ['EN-US', 'en', 'less-specific'],
    ['nl', 'nl-NL', 'related'],
    ['nl-BE', 'nl-NL', 'related'],
    ['pt', 'pt-BR', 'related'],
    ['pt-PT', 'pt-BR', 'related'],
    ['zh', 'zh-CN', 'related'],
    ['zh-SG', 'zh-CN', 'related'],
    ['zh-HK', 'zh-TW', 'related'],
    ['zh-Hant', 'zh-TW', 'related'],
    ['no', 'nb', 'exact'],
    ['no-NO', 'nb', 'less-specific'],
    ['iw', 'he', 'exact'],
    ['sw', 'en', 'default'],
    ['xx', 'en', 'default'],
    ['en_US_POSIX', 'en', 'less-specific'],
    ['und', 'en', 'default'],
    ['not a locale', 'en', 'default'],
    ['', 'en', 'default'],
    [undefined, 'en', 'default'],
  ])('for %s is %s (%s)', (wanted, locale, match) => {
    expect(best(wanted, oktaLanguages)).toEqual({ locale, match });
  });

  it('for es-MX with only es is es', () => {
    expect(allMatches('es-MX', ['es'], 'en')).toEqual([{ locale: 'es', match: 'less-specific' }]);
  });

  it('is one of several relatives: the language’s main region, then the first by name', () => {
    expect(best('es', ['es-AR', 'es-ES', 'es-MX'])).toEqual({ locale: 'es-ES', match: 'related' });
    expect(allMatches('pt-AO', ['pt-PT', 'en', 'pt-BR', 'pt-MZ'], 'en')).toEqual([
      { locale: 'pt-BR', match: 'related' },
      { locale: 'pt-MZ', match: 'related' },
      { locale: 'pt-PT', match: 'related' },
      { locale: 'en', match: 'default' },
    ]);
    expect(best('pt-AO', ['pt-PT', 'pt-MZ'])).toEqual({ locale: 'pt-MZ', match: 'related' });
    expect(best('pt-AO', ['pt-MZ', 'pt-PT'])).toEqual({ locale: 'pt-MZ', match: 'related' });
  });

  it('is never one in another script', () => {
    expect(allMatches('sr-Latn', ['sr', 'sr-Cyrl-RS'], 'en')).toEqual([]);
    expect(allMatches('zh-TW', ['zh', 'zh-CN'], 'en')).toEqual([]);
    expect(best('sr-Latn-RS', ['sr', 'sr-Latn'])).toEqual({ locale: 'sr-Latn', match: 'less-specific' });
    expect(best('zh-TW', ['zh', 'zh-Hant'])).toEqual({ locale: 'zh-Hant', match: 'related' });
  });

  it('may be the default’s own fallback', () => {
    expect(allMatches('sw', ['es', 'en'], 'en-GB')).toEqual([{ locale: 'en', match: 'default' }]);
  });

  it('is found once, in the best way that finds it', () => {
    expect(allMatches('en-GB', ['en', 'en-GB'], 'en')).toEqual([
      { locale: 'en-GB', match: 'exact' },
      { locale: 'en', match: 'less-specific' },
    ]);
  });

  it('is none where not even the default is there', () => {
    expect(allMatches('sw', ['es'], 'en')).toEqual([]);
  });
});

describe('for whatever locale and whatever is available', () => {
  it('the chosen one is never less specific than another match', () => {
    fc.assert(
      fc.property(tags, fc.uniqueArray(tags, { maxLength: 12 }), (wanted, available) => {
        const found = allMatches(wanted, available, 'en');
        const truncated = found.filter(({ match }) => match === 'exact' || match === 'less-specific');
        const lengths = truncated.map(({ locale }) => locale.length);
        expect(lengths).toEqual(lengths.toSorted((a, b) => b - a));
        if (available.includes(wanted)) expect(found[0]).toEqual({ locale: wanted, match: 'exact' });
      }),
      { numRuns: 500 },
    );
  });

  it('exact comes before less specific, that before related, and the default last; each once, and all available', () => {
    const order = ['exact', 'less-specific', 'related', 'default'];
    fc.assert(
      fc.property(tags, fc.uniqueArray(tags, { maxLength: 12 }), tags, (wanted, available, fallback) => {
        const found = allMatches(wanted, available, fallback);
        const ranks = found.map(({ match }) => order.indexOf(match));
        expect(ranks).toEqual(ranks.toSorted());
        expect(new Set(found.map(({ locale }) => locale)).size).toBe(found.length);
        for (const { locale } of found) expect(available).toContain(locale);
        if (available.includes(fallback)) expect(found.map(({ locale }) => locale)).toContain(fallback);
      }),
      { numRuns: 500 },
    );
  });

  it('only the default is in another language or script', () => {
    const written = (tag: string) => {
      const { language, script } = new Intl.Locale(tag).maximize();
      return `${language} ${script}`;
    };
    fc.assert(
      fc.property(tags, fc.uniqueArray(tags, { maxLength: 12 }), (wanted, available) => {
        for (const { locale, match } of allMatches(wanted, available, 'en')) {
          if (match !== 'default') expect(written(locale)).toBe(written(wanted));
        }
      }),
      { numRuns: 500 },
    );
  });

  it('a garbage locale throws nothing, and gets the default', () => {
    const pieces = fc.array(
      fc.constantFrom('und', 'x', 'i', 'en', 'zh', 'u', 'a', '419', 'POSIX', '-', '_', '.', '\u0000', '中'),
      {
        maxLength: 6,
      },
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          pieces.map((list) => list.join('-')),
          pieces.map((list) => list.join('')),
        ),
        (raw) => {
          const found = allMatches(raw, oktaLanguages, 'en');
          expect(found.map(({ locale }) => locale)).toContain('en');
          if (parseLocale(raw) === undefined) expect(found).toEqual([{ locale: 'en', match: 'default' }]);
        },
      ),
      { numRuns: 2000 },
    );
  });
});
