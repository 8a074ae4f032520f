import { createHash } from 'node:crypto';
import type { Zippable } from 'fflate';
import { strToU8, zipSync } from 'fflate';
import type { CatalogFile } from '../core/catalog.ts';

/** The two functions of the stack. */
export const functionNames = ['sender', 'authorizer'] as const;
export type FunctionName = (typeof functionNames)[number];

/** A function as Lambda takes it. */
export interface FunctionPackage {
  readonly name: FunctionName;
  readonly zip: Uint8Array;
  /** Of the zip, in hexadecimal. */
  readonly sha256: string;
  /** In the artifact bucket: `sender/<sha256>.zip`, so that what is there need not be uploaded again. */
  readonly key: string;
}

export interface FunctionSource {
  readonly name: FunctionName;
  /** The text of its bundle, `dist/functions/<name>/index.cjs`. */
  readonly bundle: string | Uint8Array;
  /** The operator's catalog, which the sender falls back to when the table cannot be reached. */
  readonly catalog?: readonly CatalogFile[];
}

/** Zips a function; the same source gives the same bytes on every machine and with every Node. */
export function packageFunction({ name, bundle, catalog }: FunctionSource): FunctionPackage {
  const zip = zipSync({
    ...(catalog === undefined ? {} : { 'catalog.json': entry(strToU8(bundleCatalog(catalog))) }),
    'index.cjs': entry(typeof bundle === 'string' ? strToU8(bundle) : bundle),
  });
  const sha256 = createHash('sha256').update(zip).digest('hex');
  return { name, zip, sha256, key: `${name}/${sha256}.zip` };
}

/** The catalog's files in one, in the order of their paths, as `readBundledCatalog` of the sender reads them. */
function bundleCatalog(files: readonly CatalogFile[]): string {
  const sorted = files.map(({ path, text }) => ({ path, text })).toSorted((a, b) => (a.path < b.path ? -1 : 1));
  return `${JSON.stringify({ files: sorted }, null, 1)}\n`;
}

/** Nothing of the machine or the moment; fflate compresses without Node's zlib, whose output differs between versions. */
const entry = (bytes: Uint8Array): Zippable[string] => [
  bytes,
  { level: 9, mtime: firstOfDos, os: unix, attrs: readable },
];

/** The format's beginning of time in local time, since that is what fflate writes down: the same in every zone. */
const firstOfDos = new Date(1980, 0, 1);
/** Lambda unpacks as another user than the one that runs. https://docs.aws.amazon.com/lambda/latest/dg/nodejs-package.html */
const readable = (0o100644 << 16) >>> 0;
const unix = 3;
