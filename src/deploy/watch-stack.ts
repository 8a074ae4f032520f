import type { DeployedStack, StackApi, StackEvent } from '../aws/stack.ts';
import type { Clock } from '../core/clock.ts';
import { OktaOtpError } from '../core/error.ts';
import { pause } from '../core/pause.ts';
import { stepFor } from './stack-state.ts';

export interface WatchDeps {
  readonly stacks: Pick<StackApi, 'events' | 'find'>;
  readonly clock: Clock;
}

export interface WatchOptions {
  readonly stackId: string;
  /** The last event before the operation; without it the operation that goes on already is told from its start. */
  readonly since: string | undefined;
  readonly onEvent: (event: StackEvent) => void;
}

export interface Watched {
  /** As the operation has left it. */
  readonly status: string;
  readonly stack: DeployedStack | undefined;
  /** The first resource that failed: those that follow were cancelled because of it. */
  readonly failure: StackEvent | undefined;
}

/** CloudFormation allows few requests a second for the whole account. */
const betweenLooksMs = 3_000;
/** While nothing has happened for a minute, as when requests shift to a new version. */
const betweenQuietLooksMs = 10_000;
const quietAfterMs = 60_000;

/** CloudFormation takes up a change set or a deletion within seconds. */
const beginsWithinMs = 60_000;

/** A stack of this size takes five minutes, a canary a quarter of an hour more; a stabilising alias that hangs shows itself in an hour. */
const longestMs = 90 * 60_000;

/** Follows what goes on in a stack until it is over, telling each event once, the oldest first. */
export async function watchStack(deps: WatchDeps, options: WatchOptions, signal: AbortSignal): Promise<Watched> {
  const { stackId, since, onEvent } = options;
  const startedAt = deps.clock.now();
  let newsAt = startedAt;
  const seen = new Set(since === undefined ? [] : [since]);
  let failure: StackEvent | undefined;
  // What was only just asked for may not show yet: the stack then looks as it did before.
  let hasBegun = since === undefined;
  for (;;) {
    const hadBegun = hasBegun;
    // The stack before its events: when it says that it is over, all of them are there.
    const stack = await deps.stacks.find(stackId, signal);
    for (const event of await newEvents(deps, { stackId, seen, whole: since === undefined }, signal)) {
      seen.add(event.id);
      newsAt = deps.clock.now();
      failure ??= isFailure(event) ? event : undefined;
      hasBegun ||= event.ofStack && event.status.endsWith('_IN_PROGRESS');
      onEvent(event);
    }
    const status = stack?.status ?? 'DELETE_COMPLETE';
    const waited = deps.clock.now() - startedAt;
    if (stepFor(status) !== 'wait' && (hadBegun || status === 'DELETE_COMPLETE' || waited > beginsWithinMs)) {
      return { status, stack, failure };
    }
    if (waited > longestMs) {
      throw new OktaOtpError('stack-timeout', 'the stack is still being changed after an hour and a half', {
        hint: 'okta-otp deploy attaches to it again; okta-otp status shows it',
      });
    }
    const isQuiet = deps.clock.now() - newsAt > quietAfterMs;
    await pause({ clock: deps.clock, ms: isQuiet ? betweenQuietLooksMs : betweenLooksMs }, signal);
  }
}

/** The last event of a stack, from which its next operation is told; undefined when it has none. */
export async function lastEventOf(
  stacks: Pick<StackApi, 'events'>,
  stackId: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  for await (const [newest] of stacks.events(stackId, signal)) return newest?.id;
  return undefined;
}

interface Reading {
  readonly stackId: string;
  readonly seen: ReadonlySet<string>;
  /** Back to the start of the operation that goes on. */
  readonly whole: boolean;
}

async function newEvents(
  { stacks }: Pick<WatchDeps, 'stacks'>,
  { stackId, seen, whole }: Reading,
  signal: AbortSignal,
): Promise<readonly StackEvent[]> {
  const fresh: StackEvent[] = [];
  for await (const page of stacks.events(stackId, signal)) {
    for (const event of page) {
      if (seen.has(event.id)) return fresh.reverse();
      fresh.push(event);
      if (whole && event.ofStack && starts.has(event.status)) return fresh.reverse();
    }
  }
  return fresh.reverse();
}

/** How the stack itself says that an operation begins; a rollback and a clean-up belong to the one before. */
const starts = new Set(['CREATE_IN_PROGRESS', 'UPDATE_IN_PROGRESS', 'DELETE_IN_PROGRESS', 'IMPORT_IN_PROGRESS']);

/** The stack's own failure only sums up; it decides where no resource has failed, as with a limit of the account. */
const isFailure = ({ status, reason, ofStack }: StackEvent) =>
  (status.endsWith('_FAILED') || (ofStack && status.endsWith('ROLLBACK_IN_PROGRESS'))) &&
  !/cancelled/i.test(reason ?? '');
