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
const betweenQuietLooksMs = 10_000;

/** CloudFormation takes up a change set or a deletion within seconds, and tells at once how it ended. */
const quietMs = 60_000;

/** A stack of this size takes five minutes, a canary a quarter of an hour more; a stabilising alias that hangs shows itself in an hour. */
const longestMs = 90 * 60_000;

/** Follows what goes on in a stack until it is over, telling each event once, the oldest first. */
export async function watchStack(deps: WatchDeps, options: WatchOptions, signal: AbortSignal): Promise<Watched> {
  const { stackId, since, onEvent } = options;
  const { clock, stacks } = deps;
  const startedAt = clock.now();
  const seen = new Set<string>();
  let toldAt = startedAt;
  let failure: StackEvent | undefined;
  let lastOfStack: string | undefined;
  for (;;) {
    const stack = await stacks.find(stackId, signal);
    for (const event of await newEvents(deps, { stackId, seen, since }, signal)) {
      seen.add(event.id);
      toldAt = clock.now();
      failure ??= isFailure(event, lastOfStack) ? event : undefined;
      if (event.ofStack) lastOfStack = event.status;
      onEvent(event);
    }
    const status = stack?.status ?? 'DELETE_COMPLETE';
    // Stack and events are read apart, and neither at once shows what has happened: before the operation begins the stack
    // looks as it did before, and when it is over the last events may be missing. It is over when both say so, or are silent.
    const isTold = status === lastOfStack || status === 'DELETE_COMPLETE' || clock.now() - toldAt > quietMs;
    if (stepFor(status) !== 'wait' && isTold) return { status, stack, failure };
    if (clock.now() - startedAt > longestMs) {
      throw new OktaOtpError('stack-timeout', 'the stack is still being changed after an hour and a half', {
        hint: 'the same command attaches to it again; okta-otp status shows it',
      });
    }
    // While nothing happens, as when requests shift to a new version, there is no hurry.
    const isQuiet = clock.now() - toldAt > quietMs;
    await pause({ clock, ms: isQuiet ? betweenQuietLooksMs : betweenLooksMs }, signal);
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
  /** Without it back to the start of the operation that goes on. */
  readonly since: string | undefined;
}

async function newEvents(
  { stacks }: Pick<WatchDeps, 'stacks'>,
  { stackId, seen, since }: Reading,
  signal: AbortSignal,
): Promise<readonly StackEvent[]> {
  // What happens between two pages moves the rest along: some stand on both, and where they were read last is their place.
  const fresh = new Map<string, StackEvent>();
  const oldestFirst = () => [...fresh.values()].reverse();
  for await (const page of stacks.events(stackId, signal)) {
    let isKnown = false;
    for (const event of page) {
      if (event.id === since) return oldestFirst();
      fresh.delete(event.id);
      if (seen.has(event.id)) isKnown = true;
      else fresh.set(event.id, event);
      if (since === undefined && event.ofStack && starts.has(event.status)) return oldestFirst();
    }
    // To the end of the page: one that shows late may stand behind some that were told.
    if (isKnown) break;
  }
  return oldestFirst();
}

/** How the stack itself says that an operation begins; a rollback and a clean-up belong to the one before. */
const starts = new Set(['CREATE_IN_PROGRESS', 'UPDATE_IN_PROGRESS', 'DELETE_IN_PROGRESS', 'IMPORT_IN_PROGRESS']);

/**
 * Whether something went wrong, and not only because of something else.
 *
 * The stack's own failure only sums up; it decides where no resource has failed, as with a limit of the account. That it
 * rolls back is one unless that is what was asked for: then the operation begins with it.
 */
function isFailure({ status, reason, ofStack }: StackEvent, lastOfStack: string | undefined): boolean {
  const rollsBack = ofStack && status.endsWith('ROLLBACK_IN_PROGRESS') && lastOfStack !== undefined;
  return (status.endsWith('_FAILED') || rollsBack) && !cancelled.test(reason ?? '');
}

/** `Resource creation cancelled`: another one has failed. https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/troubleshooting.html */
const cancelled = /^resource \w+ cancelled/i;
