import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CatalogFile } from '../core/catalog.ts';
import { identitiesPath, numbersPath, settingsPath } from '../core/catalog.ts';

/** Reads the files of a catalog from its folder, in the order of their paths; those that are absent are left out. */
export async function readCatalogFiles(folder: string): Promise<readonly CatalogFile[]> {
  const languages = (await readdir(join(folder, 'templates')).catch(() => []))
    .filter((name) => name.endsWith('.json'))
    .map((name) => `templates/${name}`);
  const paths = [identitiesPath, numbersPath, settingsPath, ...languages].sort();
  const files = await Promise.all(
    paths.map(async (path) => {
      const text = await readFile(join(folder, ...path.split('/')), 'utf8').catch(() => undefined);
      return text === undefined ? [] : [{ path, text }];
    }),
  );
  return files.flat();
}
