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
    fc.constantFrom(
      '',
      '-US',
      '-MX',
      '-TW',
      '-CN',
      '-RS',
      '-BR',
      '-419',
      '-AO',
      '-PT',
      '-GB',
      '-NZ',
      '-AT',
      '-001',
      '-150',
    ),
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
    ['pt-AO', 'pt-BR', 'related'],
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
    expect(best('es', ['es-PE', 'es-MX', 'es-AR'])).toEqual({ locale: 'es-AR', match: 'related' });
    expect(best('es', ['es-AR', 'es-PE', 'es-MX'])).toEqual({ locale: 'es-AR', match: 'related' });
  });

  it('is what CLDR lets it inherit from before the bare language, and a relative of the same parent before others', () => {
    expect(allMatches('pt-AO', ['pt', 'en', 'pt-BR', 'pt-MZ', 'pt-PT'], 'en')).toEqual([
      { locale: 'pt-PT', match: 'parent' },
      { locale: 'pt', match: 'less-specific' },
      { locale: 'pt-MZ', match: 'related' },
      { locale: 'pt-BR', match: 'related' },
      { locale: 'en', match: 'default' },
    ]);
    expect(allMatches('pt-BR', ['pt-PT', 'pt-MZ', 'pt'], 'pt')[0]).toEqual({ locale: 'pt', match: 'less-specific' });
  });

  it.each([
    ['es-AR', ['es', 'es-419', 'es-ES'], 'es-419', 'parent'],
    ['es-Latn-AR', ['es', 'es-419', 'es-Latn'], 'es-Latn', 'less-specific'],
    ['es-AR', ['es', 'es-MX'], 'es', 'less-specific'],
    ['es-AR', ['es-ES', 'es-MX'], 'es-MX', 'related'],
    ['es-419', ['es-ES', 'es-MX'], 'es-MX', 'related'],
    ['es-ES', ['es', 'es-419'], 'es', 'less-specific'],
    ['en-NZ', ['en', 'en-GB', 'en-001'], 'en-001', 'parent'],
    ['en-NZ', ['en', 'en-GB', 'en-US'], 'en-GB', 'parent'],
    ['en-001', ['en', 'en-GB'], 'en-GB', 'parent'],
    ['en-GB', ['en', 'en-001'], 'en-001', 'parent'],
    ['en-AT', ['en', 'en-GB', 'en-150'], 'en-150', 'parent'],
    ['en-CA', ['en', 'en-GB'], 'en', 'less-specific'],
    ['en-US', ['en', 'en-GB'], 'en', 'less-specific'],
    ['zh-Hant-MO', ['zh', 'zh-CN', 'zh-TW'], 'zh-TW', 'related'],
  ] as const)('for %s among %s is %s (%s)', (wanted, available, locale, match) => {
    expect(best(wanted, available)).toEqual({ locale, match });
  });

  it('is found by the shipped languages as their regions write', () => {
    const shipped = 'en en-AU en-GB en-IN es es-MX es-US fr fr-CA pt-BR pt-PT zh-CN zh-TW'.split(' ');
    const chosen = (wanted: string) => best(wanted, shipped)?.locale;
    expect(['pt-AO', 'pt-MZ', 'pt', 'en-IE', 'en-PH', 'es-CO'].map(chosen)).toEqual(
      ['pt-PT', 'pt-PT', 'pt-BR', 'en-GB', 'en', 'es'], // CLDR leaves the Philippines with the United States
    );
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
        const inherited = found.filter(({ match }) => ['exact', 'parent', 'less-specific'].includes(match));
        // Counted in subtags: `es-419` says no less than `es-MX`.
        const lengths = inherited.map(({ locale }) => locale.split('-').length);
        expect(lengths).toEqual(lengths.toSorted((a, b) => b - a));
        if (available.includes(wanted)) expect(found[0]).toEqual({ locale: wanted, match: 'exact' });
      }),
      { numRuns: 500 },
    );
  });

  it('exact comes before what it inherits from, that before related, and the default last; each once, and all available', () => {
    const order = { exact: 0, parent: 1, 'less-specific': 1, related: 2, default: 3 };
    fc.assert(
      fc.property(tags, fc.uniqueArray(tags, { maxLength: 12 }), tags, (wanted, available, fallback) => {
        const found = allMatches(wanted, available, fallback);
        const ranks = found.map(({ match }) => order[match]);
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
