import { object, optional } from '../../core/decode.ts';
import { flag, listOf, text } from '../query-protocol.ts';
import type { XmlObject } from '../xml.ts';
import type { Action, ActionContext } from './action.ts';
import { action, checkName, page, settings, toDesired } from './action.ts';
import { assertUpdatable, planOrDiscard, unchangedReason } from './change-set-actions.ts';
import { planChanges } from './changes.ts';
import { createStack, deleteStack, rollBackCreation, rollBackUpdate, updateStack } from './operations.ts';
import { shownParameters } from './parameters.ts';
import { Refusal, validationError } from './refusals.ts';
import type { Stack, StackEvent, StackResource } from './stack.ts';

const ofStack = { StackName: text } as const;
const paged = { NextToken: optional(text) } as const;

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html */
function stackOf({ account }: ActionContext, nameOrId: string, words = 'with id'): Stack {
  const stack = account.find(nameOrId);
  if (stack !== undefined) return stack;
  throw validationError(
    words === 'with id' ? `Stack with id ${nameOrId} does not exist` : `Stack [${nameOrId}] does not exist`,
  );
}

const describeStacks = action(false, object({ StackName: optional(text), ...paged }), (input, context) => {
  const { StackName: name } = input;
  const all =
    name === undefined
      ? context.account.stacks().filter(({ status }) => status !== 'DELETE_COMPLETE')
      : [stackOf(context, name)];
  const { items, next } = page(all, input.NextToken, context.pageSize);
  return { Stacks: items.map(toStack), NextToken: next };
});

function toStack(stack: Stack): XmlObject {
  const { desired } = stack;
  return {
    StackId: stack.id,
    StackName: stack.name,
    ChangeSetId: stack.changeSetId,
    Description: desired?.template.description,
    Parameters: desired === undefined ? [] : shownParameters(desired.template, desired.parameters),
    CreationTime: new Date(stack.createdAt),
    DeletionTime: stack.deletedAt === undefined ? undefined : new Date(stack.deletedAt),
    LastUpdatedTime: stack.updatedAt === undefined ? undefined : new Date(stack.updatedAt),
    StackStatus: stack.status,
    StackStatusReason: stack.statusReason,
    DisableRollback: stack.disableRollback,
    Capabilities: desired?.capabilities ?? [],
    Outputs: stack.outputs.map(({ key, value, description }) => ({
      OutputKey: key,
      OutputValue: value,
      Description: description,
    })),
    RoleARN: desired?.roleArn,
    Tags: Object.entries(desired?.tags ?? {}).map(([Key, Value]) => ({ Key, Value })),
    EnableTerminationProtection: stack.terminationProtection,
    DriftInformation: { StackDriftStatus: 'NOT_CHECKED' },
    LastOperations:
      stack.operation === undefined ? [] : [{ OperationType: stack.operation.type, OperationId: stack.operation.id }],
  };
}

const describeStackEvents = action(false, object({ ...ofStack, ...paged }), (input, context) => {
  const stack = stackOf(context, input.StackName, 'plain');
  const { items, next } = page(stack.events.toReversed(), input.NextToken, context.pageSize);
  return { StackEvents: items.map((event) => toEvent(stack, event)), NextToken: next };
});

const toEvent = (stack: Stack, event: StackEvent): XmlObject => ({
  StackId: stack.id,
  EventId: event.id,
  StackName: stack.name,
  OperationId: event.operationId === '' ? undefined : event.operationId,
  LogicalResourceId: event.logicalId,
  PhysicalResourceId: event.physicalId ?? '',
  ResourceType: event.type,
  Timestamp: new Date(event.at),
  ResourceStatus: event.status,
  ResourceStatusReason: event.reason,
  ResourceProperties: event.properties,
  ClientRequestToken: event.token,
});

/** Events of one operation, or those of them that failed. https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeEvents.html */
const describeEvents = action(
  false,
  object({
    StackName: optional(text),
    OperationId: optional(text),
    ChangeSetName: optional(text),
    Filters: optional(object({ FailedEvents: flag })),
    ...paged,
  }),
  (input, context) => {
    const { StackName: name, OperationId: operationId, ChangeSetName: changeSet } = input;
    if (changeSet !== undefined) throw validationError('DescribeEvents of a change set is not emulated.');
    if (name === undefined && operationId === undefined) {
      throw validationError('One of ChangeSetName, OperationId or StackName must be specified.');
    }
    const stacks = name === undefined ? context.account.stacks() : [stackOf(context, name, 'plain')];
    const found = stacks.flatMap((stack) =>
      stack.events
        .filter((event) => operationId === undefined || event.operationId === operationId)
        .filter(({ status }) => input.Filters?.FailedEvents !== true || status.endsWith('_FAILED'))
        .map((event) => ({ stack, event })),
    );
    const { items, next } = page(found.toReversed(), input.NextToken, context.pageSize);
    return {
      OperationEvents: items.map(({ stack, event }) => ({
        EventId: event.id,
        StackId: stack.id,
        OperationId: event.operationId,
        OperationType: event.operationType,
        EventType:
          event.status.endsWith('_FAILED') && event.logicalId !== stack.name ? 'PROVISIONING_ERROR' : 'STACK_EVENT',
        LogicalResourceId: event.logicalId,
        PhysicalResourceId: event.physicalId ?? '',
        ResourceType: event.type,
        Timestamp: new Date(event.at),
        ResourceStatus: event.status,
        ResourceStatusReason: event.reason,
      })),
      NextToken: next,
    };
  },
);

const describeStackResources = action(
  false,
  object({ StackName: text, LogicalResourceId: optional(text) }),
  (input, context) => {
    const stack = stackOf(context, input.StackName, 'plain');
    const { LogicalResourceId: id } = input;
    const found = [...stack.resources.values()].filter(({ logicalId }) => id === undefined || id === logicalId);
    if (id !== undefined && found.length === 0) {
      throw validationError(`Resource ${id} does not exist for stack ${stack.name}`);
    }
    return {
      StackResources: found.map((resource) => ({
        StackName: stack.name,
        StackId: stack.id,
        ...toResource(resource),
        Timestamp: new Date(resource.changedAt),
      })),
    };
  },
);

const listStackResources = action(false, object({ ...ofStack, ...paged }), (input, context) => {
  const stack = stackOf(context, input.StackName);
  const { items, next } = page([...stack.resources.values()], input.NextToken, context.pageSize);
  return {
    StackResourceSummaries: items.map((resource) => ({
      ...toResource(resource),
      LastUpdatedTimestamp: new Date(resource.changedAt),
    })),
    NextToken: next,
  };
});

const toResource = (resource: StackResource): XmlObject => ({
  LogicalResourceId: resource.logicalId,
  PhysicalResourceId: resource.physicalId,
  ResourceType: resource.type,
  ResourceStatus: resource.status,
  ResourceStatusReason: resource.statusReason,
  DriftInformation: { StackResourceDriftStatus: 'NOT_CHECKED' },
});

const deletable = ['_COMPLETE', '_FAILED', 'CREATE_IN_PROGRESS', 'REVIEW_IN_PROGRESS', 'ROLLBACK_IN_PROGRESS'];

const deleteStackAction = action(
  true,
  object({
    ...ofStack,
    RetainResources: listOf(text),
    ClientRequestToken: optional(text),
    DeletionMode: optional(text),
    RoleARN: optional(text),
  }),
  async (input, { account, begin }) => {
    const stack = account.find(input.StackName);
    if (stack === undefined || stack.status === 'DELETE_COMPLETE' || stack.status === 'DELETE_IN_PROGRESS')
      return undefined;
    const { RetainResources: retain, DeletionMode: mode, ClientRequestToken: token } = input;
    if (stack.terminationProtection) {
      throw validationError(`Stack [${stack.name}] cannot be deleted while TerminationProtection is enabled`);
    }
    const isDeletable =
      deletable.some((ending) => stack.status.endsWith(ending)) && !stack.status.startsWith('UPDATE_ROLLBACK_IN');
    if (!isDeletable) {
      throw validationError(`Stack [${stack.name}] cannot be deleted while in status ${stack.status}`);
    }
    if (stack.status !== 'DELETE_FAILED' && (retain.length > 0 || mode === 'FORCE_DELETE_STACK')) {
      const what = retain.length > 0 ? 'RetainResources' : 'DeletionMode FORCE_DELETE_STACK';
      throw validationError(`${what} can only be specified for a stack in the DELETE_FAILED state.`);
    }
    const unknown = retain.filter((id) => !stack.resources.has(id));
    if (unknown.length > 0) {
      throw validationError(`The following resources to retain do not exist in the stack: [${unknown.join(', ')}]`);
    }
    await begin(stack, { type: 'DELETE_STACK', token }, () =>
      deleteStack(account, stack, { reason: 'User Initiated', retain, force: mode === 'FORCE_DELETE_STACK' }),
    );
    return undefined;
  },
);

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ContinueUpdateRollback.html */
const continueUpdateRollback = action(
  true,
  object({ ...ofStack, ResourcesToSkip: listOf(text), ClientRequestToken: optional(text) }),
  async (input, context) => {
    const { account, begin } = context;
    const stack = stackOf(context, input.StackName, 'plain');
    if (stack.status !== 'UPDATE_ROLLBACK_FAILED') {
      throw validationError(`Stack:${stack.id} is in ${stack.status} state and can not continue rolling back.`);
    }
    const { ResourcesToSkip: skip, ClientRequestToken: token } = input;
    const wrong = skip.filter((id) => stack.resources.get(id)?.status !== 'UPDATE_FAILED');
    if (wrong.length > 0) {
      throw validationError(
        `[${wrong.join(', ')}] cannot be skipped: only resources that are in the UPDATE_FAILED state can`,
      );
    }
    await begin(stack, { type: 'CONTINUE_ROLLBACK', token }, () =>
      rollBackUpdate(account, stack, { reason: 'User Initiated', skip }),
    );
    return {};
  },
);

/** Undoes what failed and was left as it was. https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_RollbackStack.html */
const rollbackStack = action(
  true,
  object({ ...ofStack, ClientRequestToken: optional(text) }),
  async (input, context) => {
    const { account, begin } = context;
    const stack = stackOf(context, input.StackName, 'plain');
    const operation = { type: 'ROLLBACK', token: input.ClientRequestToken } as const;
    if (stack.status === 'CREATE_FAILED') {
      await begin(stack, operation, () => rollBackCreation(account, stack, 'User Initiated'));
    } else if (stack.status === 'UPDATE_FAILED') {
      await begin(stack, operation, () => rollBackUpdate(account, stack, { reason: 'User Initiated', skip: [] }));
    } else {
      throw validationError(`Stack:${stack.id} is in ${stack.status} state and can not be rolled back.`);
    }
    return { StackId: stack.id, OperationId: stack.operation?.id };
  },
);

const updateTerminationProtection = action(
  true,
  object({ ...ofStack, EnableTerminationProtection: flag }),
  (input, context) => {
    const stack = stackOf(context, input.StackName, 'plain');
    stack.terminationProtection = input.EnableTerminationProtection;
    return { StackId: stack.id };
  },
);

const direct = object({ ...settings, ...ofStack, ClientRequestToken: optional(text), DisableRollback: flag });

const createStackAction = action(true, direct, async (input, context) => {
  const { account, begin } = context;
  checkName('stackName', input.StackName);
  if (account.find(input.StackName) !== undefined) {
    throw new Refusal('AlreadyExistsException', `Stack [${input.StackName}] already exists`);
  }
  const desired = await toDesired(input, undefined, context);
  const stack = account.create(input.StackName);
  planOrDiscard(account, stack, desired, true);
  const onFailure = input.DisableRollback ? 'DO_NOTHING' : 'ROLLBACK';
  await begin(stack, { type: 'CREATE_STACK', token: input.ClientRequestToken }, () =>
    createStack(account, stack, desired, onFailure),
  );
  return { StackId: stack.id };
});

/** An update that somebody makes beside: the change sets that there are become obsolete. */
const updateStackAction = action(true, direct, async (input, context) => {
  const { account, begin } = context;
  const stack = stackOf(context, input.StackName, 'plain');
  assertUpdatable(stack);
  const desired = await toDesired(input, stack.desired, context);
  if (unchangedReason(stack, desired, planChanges(account, stack, desired)) !== undefined) {
    throw validationError('No updates are to be performed.');
  }
  for (const changeSet of stack.changeSets.values()) {
    if (changeSet.executionStatus === 'AVAILABLE') changeSet.executionStatus = 'OBSOLETE';
  }
  const onFailure = input.DisableRollback ? 'DO_NOTHING' : 'ROLLBACK';
  await begin(stack, { type: 'UPDATE_STACK', token: input.ClientRequestToken }, () =>
    updateStack(account, stack, desired, onFailure),
  );
  return { StackId: stack.id };
});

export const stackActions: Readonly<Record<string, Action>> = {
  CreateStack: createStackAction,
  UpdateStack: updateStackAction,
  DeleteStack: deleteStackAction,
  DescribeStacks: describeStacks,
  DescribeStackEvents: describeStackEvents,
  DescribeEvents: describeEvents,
  DescribeStackResources: describeStackResources,
  ListStackResources: listStackResources,
  ContinueUpdateRollback: continueUpdateRollback,
  RollbackStack: rollbackStack,
  UpdateTerminationProtection: updateTerminationProtection,
};
