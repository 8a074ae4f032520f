import type { CatalogFile } from '../core/catalog.ts';
import { lintCatalog } from '../core/lint.ts';
import type { Finding } from '../core/lint-rules.ts';
import type { Context } from './context.ts';
import { regionOf } from './region.ts';

/** What somebody should look at in what a file says of a country. */
export const findingsFor = (context: Context, file: CatalogFile, country: string): readonly Finding[] =>
  lintCatalog([file], { region: regionOf(context) }).filter(
    ({ file: path, path: place }) => path === file.path && place === country,
  );

/** Says them on stderr. */
export function tellFindings({ stderr }: Context, findings: readonly Finding[]): void {
  for (const { severity, path, message, fix } of findings)
    stderr.write(`${severity}: ${path} ${message}\n  fix: ${fix}\n`);
}
