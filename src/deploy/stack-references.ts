import type { Plain, StackDefinition } from './stack-definition.ts';
import { isPlainObject } from './stack-definition.ts';

/** The names in `${…}` of an `Fn::Sub`; `${!Literal}` is none, and of `${Table.Arn}` only what stands before the dot. */
const substituted = /\$\{([A-Za-z0-9:]+)(?:\.[A-Za-z0-9.]+)?\}/g;

/** The names that a value refers to by `Ref`, `Fn::GetAtt` and `Fn::Sub`, and the conditions that it depends on. */
export function referencesOf(value: Plain): ReadonlySet<string> {
  if (Array.isArray(value)) return new Set(value.flatMap((item: Plain) => [...referencesOf(item)]));
  if (!isPlainObject(value)) return new Set();
  return new Set(Object.entries(value).flatMap(([name, inner]) => [...own(name, inner), ...referencesOf(inner)]));
}

function own(name: string, inner: Plain): readonly string[] {
  const first = Array.isArray(inner) ? inner[0] : inner;
  if (typeof first !== 'string') return [];
  if (name === 'Fn::Sub') return [...first.matchAll(substituted)].map(([, found = '']) => found);
  return ['Ref', 'Condition', 'Fn::GetAtt', 'Fn::If'].includes(name) ? [first] : [];
}

/** The parameters on which a value depends, also by way of conditions. */
export function parametersBehind(definition: StackDefinition, value: Plain): readonly string[] {
  const found = new Set<string>();
  const follow = (from: Plain) => {
    for (const name of referencesOf(from)) {
      const condition = definition.conditions[name];
      if (condition !== undefined) follow(condition);
      if (Object.hasOwn(definition.parameters, name)) found.add(name);
    }
  };
  follow(value);
  return [...found].sort();
}
