import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CatalogFile } from '../core/catalog.ts';
import { identitiesPath, numbersPath, settingsPath } from '../core/catalog.ts';

/** Reads the files of a catalog from its folder, in the order of their paths; those that are absent are left out. */
export async function readCatalogFiles(folder: string): Promise<readonly CatalogFile[]> {
  const languages = ((await unlessAbsent(readdir(join(folder, 'templates')))) ?? [])
    .filter((name) => name.endsWith('.json'))
    .map((name) => `templates/${name}`);
  const paths = [identitiesPath, numbersPath, settingsPath, ...languages].sort();
  const files = await Promise.all(
    paths.map(async (path) => {
      const text = await unlessAbsent(readFile(join(folder, ...path.split('/')), 'utf8'));
      return text === undefined ? [] : [{ path, text }];
    }),
  );
  return files.flat();
}

/** A file that is there and cannot be read is no absent one: defaults in its place would widen what it forbids. */
async function unlessAbsent<T>(read: Promise<T>): Promise<T | undefined> {
  try {
    return await read;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
