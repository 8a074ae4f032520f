import type { Clock } from '../../src/core/clock.ts';
import type { HookReply } from '../../src/core/hook-response.ts';
import type { Ledger } from '../../src/core/ledger.ts';
import type { FakeCalls } from './fake-calls.ts';
import { createFakeCalls } from './fake-calls.ts';

interface Entry {
  readonly owner: string;
  readonly freeAt: number;
  readonly takenAt: number;
  readonly reply: HookReply | undefined;
}

/** The ledger in memory. */
export interface FakeLedger extends Ledger {
  readonly claims: FakeCalls;
  readonly settles: FakeCalls;
  /** The answer that is kept for an event. */
  replyOf(eventId: string): HookReply | undefined;
  ownerOf(eventId: string): string | undefined;
}

/** Events are remembered for a day, like in the table. */
const keptMs = 24 * 3_600_000;

export function createFakeLedger(clock: Clock): FakeLedger {
  const claims = createFakeCalls(clock);
  const settles = createFakeCalls(clock);
  const entries = new Map<string, Entry>();

  return {
    claims,
    settles,
    replyOf: (eventId) => entries.get(eventId)?.reply,
    ownerOf: (eventId) => entries.get(eventId)?.owner,
    claim: ({ eventId, owner, now, freeAt }, signal) =>
      claims.call(signal, () => {
        const entry = entries.get(eventId);
        const isFree =
          entry === undefined ||
          entry.owner === owner ||
          (entry.reply === undefined && entry.freeAt <= now) ||
          entry.takenAt + keptMs <= now;
        if (isFree) {
          entries.set(eventId, { owner, freeAt, takenAt: now, reply: undefined });
          return { kind: 'claimed' };
        }
        return entry.reply === undefined ? { kind: 'in-flight' } : { kind: 'answered', reply: entry.reply };
      }),
    settle: ({ eventId, owner, now, reply }, signal) =>
      settles.call(signal, () => {
        const entry = entries.get(eventId);
        if (entry !== undefined && entry.owner !== owner) return;
        entries.set(eventId, { owner, freeAt: now, takenAt: now, reply });
      }),
  };
}
