import type { CatalogFile } from '../core/catalog.ts';
import { templatePath } from '../core/catalog.ts';
import { UsageError } from '../core/error.ts';
import { matchLocales } from '../core/locale.ts';
import { readCatalogFiles } from './catalog-files.ts';
import type { JsonChange } from './language-file.ts';
import { changeJson } from './language-file.ts';
import { parseLanguageFile } from './language-text.ts';
import { toLocale } from './languages.ts';
import { shippedCatalog } from './paths.ts';

/** A file to begin a language with. */
export interface LanguageStart {
  /** Whose texts they are. */
  readonly locale: string;
  /** They are written in the language that is wanted, if perhaps for another region. */
  readonly isSameLanguage: boolean;
  /** The new language's file with these texts, not reviewed. */
  readonly text: string;
}

export interface StartOptions {
  readonly locale: string;
  /** As it was typed. */
  readonly from: string | undefined;
  readonly defaultLocale: string;
}

/**
 * Finds texts to begin a language with: those of `from`, or the package's own of this language, or the nearest one of
 * folder and package, or the default language's.
 */
export async function startLanguage(
  there: readonly CatalogFile[],
  { locale, from, defaultLocale }: StartOptions,
): Promise<LanguageStart> {
  const known = new Map(
    [...(await readCatalogFiles(shippedCatalog)), ...there].flatMap(({ path, text }) => {
      const language = path.startsWith('templates/') ? parseLanguageFile(text) : undefined;
      return language === undefined ? [] : [[language.locale, text] as const];
    }),
  );
  const wanted = from === undefined ? locale : toLocale(from);
  const [best] = matchLocales(wanted, new Set(known.keys()), known.has(defaultLocale) ? defaultLocale : 'en');
  const source = best === undefined ? undefined : known.get(best.locale);
  if (best === undefined || source === undefined || (from !== undefined && best.locale !== wanted)) {
    throw new UsageError('template-not-found', 'there is no language of this name to start from', {
      hint: 'okta-otp templates list',
    });
  }
  const isSameLanguage = [...matchLocales(locale, new Set([best.locale]), locale)].length > 0;
  return { locale: best.locale, isSameLanguage, text: renamed(source, locale, isSameLanguage) };
}

function renamed(source: string, locale: string, isSameLanguage: boolean): string {
  const changes: JsonChange[] = [
    { path: ['locale'], value: locale },
    { path: ['reviewed'], value: false },
  ];
  // What is said in another language has to be written anew; nothing of it may be left over unseen.
  if (!isSameLanguage) {
    changes.push({ path: ['sms', 'variants'], value: undefined }, { path: ['voice'], value: null });
  }
  return changeJson(source, changes);
}

/** The file of a language among those of the folder. */
export const fileOf = (there: readonly CatalogFile[], locale: string): CatalogFile | undefined =>
  there.find(({ path }) => path === templatePath(locale));
