/** How a template's locale was found for the one that was asked for. */
export type LocaleMatch = 'exact' | 'parent' | 'less-specific' | 'related' | 'default';

export interface MatchedLocale {
  readonly locale: string;
  readonly match: LocaleMatch;
}

/**
 * Gives a BCP 47 tag its canonical case and aliases (`EN_us` → `en-US`, `iw` → `he`, `no` → `nb`); undefined for what
 * is no tag, and for `und`, which names no language.
 *
 * Okta's locales come with `_` or `-` and in any case.
 */
export function parseLocale(raw: string): string | undefined {
  try {
    // V8 leaves an extension in the base name of `en_US_POSIX`, `en-US-u-va-posix`.
    const locale = new Intl.Locale(raw.trim().replaceAll('_', '-')).baseName.replace(/-u-.*$/, '');
    if (/^und(-|$)/.test(locale)) return undefined;
    // Macrolanguage Norwegian: what is written in nearly every "no" is Bokmål, and CLDR says so too.
    return locale.replace(/^no(?=-|$)/, 'nb');
  } catch {
    return undefined;
  }
}

/** `zh-Hant-HK` → `zh-Hant-HK`, `zh-Hant`, `zh`. @see https://www.rfc-editor.org/rfc/rfc4647#section-3.4 */
export function localeChain(locale: string): readonly string[] {
  const parts = locale.split('-');
  return parts.map((_, index) => parts.slice(0, parts.length - index).join('-'));
}

/**
 * Regions whose language is that of another region rather than that of the bare tag, which is Brazil's Portuguese and the
 * United States' English: CLDR's parent locales. `en-GB` stands behind `en-001`, which few write and which is spelled alike.
 * @see https://github.com/unicode-org/cldr-json/blob/main/cldr-json/cldr-core/supplemental/parentLocales.json
 */
const parentLocales: readonly (readonly [parents: readonly string[], regions: readonly string[]])[] = [
  [['pt-PT'], regions('AO CH CV FR GQ GW LU MO MZ ST TL')],
  [['es-419'], regions('AR BO BR BZ CL CO CR CU DO EC GT HN JP MX NI PA PE PR PY SV US UY VE')],
  [['en-150', 'en-001', 'en-GB'], regions('AT BE CH DE DK FI NL SE SI')],
  [
    ['en-001', 'en-GB'],
    regions(
      '150 AG AI AU BB BM BS BW BZ CC CK CM CX CY DG DM ER FJ FK FM GB GD GG GH GI GM GY HK ID IE IL IM IN IO JE JM KE KI KN KY LC LR LS MG MO MS MT MU MV MW MY NA NF NG NR NU NZ PG PK PN PW RW SB SC SD SG SH SL SS SX SZ TC TK TO TT TV TZ UG VC VG VU WS ZA ZM ZW',
    ),
  ],
  [['en-GB'], ['001']],
];

function regions(list: string): readonly string[] {
  return list.split(' ');
}

/** Every parent by its children: `pt-AO` → `pt-PT`. */
const parentsOf: ReadonlyMap<string, readonly string[]> = new Map(
  parentLocales.flatMap(([parents, children]) =>
    children.map((region) => [`${parents[0]?.split('-')[0]}-${region}`, parents] as const),
  ),
);

/**
 * What a locale inherits from, itself first and the bare language last: `es-MX` → `es-MX`, `es-419`, `es`. Truncation, with
 * CLDR's parents of the region before the bare language.
 */
function inheritance(locale: string): readonly string[] {
  const chain = localeChain(locale);
  const { language, region } = new Intl.Locale(locale);
  const parents = (parentsOf.get(`${language}-${region}`) ?? []).filter((parent) => !chain.includes(parent));
  return [...chain.slice(0, -1), ...parents, ...chain.slice(-1)];
}

/**
 * Yields the available locales for one that is wanted, best first: itself, then what it inherits from, then
 * its relatives (same language and script, so that `nl` finds `nl-NL` and `zh-HK` finds `zh-TW`), then the default's.
 *
 * One after the other, since the best may lack the channel that is asked for, and the first nearly always has it.
 */
export function* matchLocales(
  wanted: string | undefined,
  available: ReadonlySet<string>,
  defaultLocale: string,
): Generator<MatchedLocale, void, void> {
  const given = new Set<string>();
  const locale = wanted === undefined ? undefined : parseLocale(wanted);
  const sought = [
    ...(locale === undefined ? [] : [{ locale, match: (found: string) => matchBetween(locale, found) }]),
    { locale: defaultLocale, match: () => 'default' as const },
  ];
  for (const { locale: from, match } of sought) {
    for (const found of alternatives(from, available)) {
      if (given.has(found)) continue;
      given.add(found);
      yield { locale: found, match: match(found) };
    }
  }
}

function matchBetween(wanted: string, found: string): LocaleMatch {
  if (wanted === found) return 'exact';
  if (wanted.startsWith(`${found}-`)) return 'less-specific';
  return inheritance(wanted).includes(found) ? 'parent' : 'related';
}

function* alternatives(locale: string, available: ReadonlySet<string>): Generator<string, void, void> {
  for (const candidate of inheritance(locale)) {
    if (available.has(candidate) && (candidate === locale || writtenAlike(candidate, locale))) yield candidate;
  }
  yield* relatives(locale, available);
}

/** Same language and script once both are spelt out: `zh-TW` is not a text for `zh`, `sr-Latn` none for `sr`. */
function writtenAlike(a: string, b: string): boolean {
  const [one, other] = [new Intl.Locale(a).maximize(), new Intl.Locale(b).maximize()];
  return one.language === other.language && one.script === other.script;
}

/**
 * Those with more ancestors in common first (`es-419` finds `es-MX` before `es-ES`), then the language's main region (`pt`
 * finds `pt-BR` before `pt-PT`), then by name, so that the choice is stable.
 */
function relatives(locale: string, available: ReadonlySet<string>): readonly string[] {
  const { language, script } = new Intl.Locale(locale).maximize();
  const alike = [...available].filter(
    (candidate) => candidate.split('-')[0] === locale.split('-')[0] && writtenAlike(candidate, locale),
  );
  const main = new Intl.Locale(language, script === undefined ? {} : { script }).maximize();
  const own = inheritance(locale);
  const ranked = alike.map((candidate) => ({
    candidate,
    inCommon: inheritance(candidate).filter((ancestor) => own.includes(ancestor)).length,
    isMain: Number(new Intl.Locale(candidate).maximize().region === main.region),
  }));
  return ranked
    .sort((a, b) => b.inCommon - a.inCommon || b.isMain - a.isMain || (a.candidate < b.candidate ? -1 : 1))
    .map(({ candidate }) => candidate);
}
