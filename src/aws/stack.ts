import type { DescribeChangeSetOutput, Stack } from '@aws-sdk/client-cloudformation';
import {
  CloudFormationClient,
  ContinueUpdateRollbackCommand,
  CreateChangeSetCommand,
  DeleteChangeSetCommand,
  DeleteStackCommand,
  DescribeChangeSetCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  ExecuteChangeSetCommand,
  GetTemplateCommand,
  ListChangeSetsCommand,
  ListStackResourcesCommand,
} from '@aws-sdk/client-cloudformation';
import { OktaOtpError } from '../core/error.ts';
import type { ResourceChange } from './change-set.ts';
import { toChange } from './change-set.ts';
import type { OperatorAccess } from './operator.ts';
import { createAsk, operatorSettings } from './operator.ts';

/** A stack as it stands. */
export interface DeployedStack {
  /** Stays good when the stack is deleted, which its name does not. */
  readonly id: string;
  readonly name: string;
  /** `UPDATE_COMPLETE`. */
  readonly status: string;
  readonly reason: string | undefined;
  readonly parameters: Readonly<Record<string, string>>;
  readonly outputs: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch. */
  readonly changedAt: number;
  readonly isProtected: boolean;
}

export interface StackEvent {
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly logicalId: string;
  readonly type: string;
  readonly status: string;
  readonly reason: string | undefined;
  /** It is about the stack itself and not one of its resources. */
  readonly ofStack: boolean;
}

export interface StackResource {
  readonly logicalId: string;
  readonly physicalId: string;
  readonly type: string;
  readonly status: string;
}

/** A template as it is handed over, and what goes with it. */
export interface ChangeSetRequest {
  readonly stackName: string;
  /** Names it, and makes it safe to ask for twice. */
  readonly id: string;
  readonly create: boolean;
  /** Itself up to 51,200 bytes, else where it lies. */
  readonly template: { readonly body: string } | { readonly url: string };
  readonly parameters: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
}

/** One of a stack's change sets. */
export interface NamedChangeSet {
  readonly id: string;
  readonly name: string;
}

export interface ChangeSet {
  readonly id: string;
  readonly stackId: string;
  readonly status: 'pending' | 'ready' | 'empty' | 'failed';
  readonly reason: string | undefined;
  readonly changes: readonly ResourceChange[];
}

/** CloudFormation as a deployment needs it. Every method rejects with an error for a person, or the signal's reason. */
export interface StackApi {
  /** By name a stack that is deleted is not found; by id it is, for ninety days. */
  find(nameOrId: string, signal: AbortSignal): Promise<DeployedStack | undefined>;
  /** As it was handed over. */
  template(name: string, signal: AbortSignal): Promise<string>;
  /** Gives the change set's id. */
  propose(request: ChangeSetRequest, signal: AbortSignal): Promise<string>;
  /** The id of the change set of a request whose answer is not known; undefined when there is none, or not yet. */
  proposed(request: Pick<ChangeSetRequest, 'stackName' | 'id'>, signal: AbortSignal): Promise<string | undefined>;
  changeSet(id: string, signal: AbortSignal): Promise<ChangeSet>;
  /** The change sets that a stack has, executed or not; those on their way out do not count. */
  changeSets(stackId: string, signal: AbortSignal): Promise<readonly NamedChangeSet[]>;
  execute(changeSetId: string, token: string, signal: AbortSignal): Promise<void>;
  /** Also when it is gone already. */
  discard(changeSetId: string, signal: AbortSignal): Promise<void>;
  remove(stackId: string, token: string, signal: AbortSignal): Promise<void>;
  continueRollback(stackId: string, token: string, signal: AbortSignal): Promise<void>;
  /** Newest first, page by page; whoever has seen enough leaves. */
  events(stackId: string, signal: AbortSignal): AsyncIterable<readonly StackEvent[]>;
  resources(nameOrId: string, signal: AbortSignal): Promise<readonly StackResource[]>;
  close(): void;
}

export function createStackApi(access: OperatorAccess): StackApi {
  const client = new CloudFormationClient(operatorSettings(access));
  const ask = createAsk(access, 'the CloudFormation stack');

  return {
    async find(StackName, signal) {
      const found = await ask('cloudformation:DescribeStacks', signal, async (options) => {
        try {
          return await client.send(new DescribeStacksCommand({ StackName }), options);
        } catch (error) {
          if (isMissing(error)) return undefined;
          throw error;
        }
      });
      const stack = found?.Stacks?.[0];
      return stack === undefined ? undefined : toStack(stack);
    },

    async template(StackName, signal) {
      const { TemplateBody } = await ask('cloudformation:GetTemplate', signal, (options) =>
        client.send(new GetTemplateCommand({ StackName, TemplateStage: 'Original' }), options),
      );
      return TemplateBody ?? '';
    },

    async propose({ stackName, id, create, template, parameters, tags }, signal) {
      const { Id } = await ask('cloudformation:CreateChangeSet', signal, (options) =>
        client
          .send(
            new CreateChangeSetCommand({
              StackName: stackName,
              ChangeSetName: changeSetName(id),
              ClientToken: id,
              ChangeSetType: create ? 'CREATE' : 'UPDATE',
              ...('body' in template ? { TemplateBody: template.body } : { TemplateURL: template.url }),
              Capabilities: ['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM'],
              Parameters: Object.entries(parameters).map(([ParameterKey, ParameterValue]) => ({
                ParameterKey,
                ParameterValue,
              })),
              Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
            }),
            options,
          )
          .catch(refuseInvalid),
      );
      return Id ?? '';
    },

    async proposed({ stackName: StackName, id }, signal) {
      return await ask('cloudformation:DescribeChangeSet', signal, async (options) => {
        try {
          const ChangeSetName = changeSetName(id);
          return (await client.send(new DescribeChangeSetCommand({ StackName, ChangeSetName }), options)).ChangeSetId;
        } catch (error) {
          if (isGone(error)) return undefined;
          throw error;
        }
      });
    },

    async changeSet(ChangeSetName, signal) {
      const pages: DescribeChangeSetOutput[] = [];
      let NextToken: string | undefined;
      do {
        const token = NextToken === undefined ? {} : { NextToken };
        const page = await ask('cloudformation:DescribeChangeSet', signal, (options) =>
          client.send(new DescribeChangeSetCommand({ ChangeSetName, ...token }), options).catch(refuseStale),
        );
        pages.push(page);
        NextToken = page.NextToken;
      } while (NextToken !== undefined);
      const [first] = pages;
      return {
        id: first?.ChangeSetId ?? ChangeSetName,
        stackId: first?.StackId ?? '',
        status: statusOf(first),
        reason: first?.StatusReason,
        changes: pages.flatMap(({ Changes = [] }) => Changes).flatMap(toChange),
      };
    },

    async changeSets(StackName, signal) {
      const found: NamedChangeSet[] = [];
      let NextToken: string | undefined;
      do {
        const token = NextToken === undefined ? {} : { NextToken };
        const page = await ask('cloudformation:ListChangeSets', signal, (options) =>
          client.send(new ListChangeSetsCommand({ StackName, ...token }), options),
        );
        const there = (page.Summaries ?? []).filter(({ Status }) => Status?.startsWith('DELETE_') !== true);
        found.push(...there.map((of) => ({ id: of.ChangeSetId ?? '', name: of.ChangeSetName ?? '' })));
        NextToken = page.NextToken;
      } while (NextToken !== undefined);
      return found;
    },

    async execute(ChangeSetName, ClientRequestToken, signal) {
      await ask('cloudformation:ExecuteChangeSet', signal, (options) =>
        client
          // What a creation that fails has made is deleted with it, tables too: nothing is in them.
          .send(new ExecuteChangeSetCommand({ ChangeSetName, ClientRequestToken, RetainExceptOnCreate: true }), options)
          .catch(refuseStale),
      );
    },

    async discard(ChangeSetName, signal) {
      await ask('cloudformation:DeleteChangeSet', signal, async (options) => {
        try {
          await client.send(new DeleteChangeSetCommand({ ChangeSetName }), options);
        } catch (error) {
          if (!isGone(error)) throw error;
        }
      });
    },

    async remove(StackName, ClientRequestToken, signal) {
      await ask('cloudformation:DeleteStack', signal, (options) =>
        client.send(new DeleteStackCommand({ StackName, ClientRequestToken }), options),
      );
    },

    async continueRollback(StackName, ClientRequestToken, signal) {
      await ask('cloudformation:ContinueUpdateRollback', signal, (options) =>
        client.send(new ContinueUpdateRollbackCommand({ StackName, ClientRequestToken }), options),
      );
    },

    async *events(StackName, signal) {
      let NextToken: string | undefined;
      do {
        const token = NextToken === undefined ? {} : { NextToken };
        const page = await ask('cloudformation:DescribeStackEvents', signal, (options) =>
          client.send(new DescribeStackEventsCommand({ StackName, ...token }), options),
        );
        yield (page.StackEvents ?? []).map((event) => ({
          id: event.EventId ?? '',
          at: event.Timestamp?.getTime() ?? 0,
          logicalId: event.LogicalResourceId ?? '',
          type: event.ResourceType ?? '',
          status: event.ResourceStatus ?? '',
          reason: event.ResourceStatusReason,
          ofStack: event.PhysicalResourceId === event.StackId,
        }));
        NextToken = page.NextToken;
      } while (NextToken !== undefined);
    },

    async resources(StackName, signal) {
      const resources: StackResource[] = [];
      let NextToken: string | undefined;
      do {
        const token = NextToken === undefined ? {} : { NextToken };
        const page = await ask('cloudformation:ListStackResources', signal, (options) =>
          client.send(new ListStackResourcesCommand({ StackName, ...token }), options),
        );
        for (const summary of page.StackResourceSummaries ?? []) {
          resources.push({
            logicalId: summary.LogicalResourceId ?? '',
            physicalId: summary.PhysicalResourceId ?? '',
            type: summary.ResourceType ?? '',
            status: summary.ResourceStatus ?? '',
          });
        }
        NextToken = page.NextToken;
      } while (NextToken !== undefined);
      return resources;
    },

    close: () => client.destroy(),
  };
}

/** A change set's name begins with a letter, which an id need not. */
const changeSetName = (id: string) => `okta-otp-${id}`;

function toStack(stack: Stack): DeployedStack {
  const changed = [stack.DeletionTime, stack.LastUpdatedTime, stack.CreationTime].find((time) => time !== undefined);
  return {
    id: stack.StackId ?? '',
    name: stack.StackName ?? '',
    status: stack.StackStatus ?? '',
    reason: stack.StackStatusReason,
    parameters: pairs((stack.Parameters ?? []).map((of) => [of.ParameterKey, of.ParameterValue])),
    outputs: pairs((stack.Outputs ?? []).map((of) => [of.OutputKey, of.OutputValue])),
    tags: pairs((stack.Tags ?? []).map((of) => [of.Key, of.Value])),
    changedAt: changed?.getTime() ?? 0,
    isProtected: stack.EnableTerminationProtection === true,
  };
}

const pairs = (entries: readonly (readonly [string | undefined, string | undefined])[]) =>
  Object.fromEntries(entries.map(([key = '', value = '']) => [key, value]));

/**
 * A change set that would change nothing counts as failed, which only its reason tells.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/troubleshooting.html#troubleshooting-errors-no-updates-to-perform
 */
function statusOf(described: DescribeChangeSetOutput | undefined): ChangeSet['status'] {
  switch (described?.Status) {
    case 'CREATE_COMPLETE':
      return 'ready';
    case 'FAILED':
      return /didn't contain changes|no updates are to be performed/i.test(described.StatusReason ?? '')
        ? 'empty'
        : 'failed';
    default:
      return 'pending';
  }
}

/** CloudFormation says it by a ValidationError, as it says much else. */
const isMissing = (error: unknown) =>
  error instanceof Error && error.name === 'ValidationError' && /does not exist/.test(error.message);

/** The change set was executed, replaced by another change of the stack, or deleted. */
const isGone = (error: unknown) =>
  error instanceof Error &&
  (error.name.startsWith('ChangeSetNotFound') || error.name.startsWith('InvalidChangeSetStatus') || isMissing(error));

function refuseStale(cause: unknown): never {
  throw isGone(cause) ? stale(cause) : cause;
}

const stale = (cause: unknown) =>
  new OktaOtpError('change-set-expired', 'the plan no longer holds: the stack was changed meanwhile', {
    hint: 'okta-otp deploy',
    cause,
  });

/** The stack has begun to change, has appeared or has gone since it was looked at; all else is about the template. */
const isOvertaken = /^Stack(:\S+ is in [A-Z_]+ state and can| \[\S+\] (already exists|does not exist))/;

/** What CloudFormation finds wrong with template, parameters or the stack's state stands in its words alone. */
function refuseInvalid(cause: unknown): never {
  if (!(cause instanceof Error && cause.name === 'ValidationError')) throw cause;
  if (isOvertaken.test(cause.message)) throw stale(cause);
  throw new OktaOtpError('stack-template-refused', `CloudFormation does not accept the template: ${cause.message}`, {
    hint: 'compare okta-otp.json with its schema; okta-otp status shows the stack',
    cause,
  });
}
