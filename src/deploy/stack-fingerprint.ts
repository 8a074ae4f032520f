import { createHash } from 'node:crypto';
import type { Plain, StackDefinition } from './stack-definition.ts';
import { isPlainObject } from './stack-definition.ts';
import { parametersBehind } from './stack-references.ts';

/** 48 bits in hex: short enough for a name, and as good as never the same by chance. */
const length = 12;

/** The hash of a part of the template and of the parameters' values on which it depends; formatting does not count. */
export function fingerprintOf(
  definition: StackDefinition,
  part: Plain,
  values: Readonly<Record<string, string | undefined>>,
): string {
  const settings = parametersBehind(definition, part).map((name) => [name, values[name] ?? '']);
  return createHash('sha256')
    .update(canonical([part, settings]))
    .digest('hex')
    .slice(0, length);
}

/** JSON with its names in order, so that moving a line in the template changes nothing. */
function canonical(value: Plain): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (!isPlainObject(value)) return JSON.stringify(value);
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, inner]) => `${JSON.stringify(name)}:${canonical(inner)}`).join(',')}}`;
}
