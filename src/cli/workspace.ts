import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { CatalogFile } from '../core/catalog.ts';
import { readCatalogFiles } from './catalog-files.ts';
import { defaultFolder } from './default-folder.ts';

/** The folder in which an operator keeps the catalog's files, in git. */
export interface Workspace {
  readonly folder: string;
  /** What is there, in the order of the paths. */
  files(): Promise<readonly CatalogFile[]>;
  /** Writes one file whole or not at all. */
  write(file: CatalogFile): Promise<void>;
  remove(path: string): Promise<void>;
}

export function openWorkspace(cwd: string, dir: string = defaultFolder): Workspace {
  const folder = resolve(cwd, dir);
  const placeOf = (path: string) => join(folder, ...path.split('/'));
  return {
    folder,
    files: () => readCatalogFiles(folder),
    async write({ path, text }) {
      const place = placeOf(path);
      await mkdir(dirname(place), { recursive: true });
      const draft = `${place}.${randomUUID()}.tmp`;
      await writeFile(draft, text);
      await rename(draft, place);
    },
    remove: (path) => rm(placeOf(path)),
  };
}
