import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Catalog } from '../../core/catalog.ts';
import { parseCatalog } from '../../core/catalog.ts';
import { array, decode, object, parseJson, string } from '../../core/decode.ts';

/**
 * Reads the operator's own `catalog.json` that a deployment puts beside the bundle, for when the table cannot be reached;
 * undefined where there is none, or none that is sound.
 */
export function readBundledCatalog(folder: string): Catalog | undefined {
  let text: string;
  try {
    text = readFileSync(join(folder, 'catalog.json'), 'utf8');
  } catch {
    return undefined;
  }
  const json = parseJson(text);
  const files = json.ok ? decode(bundle, json.value) : json;
  const parsed = files.ok ? parseCatalog(files.value.files) : files;
  return parsed.ok ? parsed.value : undefined;
}

/** The catalog's files in one. */
const bundle = object({ files: array(object({ path: string(), text: string() })) });
