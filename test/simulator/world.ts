import type { Catalog } from '../../src/core/catalog.ts';
import type { CatalogTable } from '../../src/core/catalog-cache.ts';
import type { Clock } from '../../src/core/clock.ts';
import type { Cause } from '../../src/core/failure-policy.ts';
import type { FailureQueue } from '../../src/core/failure-queue.ts';
import type { HookReply } from '../../src/core/hook-response.ts';
import type { Ledger } from '../../src/core/ledger.ts';
import type { Messages } from '../../src/core/messages.ts';
import type { SeenSend } from './promises.ts';
import { refusedForGood } from './promises.ts';
import type { Random } from './random.ts';

/** One container's connection to the world; cut when it crashes. */
export interface Connection {
  alive: boolean;
  /** Calls that have neither ended nor been given up on. */
  open: number;
  /** When the answer to the request in hand is due, in milliseconds since the epoch. */
  dueAt: number;
  /** What was sent for it. */
  sends: SeenSend[];
}

/** What happened, as nobody in the simulation can see it. */
export interface Truth {
  /** Event → how many messages the service accepted for it. */
  readonly accepted: Map<string, number>;
  /** Event → the bodies of the answers that the ledger ever kept for it. */
  readonly kept: Map<string, string[]>;
  /** Events that lie in the failures queue. */
  readonly queued: Set<string>;
}

export interface World {
  readonly truth: Truth;
  /** Whose calls are all answered, and soon. */
  readonly calm: { readonly ledger: boolean; readonly queue: boolean };
  portsFor(connection: Connection): {
    readonly messages: Messages;
    readonly ledger: Ledger;
    readonly failures: FailureQueue;
    readonly table: CatalogTable;
  };
}

/** How a dependency behaves in one run. */
interface Mood {
  readonly slow: number;
  readonly broken: number;
}

const refusals: readonly [Cause, ...Cause[]] = [
  'throttled',
  'service-error',
  'identity-not-active',
  'opted-out',
  'spend-limit',
  'message-refused',
  'sandbox-unverified',
  'no-identity-found',
  'network',
];

/** The services around the sender: slow, broken or well by chance, and with their effects at any moment of a call. */
export function createWorld(clock: Clock, random: Random, catalog: Catalog): World {
  const moods = { messages: mood(random), ledger: mood(random), table: mood(random), queue: mood(random) };
  const truth: Truth = { accepted: new Map(), kept: new Map(), queued: new Set() };
  const claims = new Map<string, { owner: string; freeAt: number; reply?: HookReply }>();
  const block = refusedForGood[random.below(refusedForGood.length)];
  const blocked = random.chance(0.15) ? block : undefined;

  /** A call that takes its effect somewhere between asking and answering, whether or not anybody waits for the answer. */
  const call = <T>(connection: Connection, { slow, broken }: Mood, signal: AbortSignal, effect: () => T): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      if (!connection.alive) return;
      connection.open += 1;
      let over = false;
      const end = (settle: () => void) => {
        if (over) return;
        over = true;
        connection.open -= 1;
        if (connection.alive) settle();
      };
      const ms = random.chance(slow) ? random.below(10_000) : random.below(60);
      const breaks = random.chance(broken);
      const takesEffect = !breaks || random.chance(0.3);
      const effectAt = random.below(ms + 1);
      // What was on its way when the caller gave up still arrives, unless it had not left yet.
      const leavesAt = random.below(3);
      let left = false;
      signal.addEventListener('abort', () => end(() => reject(new Error('given up'))), { once: true });
      clock.after(leavesAt, () => {
        if (over || !connection.alive) return;
        left = true;
      });
      let result: { readonly value: T } | undefined;
      clock.after(Math.max(leavesAt, effectAt), () => {
        if (left && takesEffect) result = { value: effect() };
      });
      clock.after(Math.max(leavesAt, ms), () => {
        end(() => {
          if (breaks || result === undefined) reject(new Error('broken'));
          else resolve(result.value);
        });
      });
    });

  return {
    truth,
    calm: { ledger: isCalm(moods.ledger), queue: isCalm(moods.queue) },
    portsFor: (connection) => ({
      messages: {
        async send({ context }, signal) {
          const { eventId = '' } = context;
          const left = () => connection.dueAt - clock.now();
          const seen: SeenSend = { leftMs: left(), outcome: 'unknown', leftAfterMs: 0 };
          if (connection.alive) connection.sends.push(seen);
          const refusal = blocked ?? (random.chance(0.25) ? random.pick(refusals) : undefined);
          try {
            const outcome = await call(connection, moods.messages, signal, () => {
              if (refusal !== undefined) return { kind: 'refused', cause: refusal } as const;
              truth.accepted.set(eventId, (truth.accepted.get(eventId) ?? 0) + 1);
              return { kind: 'accepted', messageId: `message-${eventId}` } as const;
            });
            seen.outcome = outcome.kind === 'accepted' ? 'accepted' : outcome.cause;
            return outcome;
          } catch {
            // As the adapter does: a call that broke may or may not have gone out.
            return { kind: 'refused', cause: 'ambiguous' };
          } finally {
            seen.leftAfterMs = left();
          }
        },
      },
      ledger: {
        claim: ({ eventId, owner, freeAt }, signal) =>
          call(connection, moods.ledger, signal, () => {
            const known = claims.get(eventId);
            if (known?.reply !== undefined) return { kind: 'answered', reply: known.reply } as const;
            if (known !== undefined && known.owner !== owner && known.freeAt > clock.now()) {
              return { kind: 'in-flight' } as const;
            }
            claims.set(eventId, { owner, freeAt });
            return { kind: 'claimed' } as const;
          }),
        settle: ({ eventId, owner, reply }, signal) =>
          call(connection, moods.ledger, signal, () => {
            const known = claims.get(eventId);
            if (known !== undefined && known.owner !== owner) return;
            claims.set(eventId, { owner, freeAt: 0, reply });
            truth.kept.set(eventId, [...(truth.kept.get(eventId) ?? []), JSON.stringify(reply.body)]);
          }),
      },
      failures: {
        put: ({ eventId }, signal) => call(connection, moods.queue, signal, () => void truth.queued.add(eventId)),
      },
      table: {
        pointer: (signal) =>
          call(connection, moods.table, signal, () => ({ number: 1, id: 'only', count: 1, sha256: '-' })),
        load: (_, signal) => call(connection, moods.table, signal, () => catalog),
      },
    }),
  };
}

const isCalm = ({ slow, broken }: Mood) => slow === 0 && broken === 0;

const mood = (random: Random): Mood => ({
  slow: random.pick([0, 0, 0.1, 0.5, 1]),
  broken: random.pick([0, 0, 0.1, 0.5, 1]),
});
