import { createHash } from 'node:crypto';
import { canonical } from './canonical.ts';
import type { Plain, StackDefinition } from './stack-definition.ts';
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
