import type { ChangeSet, ChangeSetRequest, DeployedStack, StackApi } from '../aws/stack.ts';
import type { Clock } from '../core/clock.ts';
import { OktaOtpError } from '../core/error.ts';
import { pause } from '../core/pause.ts';

export interface ProposeDeps {
  readonly stacks: Pick<StackApi, 'propose' | 'proposed' | 'changeSet' | 'changeSets' | 'discard' | 'find' | 'remove'>;
  readonly clock: Clock;
}

/** A change set that waits to be executed. */
export interface Proposal {
  readonly changeSet: ChangeSet;
  /** Removes what was made to look: the change set, and the empty stack of one that would create it. */
  withdraw(signal: AbortSignal): Promise<void>;
}

const betweenLooksMs = 1_500;
/** CloudFormation needs seconds for it. */
const longestMs = 5 * 60_000;
/** How often to look whether an empty stack is gone, so that the next deployment does not meet it half deleted. */
const shellLooks = 8;
/** How often to look for a change set whose answer was not waited for: CloudFormation may be about to make it. */
const lostLooks = 3;
/** After Ctrl-C, too, so that it has a time of its own: a change set that is being made can only be deleted afterwards. */
const tidyWithinMs = 25_000;

/**
 * Asks CloudFormation what would change. Undefined when nothing would; what was made to find out is removed then, and
 * also when it fails.
 */
export async function proposeChanges(
  deps: ProposeDeps,
  request: ChangeSetRequest,
  signal: AbortSignal,
): Promise<Proposal | undefined> {
  const { stacks, clock } = deps;
  const { stackName } = request;
  signal.throwIfAborted();
  let id: string | undefined;
  try {
    id = await stacks.propose(request, signal);
    const made: Made = { id, stackName };
    const changeSet = await settled(deps, id, signal);
    if (changeSet.status === 'ready') return { changeSet, withdraw: (inner) => withdraw(deps, made, inner) };
    if (changeSet.status === 'failed') {
      throw new OktaOtpError('plan-failed', `CloudFormation could not plan the change: ${changeSet.reason ?? ''}`, {
        hint: 'compare okta-otp.json with its schema; okta-otp status shows the stack',
      });
    }
    await withdraw(deps, made, signal);
    return undefined;
  } catch (error) {
    // Refused, nothing was made; only whoever did not wait for the answer does not know.
    if (id !== undefined || signal.aborted) {
      await inOwnTime(clock, async (own) => {
        const found = id ?? (await lost(deps, request, own));
        if (found === undefined) return;
        await abandon(deps, { id: found, stackName }, own);
      });
    }
    throw error;
  }
}

async function settled({ stacks, clock }: ProposeDeps, id: string, signal: AbortSignal): Promise<ChangeSet> {
  const startedAt = clock.now();
  for (;;) {
    const changeSet = await stacks.changeSet(id, signal);
    if (changeSet.status !== 'pending') return changeSet;
    if (clock.now() - startedAt > longestMs) {
      throw new OktaOtpError('plan-timeout', 'CloudFormation has not planned the change within five minutes', {
        hint: 'see the AWS Health Dashboard, then run the command again',
      });
    }
    await pause({ clock, ms: betweenLooksMs }, signal);
  }
}

interface Made {
  readonly id: string;
  readonly stackName: string;
}

/** The id of a change set that was asked for, and whose answer did not come. */
async function lost(
  { stacks, clock }: ProposeDeps,
  request: ChangeSetRequest,
  signal: AbortSignal,
): Promise<string | undefined> {
  for (let left = lostLooks; ; left -= 1) {
    const id = await stacks.proposed(request, signal);
    if (id !== undefined || left === 1) return id;
    await pause({ clock, ms: betweenLooksMs }, signal);
  }
}

/** Withdraws a change set that may not be finished. */
async function abandon(deps: ProposeDeps, made: Made, signal: AbortSignal): Promise<void> {
  // A shell takes it along, finished or not; on a stack that stands it would stay.
  if (!isShell(await deps.stacks.find(made.stackName, signal))) await settled(deps, made.id, signal);
  await withdraw(deps, made, signal);
}

async function withdraw({ stacks, clock }: ProposeDeps, { id, stackName }: Made, signal: AbortSignal): Promise<void> {
  await stacks.discard(id, signal);
  // With the change set that would have created it gone, the stack is an empty shell; every other one is left alone.
  const stack = await stacks.find(stackName, signal);
  if (stack === undefined || !isShell(stack)) return;
  // Unless somebody else's waits in it, which would be lost.
  if ((await stacks.changeSets(stack.id, signal)).some((of) => of.id !== id)) return;
  await stacks.remove(stack.id, id.slice(-36), signal);
  for (let left = shellLooks; left > 0 && isShell(await stacks.find(stack.id, signal)); left -= 1) {
    await pause({ clock, ms: betweenLooksMs }, signal);
  }
}

const isShell = (stack: DeployedStack | undefined) => stack?.status === 'REVIEW_IN_PROGRESS';

/** Tidies up without hiding what made it necessary: that it fails is no news beside that. */
export async function inOwnTime(clock: Clock, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const over = new AbortController();
  const cancel = clock.after(tidyWithinMs, () => over.abort());
  try {
    await work(over.signal);
  } catch {
    // Another deployment does not mind what is left.
  } finally {
    cancel();
  }
}
