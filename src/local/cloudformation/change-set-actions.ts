import { object, optional } from '../../core/decode.ts';
import { flag, text } from '../query-protocol.ts';
import type { XmlObject } from '../xml.ts';
import type { CloudFormationAccount } from './account.ts';
import type { Action, ActionContext } from './action.ts';
import { action, checkName, page, sameParameters, settings, toDesired } from './action.ts';
import type { ChangeDetail, PlannedChange } from './changes.ts';
import { canonical, planChanges } from './changes.ts';
import type { OnFailure } from './operations.ts';
import { createStack, updateStack } from './operations.ts';
import { shownParameters } from './parameters.ts';
import { notEmulated, Refusal, validationError } from './refusals.ts';
import type { ChangeSet, Desired, Stack } from './stack.ts';

/** The states from which a stack can be updated. https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html */
const updatable = [
  'CREATE_COMPLETE',
  'CREATE_FAILED',
  'IMPORT_COMPLETE',
  'IMPORT_ROLLBACK_COMPLETE',
  'UPDATE_COMPLETE',
  'UPDATE_FAILED',
  'UPDATE_ROLLBACK_COMPLETE',
] as const;

export function assertUpdatable(stack: Stack): void {
  if (updatable.some((status) => status === stack.status)) return;
  throw validationError(`Stack:${stack.id} is in ${stack.status} state and can not be updated.`);
}

/** The two reasons, of which AWS gives one or the other. https://repost.aws/knowledge-center/cloudformation-stack-no-updates-error */
const nothingSubmitted =
  "The submitted information didn't contain changes. Submit different information to create a change set.";
export const noUpdates = 'No updates are to be performed.';

const createChangeSet = action(
  true,
  object({
    ...settings,
    StackName: text,
    ChangeSetName: text,
    ChangeSetType: optional(text),
    ClientToken: optional(text),
    Description: optional(text),
    OnStackFailure: optional(text),
    IncludeNestedStacks: optional(text),
    ImportExistingResources: optional(text),
  }),
  async (input, context) => {
    const { account } = context;
    const { StackName: stackName, ChangeSetName: name, ChangeSetType: type = 'UPDATE', ClientToken: token } = input;
    checkName('stackName', stackName);
    checkName('changeSetName', name);
    if (type !== 'CREATE' && type !== 'UPDATE') throw notEmulated(`A change set of type ${type}`);
    if (input.ImportExistingResources === 'true') throw notEmulated('ImportExistingResources');
    const onStackFailure = toOnFailure(input.OnStackFailure, type);

    const existing = account.find(stackName);
    const same = existing?.changeSets.get(name);
    if (existing !== undefined && same !== undefined) {
      if (token !== undefined && same.token === token) return { Id: same.id, StackId: existing.id };
      throw new Refusal('AlreadyExistsException', `ChangeSet ${name} already exists`);
    }
    if (type === 'CREATE' && existing !== undefined && existing.status !== 'REVIEW_IN_PROGRESS') {
      throw validationError(
        `Stack [${stackName}] already exists and cannot be created again with the changeSet [${name}].`,
      );
    }
    if (type === 'UPDATE') {
      if (existing === undefined) throw validationError(`Stack [${stackName}] does not exist`);
      assertUpdatable(existing);
    }
    const desired = await toDesired(input, type === 'UPDATE' ? existing?.desired : undefined, context);
    const stack = existing ?? review(context, stackName);
    // Planned at once, so that what is wrong with the template is refused here; it shows when the set is complete.
    const changes = planOrDiscard(account, stack, desired, existing === undefined);
    const changeSet: ChangeSet = {
      id: account.changeSetId(name),
      name,
      description: input.Description,
      type,
      desired,
      onStackFailure,
      token,
      createdAt: account.now(),
      status: 'CREATE_PENDING',
      executionStatus: 'UNAVAILABLE',
      statusReason: undefined,
      changes,
    };
    stack.changeSets.set(name, changeSet);
    return { Id: changeSet.id, StackId: stack.id };
  },
);

/** A new stack whose template is refused has never been there. */
export function planOrDiscard(
  account: CloudFormationAccount,
  stack: Stack,
  desired: Desired,
  isNew: boolean,
): readonly PlannedChange[] {
  try {
    return planChanges(account, stack, desired);
  } catch (error) {
    if (isNew) account.discard(stack);
    throw error;
  }
}

function review({ account }: ActionContext, stackName: string): Stack {
  const stack = account.create(stackName);
  account.setStatus(stack, 'REVIEW_IN_PROGRESS', 'User Initiated');
  return stack;
}

function toOnFailure(value: string | undefined, type: 'CREATE' | 'UPDATE'): OnFailure | undefined {
  if (value === undefined || value === 'DO_NOTHING' || value === 'ROLLBACK') return value;
  if (value !== 'DELETE') throw validationError(`Value '${value}' at 'onStackFailure' is not valid.`);
  if (type === 'CREATE') return value;
  throw validationError('OnStackFailure DELETE is only valid for a change set of type CREATE.');
}

/** Brings a change set that is being created one state further; tells whether it moved. */
export function advanceChangeSet(stack: Stack, changeSet: ChangeSet): boolean {
  if (changeSet.status === 'CREATE_PENDING') {
    changeSet.status = 'CREATE_IN_PROGRESS';
    return true;
  }
  if (changeSet.status !== 'CREATE_IN_PROGRESS') return false;
  const reason = changeSet.type === 'UPDATE' ? unchangedReason(stack, changeSet.desired, changeSet.changes) : undefined;
  changeSet.status = reason === undefined ? 'CREATE_COMPLETE' : 'FAILED';
  changeSet.statusReason = reason;
  if (reason === undefined) changeSet.executionStatus = 'AVAILABLE';
  return true;
}

export function unchangedReason(
  { desired: current }: Stack,
  desired: Desired,
  changes: readonly PlannedChange[],
): string | undefined {
  if (changes.length > 0 || current === undefined) return undefined;
  const isSame =
    current.body === desired.body &&
    sameParameters(current.parameters, desired.parameters) &&
    canonical(current.tags) === canonical(desired.tags);
  return isSame ? nothingSubmitted : noUpdates;
}

const inChangeSet = { ChangeSetName: text, StackName: optional(text) } as const;

const describeChangeSet = action(
  false,
  object({ ...inChangeSet, NextToken: optional(text), IncludePropertyValues: flag }),
  (input, { account, pageSize }) => {
    const { stack, changeSet } = account.findChangeSet(input.ChangeSetName, input.StackName);
    const isReady = changeSet.status === 'CREATE_COMPLETE';
    const { items, next } = page(isReady ? changeSet.changes : [], input.NextToken, pageSize);
    const { desired } = changeSet;
    const mask = maskOf([stack.desired, desired]);
    return {
      ...summaryOf(stack, changeSet),
      Parameters: shownParameters(desired.template, desired.parameters),
      Capabilities: desired.capabilities,
      Tags: Object.entries(desired.tags).map(([Key, Value]) => ({ Key, Value })),
      OnStackFailure: changeSet.onStackFailure,
      Changes: items.map((change) => toChange(change, input.IncludePropertyValues, mask)),
      NextToken: next,
    };
  },
);

const summaryOf = (stack: Stack, changeSet: ChangeSet): XmlObject => ({
  StackId: stack.id,
  StackName: stack.name,
  ChangeSetId: changeSet.id,
  ChangeSetName: changeSet.name,
  Description: changeSet.description,
  CreationTime: new Date(changeSet.createdAt),
  Status: changeSet.status,
  StatusReason: changeSet.statusReason,
  ExecutionStatus: changeSet.executionStatus,
  IncludeNestedStacks: false,
});

/** Values of parameters that are not echoed do not show in those of properties either. */
function maskOf(before: readonly (Desired | undefined)[]): (text: string) => string {
  const hidden = before.flatMap((desired) =>
    Object.entries(desired?.parameters ?? {}).filter(
      ([key, value]) => desired?.template.parameters[key]?.noEcho === true && value !== '',
    ),
  );
  return (text) => hidden.reduce((masked, [, value]) => masked.replaceAll(value, '****'), text);
}

function toChange(change: PlannedChange, withValues: boolean, mask: (text: string) => string): XmlObject {
  const context = (properties: PlannedChange['before']) =>
    withValues && properties !== undefined ? mask(JSON.stringify({ Properties: properties })) : undefined;
  return {
    Type: 'Resource',
    ResourceChange: {
      PolicyAction: change.policyAction,
      Action: change.action,
      LogicalResourceId: change.logicalId,
      PhysicalResourceId: change.physicalId,
      ResourceType: change.type,
      Replacement: change.replacement,
      Scope: [...new Set(change.details.map(({ attribute }) => attribute))],
      Details: change.details.map((detail) => toDetail(detail, withValues, mask)),
      BeforeContext: context(change.before),
      AfterContext: context(change.after),
    },
  };
}

function toDetail(detail: ChangeDetail, withValues: boolean, mask: (text: string) => string): XmlObject {
  const { attribute, name, before, after } = detail;
  const shown = (value: unknown) =>
    withValues && value !== undefined ? mask(typeof value === 'string' ? value : JSON.stringify(value)) : undefined;
  return {
    Target: {
      Attribute: attribute,
      Name: name,
      RequiresRecreation: detail.recreation,
      Path: withValues ? `/${[attribute, name].filter((part) => part !== undefined).join('/')}` : undefined,
      BeforeValue: shown(before),
      AfterValue: shown(after),
      AttributeChangeType: withValues
        ? before === undefined
          ? 'Add'
          : after === undefined
            ? 'Remove'
            : 'Modify'
        : undefined,
    },
    Evaluation: detail.evaluation,
    ChangeSource: detail.source,
    CausingEntity: detail.causingEntity,
  };
}

const executeChangeSet = action(
  true,
  object({ ...inChangeSet, ClientRequestToken: optional(text), DisableRollback: optional(text) }),
  async (input, { account, begin }) => {
    const { stack, changeSet } = account.findChangeSet(input.ChangeSetName, input.StackName);
    const { ClientRequestToken: token, DisableRollback: disableRollback } = input;
    if (token !== undefined && stack.operation?.token === token && stack.changeSetId === changeSet.id) return {};
    const refuse = (what: string) =>
      new Refusal('InvalidChangeSetStatus', `ChangeSet [${changeSet.id}] cannot be executed in its current ${what}`);
    if (changeSet.status !== 'CREATE_COMPLETE') throw refuse(`status of [${changeSet.status}]`);
    if (changeSet.executionStatus !== 'AVAILABLE') throw refuse(`execution status of [${changeSet.executionStatus}]`);
    if (disableRollback !== undefined && changeSet.onStackFailure !== undefined) {
      throw validationError('DisableRollback cannot be specified for a change set that has OnStackFailure.');
    }
    const onFailure = changeSet.onStackFailure ?? (disableRollback === 'true' ? 'DO_NOTHING' : 'ROLLBACK');

    for (const [name, other] of stack.changeSets) if (other !== changeSet) stack.changeSets.delete(name);
    stack.changeSetId = changeSet.id;
    stack.disableRollback = onFailure === 'DO_NOTHING';
    changeSet.executionStatus = 'EXECUTE_IN_PROGRESS';
    const type = changeSet.type === 'CREATE' ? 'CREATE_STACK' : 'UPDATE_STACK';
    const run = changeSet.type === 'CREATE' ? createStack : updateStack;
    await begin(stack, { type, token }, async function* () {
      const isDone = yield* run(account, stack, changeSet.desired, onFailure);
      changeSet.executionStatus = isDone ? 'EXECUTE_COMPLETE' : 'EXECUTE_FAILED';
    });
    return {};
  },
);

const deleteChangeSet = action(true, object({ ...inChangeSet, StackName: optional(text) }), (input, { account }) => {
  const { ChangeSetName: name, StackName: stackName } = input;
  let found: ReturnType<typeof account.findChangeSet>;
  try {
    found = account.findChangeSet(name, stackName);
  } catch (error) {
    // One that is gone is as deleted as it was asked to be.
    if (error instanceof Refusal && error.code === 'ChangeSetNotFound') return {};
    throw error;
  }
  const { stack, changeSet } = found;
  const isBusy =
    changeSet.status === 'CREATE_PENDING' ||
    changeSet.status === 'CREATE_IN_PROGRESS' ||
    changeSet.executionStatus === 'EXECUTE_IN_PROGRESS';
  if (isBusy) {
    const state = changeSet.executionStatus === 'EXECUTE_IN_PROGRESS' ? changeSet.executionStatus : changeSet.status;
    throw new Refusal(
      'InvalidChangeSetStatus',
      `ChangeSet [${changeSet.id}] cannot be deleted in its current status of [${state}]`,
    );
  }
  stack.changeSets.delete(changeSet.name);
  return {};
});

const listChangeSets = action(
  false,
  object({ StackName: text, NextToken: optional(text) }),
  (input, { account, pageSize }) => {
    const stack = account.find(input.StackName);
    if (stack === undefined) throw validationError(`Stack [${input.StackName}] does not exist`);
    const { items, next } = page([...stack.changeSets.values()], input.NextToken, pageSize);
    return { Summaries: items.map((changeSet) => summaryOf(stack, changeSet)), NextToken: next };
  },
);

export const changeSetActions: Readonly<Record<string, Action>> = {
  CreateChangeSet: createChangeSet,
  DescribeChangeSet: describeChangeSet,
  ExecuteChangeSet: executeChangeSet,
  DeleteChangeSet: deleteChangeSet,
  ListChangeSets: listChangeSets,
};
