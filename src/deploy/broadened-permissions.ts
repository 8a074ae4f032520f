import { isObject } from '../core/decode.ts';
import type { StackResource } from './stack-definition.ts';

/**
 * What the new template permits and the old one did not, by the logical id of the resource: `dynamodb:DeleteItem`, or in
 * words where a statement got wider otherwise.
 *
 * Templates are compared as they are written. What a parameter adds to a resource's name is told apart, since its value
 * is not: `changed` names the parameters that get another one.
 */
export function broadenedPermissions(
  before: ReadonlyMap<string, StackResource>,
  after: ReadonlyMap<string, StackResource>,
  changed: readonly string[],
): ReadonlyMap<string, readonly string[]> {
  const found = [...after].flatMap(([id, { Type: type, Properties: properties }]): [string, readonly string[]][] => {
    const [was, is] = [grantsOf(type, before.get(id)?.Properties), grantsOf(type, properties)];
    const more = [...wider(was, is), ...byParameters(is, changed)];
    return more.length === 0 ? [] : [[id, [...new Set(more)].sort()]];
  });
  return new Map(found);
}

/** One thing that somebody may do, or may not. */
interface Grant {
  readonly allows: boolean;
  readonly action: string;
  /** Who, where and when, in one string that is equal for equal ones. */
  readonly rest: string;
}

function wider(was: readonly Grant[], is: readonly Grant[]): readonly string[] {
  const denials = was.filter(({ allows }) => !allows);
  return [
    ...is
      .filter((grant) => grant.allows && !was.some((other) => other.allows && covers(other, grant)))
      .map(({ action }) => action),
    ...denials
      .filter((grant) => !is.some((other) => !other.allows && covers(other, grant)))
      .map(({ action }) => `no longer denied: ${action}`),
  ];
}

/** An action covers those that its wildcards match. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html */
function covers(one: Grant, other: Grant): boolean {
  if (one.rest !== other.rest) return false;
  const escaped = one.action.replace(/[\\^$.+()|[\]{}]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`, 'i').test(other.action);
}

const byParameters = (grants: readonly Grant[], changed: readonly string[]) =>
  changed
    .filter((name) => grants.some(({ allows, rest }) => allows && mentions(rest, name)))
    .map((name) => `depends on the parameter ${name}`);

const mentions = (text: string, parameter: string) =>
  text.includes(`{"Ref":"${parameter}"}`) || text.includes(`\${${parameter}}`);

/** All that a resource permits: statements wherever they stand in it, policies by ARN, and invoking by resource policy. */
function grantsOf(type: string, properties: unknown): readonly Grant[] {
  if (type === 'AWS::Lambda::Permission' && isObject(properties)) {
    const { Action: action, ...rest } = properties;
    return [{ allows: true, action: String(action), rest: canonical(rest) }];
  }
  return statementsIn(properties);
}

function statementsIn(value: unknown): readonly Grant[] {
  if (Array.isArray(value)) return value.flatMap(statementsIn);
  if (!isObject(value)) return [];
  const managed = listOf(value['ManagedPolicyArns']).map((arn) => ({
    allows: true,
    action: typeof arn === 'string' ? arn : canonical(arn),
    rest: 'managed policy',
  }));
  const { Effect: effect, Action: actions, Sid: _, ...rest } = value;
  const own =
    effect === 'Allow' || effect === 'Deny'
      ? withEachResource(rest).flatMap((where) =>
          // With NotAction there is no action to tell; the whole of it counts.
          listOf(actions ?? 'NotAction').map((action) => ({
            allows: effect === 'Allow',
            action: typeof action === 'string' ? action : canonical(action),
            rest: where,
          })),
        )
      : [];
  return [...managed, ...own, ...Object.values(value).flatMap(statementsIn)];
}

/** A list of resources is as many grants: that one is taken away must not make the others look new. */
const withEachResource = ({ Resource: resources, ...rest }: Readonly<Record<string, unknown>>) =>
  listOf(resources ?? '').map((resource) => canonical({ ...rest, resource }));

const listOf = (value: unknown): readonly unknown[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value];

/** The same for the same content, whatever the order of the keys. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    isObject(part) ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1))) : part,
  );
}
