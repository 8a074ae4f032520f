import { randomUUID } from 'node:crypto';
import type { Clock } from '../core/clock.ts';
import type { ResourceAction, ResourceFault } from './cloudformation/account.ts';
import { createAccount } from './cloudformation/account.ts';
import type { Action, ActionContext } from './cloudformation/action.ts';
import { advanceChangeSet, changeSetActions } from './cloudformation/change-set-actions.ts';
import { Refusal } from './cloudformation/refusals.ts';
import type { NewResource, ResourceValues } from './cloudformation/resource-values.ts';
import { createResourceValues } from './cloudformation/resource-values.ts';
import type { Stack } from './cloudformation/stack.ts';
import { stackActions } from './cloudformation/stack-actions.ts';
import { templateActions } from './cloudformation/template-actions.ts';
import type { Fault } from './fault.ts';
import { withFaults } from './fault.ts';
import type { OperationFault } from './operation-faults.ts';
import { createOperationFaults } from './operation-faults.ts';
import { parseQueryRequest, queryAnswer, queryErrorAnswer } from './query-protocol.ts';
import type { RequestLog } from './request-log.ts';
import { createRequestLog } from './request-log.ts';
import type { Serve } from './serve.ts';
import { signedService } from './signature.ts';

/**
 * What makes work go on: being looked at (each call that describes something, once it is answered, moves that by one step),
 * time, or only the test. A step settles one resource, or one state of a change set.
 */
export type Pace =
  | { readonly kind: 'look' }
  | { readonly kind: 'clock'; readonly msPerStep: number }
  | { readonly kind: 'manual' };

export interface CloudFormationOptions {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Passes the time of a latency fault; the machine's timers unless given. */
  readonly after?: Clock['after'];
  readonly region?: string;
  readonly accountId?: string;
  /** `look` when absent. */
  readonly pace?: Pace;
  /** How many events, changes or resources a page has; 100 as at AWS when absent. */
  readonly pageSize?: number;
  /** The template behind a `TemplateURL`; there is none unless given. */
  readonly readObject?: ActionContext['readObject'];
  /** Physical id and attributes of a new resource; `undefined` leaves it to the emulation. */
  readonly attributesOf?: (resource: NewResource) => ResourceValues | undefined;
  /** Called when a resource is created, updated or deleted, so that it can exist for real. What it throws fails the resource. */
  readonly provision?: (action: ResourceAction) => Promise<void> | void;
  /** The state of an alarm of CloudWatch, at which shifts of aliases look; without it no alarm rings. */
  readonly alarmState?: (name: string) => string | undefined;
  /** Where the URLs of queues begin. */
  readonly queueBaseUrl?: string;
  readonly log?: RequestLog;
}

export interface CloudFormation {
  readonly serve: Serve;
  readonly log: RequestLog;
  setFault(fault: Fault | undefined): void;
  /** Makes calls fail. */
  failCalls(fault: OperationFault): void;
  /** Makes a resource fail. */
  failResource(fault: ResourceFault): void;
  clearFaults(): void;
  /** Moves everything that is under way by so many steps, one when absent. */
  advance(steps?: number): Promise<void>;
  /** Moves everything to its end, or as far as it goes without time that passes. */
  settle(): Promise<void>;
  /** The stack as it stands, by name or id. */
  stack(nameOrId: string): Pick<Stack, 'id' | 'name' | 'status' | 'resources' | 'changeSets' | 'events'> | undefined;
  /** Makes a change set disappear, as if somebody else had deleted it. */
  forgetChangeSet(stackName: string, changeSetName: string): void;
}

const namespace = 'http://cloudformation.amazonaws.com/doc/2010-05-15/';

const actions: ReadonlyMap<string, Action> = new Map(
  Object.entries({ ...changeSetActions, ...stackActions, ...templateActions }),
);

/** The operations whose answer shows how far something is. */
const looks = /^(Describe|ListStackResources)/;

/** CloudFormation over its query protocol, in memory, for one account and Region; see docs/local-cloudformation.md. */
export function createCloudFormation(options: CloudFormationOptions): CloudFormation {
  const { now, region = 'us-east-1', accountId = '000000000000', pace = { kind: 'look' }, pageSize = 100 } = options;
  const log = options.log ?? createRequestLog();
  const operationFaults = createOperationFaults();
  const movedAt = new WeakMap<object, number>();

  const account = createAccount({
    now,
    region,
    accountId,
    queueBaseUrl: options.queueBaseUrl,
    alarmState: options.alarmState ?? (() => undefined),
    valuesOf: (resource) => options.attributesOf?.(resource) ?? createResourceValues(resource),
    provision: async (action) => await options.provision?.(action),
  });
  const context: ActionContext = {
    account,
    pageSize,
    readObject: options.readObject ?? (async () => undefined),
    async begin(stack, { type, token }, run) {
      account.begin(stack, type, token);
      stack.run = run();
      movedAt.set(stack, now());
      await step(stack);
    },
  };

  /** Moves a stack, and the change sets that are being made for it, by one step; tells whether anything moved or could. */
  async function step(stack: Stack): Promise<boolean> {
    let moved = false;
    for (const changeSet of stack.changeSets.values()) moved = advanceChangeSet(stack, changeSet) || moved;
    const { run } = stack;
    if (run === undefined) return moved;
    const { done, value } = await run.next();
    if (done === true && stack.run === run) stack.run = undefined;
    return moved || value !== 'waits';
  }

  async function advance(steps = 1): Promise<void> {
    for (let index = 0; index < steps; index += 1) for (const stack of account.stacks()) await step(stack);
  }

  async function settle(): Promise<void> {
    for (const stack of account.stacks()) while (await step(stack));
  }

  async function passTime(msPerStep: number): Promise<void> {
    for (const stack of account.stacks()) {
      let at = movedAt.get(stack) ?? stack.createdAt;
      while (at + msPerStep <= now() && (await step(stack))) at += msPerStep;
      movedAt.set(stack, at + msPerStep <= now() ? now() : at);
    }
  }

  /** One call at a time: what goes on between two of them must not mix. */
  let last: Promise<unknown> = Promise.resolve();
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = last.then(work, work);
    last = result.catch(() => {});
    return result;
  }

  async function answer(request: Request): Promise<Response> {
    const requestId = randomUUID();
    const { action: name, input } = parseQueryRequest(await request.text());
    const refuse = (refusal: Refusal) => {
      log.add({
        service: 'cloudformation',
        operation: name,
        isMutating: action?.isMutating ?? false,
        refusal: refusal.code,
      });
      return queryErrorAnswer(namespace, refusal, requestId);
    };
    const action = actions.get(name);
    const service = signedService(request.headers.get('authorization'));
    if (service === undefined) {
      return refuse(new Refusal('MissingAuthenticationToken', 'Request is missing Authentication Token'));
    }
    if (service !== 'cloudformation') {
      const message = "Credential should be scoped to correct service: 'cloudformation'.";
      return refuse(new Refusal('SignatureDoesNotMatch', message));
    }
    if (action === undefined) {
      return refuse(new Refusal('InvalidAction', `Could not find operation ${name}, or it is not emulated.`));
    }
    const fault = operationFaults.take(name);
    if (fault !== undefined && fault !== 'lost') return refuse(refusalOf(fault, name));
    if (pace.kind === 'clock') await passTime(pace.msPerStep);
    try {
      const result = await action.act(input, context);
      log.add({ service: 'cloudformation', operation: name, isMutating: action.isMutating });
      if (pace.kind === 'look' && looks.test(name)) await lookedAt(input);
      return fault === 'lost' ? Response.error() : queryAnswer(namespace, name, result, requestId);
    } catch (error) {
      if (error instanceof Refusal) return refuse(error);
      throw error;
    }
  }

  async function lookedAt(input: Readonly<Record<string, unknown>>): Promise<void> {
    const { StackName: stackName, ChangeSetName: changeSetName } = input;
    const name = String(stackName ?? '');
    const stack =
      typeof changeSetName === 'string' && changeSetName.startsWith('arn:')
        ? account.findChangeSet(changeSetName, undefined).stack
        : account.find(name);
    if (stack !== undefined) await step(stack);
  }

  const { serve, setFault } = withFaults((request) => inTurn(() => answer(request)), {
    outage: () =>
      queryErrorAnswer(namespace, new Refusal('InternalFailure', 'The request processing has failed.'), randomUUID()),
    throttling: () => queryErrorAnswer(namespace, new Refusal('Throttling', 'Rate exceeded'), randomUUID()),
    after: options.after,
  });

  return {
    serve,
    log,
    setFault,
    failCalls: operationFaults.add,
    failResource: account.addFault,
    clearFaults() {
      setFault(undefined);
      operationFaults.clear();
      account.clearFaults();
    },
    advance: (steps) => inTurn(() => advance(steps)),
    settle: () => inTurn(settle),
    stack: account.find,
    forgetChangeSet: (stackName, changeSetName) => void account.find(stackName)?.changeSets.delete(changeSetName),
  };
}

const refusalOf = (kind: 'throttled' | 'expired' | 'denied', operation: string): Refusal => {
  if (kind === 'throttled') return new Refusal('Throttling', 'Rate exceeded');
  if (kind === 'expired') return new Refusal('ExpiredToken', 'The security token included in the request is expired');
  return new Refusal(
    'AccessDenied',
    `User: arn:aws:iam::000000000000:user/operator is not authorized to perform: cloudformation:${operation}`,
  );
};
