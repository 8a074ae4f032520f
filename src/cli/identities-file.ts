import type { CatalogFile } from '../core/catalog.ts';
import { identitiesPath, numbersPath, parseCatalog } from '../core/catalog.ts';
import { UsageError } from '../core/error.ts';
import type { NumberList } from '../core/number-list.ts';
import type { OriginationIdentities } from '../core/origination-identities.ts';
import type { Context } from './context.ts';
import { catalogFolderOf } from './environments.ts';
import type { Workspace } from './workspace.ts';
import { openWorkspace } from './workspace.ts';

export interface IdentitiesOfFolder {
  readonly workspace: Workspace;
  readonly identities: OriginationIdentities;
  readonly numbers: NumberList;
  /** The file of the identities as it stands; undefined where there is none. */
  readonly file: CatalogFile | undefined;
}

/** Reads origination identities and number list of a folder; throws, with all that is wrong, when one cannot be decoded. */
export async function readIdentities(
  context: Pick<Context, 'cwd'>,
  flags: { readonly dir?: string; readonly env?: string },
): Promise<IdentitiesOfFolder> {
  const workspace = openWorkspace(context.cwd, await catalogFolderOf(context, flags));
  // The texts have no say here: one that is broken must not keep anybody from blocking a country.
  const files = (await workspace.files()).filter(({ path }) => path === identitiesPath || path === numbersPath);
  const { originationIdentities: identities, numbers } = parseIdentities(files);
  return { workspace, identities, numbers, file: files.find(({ path }) => path === identitiesPath) };
}

/** Decodes files of a catalog; throws with all that is wrong. */
export function parseIdentities(files: readonly CatalogFile[]) {
  const parsed = parseCatalog(files);
  if (parsed.ok) return parsed.value;
  const problems = parsed.problems.map(({ path, message }) => `\n  ${path} ${message}`).join('');
  throw new UsageError('identities-invalid', `the files are not valid:${problems}`, {
    hint: 'correct that; the files are as they were',
  });
}
