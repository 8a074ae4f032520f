import type { CloudFormationAccount } from './account.ts';
import { activeResources } from './account.ts';
import type { Applied } from './apply.ts';
import { applyTemplate, failureReason } from './apply.ts';
import { evaluate, isMet } from './intrinsics.ts';
import { removeResources } from './remove.ts';
import type { Desired, Rollback, Stack, StackResource, Step } from './stack.ts';

export type OnFailure = 'DO_NOTHING' | 'ROLLBACK' | 'DELETE';

/** Whether an operation ended as it was asked to. */
type Run = AsyncGenerator<Step, boolean>;

/** Creates the resources of a stack. https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stack-failure-options.html */
export async function* createStack(
  account: CloudFormationAccount,
  stack: Stack,
  desired: Desired,
  onFailure: OnFailure,
): Run {
  stack.desired = desired;
  account.setStatus(stack, 'CREATE_IN_PROGRESS', 'User Initiated');
  yield;
  const applied = yield* applyTemplate(account, stack, desired, desired.tags);
  if (succeeded(applied)) {
    setOutputs(account, stack, desired);
    account.setStatus(stack, 'CREATE_COMPLETE');
    return true;
  }
  const reason = failureReason(applied);
  if (onFailure === 'DO_NOTHING') {
    account.setStatus(stack, 'CREATE_FAILED', reason.trim());
    return false;
  }
  if (onFailure === 'DELETE') {
    account.setStatus(stack, 'CREATE_FAILED', `${reason}Delete requested by user.`);
    yield* deleteStack(account, stack, { reason: 'Deletion requested by user.', isUndoing: true });
    return false;
  }
  yield* rollBackCreation(account, stack, `${reason}Rollback requested by user.`);
  return false;
}

export async function* rollBackCreation(account: CloudFormationAccount, stack: Stack, reason: string): Run {
  account.setStatus(stack, 'ROLLBACK_IN_PROGRESS', reason);
  yield;
  const failed = yield* removeResources(account, stack, [...stack.resources.values()], {
    keeps: ({ deletionPolicy }) => deletionPolicy === 'Retain',
  });
  if (failed.length > 0) account.setStatus(stack, 'ROLLBACK_FAILED', notDeleted(failed));
  else account.setStatus(stack, 'ROLLBACK_COMPLETE');
  return failed.length === 0;
}

/** Brings a stack to another template. https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-monitor-stack.html */
export async function* updateStack(
  account: CloudFormationAccount,
  stack: Stack,
  desired: Desired,
  onFailure: OnFailure,
): Run {
  const rollback: Rollback = stack.rollback ?? {
    desired: stack.desired,
    resources: new Map([...stack.resources].map(([id, resource]) => [id, { ...resource }])),
    made: new Set(),
  };
  stack.rollback = rollback;
  const previousTags = stack.desired?.tags ?? {};
  stack.desired = desired;
  stack.updatedAt = account.now();
  account.setStatus(stack, 'UPDATE_IN_PROGRESS', 'User Initiated');
  yield;
  const applied = yield* applyTemplate(account, stack, desired, previousTags);
  for (const made of applied.made) rollback.made.add(made);
  if (!succeeded(applied)) {
    if (onFailure === 'DO_NOTHING') {
      account.setStatus(stack, 'UPDATE_FAILED', failureReason(applied).trim());
      return false;
    }
    yield* rollBackUpdate(account, stack, { reason: failureReason(applied), skip: [] });
    return false;
  }
  stack.rollback = undefined;
  setOutputs(account, stack, desired);
  const unwanted = unwantedResources(account, stack, desired);
  account.setStatus(stack, 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS');
  yield;
  // A resource that cannot be deleted now is left behind; the update has succeeded all the same.
  yield* removeResources(account, stack, applied.replaced, {
    keeps: ({ updateReplacePolicy }) => updateReplacePolicy !== 'Delete',
  });
  yield* removeResources(account, stack, unwanted, {
    keeps: ({ deletionPolicy }) => deletionPolicy !== 'Delete',
  });
  for (const { logicalId } of unwanted) stack.resources.delete(logicalId);
  account.setStatus(stack, 'UPDATE_COMPLETE');
  return true;
}

function unwantedResources(account: CloudFormationAccount, stack: Stack, desired: Desired): readonly StackResource[] {
  const active = activeResources(account.scopeOf(stack, desired, () => undefined));
  return [...stack.resources.values()].filter(({ logicalId }) => !active.has(logicalId));
}

export interface UpdateRollback {
  readonly reason: string | undefined;
  /** Resources that are left as they are. */
  readonly skip: readonly string[];
}

/** Undoes an update. https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-continueupdaterollback.html */
export async function* rollBackUpdate(
  account: CloudFormationAccount,
  stack: Stack,
  { reason, skip }: UpdateRollback,
): Run {
  const { rollback } = stack;
  account.setStatus(stack, 'UPDATE_ROLLBACK_IN_PROGRESS', reason);
  yield;
  const failed: string[] = [];
  const abandoned: StackResource[] = [];
  for (const resource of [...stack.resources.values()].toReversed()) {
    const before = rollback?.resources.get(resource.logicalId);
    // Whoever updates a resource gives it new properties, even equal ones.
    const isTouched = resource.properties !== before?.properties || resource.status === 'UPDATE_FAILED';
    if (before === undefined || !isTouched) continue;
    if (skip.includes(resource.logicalId)) {
      account.setResource(stack, resource, 'UPDATE_COMPLETE', 'Resource skipped by the user during rollback');
      continue;
    }
    account.setResource(stack, resource, 'UPDATE_IN_PROGRESS');
    yield;
    const failure = account.failureOf(resource.logicalId, 'rollback');
    if (failure !== undefined) {
      failed.push(resource.logicalId);
      account.setResource(stack, resource, 'UPDATE_FAILED', failure);
      continue;
    }
    if (before.physicalId !== resource.physicalId) abandoned.push({ ...resource });
    Object.assign(resource, before);
    await account.provision(stack, 'update', resource);
    account.setResource(stack, resource, 'UPDATE_COMPLETE');
  }
  if (failed.length > 0) {
    account.setStatus(
      stack,
      'UPDATE_ROLLBACK_FAILED',
      failureReason({ failedToCreate: [], failedToUpdate: failed }).trim(),
    );
    return false;
  }
  account.setStatus(stack, 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS');
  yield;
  const added = [...stack.resources.values()].filter(({ logicalId }) => rollback?.resources.has(logicalId) !== true);
  const keeps = ({ deletionPolicy }: StackResource) => deletionPolicy === 'Retain';
  yield* removeResources(account, stack, [...abandoned, ...added], { keeps });
  for (const { logicalId } of added) stack.resources.delete(logicalId);
  stack.desired = rollback?.desired;
  stack.rollback = undefined;
  account.setStatus(stack, 'UPDATE_ROLLBACK_COMPLETE');
  return true;
}

export interface Deletion {
  readonly reason: string;
  /** Whether the resources that go were made by the operation that failed. */
  readonly isUndoing?: boolean;
  readonly retain?: readonly string[];
  readonly force?: boolean;
}

/** Deletes a stack with what is in it. https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DeleteStack.html */
export async function* deleteStack(account: CloudFormationAccount, stack: Stack, deletion: Deletion): Run {
  const { reason, isUndoing = false, retain = [], force = false } = deletion;
  account.setStatus(stack, 'DELETE_IN_PROGRESS', reason);
  yield;
  const left = [...stack.resources.values()].filter(
    ({ status }) => status !== 'DELETE_COMPLETE' && status !== 'DELETE_SKIPPED',
  );
  const failed = yield* removeResources(account, stack, left, {
    keeps: ({ logicalId, deletionPolicy }) =>
      retain.includes(logicalId) ||
      deletionPolicy === 'Retain' ||
      (deletionPolicy === 'RetainExceptOnCreate' && !isUndoing),
  });
  if (failed.length > 0 && !force) {
    account.setStatus(stack, 'DELETE_FAILED', notDeleted(failed));
    return false;
  }
  stack.deletedAt = account.now();
  account.setStatus(stack, 'DELETE_COMPLETE');
  stack.changeSets.clear();
  return true;
}

const notDeleted = (ids: readonly string[]) => `The following resource(s) failed to delete: [${ids.join(', ')}].`;

const succeeded = ({ failedToCreate, failedToUpdate }: Applied) =>
  failedToCreate.length === 0 && failedToUpdate.length === 0;

function setOutputs(account: CloudFormationAccount, stack: Stack, desired: Desired): void {
  const scope = account.scopeOf(stack, desired, (id) => {
    const resource = stack.resources.get(id);
    return resource === undefined ? undefined : { ref: resource.physicalId, attributes: resource.attributes };
  });
  stack.outputs = Object.entries(desired.template.outputs)
    .filter(([, { condition }]) => condition === undefined || isMet(condition, scope))
    .map(([key, { value, description }]) => ({ key, value: String(evaluate(value, scope)), description }));
}
