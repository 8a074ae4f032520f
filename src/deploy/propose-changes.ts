import type { ChangeSet, ChangeSetRequest, DeployedStack, StackApi } from '../aws/stack.ts';
import type { Clock } from '../core/clock.ts';
import { OktaOtpError } from '../core/error.ts';
import { pause } from '../core/pause.ts';

export interface ProposeDeps {
  readonly stacks: Pick<StackApi, 'propose' | 'changeSet' | 'changeSets' | 'discard' | 'find' | 'remove'>;
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
/** After Ctrl-C, too, so that it has a time of its own. */
const tidyWithinMs = 15_000;

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
  const id = await stacks.propose(request, signal);
  try {
    const changeSet = await settled(deps, id, signal);
    const proposal: Proposal = { changeSet, withdraw: (inner) => withdraw(deps, changeSet, inner) };
    if (changeSet.status === 'ready') return proposal;
    if (changeSet.status === 'failed') {
      throw new OktaOtpError('plan-failed', `CloudFormation could not plan the change: ${changeSet.reason ?? ''}`, {
        hint: 'compare okta-otp.json with its schema; okta-otp status shows the stack',
      });
    }
    await proposal.withdraw(signal);
    return undefined;
  } catch (error) {
    await inOwnTime(clock, async (own) => await withdraw(deps, await stacks.changeSet(id, own), own));
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

async function withdraw(
  { stacks, clock }: ProposeDeps,
  { id, stackId }: ChangeSet,
  signal: AbortSignal,
): Promise<void> {
  await stacks.discard(id, signal);
  // With the change set that would have created it gone, the stack is an empty shell; every other one is left alone.
  if (!isShell(await stacks.find(stackId, signal))) return;
  // Unless somebody else's waits in it, which would be lost.
  if ((await stacks.changeSets(stackId, signal)).length > 0) return;
  await stacks.remove(stackId, id.slice(-36), signal);
  for (let left = shellLooks; left > 0 && isShell(await stacks.find(stackId, signal)); left -= 1) {
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
