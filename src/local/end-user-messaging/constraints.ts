import type { ValidationExceptionReason } from '@aws-sdk/client-pinpoint-sms-voice-v2';
import { isObject } from '../../core/decode.ts';

/** What the service asks of a value, in the terms of its model. Lengths are in UTF-16 code units. */
export type Constraint =
  | {
      readonly kind: 'text';
      readonly min: number;
      readonly max: number;
      /** Has to match the whole value. */
      readonly pattern: RegExp;
      readonly tooLong: ValidationExceptionReason;
    }
  | { readonly kind: 'one-of'; readonly values: readonly string[] }
  | { readonly kind: 'integer'; readonly min: number; readonly max: number }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'list'; readonly min: number; readonly max: number; readonly member: Constraint }
  | { readonly kind: 'structure'; readonly members: Readonly<Record<string, Constraint>> }
  | { readonly kind: 'map'; readonly max: number; readonly key: Constraint; readonly value: Constraint };

export interface Violation {
  readonly reason: ValidationExceptionReason;
  readonly message: string;
}

export const text = (min: number, max: number, pattern: RegExp): Constraint => ({
  kind: 'text',
  min,
  max,
  pattern,
  tooLong: 'INVALID_PARAMETER',
});

/** A message's own text, whose excess the service calls by another name. */
export const body = (max: number): Constraint => ({
  kind: 'text',
  min: 1,
  max,
  pattern: /^(?!\s*$)[\s\S]+$/,
  tooLong: 'MAXIMUM_SIZE_EXCEEDED',
});

export const oneOf = (values: readonly string[]): Constraint => ({ kind: 'one-of', values });
export const integer = (min: number, max: number): Constraint => ({ kind: 'integer', min, max });
export const boolean: Constraint = { kind: 'boolean' };
export const list = (min: number, max: number, member: Constraint): Constraint => ({ kind: 'list', min, max, member });
/** All of its members are required. */
export const structure = (members: Readonly<Record<string, Constraint>>): Constraint => ({
  kind: 'structure',
  members,
});
export const map = (max: number, key: Constraint, value: Constraint): Constraint => ({ kind: 'map', max, key, value });

/** The first way in which a value breaks a constraint; never quotes the value. */
export function violationOf(constraint: Constraint, value: unknown): Violation | undefined {
  switch (constraint.kind) {
    case 'text':
      return textViolation(constraint, value);
    case 'one-of':
      return constraint.values.some((known) => known === value)
        ? undefined
        : invalid(`must satisfy enum value set: [${constraint.values.join(', ')}]`);
    case 'integer':
      if (typeof value !== 'number' || !Number.isInteger(value)) return invalid('must be an integer');
      if (value < constraint.min) return invalid(`must have value greater than or equal to ${constraint.min}`);
      return value > constraint.max ? invalid(`must have value less than or equal to ${constraint.max}`) : undefined;
    case 'boolean':
      return typeof value === 'boolean' ? undefined : invalid('must be a boolean');
    case 'list':
      return listViolation(constraint, value);
    case 'structure':
      return structureViolation(constraint, value);
    case 'map':
      return mapViolation(constraint, value);
  }
}

function textViolation(rule: Extract<Constraint, { kind: 'text' }>, value: unknown): Violation | undefined {
  if (typeof value !== 'string') return invalid('must be a string');
  if (value.length < rule.min) return invalid(`must have length greater than or equal to ${rule.min}`);
  if (value.length > rule.max) {
    return { reason: rule.tooLong, message: `must have length less than or equal to ${rule.max}` };
  }
  return rule.pattern.test(value)
    ? undefined
    : invalid(`must satisfy regular expression pattern: ${rule.pattern.source}`);
}

function listViolation(rule: Extract<Constraint, { kind: 'list' }>, value: unknown): Violation | undefined {
  if (!Array.isArray(value)) return invalid('must be a list');
  if (value.length < rule.min) return invalid(`must have length greater than or equal to ${rule.min}`);
  if (value.length > rule.max) return invalid(`must have length less than or equal to ${rule.max}`);
  for (const member of value) {
    const wrong = violationOf(rule.member, member);
    if (wrong) return invalid(`has a member that ${wrong.message}`);
  }
  return undefined;
}

function structureViolation(rule: Extract<Constraint, { kind: 'structure' }>, value: unknown): Violation | undefined {
  if (!isObject(value)) return invalid('must be a structure');
  for (const [name, member] of Object.entries(rule.members)) {
    const wrong = value[name] === undefined ? invalid('must not be null') : violationOf(member, value[name]);
    if (wrong) return invalid(`has a ${name} that ${wrong.message}`);
  }
  return undefined;
}

function mapViolation(rule: Extract<Constraint, { kind: 'map' }>, value: unknown): Violation | undefined {
  if (!isObject(value)) return invalid('must be a map');
  const entries = Object.entries(value);
  if (entries.length > rule.max) return invalid(`must have length less than or equal to ${rule.max}`);
  for (const [key, entry] of entries) {
    const wrong = violationOf(rule.key, key);
    if (wrong) return invalid(`has a key that ${wrong.message}`);
    const wrongValue = violationOf(rule.value, entry);
    if (wrongValue) return invalid(`has a value that ${wrongValue.message}`);
  }
  return undefined;
}

const invalid = (message: string): Violation => ({ reason: 'INVALID_PARAMETER', message });
