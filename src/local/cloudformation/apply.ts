import type { CloudFormationAccount } from './account.ts';
import { activeResources } from './account.ts';
import type { AliasShift } from './alias-shift.ts';
import { advanceShift, beginShift, withdrawShift } from './alias-shift.ts';
import { canonical, existingResources, toProperties } from './changes.ts';
import { dependenciesOf, inDependencyOrder } from './dependencies.ts';
import type { Scope } from './intrinsics.ts';
import { evaluate } from './intrinsics.ts';
import { Refusal } from './refusals.ts';
import { isCreateOnly, takesTags } from './resource-types.ts';
import type { Desired, Stack, StackResource, Step } from './stack.ts';
import type { ResourceDefinition } from './template.ts';

/** What became of applying a template. */
export interface Applied {
  readonly failedToCreate: string[];
  readonly failedToUpdate: string[];
  /** Physical resources that were replaced, and wait to be deleted. */
  readonly replaced: StackResource[];
  /** The physical ids that are new. */
  readonly made: string[];
}

/**
 * Creates and updates resources until they are as a template asks, each as soon as all that it depends on is done. At the
 * first failure what is under way is cancelled. Every step of the generator settles one resource, or finds that all of
 * those under way are aliases that shift.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-overview.html
 */
export async function* applyTemplate(
  account: CloudFormationAccount,
  stack: Stack,
  desired: Desired,
  previousTags: Readonly<Record<string, string>>,
): AsyncGenerator<Step, Applied> {
  const applied: Applied = { failedToCreate: [], failedToUpdate: [], replaced: [], made: [] };
  const scope = account.scopeOf(stack, desired, (id) => {
    const resource = active.has(id) ? stack.resources.get(id) : undefined;
    return resource === undefined ? undefined : { ref: resource.physicalId, attributes: resource.attributes };
  });
  const active = activeResources(scope);
  const dependencies = new Map(
    [...active].map(([id, definition]) => [id, dependenciesOf(definition, (other) => active.has(other))]),
  );
  const waiting = new Set(inDependencyOrder(dependencies));
  const done = new Set<string>();
  const running: Work[] = [];
  /** How many in a row were looked at and shift on. */
  let shiftsLeft = 0;

  while (waiting.size > 0 || running.length > 0) {
    for (const id of waiting) {
      const definition = active.get(id);
      if (definition === undefined || ![...(dependencies.get(id) ?? [])].every((other) => done.has(other))) continue;
      waiting.delete(id);
      const work = start(account, stack, {
        id,
        definition,
        ...evaluated(definition, scope),
        dependsOn: [...(dependencies.get(id) ?? [])],
        areTagsNew: takesTags(definition.type) && canonical(previousTags) !== canonical(desired.tags),
        applied,
      });
      if (work === undefined) done.add(id);
      else running.push(work);
    }
    // What shifts takes minutes: it waits behind all that does not.
    const work = running.find(({ shift }) => shift === undefined) ?? running[0];
    if (work === undefined) continue;
    const isIdle = shiftsLeft >= running.length;
    if (isIdle) shiftsLeft = 0;
    yield isIdle ? 'waits' : undefined;
    running.splice(running.indexOf(work), 1);
    const failure = await settle(account, stack, work);
    if (failure === 'shifting') {
      running.push(work);
      shiftsLeft += 1;
      continue;
    }
    shiftsLeft = 0;
    if (failure === undefined) {
      done.add(work.resource.logicalId);
      continue;
    }
    fail(account, stack, { work, reason: failure, applied });
    for (const other of running) {
      const reason = other.kind === 'create' ? 'Resource creation cancelled' : 'Resource update cancelled';
      if (other.shift !== undefined) {
        await withdrawShift(account, stack, { ...other, shift: other.shift, event: 'DEPLOYMENT_STOP_ON_REQUEST' });
      }
      fail(account, stack, { work: other, reason, applied });
    }
    return applied;
  }
  return applied;
}

/** A reference that cannot be resolved shows only now, and fails the resource that has it. */
function evaluated({ properties, updatePolicy }: ResourceDefinition, scope: Scope): Evaluated {
  try {
    return {
      properties: toProperties(evaluate(properties, scope)),
      updatePolicy: evaluate(updatePolicy, scope),
      problem: undefined,
    };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { properties: {}, updatePolicy: undefined, problem: error.message };
  }
}

interface Evaluated {
  readonly properties: Readonly<Record<string, unknown>>;
  readonly updatePolicy: unknown;
  readonly problem: string | undefined;
}

interface Work {
  readonly kind: 'create' | 'update' | 'replace';
  readonly resource: StackResource;
  /** What the resource is as long as this has not succeeded. */
  readonly previous: StackResource | undefined;
  /** Why it cannot but fail. */
  readonly problem: string | undefined;
  /** Set while an alias shifts. */
  readonly shift?: AliasShift | undefined;
}

interface Start extends Evaluated {
  readonly id: string;
  readonly definition: ResourceDefinition;
  readonly dependsOn: readonly string[];
  readonly areTagsNew: boolean;
  readonly applied: Applied;
}

/** Begins with one resource; `undefined` if it already is as it should be. */
function start(account: CloudFormationAccount, stack: Stack, starting: Start): Work | undefined {
  const { id, definition, properties, updatePolicy, problem, dependsOn, areTagsNew, applied } = starting;
  const { type, metadata, deletionPolicy, updateReplacePolicy } = definition;
  const settings = { properties, metadata, deletionPolicy, updateReplacePolicy, dependsOn };
  const existing = existingResources(stack).get(id);
  if (existing === undefined) {
    const values = account.make(stack, { logicalId: id, type, properties });
    const resource: StackResource = {
      ...settings,
      logicalId: id,
      type,
      physicalId: values.ref,
      attributes: values.attributes,
      status: 'CREATE_IN_PROGRESS',
      statusReason: undefined,
      changedAt: account.now(),
    };
    account.resourceEvent(stack, { ...resource, physicalId: undefined }, 'CREATE_IN_PROGRESS', undefined);
    stack.resources.set(id, resource);
    account.setResource(stack, resource, 'CREATE_IN_PROGRESS', 'Resource creation Initiated');
    applied.made.push(resource.physicalId);
    return { kind: 'create', previous: undefined, problem, resource };
  }

  const names = new Set([...Object.keys(existing.properties), ...Object.keys(properties)]);
  const different = [...names].filter((name) => canonical(existing.properties[name]) !== canonical(properties[name]));
  const isSame =
    different.length === 0 &&
    !areTagsNew &&
    canonical(existing.metadata) === canonical(metadata) &&
    existing.deletionPolicy === deletionPolicy &&
    existing.updateReplacePolicy === updateReplacePolicy;
  if (isSame) return undefined;

  const previous = { ...existing };
  if (!different.some((name) => isCreateOnly(type, name))) {
    Object.assign(existing, settings);
    account.setResource(stack, existing, 'UPDATE_IN_PROGRESS');
    const shift = beginShift(account, stack, { resource: existing, previous, updatePolicy });
    return { kind: 'update', previous, problem, resource: existing, shift };
  }
  const reason = 'Requested update requires the creation of a new physical resource; hence creating one.';
  account.setResource(stack, existing, 'UPDATE_IN_PROGRESS', reason);
  applied.replaced.push({ ...existing, updateReplacePolicy });
  const values = account.make(stack, { logicalId: id, type, properties });
  Object.assign(existing, settings, { physicalId: values.ref, attributes: values.attributes });
  applied.made.push(existing.physicalId);
  account.setResource(stack, existing, 'UPDATE_IN_PROGRESS', 'Resource creation Initiated');
  return { kind: 'replace', previous, problem, resource: existing };
}

/** Ends with one resource; gives why it failed, if it did, and `shifting` while it cannot be ended. */
async function settle(
  account: CloudFormationAccount,
  stack: Stack,
  { kind, resource, problem, shift }: Work,
): Promise<string | undefined> {
  const state = shift === undefined ? undefined : await advanceShift(account, stack, { shift, resource });
  if (state?.kind === 'shifting') return state.kind;
  const failure =
    problem ??
    (state?.kind === 'stopped' ? state.why : undefined) ??
    account.failureOf(resource.logicalId, kind === 'create' ? 'create' : 'update') ??
    (await account.provision(stack, kind === 'update' ? 'update' : 'create', resource));
  if (failure !== undefined) return failure;
  account.setResource(stack, resource, kind === 'create' ? 'CREATE_COMPLETE' : 'UPDATE_COMPLETE');
  return undefined;
}

interface Failure {
  readonly work: Work;
  readonly reason: string;
  readonly applied: Applied;
}

function fail(account: CloudFormationAccount, stack: Stack, { work, reason, applied }: Failure): void {
  const isCreation = work.kind === 'create';
  if (work.previous !== undefined) Object.assign(work.resource, work.previous);
  account.setResource(stack, work.resource, isCreation ? 'CREATE_FAILED' : 'UPDATE_FAILED', reason);
  (isCreation ? applied.failedToCreate : applied.failedToUpdate).push(work.resource.logicalId);
}

/** `The following resource(s) failed to create: [Sender, Table]. ` */
export function failureReason({ failedToCreate, failedToUpdate }: Pick<Applied, 'failedToCreate' | 'failedToUpdate'>) {
  const sentences = [['create', failedToCreate] as const, ['update', failedToUpdate] as const].filter(
    ([, ids]) => ids.length > 0,
  );
  return sentences.map(([verb, ids]) => `The following resource(s) failed to ${verb}: [${ids.join(', ')}]. `).join('');
}
