import type { CatalogFile } from '../core/catalog.ts';
import { identitiesPath } from '../core/catalog.ts';
import { UsageError } from '../core/error.ts';
import { lintCatalog } from '../core/lint.ts';
import type { Context } from './context.ts';
import { tellFindings } from './identity-findings.ts';
import type { CatalogChangeFlags } from './published-catalog.ts';
import { regionOf } from './region.ts';

/**
 * Throws when the files say of origination identities what could never hold: the sender would read it, and not do it. Other
 * findings it tells.
 */
export function checkIdentities(
  context: Context,
  { region, json }: CatalogChangeFlags,
  files: readonly CatalogFile[],
): void {
  const found = lintCatalog(files, { region: region ?? regionOf(context) }).filter(
    ({ file }) => file === identitiesPath,
  );
  const errors = found.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) {
    const lines = errors.map(({ file, path, message, fix }) => `\n  ${file}: ${path} ${message}; ${fix}`).join('');
    throw new UsageError('catalog-invalid', `the catalog is not valid:${lines}`, {
      hint: 'correct the files and push again; nothing was published',
    });
  }
  if (json !== true) tellFindings(context, found);
}
