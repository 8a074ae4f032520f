import { validationError } from './refusals.ts';
import type { ParameterDefinition, Template } from './template.ts';

export interface GivenParameter {
  readonly ParameterKey: string;
  readonly ParameterValue: string | undefined;
  readonly UsePreviousValue: boolean;
}

/** The value of every parameter by name, as written: what was given, what it was before, or the default. */
export type ParameterValues = Readonly<Record<string, string>>;

/**
 * Settles the parameters of a template. Throws when some have no value, are unknown, or break their own rules.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html
 */
export function settleParameters(
  template: Template,
  given: readonly GivenParameter[],
  previous: ParameterValues | undefined,
): ParameterValues {
  const unknown = given
    .map(({ ParameterKey }) => ParameterKey)
    .filter((key) => !Object.hasOwn(template.parameters, key));
  if (unknown.length > 0) throw validationError(`Parameters: [${unknown.join(', ')}] do not exist in the template`);

  const missing: string[] = [];
  const settled = Object.entries(template.parameters).flatMap(([key, definition]): [string, string][] => {
    const own = given.find(({ ParameterKey }) => ParameterKey === key);
    const before = previous !== undefined && Object.hasOwn(previous, key) ? previous[key] : undefined;
    const value = own?.UsePreviousValue === true ? before : (own?.ParameterValue ?? definition.default);
    if (value === undefined) {
      missing.push(key);
      return [];
    }
    checkParameter(key, value, definition);
    return [[key, value]];
  });
  if (missing.length > 0) throw validationError(`Parameters: [${missing.join(', ')}] must have values`);
  return Object.fromEntries(settled);
}

function checkParameter(key: string, value: string, definition: ParameterDefinition): void {
  const { allowedValues, allowedPattern, limits, type, constraintDescription } = definition;
  const values = isListType(type) ? splitList(value) : [value];
  for (const each of values) {
    if (allowedValues !== undefined && !allowedValues.includes(each)) {
      throw validationError(`Parameter '${key}' must be one of AllowedValues`);
    }
    if (allowedPattern !== undefined && !new RegExp(`^(?:${allowedPattern})$`).test(each)) {
      const why = constraintDescription === undefined ? `must match pattern ${allowedPattern}` : constraintDescription;
      throw validationError(`Parameter ${key} failed to satisfy constraint: ${why}`);
    }
    if (type === 'Number' || type === 'List<Number>') checkNumber(key, each, limits);
  }
  if (type !== 'String') return;
  const { MinLength: min = 0, MaxLength: max = Number.POSITIVE_INFINITY } = limits;
  if (value.length < min) throw validationError(`Parameter '${key}' must contain at least ${min} characters`);
  if (value.length > max) throw validationError(`Parameter '${key}' must contain at most ${max} characters`);
}

function checkNumber(key: string, value: string, limits: ParameterDefinition['limits']): void {
  const number = Number(value);
  if (value.trim() === '' || Number.isNaN(number)) throw validationError(`Parameter '${key}' must be a number`);
  const { MinValue: min = Number.NEGATIVE_INFINITY, MaxValue: max = Number.POSITIVE_INFINITY } = limits;
  if (number < min) throw validationError(`Parameter '${key}' must be a number not less than ${min}`);
  if (number > max) throw validationError(`Parameter '${key}' must be a number not greater than ${max}`);
}

const isListType = (type: string) => type === 'CommaDelimitedList' || type.startsWith('List<');
const splitList = (value: string) => (value === '' ? [] : value.split(',').map((item) => item.trim()));

/** What `Ref` gives: a list for the types that are lists. */
export const referable = (template: Template, values: ParameterValues): Record<string, string | readonly string[]> =>
  Object.fromEntries(
    Object.entries(values).map(([key, value]) => [
      key,
      isListType(template.parameters[key]?.type ?? '') ? splitList(value) : value,
    ]),
  );

/** Parameters as they are shown: a `NoEcho` value is masked. */
export const shownParameters = (template: Template, values: ParameterValues) =>
  Object.entries(values).map(([key, value]) => ({
    ParameterKey: key,
    ParameterValue: template.parameters[key]?.noEcho === true ? '****' : value,
  }));
