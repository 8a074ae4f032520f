import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isObject, parseJson } from '../core/decode.ts';

/** The version in `package.json`. */
export const version = readVersion();

function readVersion(): string {
  const parsed = parseJson(readFileSync(join(import.meta.dirname, '..', '..', 'package.json'), 'utf8'));
  const found = parsed.ok && isObject(parsed.value) ? parsed.value['version'] : undefined;
  return typeof found === 'string' ? found : 'unknown';
}
