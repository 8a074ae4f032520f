/** How a template's locale was found for the one that was asked for. */
export type LocaleMatch = 'exact' | 'less-specific' | 'related' | 'default';

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
 * Yields the available locales for one that is wanted, best first: itself, then what it falls back to by truncation, then
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
  return wanted.startsWith(`${found}-`) ? 'less-specific' : 'related';
}

function* alternatives(locale: string, available: ReadonlySet<string>): Generator<string, void, void> {
  for (const candidate of localeChain(locale)) {
    if (available.has(candidate) && (candidate === locale || writtenAlike(candidate, locale))) yield candidate;
  }
  yield* relatives(locale, available);
}

/** Same language and script once both are spelt out: `zh-TW` is not a text for `zh`, `sr-Latn` none for `sr`. */
function writtenAlike(a: string, b: string): boolean {
  const [one, other] = [new Intl.Locale(a).maximize(), new Intl.Locale(b).maximize()];
  return one.language === other.language && one.script === other.script;
}

/** The language's main region first (`pt` finds `pt-BR` before `pt-PT`), then by name, so that the choice is stable. */
function relatives(locale: string, available: ReadonlySet<string>): readonly string[] {
  const { language, script } = new Intl.Locale(locale).maximize();
  const alike = [...available].filter(
    (candidate) => candidate.split('-')[0] === locale.split('-')[0] && writtenAlike(candidate, locale),
  );
  const main = new Intl.Locale(language, script === undefined ? {} : { script }).maximize();
  const rank = (candidate: string) => (new Intl.Locale(candidate).maximize().region === main.region ? 0 : 1);
  return alike.toSorted((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
}
