import type { Catalog } from '../../src/core/catalog.ts';
import type { CatalogTable } from '../../src/core/catalog-cache.ts';
import type { Clock } from '../../src/core/clock.ts';
import type { Cause } from '../../src/core/failure-policy.ts';
import type { FailureQueue } from '../../src/core/failure-queue.ts';
import type { HookReply } from '../../src/core/hook-response.ts';
import type { Ledger } from '../../src/core/ledger.ts';
import type { Messages } from '../../src/core/messages.ts';
import type { Random } from './random.ts';

/** One container's connection to the world; cut when it crashes. */
export interface Connection {
  alive: boolean;
  /** Calls that have neither ended nor been given up on. */
  open: number;
}

/** What happened, as nobody in the simulation can see it. */
export interface Truth {
  /** Event → how many messages the service accepted for it. */
  readonly accepted: Map<string, number>;
  /** Events of which the service said to some delivery that it refuses for good. */
  readonly refusedForGood: Set<string>;
}

export interface World {
  readonly truth: Truth;
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
];

const forGood: readonly Cause[] = ['protect-country-blocked', 'protect-number-blocked', 'destination-country-blocked'];

/** The services around the sender: slow, broken or well by chance, and with their effects at any moment of a call. */
export function createWorld(clock: Clock, random: Random, catalog: Catalog): World {
  const moods = { messages: mood(random), ledger: mood(random), table: mood(random), queue: mood(random) };
  const truth: Truth = { accepted: new Map(), refusedForGood: new Set() };
  const claims = new Map<string, { owner: string; freeAt: number; reply?: HookReply }>();
  const blocked = random.chance(0.15) ? random.pick(forGood as readonly [Cause, ...Cause[]]) : undefined;

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
    portsFor: (connection) => ({
      messages: {
        async send({ context }, signal) {
          const { eventId = '' } = context;
          const refusal = blocked ?? (random.chance(0.25) ? random.pick(refusals) : undefined);
          try {
            return await call(connection, moods.messages, signal, () => {
              if (refusal !== undefined) {
                return { kind: 'refused', cause: refusal } as const;
              }
              truth.accepted.set(eventId, (truth.accepted.get(eventId) ?? 0) + 1);
              return { kind: 'accepted', messageId: `message-${eventId}` } as const;
            }).then((outcome) => {
              if (outcome.kind === 'refused' && forGood.includes(outcome.cause)) truth.refusedForGood.add(eventId);
              return outcome;
            });
          } catch {
            // As the adapter does: a call that broke may or may not have gone out.
            return { kind: 'refused', cause: 'ambiguous' };
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
            if (known === undefined || known.owner === owner) claims.set(eventId, { owner, freeAt: 0, reply });
          }),
      },
      failures: { put: (_, signal) => call(connection, moods.queue, signal, () => {}) },
      table: {
        pointer: (signal) =>
          call(connection, moods.table, signal, () => ({ number: 1, id: 'only', count: 1, sha256: '-' })),
        load: (_, signal) => call(connection, moods.table, signal, () => catalog),
      },
    }),
  };
}

const mood = (random: Random): Mood => ({
  slow: random.pick([0, 0, 0.1, 0.5, 1]),
  broken: random.pick([0, 0, 0.1, 0.5, 1]),
});
