import { createHash } from 'node:crypto';
import type { ResourceStatus, StackStatus } from '@aws-sdk/client-cloudformation';
import type { Scope } from './intrinsics.ts';
import { isMet } from './intrinsics.ts';
import { referable } from './parameters.ts';
import { Refusal, validationError } from './refusals.ts';
import type { NewResource, ResourceValues } from './resource-values.ts';
import type { ChangeSet, Desired, OperationType, Stack, StackResource } from './stack.ts';

/** What happens to a physical resource, for who wants it to exist for real. */
export interface ResourceAction {
  readonly action: 'create' | 'update' | 'delete';
  readonly stackName: string;
  readonly logicalId: string;
  readonly type: string;
  readonly physicalId: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** A resource that will fail. */
export interface ResourceFault {
  readonly logicalId: string;
  /** `rollback` is an update that is being undone. */
  readonly on: 'create' | 'update' | 'delete' | 'rollback';
  readonly reason: string;
  /** How often; always when absent. */
  readonly times?: number;
}

export interface AccountOptions {
  readonly now: () => number;
  readonly region: string;
  readonly accountId: string;
  readonly valuesOf: (resource: NewResource) => ResourceValues;
  readonly queueBaseUrl: string | undefined;
  /** The state of an alarm of CloudWatch, `undefined` if there is none of that name. */
  readonly alarmState: (name: string) => string | undefined;
  readonly provision: (action: ResourceAction) => Promise<void>;
}

/** The stacks of one account in one Region. */
export function createAccount(options: AccountOptions) {
  const { now, region, accountId } = options;
  const stacks: Stack[] = [];
  const faults: { -readonly [Key in keyof ResourceFault]: ResourceFault[Key] }[] = [];
  const versions = new Map<string, number>();
  const made = new Set<string>();
  let issued = 0;

  /** Ids that look random and are the same in every run. */
  const unique = (length = 12) => {
    issued += 1;
    return createHash('sha256').update(`${region} ${accountId} ${issued}`).digest('hex').slice(0, length);
  };
  const uuid = () => unique(32).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  const arn = (rest: string) => `arn:aws:cloudformation:${region}:${accountId}:${rest}`;

  /** A stack by name unless it is deleted, or by id. https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html */
  const find = (nameOrId: string): Stack | undefined =>
    stacks.find(({ id, name, status }) => id === nameOrId || (name === nameOrId && status !== 'DELETE_COMPLETE'));

  const event = (
    stack: Stack,
    subject: Pick<StackResource, 'logicalId' | 'type'> & {
      readonly physicalId: string | undefined;
      readonly properties?: Readonly<Record<string, unknown>>;
    },
    status: string,
    reason: string | undefined,
  ) => {
    stack.events.push({
      id: subject.logicalId === stack.name ? uuid() : `${subject.logicalId}-${status}-${uuid()}`,
      operationId: stack.operation?.id ?? '',
      operationType: stack.operation?.type ?? 'CREATE_STACK',
      logicalId: subject.logicalId,
      physicalId: subject.physicalId,
      type: subject.type,
      status,
      reason,
      properties: subject.properties === undefined ? undefined : JSON.stringify(subject.properties),
      token: stack.operation?.token,
      at: now(),
    });
  };

  return {
    region,
    accountId,
    now,
    alarmState: options.alarmState,
    unique,
    uuid,
    find,
    stacks: (): readonly Stack[] => stacks,

    /** A new physical resource. */
    make: (stack: Stack, resource: Pick<NewResource, 'logicalId' | 'type' | 'properties'>): ResourceValues =>
      options.valuesOf({
        ...resource,
        stackName: stack.name,
        region,
        accountId,
        unique: unique(),
        nextVersion: (functionName) => {
          const next = (versions.get(functionName) ?? 0) + 1;
          versions.set(functionName, next);
          return next;
        },
        queueBaseUrl: options.queueBaseUrl,
      }),

    create(name: string): Stack {
      const stack: Stack = {
        id: arn(`stack/${name}/${uuid()}`),
        name,
        createdAt: now(),
        resources: new Map(),
        changeSets: new Map(),
        events: [],
        status: 'REVIEW_IN_PROGRESS',
        statusReason: undefined,
        desired: undefined,
        outputs: [],
        updatedAt: undefined,
        deletedAt: undefined,
        changeSetId: undefined,
        disableRollback: false,
        terminationProtection: false,
        operation: undefined,
        run: undefined,
        rollback: undefined,
      };
      stacks.push(stack);
      return stack;
    },

    /** Takes back a stack for which the first request was refused after all. */
    discard(stack: Stack): void {
      stacks.splice(stacks.indexOf(stack), 1);
    },

    changeSetId: (name: string) => arn(`changeSet/${name}/${uuid()}`),

    /** A change set by its id, or by its name together with its stack. */
    findChangeSet(nameOrId: string, stackName: string | undefined): { stack: Stack; changeSet: ChangeSet } {
      const missing = () => new Refusal('ChangeSetNotFound', `ChangeSet [${nameOrId}] does not exist`);
      if (nameOrId.startsWith('arn:')) {
        for (const stack of stacks) {
          for (const changeSet of stack.changeSets.values()) if (changeSet.id === nameOrId) return { stack, changeSet };
        }
        throw missing();
      }
      if (stackName === undefined)
        throw validationError('StackName must be specified if ChangeSetName is not specified as an ARN.');
      const stack = find(stackName);
      if (stack === undefined) throw validationError(`Stack [${stackName}] does not exist`);
      const changeSet = stack.changeSets.get(nameOrId);
      if (changeSet === undefined) throw missing();
      return { stack, changeSet };
    },

    begin(stack: Stack, type: OperationType, token: string | undefined): void {
      stack.operation = { id: uuid(), type, token };
    },

    setStatus(stack: Stack, status: StackStatus, reason?: string): void {
      stack.status = status;
      stack.statusReason = reason;
      const subject = { logicalId: stack.name, type: 'AWS::CloudFormation::Stack', physicalId: stack.id };
      event(stack, subject, status, reason);
    },

    setResource(stack: Stack, resource: StackResource, status: ResourceStatus, reason?: string): void {
      resource.status = status;
      resource.statusReason = reason;
      resource.changedAt = now();
      event(stack, resource, status, reason);
    },

    /** The event of a resource that has no physical id, or one that is no longer the stack's. */
    resourceEvent: event,

    addFault: (fault: ResourceFault) => void faults.push({ ...fault }),
    clearFaults: () => void faults.splice(0),

    /** The reason for which a resource fails now, if it does. */
    failureOf(logicalId: string, on: ResourceFault['on']): string | undefined {
      const fault = faults.find((candidate) => candidate.logicalId === logicalId && candidate.on === on);
      if (fault === undefined) return undefined;
      if (fault.times !== undefined) {
        fault.times -= 1;
        if (fault.times <= 0) faults.splice(faults.indexOf(fault), 1);
      }
      return fault.reason;
    },

    /** Lets a physical resource exist, change or go for real; gives why it could not. */
    async provision(
      stack: Stack,
      action: ResourceAction['action'],
      resource: StackResource,
    ): Promise<string | undefined> {
      const { logicalId, type, physicalId, properties } = resource;
      // What failed to be made cannot be deleted.
      if (action === 'delete' && !made.has(physicalId)) return undefined;
      try {
        await options.provision({ action, stackName: stack.name, logicalId, type, physicalId, properties });
      } catch (error) {
        return error instanceof Error ? error.message : 'Internal Failure';
      }
      if (action === 'create') made.add(physicalId);
      if (action === 'delete') made.delete(physicalId);
      return undefined;
    },

    /** What the intrinsic functions of a template see: settings, pseudo parameters, and the resources given. */
    scopeOf(stack: Stack, desired: Desired, resource: (logicalId: string) => ResourceValues | undefined): Scope {
      return {
        template: desired.template,
        parameters: {
          ...referable(desired.template, desired.parameters),
          'AWS::AccountId': accountId,
          'AWS::NotificationARNs': [],
          'AWS::Partition': 'aws',
          'AWS::Region': region,
          'AWS::StackId': stack.id,
          'AWS::StackName': stack.name,
          'AWS::URLSuffix': 'amazonaws.com',
        },
        refOf: (logicalId) => resource(logicalId)?.ref,
        attributeOf: (logicalId, attribute) => resource(logicalId)?.attributes[attribute],
      };
    },
  };
}
export type CloudFormationAccount = ReturnType<typeof createAccount>;

/** The resources of a template whose condition holds, by name. */
export function activeResources(scope: Scope) {
  return new Map(
    Object.entries(scope.template.resources).filter(
      ([, { condition }]) => condition === undefined || isMet(condition, scope),
    ),
  );
}
