import { isObject } from '../../src/core/decode.ts';
import type { Cause } from '../../src/core/failure-policy.ts';
import type { Truth } from './world.ts';

/** One send as the world saw it. */
export interface SeenSend {
  /** When it was asked for: milliseconds until the answer was due. */
  readonly leftMs: number;
  /** What the sender was told; `unknown` when it was told nothing. */
  outcome: 'accepted' | 'unknown' | Cause;
  /** The same at its end. */
  leftAfterMs: number;
}

/** One invocation that was answered. */
export interface Answered {
  readonly eventId: string;
  /** How often the event was sent to the hook in all. */
  readonly requests: number;
  readonly body: string;
  /** The line of log. */
  readonly record: Readonly<Record<string, unknown>>;
  readonly sends: readonly SeenSend[];
  /** Milliseconds to the instant when the answer was due: at the start, and when it was given. */
  readonly leftAtStartMs: number;
  readonly leftMs: number;
  readonly hasBundledCatalog: boolean;
}

/** As the sender is set up in the simulation. */
export const answerWithinMs = 2200;
export const sendFloorMs = 300;
export const longestNeededMs = 1540;

/** In a calm world a call takes no longer. */
export const calmMs = 65;

/** With so much left there is time for a send, whatever this container has seen of slow ones. */
const amplyMs = longestNeededMs + 60;

export const refusedForGood: readonly Cause[] = [
  'protect-country-blocked',
  'protect-number-blocked',
  'destination-country-blocked',
];

/** Refusals after which another identity may well be accepted. */
const passing: readonly SeenSend['outcome'][] = [
  'throttled',
  'service-error',
  'identity-not-active',
  'no-identity-found',
  'network',
];

/** What must hold of the sends of one invocation, even of one that crashed later. */
export function brokenBySends(sends: readonly SeenSend[]): readonly string[] {
  const broken: string[] = [];
  for (const [index, { leftMs }] of sends.entries()) {
    const before = sends[index - 1]?.outcome;
    if (leftMs < sendFloorMs) broken.push(`a send was started ${leftMs} ms before the answer was due`);
    if (before === 'unknown') broken.push('a send followed one of which nobody knew what had become of it');
    if (before === 'accepted') broken.push('a send followed one that had been accepted');
    if (isForGood(before)) broken.push('a send followed a refusal that must hold');
  }
  return broken;
}

/** What must hold of an answer, given what the sender was told; empty when all of it does. */
export function brokenByAnswer(
  of: Answered,
  truth: Truth,
  calm: { ledger: boolean; queue: boolean },
): readonly string[] {
  const { eventId, body, record, sends } = of;
  const broken: string[] = [];
  const demand = (holds: boolean, otherwise: string) => {
    if (!holds) broken.push(otherwise);
  };
  const status = /"status":"(\w+)"/.exec(body)?.[1] ?? 'error';
  const outcomes = sends.map(({ outcome }) => outcome);
  const ledger = String(record['ledger']);
  const unfinished = Array.isArray(record['unfinished']) ? record['unfinished'] : [];

  demand(of.leftMs >= 0, `answered ${-of.leftMs} ms late`);

  // The answer is what the sender was told.
  if (outcomes.includes('accepted')) demand(status === 'SUCCESSFUL', 'an accepted code was left to Okta');
  else if (outcomes.some(isForGood)) demand(status === 'SUCCESSFUL', 'a refusal that must hold was left to Okta');
  else if (outcomes.includes('opted-out')) demand(status === 'error', 'the user was not told of having opted out');
  else if (ledger !== 'duplicate') demand(status === 'FAILED', `answered ${status} without a send or a policy`);

  // The record is what happened.
  const attempts = Array.isArray(record['attempts']) ? record['attempts'].filter(isObject) : [];
  demand(
    attempts.map(({ outcome }) => outcome).join() === outcomes.join().replaceAll('unknown', 'ambiguous'),
    'the attempts that were logged are not those that were made',
  );

  // An event is taken once, and a duplicate gets the answer that was kept.
  if (ledger === 'duplicate') {
    demand(truth.kept.get(eventId)?.includes(body) === true, 'a duplicate got another answer than the one kept');
  }
  if (of.requests === 1) demand(ledger !== 'duplicate' && ledger !== 'in-flight', `taken for ${ledger}, and came once`);
  if (ledger === 'duplicate' || ledger === 'in-flight') demand(sends.length === 0, `sent although it was ${ledger}`);

  // No code is given up while there is time; one that came twice may have waited for the other in vain.
  const amplyAtStart = of.leftAtStartMs >= amplyMs;
  const isFirst = ledger === 'unreachable' || (ledger === 'claimed' && of.requests === 1);
  if (amplyAtStart && of.hasBundledCatalog && isFirst) {
    demand(sends.length > 0, 'a code was given up without a try');
  }
  const last = sends.at(-1);
  if (last !== undefined && passing.includes(last.outcome) && last.leftAfterMs >= amplyMs) {
    demand(sends.length > 1, 'a code was given up after one identity');
  }

  // What is said to be kept is kept, and what is well is not said to have failed.
  if (ledger === 'claimed' && !unfinished.includes('ledger')) {
    demand(truth.kept.get(eventId)?.includes(body) === true, 'the answer was not kept');
  }
  if (record['outcome'] === 'refused' && !unfinished.includes('failure-queue')) {
    demand(truth.queued.has(eventId), 'a failure is not in the queue');
  }
  if (calm.ledger && amplyAtStart) demand(ledger !== 'unreachable', 'a ledger that was well was given up');
  const hadTimeToSettle = of.leftMs >= calmMs;
  if (calm.ledger && hadTimeToSettle) demand(!unfinished.includes('ledger'), 'a ledger that was well got no answer');
  if (calm.queue && hadTimeToSettle) demand(!unfinished.includes('failure-queue'), 'a queue that was well got nothing');
  return broken;
}

const isForGood = (outcome: SeenSend['outcome'] | undefined) => refusedForGood.some((cause) => cause === outcome);
