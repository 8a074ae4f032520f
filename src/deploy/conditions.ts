import type { Plain } from './stack-definition.ts';
import { isPlainObject } from './stack-definition.ts';

/** What conditions depend on: the template's own, and the values of its parameters. */
export interface ConditionScope {
  readonly conditions: Readonly<Record<string, Plain>>;
  readonly values: Readonly<Record<string, string>>;
}

/**
 * Whether a condition of a template is met. One that hangs on what this does not know (a condition that is not there, a
 * function or a value that only AWS has) counts as met: a resource too many in a plan is looked at, one too few is not.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-conditions.html
 */
export const isConditionMet = (name: string, scope: ConditionScope): boolean => namedVerdict(name, scope) !== false;

/**
 * A value with every `Fn::If` decided that this can decide, and without what is then left out.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/pseudo-parameter-reference.html#cfn-pseudo-param-novalue
 */
export function decided(value: Plain, scope: ConditionScope): Plain {
  if (Array.isArray(value)) return value.map((item: Plain) => decided(item, scope)).filter((item) => !isNoValue(item));
  if (!isPlainObject(value)) return value;
  const [name, argument] = callOf(value);
  if (name === 'Fn::If' && Array.isArray(argument)) {
    const [condition, met, unmet]: readonly (Plain | undefined)[] = argument;
    const verdict = namedVerdict(String(condition), scope);
    if (verdict === undefined) return { [name]: argument.map((branch: Plain) => decided(branch, scope)) };
    return decided((verdict ? met : unmet) ?? null, scope);
  }
  const members = Object.entries(value).map(([key, inner]) => [key, decided(inner, scope)] as const);
  return Object.fromEntries(members.filter(([, inner]) => !isNoValue(inner)));
}

const isNoValue = (value: Plain) => isPlainObject(value) && value['Ref'] === 'AWS::NoValue';

/** Undefined is "not known": the opposite of what is not known is not known either. */
type Verdict = boolean | undefined;

function namedVerdict(name: string, scope: ConditionScope): Verdict {
  const condition = Object.hasOwn(scope.conditions, name) ? scope.conditions[name] : undefined;
  return condition === undefined ? undefined : verdictOf(condition, scope);
}

function verdictOf(condition: Plain, scope: ConditionScope): Verdict {
  const [name, argument] = callOf(condition);
  const all: readonly Plain[] = Array.isArray(argument) ? argument : [argument];
  const verdicts = () => all.map((inner) => verdictOf(inner, scope));
  switch (name) {
    case 'Condition':
      return namedVerdict(String(argument), scope);
    case 'Fn::Not':
      return opposite(every(verdicts()));
    case 'Fn::And':
      return every(verdicts());
    case 'Fn::Or':
      return opposite(every(verdicts().map(opposite)));
    case 'Fn::Equals': {
      const [one, other] = all.map((inner) => textOf(inner, scope));
      return one === undefined || other === undefined ? undefined : one === other;
    }
    default:
      return undefined;
  }
}

const opposite = (verdict: Verdict): Verdict => (verdict === undefined ? undefined : !verdict);

const every = (verdicts: readonly Verdict[]): Verdict =>
  verdicts.includes(false) ? false : verdicts.includes(undefined) ? undefined : true;

/** The text of a parameter, of a literal, or of a list of them joined; undefined for all else. */
function textOf(value: Plain, scope: ConditionScope): string | undefined {
  if (!isPlainObject(value)) return Array.isArray(value) ? undefined : String(value);
  const [name, argument] = callOf(value);
  if (name === 'Ref') return parameterOf(String(argument), scope);
  if (name !== 'Fn::Join' || !Array.isArray(argument)) return undefined;
  const [separator, list]: readonly (Plain | undefined)[] = argument;
  // A parameter that is a list is given with commas between its items.
  if (isPlainObject(list)) return textOf(list, scope)?.replaceAll(',', String(separator));
  const parts = Array.isArray(list) ? list.map((part: Plain) => textOf(part, scope)) : [undefined];
  return parts.includes(undefined) ? undefined : parts.join(String(separator));
}

const parameterOf = (name: string, { values }: ConditionScope) =>
  Object.hasOwn(values, name) ? values[name] : undefined;

/** A function of a template is an object with one key. */
function callOf(value: Plain): readonly [name: string | undefined, argument: Plain] {
  const [entry] = isPlainObject(value) ? Object.entries(value) : [];
  return entry ?? [undefined, null];
}
