import { isObject } from '../../core/decode.ts';
import { notEmulated, validationError } from './refusals.ts';
import type { Template } from './template.ts';

/** What a change set shows for a value that only the execution will bring. https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-changesets-view.html */
export const knownAfterApply = '{{changeSet:KNOWN_AFTER_APPLY}}';

/** What a reference finds. */
export interface Scope {
  readonly template: Template;
  /** Parameters and pseudo parameters by name. */
  readonly parameters: Readonly<Record<string, string | readonly string[]>>;
  /** `Ref` of a resource, or `undefined` if the stack has none of that name. */
  readonly refOf: (logicalId: string) => string | undefined;
  readonly attributeOf: (logicalId: string, attribute: string) => string | undefined;
}

/** `Ref: AWS::NoValue` takes the property away that it stands for. */
const noValue = Symbol('AWS::NoValue');

/** Evaluates every intrinsic function in a value. */
export function evaluate(value: unknown, scope: Scope): unknown {
  const result = resolve(value, scope);
  return result === noValue ? undefined : result;
}

function resolve(value: unknown, scope: Scope): unknown {
  if (Array.isArray(value)) return value.map((item) => resolve(item, scope)).filter((item) => item !== noValue);
  if (!isObject(value)) return value;
  const [only, ...others] = Object.entries(value);
  if (only !== undefined && others.length === 0) {
    const [name, argument] = only;
    if (name === 'Ref') return refer(String(argument), scope);
    if (name.startsWith('Fn::')) return call(name, argument, scope);
  }
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, item]) => [key, resolve(item, scope)] as const)
      .filter(([, item]) => item !== noValue),
  );
}

function refer(name: string, scope: Scope): unknown {
  if (name === 'AWS::NoValue') return noValue;
  if (Object.hasOwn(scope.parameters, name)) return scope.parameters[name];
  const ref = scope.refOf(name);
  if (ref === undefined) throw unresolved(name);
  return ref;
}

const unresolved = (name: string) =>
  validationError(
    `Template format error: Unresolved resource dependencies [${name}] in the Resources block of the template`,
  );

function attribute(logicalId: string, name: string, scope: Scope): string {
  const value = scope.attributeOf(logicalId, name);
  if (value !== undefined) return value;
  if (scope.refOf(logicalId) === undefined) throw unresolved(logicalId);
  throw validationError(`Template error: resource ${logicalId} does not support attribute type ${name} in Fn::GetAtt`);
}

function call(name: string, argument: unknown, scope: Scope): unknown {
  const list = (): unknown[] => {
    const resolved = resolve(argument, scope);
    if (!Array.isArray(resolved)) throw validationError(`Template error: ${name} needs a list`);
    return resolved;
  };
  switch (name) {
    case 'Fn::GetAtt': {
      const [logicalId, attributeName] = list();
      return attribute(String(logicalId), String(attributeName), scope);
    }
    case 'Fn::Sub':
      return substitute(argument, scope);
    case 'Fn::Join': {
      const [separator, items] = list();
      if (!Array.isArray(items)) throw validationError('Template error: every Fn::Join object needs a list of strings');
      return items.map(String).join(String(separator));
    }
    case 'Fn::Select': {
      const [index, items] = list();
      const item: unknown = Array.isArray(items) ? items[Number(index)] : undefined;
      if (item === undefined) throw validationError('Template error: Fn::Select cannot select nonexistent value');
      return item;
    }
    case 'Fn::Split': {
      const [separator, whole] = list();
      return String(whole).split(String(separator));
    }
    case 'Fn::If': {
      // Only the branch that is taken may be looked at: the other can name a resource that is not there.
      const [condition, yes, no] = Array.isArray(argument) ? argument : [];
      return resolve(isMet(String(condition), scope) ? yes : no, scope);
    }
    case 'Fn::FindInMap': {
      const [map, first, second] = list().map(String);
      const top = scope.template.mappings[map ?? ''];
      const row = isObject(top) ? top[first ?? ''] : undefined;
      const found = isObject(row) ? row[second ?? ''] : undefined;
      if (found === undefined) {
        throw validationError(`Template error: Unable to get mapping for ${map}::${first}::${second}`);
      }
      return found;
    }
    case 'Fn::Base64':
      return Buffer.from(String(resolve(argument, scope))).toString('base64');
    default:
      throw notEmulated(name);
  }
}

/** `${Name}`, `${Name.Attribute}`; `${!Name}` stays as `${Name}`. */
const placeholder = /\$\{(!?)([^}]+)\}/g;

function substitute(argument: unknown, scope: Scope): string {
  const [text, extra] = Array.isArray(argument) ? argument : [argument, {}];
  const own = isObject(extra) ? extra : {};
  return String(text).replace(placeholder, (_, literal: string, inner: string) => {
    if (literal === '!') return `\${${inner}}`;
    const name = inner.trim();
    if (Object.hasOwn(own, name)) return String(resolve(own[name], scope));
    const dot = name.indexOf('.');
    if (dot > 0) return attribute(name.slice(0, dot), name.slice(dot + 1), scope);
    return String(refer(name, scope));
  });
}

/** Whether a condition of the template holds. */
export function isMet(name: string, scope: Scope): boolean {
  if (!Object.hasOwn(scope.template.conditions, name)) {
    throw validationError(`Template format error: Unresolved condition dependency ${name} in the template`);
  }
  return test(scope.template.conditions[name], scope);
}

function test(value: unknown, scope: Scope): boolean {
  const [name, argument] = isObject(value) ? (Object.entries(value)[0] ?? []) : [];
  const operands = Array.isArray(argument) ? argument : [];
  switch (name) {
    case 'Condition':
      return isMet(String(argument), scope);
    case 'Fn::Equals': {
      const [left, right] = operands.map((operand) => JSON.stringify(asText(evaluate(operand, scope))));
      return left === right;
    }
    case 'Fn::And':
      return operands.every((operand) => test(operand, scope));
    case 'Fn::Or':
      return operands.some((operand) => test(operand, scope));
    case 'Fn::Not':
      return !test(operands[0], scope);
    default:
      throw validationError('Template format error: Every Condition member must be a condition function.');
  }
}

/** `true` of a template and `'true'` of a parameter are equal. */
const asText = (value: unknown): unknown =>
  typeof value === 'boolean' || typeof value === 'number' ? String(value) : value;

/** The names that a value refers to: parameters, pseudo parameters, resources; `attribute` of `Fn::GetAtt` and `${A.B}`. */
export interface Reference {
  readonly name: string;
  readonly attribute: string | undefined;
}

/** Every reference in a value, both branches of `Fn::If` included. */
export function referencesIn(value: unknown): readonly Reference[] {
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, item]): readonly Reference[] => {
    if (key === 'Ref') return [{ name: String(item), attribute: undefined }];
    if (key === 'Fn::GetAtt') {
      const [name, attributeName] = Array.isArray(item) ? item : String(item).split('.');
      return [{ name: String(name), attribute: String(attributeName) }];
    }
    if (key === 'Fn::Sub') return [...referencesIn(item), ...substitutionsIn(item)];
    return referencesIn(item);
  });
}

function substitutionsIn(argument: unknown): readonly Reference[] {
  const [text, extra] = Array.isArray(argument) ? argument : [argument, {}];
  const own = isObject(extra) ? Object.keys(extra) : [];
  return [...String(text).matchAll(placeholder)]
    .filter(([, literal]) => literal !== '!')
    .map(([, , inner = '']) => inner.trim())
    .filter((name) => !own.includes(name))
    .map((name) => {
      const dot = name.indexOf('.');
      return dot > 0 ? { name: name.slice(0, dot), attribute: name.slice(dot + 1) } : { name, attribute: undefined };
    });
}
