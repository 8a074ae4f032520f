import { canonical } from './canonical.ts';
import type { Plain, StackResource } from './stack-definition.ts';
import { isPlainObject, toRecord } from './stack-definition.ts';
import { referencesOf } from './stack-references.ts';

/**
 * What the new template permits and the old one did not, by the logical id of the resource: `dynamodb:DeleteItem`, or in
 * words where a statement got wider otherwise.
 *
 * Templates are compared as they are written. What a parameter adds to a statement is told apart, since it does not show
 * in its text: `changed` names those that get another value.
 */
export function broadenedPermissions(
  before: ReadonlyMap<string, StackResource>,
  after: ReadonlyMap<string, StackResource>,
  changed: readonly string[],
): ReadonlyMap<string, readonly string[]> {
  const found = [...after].flatMap(([id, resource]): [string, readonly string[]][] => {
    const [was, is] = [grantsOf(before.get(id)), grantsOf(resource)];
    const more = [...wider(was, is), ...byParameters(is, changed)];
    return more.length === 0 ? [] : [[id, [...new Set(more)].sort()]];
  });
  return new Map(found);
}

/** One thing that somebody may do, or may not. */
interface Grant {
  readonly allows: boolean;
  readonly action: string;
  /** Empty in the policy of a role, which is about the role itself. */
  readonly principal: string;
  /** Empty in a policy that is about the resource which has it. */
  readonly resource: string;
  /** What has to hold besides, such as a condition: the less of it, the wider. */
  readonly only: readonly string[];
  /** As it stands in the template. */
  readonly written: Plain;
}

function wider(was: readonly Grant[], is: readonly Grant[]): readonly string[] {
  const allowed = beyond(is, was).filter(({ allows }) => allows);
  const noLongerDenied = beyond(was, is).filter(({ allows }) => !allows);
  return [...allowed.map(({ action }) => action), ...noLongerDenied.map(({ action }) => `no longer denied: ${action}`)];
}

/** What none of the others covers. */
const beyond = (grants: readonly Grant[], others: readonly Grant[]) =>
  grants.filter((grant) => !others.some((other) => other.allows === grant.allows && covers(other, grant)));

function byParameters(grants: readonly Grant[], changed: readonly string[]): readonly string[] {
  const references = grants.filter(({ allows }) => allows).map(({ written }) => referencesOf(written));
  return changed
    .filter((name) => references.some((names) => names.has(name)))
    .map((name) => `depends on the parameter ${name}`);
}

/** Whatever one grant is about, the other is too. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html */
const covers = (one: Grant, other: Grant): boolean =>
  matches(one.action, other.action, 'is') &&
  matches(one.resource, other.resource, 's') &&
  (one.principal === other.principal || one.principal === everybody) &&
  one.only.every((restriction) => other.only.includes(restriction));

/** Whether a pattern with `*` and `?` takes in a text, or all that another pattern does: of a `*`, a `?` is only a part. */
const matches = (pattern: string, text: string, flags: string) =>
  new RegExp(
    `^${pattern
      .replace(/[\\^$.+()|[\]{}]/g, '\\$&')
      .replaceAll('?', '[^*]')
      .replaceAll(/(?<!\^)\*/g, '.*')}$`,
    flags,
  ).test(text);

const everybody = '*';

/** All that a resource permits: statements wherever they stand in it, policies by ARN, and invoking by resource policy. */
function grantsOf(resource: StackResource | undefined): readonly Grant[] {
  if (resource === undefined) return [];
  const { Type: type, Properties: properties } = resource;
  if (type !== 'AWS::Lambda::Permission') return statementsIn(properties);
  const { Action, Principal, FunctionName, ...rest } = properties;
  const statement = { Effect: 'Allow', Action, Principal, Resource: FunctionName, ...rest };
  return toGrants(asPlain(statement));
}

function statementsIn(value: Plain): readonly Grant[] {
  if (Array.isArray(value)) return value.flatMap(statementsIn);
  if (!isPlainObject(value)) return [];
  const managed = listOf(value['ManagedPolicyArns']).map((written) => ({
    allows: true,
    action: textOf(written),
    principal: '',
    resource: '',
    only: [],
    written,
  }));
  return [...managed, ...toGrants(value), ...Object.values(value).flatMap(statementsIn)];
}

/** The grants of a statement, one for each action, principal and resource; none of what is no statement. */
function toGrants(written: Readonly<Record<string, Plain>>): readonly Grant[] {
  const { Effect: effect, Action, Principal, Resource, Condition, Sid: _, ...rest } = written;
  if (effect !== 'Allow' && effect !== 'Deny') return [];
  const only = [...entriesOf(rest), ...conditionsOf(Condition)];
  // What there is none of is told by its opposite, or not at all: then the whole of it counts, under that name.
  const [actions, resources] = [listOf(Action ?? 'NotAction').map(textOf), listOf(Resource ?? '').map(textOf)];
  const base = { allows: effect === 'Allow', only, written };
  return principalsOf(Principal).flatMap((principal) =>
    actions.flatMap((action) => resources.map((resource) => ({ ...base, action, principal, resource }))),
  );
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html */
function principalsOf(written: Plain | undefined): readonly string[] {
  if (!isPlainObject(written)) return [textOf(written ?? '')];
  return Object.entries(written).flatMap(([kind, who]) =>
    listOf(who).map((one) => (kind === 'AWS' && one === everybody ? everybody : `${kind}: ${textOf(one)}`)),
  );
}

/** Operators and keys of a condition have to hold all together. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html */
const conditionsOf = (written: Plain | undefined): readonly string[] =>
  Object.entries(toRecord(written)).flatMap(([operator, keys]) =>
    isPlainObject(keys) ? entriesOf(keys).map((entry) => `${operator} ${entry}`) : [`${operator} ${textOf(keys)}`],
  );

const entriesOf = (written: Readonly<Record<string, Plain>>) =>
  Object.entries(written).map(([name, value]) => `${name} ${textOf(value)}`);

const listOf = (value: Plain | undefined): readonly Plain[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value];

/** Without the names that have no value. */
const asPlain = (written: Readonly<Record<string, Plain | undefined>>): Readonly<Record<string, Plain>> =>
  Object.fromEntries(Object.entries(written).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));

const textOf = (value: Plain): string => (typeof value === 'string' ? value : canonical(value));
