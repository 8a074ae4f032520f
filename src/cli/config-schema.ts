import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CatalogFile } from '../core/catalog.ts';
import { shippedConfigSchema } from './paths.ts';

const name = 'okta-otp.schema.json';
/** Follows the package, and so fits the release that reads the file. */
const installed = `./node_modules/okta-otp/schemas/${name}`;

export interface ConfigSchema {
  /** What `$schema` says, from the file's own folder. */
  readonly reference: string;
  /** What has to be written beside the file for that to be there; undefined where it is. */
  readonly copy: CatalogFile | undefined;
}

/**
 * Where an editor finds the schema of an `okta-otp.json` in a folder. A package of the project is there for everybody who
 * has the folder; that of `npx` or of a global install is on one machine only, so that a copy is kept with the file then,
 * which goes into version control with it. One that is there is left alone.
 */
export async function configSchema(folder: string): Promise<ConfigSchema> {
  if (await isThere(join(folder, installed))) return { reference: installed, copy: undefined };
  const copy = (await isThere(join(folder, name)))
    ? undefined
    : { path: name, text: await readFile(shippedConfigSchema, 'utf8') };
  return { reference: `./${name}`, copy };
}

const isThere = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  );
