import type { Plain } from './stack-definition.ts';
import { isPlainObject } from './stack-definition.ts';

/** What conditions depend on: the template's own, and the values of its parameters. */
export interface ConditionScope {
  readonly conditions: Readonly<Record<string, Plain>>;
  readonly values: Readonly<Record<string, string>>;
}

/**
 * Whether a condition of a template is met. One that is not there, or is written with what this does not know, counts as
 * met: a resource too many in a plan is looked at, one too few is not.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-conditions.html
 */
export function isConditionMet(name: string, scope: ConditionScope): boolean {
  const condition = scope.conditions[name];
  return condition === undefined || isMet(condition, scope);
}

function isMet(condition: Plain, scope: ConditionScope): boolean {
  const [name, argument] = callOf(condition);
  const all = Array.isArray(argument) ? argument : [];
  switch (name) {
    case 'Condition':
      return isConditionMet(String(argument), scope);
    case 'Fn::Not':
      return !all.every((inner: Plain) => isMet(inner, scope));
    case 'Fn::And':
      return all.every((inner: Plain) => isMet(inner, scope));
    case 'Fn::Or':
      return all.some((inner: Plain) => isMet(inner, scope));
    case 'Fn::Equals': {
      const [one, other] = all.map((inner: Plain) => textOf(inner, scope));
      return one === undefined || other === undefined || one === other;
    }
    default:
      return true;
  }
}

/** The text of a parameter, of a literal, or of a list of them joined; undefined for all else. */
function textOf(value: Plain, scope: ConditionScope): string | undefined {
  if (!isPlainObject(value)) return Array.isArray(value) ? undefined : String(value);
  const [name, argument] = callOf(value);
  if (name === 'Ref') return scope.values[String(argument)];
  if (name !== 'Fn::Join' || !Array.isArray(argument)) return undefined;
  const [separator, list]: readonly (Plain | undefined)[] = argument;
  // A parameter that is a list is given with commas between its items.
  if (isPlainObject(list)) return textOf(list, scope)?.replaceAll(',', String(separator));
  const parts = Array.isArray(list) ? list.map((part: Plain) => textOf(part, scope)) : [undefined];
  return parts.includes(undefined) ? undefined : parts.join(String(separator));
}

/** A function of a template is an object with one key. */
function callOf(value: Plain): readonly [name: string | undefined, argument: Plain] {
  const [entry] = isPlainObject(value) ? Object.entries(value) : [];
  return entry ?? [undefined, null];
}
