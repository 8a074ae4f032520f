import type { Catalog, CatalogFile } from '../core/catalog.ts';
import { identitiesPath, parseCatalog, settingsPath } from '../core/catalog.ts';
import { UsageError } from '../core/error.ts';
import { readCatalogFiles } from './catalog-files.ts';
import type { Context } from './context.ts';
import { sampleCatalog, shippedCatalog } from './paths.ts';
import { openWorkspace } from './workspace.ts';

/** The catalog that a call on this machine uses, and that a matrix is made of. */
export interface CallCatalog {
  readonly files: readonly CatalogFile[];
  readonly catalog: Catalog;
  /** The operator's own, and not the package's sample. */
  readonly isOwn: boolean;
}

/**
 * Reads the operator's catalog from the folder, or the package's sample where there is none; what a folder lacks
 * (languages, settings, identities) is taken from the package.
 */
export async function readCallCatalog({ cwd, stderr }: Context, dir: string | undefined): Promise<CallCatalog> {
  const own = await openWorkspace(cwd, dir).files();
  if (own.length === 0 && dir !== undefined) {
    throw new UsageError('catalog-empty', 'there is no file of a catalog in its folder', {
      hint: 'compare the name of the folder with --dir, or with "catalog" in okta-otp.json',
    });
  }
  const [shipped, sample] = await Promise.all([readCatalogFiles(shippedCatalog), readCatalogFiles(sampleCatalog)]);
  const isTemplate = ({ path }: CatalogFile) => path.startsWith('templates/');
  const has = (path: string) => own.some((file) => file.path === path);
  const borrowed = [settingsPath, identitiesPath].filter((path) => !has(path));
  if (own.length > 0 && borrowed.length > 0) {
    stderr.write(`The catalog has no ${borrowed.join(' and no ')}: the sample's is used.\n`);
  }
  const files = [
    ...own,
    ...(own.some(isTemplate) ? [] : shipped.filter(isTemplate)),
    ...sample.filter(({ path }) => borrowed.includes(path)),
  ];
  const parsed = parseCatalog(files);
  if (!parsed.ok) {
    throw new UsageError('catalog-invalid', 'a file of the catalog cannot be read', {
      hint: `okta-otp templates validate${dir === undefined ? '' : ` --dir ${dir}`}`,
    });
  }
  return { files, catalog: parsed.value, isOwn: own.length > 0 };
}
