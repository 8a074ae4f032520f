import type { Clock } from './clock.ts';
import type { Deadline } from './deadline.ts';
import { sooner, within } from './deadline.ts';
import type { LedgerState } from './delivery-record.ts';
import type { HookReply } from './hook-response.ts';
import type { Ledger } from './ledger.ts';

/** How an event was taken; with the reply when it had been answered before. */
export interface TakenEvent {
  readonly state: LedgerState;
  readonly reply?: HookReply;
}

/** A duplicate asks this often whether the first has been answered. */
const pollMs = 100;

/** What a duplicate that waited in vain needs to say so. */
const answerMs = 50;

/**
 * Claims an event, or waits for the answer of whoever has it.
 *
 * A ledger that does not answer by `claimBy` is not waited for: the code goes out all the same. A claim whose owner
 * let its deadline pass is free again, so that a crashed container does not lose the code of a second request.
 */
export async function takeEvent(
  deps: { readonly clock: Clock; readonly ledger: Ledger },
  event: { readonly eventId: string; readonly owner: string },
  waits: { readonly claimBy: Deadline; readonly until: Deadline },
): Promise<TakenEvent> {
  const { clock, ledger } = deps;
  const claim = (by: Deadline) =>
    within(clock, by, ({ signal }) => ledger.claim({ ...event, now: clock.now(), freeAt: waits.until.at }, signal));

  let taken = await claim(waits.claimBy);
  if (taken.kind !== 'done') return { state: 'unreachable' };
  while (taken.kind !== 'done' || taken.value.kind === 'in-flight') {
    const leftMs = waits.until.leftMs() - answerMs;
    if (leftMs <= 0) return { state: 'in-flight' };
    await pause(clock, Math.min(pollMs, leftMs));
    taken = await claim(sooner(clock, waits.until, waits.until.leftMs() - answerMs));
  }
  return taken.value.kind === 'answered' ? { state: 'duplicate', reply: taken.value.reply } : { state: 'claimed' };
}

const pause = (clock: Clock, ms: number) => new Promise<void>((resolve) => clock.after(ms, resolve));
