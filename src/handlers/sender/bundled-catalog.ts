import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Catalog } from '../../core/catalog.ts';
import { catalog } from '../../core/catalog.ts';
import { decode, parseJson } from '../../core/decode.ts';

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
  const decoded = json.ok ? decode(catalog, json.value) : json;
  return decoded.ok ? decoded.value : undefined;
}
