import type { Catalog, CatalogFile } from '../core/catalog.ts';
import { parseCatalog } from '../core/catalog.ts';
import { decode, parseJson } from '../core/decode.ts';
import { UsageError } from '../core/error.ts';
import { parseLocale } from '../core/locale.ts';
import type { LanguageTemplates } from '../core/template.ts';
import { languageTemplates } from '../core/template.ts';
import { readCatalogFiles } from './catalog-files.ts';
import type { Context } from './context.ts';
import type { FolderFlags } from './environments.ts';
import { catalogFolderOf, sameFolder } from './environments.ts';
import { shippedCatalog } from './paths.ts';
import type { Workspace } from './workspace.ts';
import { openWorkspace } from './workspace.ts';

/** One language with the file that it stands in. */
export interface Language extends LanguageTemplates {
  readonly file: CatalogFile;
}

export interface ReadLanguages {
  readonly workspace: Workspace;
  readonly catalog: Catalog;
  readonly languages: readonly Language[];
  /** They are the package's own, since the folder has none. */
  readonly areShipped: boolean;
}

/**
 * Reads the languages of a folder, or those that the package ships where the folder has none, and says so on stderr.
 *
 * Throws when a file cannot be decoded.
 */
export async function readLanguages(context: Context, flags: FolderFlags): Promise<ReadLanguages> {
  const workspace = openWorkspace(context.cwd, await catalogFolderOf(context, flags));
  const own = await workspace.files();
  const areShipped = !own.some(isLanguage);
  const files = areShipped ? [...own, ...(await readCatalogFiles(shippedCatalog)).filter(isLanguage)] : own;
  const parsed = parseCatalog(files);
  if (!parsed.ok) {
    throw new UsageError('catalog-invalid', 'a file of the catalog cannot be read', {
      hint: `okta-otp templates validate${sameFolder(flags)}`,
    });
  }
  if (areShipped) context.stderr.write(`${workspace.folder} has no templates: these are the ones of the package.\n`);
  return { workspace, catalog: parsed.value, languages: files.flatMap(languageOf), areShipped };
}

/** The language that is meant; throws when it is not there. */
export function languageNamed({ languages }: Pick<ReadLanguages, 'languages'>, typed: string): Language {
  const locale = toLocale(typed);
  const found = languages.find((language) => language.locale === locale);
  if (found === undefined) {
    throw new UsageError('template-not-found', 'there is no file of this language', {
      hint: 'okta-otp templates list',
    });
  }
  return found;
}

const isLanguage = ({ path }: CatalogFile): boolean => path.startsWith('templates/');

/** The tag in canonical form, as files are named; throws for what is none, or what `parse` knows no tag of. */
export function toLocale(typed: string, parse: (typed: string) => string | undefined = parseLocale): string {
  const locale = parse(typed);
  if (locale === undefined) {
    throw new UsageError('locale-invalid', 'the locale must be a BCP 47 tag', { hint: 'for example es-MX' });
  }
  return locale;
}

function languageOf(file: CatalogFile): readonly Language[] {
  const json = isLanguage(file) ? parseJson(file.text) : undefined;
  const decoded = json?.ok === true ? decode(languageTemplates, json.value) : undefined;
  return decoded?.ok === true ? [{ ...decoded.value, file }] : [];
}
