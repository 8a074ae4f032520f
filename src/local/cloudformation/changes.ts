import { isObject } from '../../core/decode.ts';
import type { CloudFormationAccount } from './account.ts';
import { activeResources } from './account.ts';
import { dependenciesOf, inDependencyOrder } from './dependencies.ts';
import type { Scope } from './intrinsics.ts';
import { evaluate, knownAfterApply, referencesIn } from './intrinsics.ts';
import { validationError } from './refusals.ts';
import { isCreateOnly, takesTags } from './resource-types.ts';
import type { Desired, Stack, StackResource } from './stack.ts';
import type { ResourceDefinition } from './template.ts';

type Attribute = 'Properties' | 'Tags' | 'Metadata' | 'DeletionPolicy' | 'UpdateReplacePolicy' | 'UpdatePolicy';

/** One reason why a resource changes. https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ResourceChangeDetail.html */
export interface ChangeDetail {
  readonly attribute: Attribute;
  readonly name: string | undefined;
  readonly recreation: 'Never' | 'Always' | undefined;
  readonly evaluation: 'Static' | 'Dynamic';
  readonly source: 'DirectModification' | 'ParameterReference' | 'ResourceReference' | 'ResourceAttribute';
  readonly causingEntity: string | undefined;
  readonly before: unknown;
  readonly after: unknown;
}

export interface PlannedChange {
  readonly action: 'Add' | 'Modify' | 'Remove';
  readonly logicalId: string;
  readonly type: string;
  readonly physicalId: string | undefined;
  readonly replacement: 'True' | 'False' | 'Conditional' | undefined;
  readonly policyAction: 'Delete' | 'Retain' | 'ReplaceAndDelete' | 'ReplaceAndRetain' | undefined;
  readonly details: readonly ChangeDetail[];
  readonly before: Readonly<Record<string, unknown>> | undefined;
  readonly after: Readonly<Record<string, unknown>> | undefined;
}

/**
 * Compares a stack with what a template asks for. Values that only the execution brings are dynamic: what refers to them
 * may change.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-changesets-view.html
 */
export function planChanges(account: CloudFormationAccount, stack: Stack, desired: Desired): readonly PlannedChange[] {
  const existing = existingResources(stack);
  const changed = new Map<string, PlannedChange>();
  const wanted = new Set<string>();

  const scope: Scope = {
    ...account.scopeOf(stack, desired, () => undefined),
    refOf: (id) => {
      if (!wanted.has(id)) return undefined;
      const change = changed.get(id);
      const isNew = change?.action === 'Add' || change?.replacement === 'True';
      return isNew ? knownAfterApply : existing.get(id)?.physicalId;
    },
    attributeOf: (id, attribute) => {
      if (!wanted.has(id)) return undefined;
      const isSettled = changed.get(id)?.details.every((detail) => detail.attribute !== 'Properties') ?? true;
      return isSettled && changed.get(id)?.action !== 'Add' ? existing.get(id)?.attributes[attribute] : knownAfterApply;
    },
  };
  const active = activeResources(scope);
  for (const id of active.keys()) wanted.add(id);

  const dependencies = new Map(
    [...active].map(([id, definition]) => [id, dependenciesOf(definition, wanted.has.bind(wanted))]),
  );
  for (const id of inDependencyOrder(dependencies)) {
    const definition = active.get(id);
    if (definition === undefined) continue;
    const after = toProperties(evaluate(definition.properties, scope));
    const before = existing.get(id);
    const change =
      before === undefined
        ? addition(id, definition, after)
        : modification(stack, desired, { before, definition, after, changed });
    if (change !== undefined) changed.set(id, change);
  }
  const removed = [...existing.values()].filter(({ logicalId }) => !wanted.has(logicalId)).map(removal);
  return [...changed.values(), ...removed];
}

/** Those that are there: one that failed to be created is not. */
export const existingResources = (stack: Stack): ReadonlyMap<string, StackResource> =>
  new Map([...stack.resources].filter(([, { status }]) => status !== 'CREATE_FAILED' && status !== 'DELETE_COMPLETE'));

const addition = (logicalId: string, { type }: ResourceDefinition, after: PlannedChange['after']): PlannedChange => ({
  action: 'Add',
  logicalId,
  type,
  physicalId: undefined,
  replacement: undefined,
  policyAction: undefined,
  details: [],
  before: undefined,
  after,
});

const removal = ({ logicalId, type, physicalId, deletionPolicy, properties }: StackResource): PlannedChange => ({
  action: 'Remove',
  logicalId,
  type,
  physicalId,
  replacement: undefined,
  policyAction: deletionPolicy === 'Delete' ? 'Delete' : 'Retain',
  details: [],
  before: properties,
  after: undefined,
});

interface Modification {
  readonly before: StackResource;
  readonly definition: ResourceDefinition;
  readonly after: Readonly<Record<string, unknown>>;
  readonly changed: ReadonlyMap<string, PlannedChange>;
}

function modification(stack: Stack, desired: Desired, modified: Modification): PlannedChange | undefined {
  const { before, definition, after } = modified;
  const { logicalId, type, physicalId } = before;
  if (type !== definition.type) {
    throw validationError(
      `Update of resource type is not permitted. The new template modifies resource type of the following resources: [${logicalId}]`,
    );
  }
  const names = new Set([...Object.keys(before.properties), ...Object.keys(after)]);
  const details = [
    ...[...names]
      .filter((name) => canonical(before.properties[name]) !== canonical(after[name]))
      .flatMap((name) => propertyDetails(stack, desired, modified, name)),
    ...attributeDetails(stack, desired, modified),
  ];
  if (details.length === 0) return undefined;
  const recreating = details.filter(({ recreation }) => recreation === 'Always');
  const replacement = recreating.some(({ evaluation }) => evaluation === 'Static')
    ? 'True'
    : recreating.length > 0
      ? 'Conditional'
      : 'False';
  const replaces = definition.updateReplacePolicy === 'Delete' ? 'ReplaceAndDelete' : 'ReplaceAndRetain';
  return {
    action: 'Modify',
    logicalId,
    type,
    physicalId,
    replacement,
    policyAction: replacement === 'False' ? undefined : replaces,
    details,
    before: before.properties,
    after,
  };
}

/** Every entity that makes a property change; the template itself if nothing that it refers to does. */
function propertyDetails(stack: Stack, desired: Desired, modified: Modification, name: string): ChangeDetail[] {
  const { before, definition, after, changed } = modified;
  const isDynamic = JSON.stringify(after[name] ?? null).includes(knownAfterApply);
  const base = {
    attribute: name === 'Tags' ? 'Tags' : 'Properties',
    name,
    recreation: isCreateOnly(definition.type, name) ? 'Always' : 'Never',
    before: before.properties[name],
    after: after[name],
  } as const;
  const rawBefore = stack.desired?.template.resources[before.logicalId]?.properties[name];
  const raw = definition.properties[name];
  const causes = referencesIn(raw).flatMap((reference): ChangeDetail[] => {
    if (changed.has(reference.name)) {
      const causingEntity =
        reference.attribute === undefined ? reference.name : `${reference.name}.${reference.attribute}`;
      const source = reference.attribute === undefined ? 'ResourceReference' : 'ResourceAttribute';
      return isDynamic ? [{ ...base, evaluation: 'Dynamic', source, causingEntity }] : [];
    }
    const isChangedParameter =
      Object.hasOwn(desired.parameters, reference.name) &&
      desired.parameters[reference.name] !== stack.desired?.parameters[reference.name];
    if (!isChangedParameter) return [];
    return [{ ...base, evaluation: 'Static', source: 'ParameterReference', causingEntity: reference.name }];
  });
  const isDirect = canonical(rawBefore) !== canonical(raw) || causes.length === 0;
  const evaluation = isDynamic ? 'Dynamic' : 'Static';
  return isDirect
    ? [{ ...base, evaluation, source: 'DirectModification', causingEntity: undefined }, ...causes]
    : causes;
}

/** What changes beside the properties: tags of the stack, policies, metadata. */
function attributeDetails(stack: Stack, desired: Desired, { before, definition }: Modification): ChangeDetail[] {
  const previous = stack.desired?.template.resources[before.logicalId];
  const tags = takesTags(definition.type) ? [stack.desired?.tags ?? {}, desired.tags] : [];
  const pairs: readonly (readonly [Attribute, unknown, unknown])[] = [
    ['Tags', tags[0], tags[1]],
    ['Metadata', before.metadata, definition.metadata],
    ['DeletionPolicy', before.deletionPolicy, definition.deletionPolicy],
    ['UpdateReplacePolicy', before.updateReplacePolicy, definition.updateReplacePolicy],
    ['UpdatePolicy', previous?.updatePolicy, definition.updatePolicy],
  ];
  return pairs
    .filter(([, from, to]) => canonical(from) !== canonical(to))
    .map(([attribute, from, to]) => ({
      attribute,
      name: undefined,
      recreation: undefined,
      evaluation: 'Static',
      source: 'DirectModification',
      causingEntity: undefined,
      before: from,
      after: to,
    }));
}

export const toProperties = (value: unknown): Readonly<Record<string, unknown>> => (isObject(value) ? value : {});

/** JSON with sorted keys, in which `5` and `'5'` are the same, as they are to CloudFormation. */
export const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, item: unknown) => {
    if (typeof item === 'number' || typeof item === 'boolean') return String(item);
    if (!isObject(item)) return item;
    return Object.fromEntries(Object.entries(item).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  }) ?? '';
