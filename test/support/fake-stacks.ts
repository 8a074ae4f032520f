import type { ChangeSet, ChangeSetRequest, DeployedStack, StackApi } from '../../src/aws/stack.ts';
import { OktaOtpError } from '../../src/core/error.ts';

/** The part of CloudFormation in which plans are made: one stack at most, and one change set of ours. */
export interface FakeStacks
  extends Pick<StackApi, 'propose' | 'proposed' | 'changeSet' | 'changeSets' | 'discard' | 'find' | 'remove'> {
  /** What was asked for, in order: `propose`, `look`, `discard`. */
  calls(): readonly string[];
  /** What is left. */
  left(): { readonly stack: string | undefined; readonly changeSet: string | undefined };
}

export interface FakeStacksOptions {
  /** The state of the stack that is there already. */
  readonly standing?: string;
  /** How the change set looks, look by look; the last one stays. */
  readonly looks: readonly ChangeSet['status'][];
  readonly reason?: string;
  /** Another change set that waits in the stack, by its id. */
  readonly other?: string;
  /** How many looks a stack is being deleted for. */
  readonly slowToGo?: number;
  /** How many looks a change set whose answer was not waited for does not show. */
  readonly lateBy?: number;
  /** The answer to a request that is not obeyed. */
  readonly refusal?: Error;
  /** Called before a call is obeyed: what it throws is the answer. */
  readonly before?: (call: string, signal: AbortSignal) => Promise<void> | void;
}

export const changeSetId =
  'arn:aws:cloudformation:eu-west-1:111122223333:changeSet/okta-otp-id/01234567-89ab-cdef-0123-456789abcdef';
const stackId = 'arn:aws:cloudformation:eu-west-1:111122223333:stack/okta-otp-prod/1';

export const proposeRequest = (more: Partial<ChangeSetRequest> = {}): ChangeSetRequest => ({
  stackName: 'okta-otp-prod',
  id: 'id',
  create: true,
  template: { body: 'Resources: {}' },
  parameters: {},
  tags: {},
  ...more,
});

/** What it refuses, the real one refuses too: a change set that is being made is not deleted, and stays. */
export function createFakeStacks({
  standing,
  looks,
  reason,
  other,
  slowToGo = 0,
  lateBy = 0,
  refusal,
  before,
}: FakeStacksOptions): FakeStacks {
  const calls: string[] = [];
  let stack = standing;
  let made = false;
  let at = -1;
  let toGo: number | undefined;
  let late = lateBy;
  const call = async (name: string, signal: AbortSignal) => {
    signal.throwIfAborted();
    calls.push(name);
    await before?.(name, signal);
  };
  const status = () => looks[Math.min(Math.max(at, 0), looks.length - 1)] ?? 'ready';

  return {
    async propose(_, signal) {
      signal.throwIfAborted();
      calls.push('propose');
      if (refusal !== undefined) throw refusal;
      stack ??= 'REVIEW_IN_PROGRESS';
      made = true;
      // The service has obeyed, whether its answer is waited for or not.
      await before?.('propose', signal);
      return changeSetId;
    },
    async proposed(_, signal) {
      await call('proposed', signal);
      late -= 1;
      return made && late < 0 ? changeSetId : undefined;
    },
    async changeSet(id, signal) {
      await call('look', signal);
      if (!made) throw new OktaOtpError('change-set-expired', 'the plan no longer holds');
      at += 1;
      return { id, stackId, status: status(), reason, changes: [] };
    },
    async changeSets(id, signal) {
      await call(`list ${id === stackId ? '' : id}`.trim(), signal);
      return [...(made ? [changeSetId] : []), ...(other === undefined ? [] : [other])].map((of) => ({
        id: of,
        name: of,
      }));
    },
    async discard(id, signal) {
      await call(`discard ${id === changeSetId ? '' : id}`.trim(), signal);
      if (status() !== 'pending') made = false;
    },
    async find(nameOrId, signal): Promise<DeployedStack | undefined> {
      await call('find', signal);
      if (toGo !== undefined) {
        toGo -= 1;
        if (toGo < 0) stack = nameOrId === stackId ? 'DELETE_COMPLETE' : undefined;
      }
      return stack === undefined
        ? undefined
        : {
            ...{ id: stackId, name: 'okta-otp-prod', status: stack, reason: undefined, changedAt: 0 },
            ...{ isProtected: false, parameters: {}, outputs: {}, tags: {} },
          };
    },
    async remove(id, token, signal) {
      await call(`remove ${id === stackId ? 'stack' : id} by ${token}`, signal);
      toGo = slowToGo;
      made = false;
    },
    calls: () => calls,
    left: () => ({
      stack: toGo !== undefined && toGo < 0 ? undefined : stack,
      changeSet: made ? changeSetId : undefined,
    }),
  };
}
