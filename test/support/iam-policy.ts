import type { Plain } from '../../src/deploy/stack-definition.ts';
import { toRecord } from '../../src/deploy/stack-definition.ts';

/** Something that a role tries to do. */
export interface Attempt {
  readonly action: string;
  readonly resource: string;
  /** Where the request goes to. */
  readonly region: string;
}

/**
 * Whether the policies of a role allow an attempt: an allowing statement is needed, and one that denies wins.
 *
 * Throws on anything of IAM's language that it does not know, so that no statement passes unread.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function isAllowed(policies: Plain, attempt: Attempt): boolean {
  const statements = listOf(policies).flatMap((policy) =>
    listOf(toRecord(toRecord(policy)['PolicyDocument'])['Statement'] ?? []),
  );
  const effects = statements.map(toRecord).filter((statement) => applies(statement, attempt));
  const has = (effect: string) => effects.some((statement) => statement['Effect'] === effect);
  return has('Allow') && !has('Deny');
}

const known = ['Sid', 'Effect', 'Action', 'Resource', 'Condition'];

function applies(statement: Readonly<Record<string, Plain>>, { action, resource, region }: Attempt): boolean {
  const strange = Object.keys(statement).filter((name) => !known.includes(name));
  if (strange.length > 0) throw new Error(`the evaluator does not know ${strange.join(', ')}`);
  const { Action, Resource, Condition } = statement;
  return (
    matchesAny(Action, action.toLowerCase(), (pattern) => pattern.toLowerCase()) &&
    matchesAny(Resource, resource, (pattern) => pattern) &&
    holds(toRecord(Condition), region)
  );
}

const matchesAny = (patterns: Plain | undefined, text: string, fold: (pattern: string) => string) =>
  listOf(patterns ?? []).some((pattern) => matches(fold(String(pattern)), text));

/** IAM's `*` and `?`. */
const matches = (pattern: string, text: string) =>
  new RegExp(
    `^${pattern
      .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
    's',
  ).test(text);

function holds(condition: Readonly<Record<string, Plain>>, region: string): boolean {
  return Object.entries(condition).every(([operator, keys]) =>
    Object.entries(toRecord(keys)).every(([key, values]) => {
      if (operator !== 'StringEquals' || key !== 'aws:RequestedRegion') {
        throw new Error(`the evaluator does not know ${operator} on ${key}`);
      }
      return listOf(values).includes(region);
    }),
  );
}

const listOf = (value: Plain): readonly Plain[] => (Array.isArray(value) ? value : [value]);
