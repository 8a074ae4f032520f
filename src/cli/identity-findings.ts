import type { CatalogFile } from '../core/catalog.ts';
import { lintCatalog } from '../core/lint.ts';
import type { Context } from './context.ts';
import { regionOf } from './region.ts';

/** Says on stderr what somebody should look at in what was just written for a country. */
export function tellIdentityFindings(context: Context, file: CatalogFile, country: string): void {
  const found = lintCatalog([file], { region: regionOf(context) }).filter(
    ({ file: path, path: place }) => path === file.path && (place === country || place.startsWith(`${country}.`)),
  );
  for (const { severity, path, message, fix } of found)
    context.stderr.write(`${severity}: ${path} ${message}\n  fix: ${fix}\n`);
}
