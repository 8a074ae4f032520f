import type { Clock } from '../core/clock.ts';
import type { Deadline, Timed } from '../core/deadline.ts';
import { within } from '../core/deadline.ts';
import type { SigningKey } from './fetch-keys.ts';

export type KeyLookup =
  | { readonly kind: 'key'; readonly key: SigningKey }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'unavailable' };

/** The signing keys of one issuer. */
export interface KeyStore {
  /** Starts fetching before the first token comes. */
  prefetch(): void;
  /** Finds a key by its id, fetching if that can help; over by the deadline. */
  find(kid: string, deadline: Deadline): Promise<KeyLookup>;
  /** Resolves once no fetch is under way. */
  idle(): Promise<void>;
}

/** Okta publishes a key weeks before it signs with it, and lets caches keep the set for an hour. https://developer.okta.com/docs/concepts/key-rotation/ */
const refreshAfterMs = 45 * 60_000;

/** Keys are used for this long while the issuer is down: longer than any token lives that it could have issued before. */
const usableMs = 24 * 3_600_000;

/** A key id that nobody knows may be a new key or an attack: so often it is asked for, however many ids there are. */
const coolDownMs = 10_000;

/** A fetch that nobody waits for yet still has to end. */
const prefetchMs = 3_000;

/**
 * Keeps an issuer's keys: fetched ahead, refreshed before they grow old, shared by all who wait, and used on while the
 * issuer is down.
 */
export function createKeyStore(
  clock: Clock,
  fetchKeys: (signal: AbortSignal) => Promise<readonly SigningKey[]>,
): KeyStore {
  let keys: ReadonlyMap<string, SigningKey> | undefined;
  let fetchedAt = 0;
  let triedAt = Number.NEGATIVE_INFINITY;
  let lastFailed = false;
  let fetching: Promise<Timed<void>> | undefined;

  const start = (until: number | Deadline) => {
    triedAt = clock.now();
    const run = within(clock, until, async ({ signal }) => {
      const fetched = await fetchKeys(signal);
      keys = new Map(fetched.map((key) => [key.kid, key]));
      fetchedAt = clock.now();
    }).then((timed) => {
      lastFailed = timed.kind !== 'done';
      fetching = undefined;
      return timed;
    });
    fetching = run;
    return run;
  };

  const known = (kid: string) => (clock.now() - fetchedAt < usableMs ? keys?.get(kid) : undefined);

  return {
    prefetch() {
      void start(clock.now() + prefetchMs);
    },

    async find(kid, deadline) {
      const coolingDown = clock.now() - triedAt < coolDownMs;
      const key = known(kid);
      if (key !== undefined) {
        if (clock.now() - fetchedAt >= refreshAfterMs && fetching === undefined && !coolingDown) void start(deadline);
        return { kind: 'key', key };
      }
      if (fetching !== undefined || !coolingDown || keys === undefined) {
        const joined = fetching;
        await within(clock, deadline, async () => {
          const timed = await (joined ?? start(deadline));
          // A prefetch can lie frozen with a dead connection: that says nothing about the issuer.
          if (timed.kind !== 'done' && joined !== undefined) await start(deadline);
        });
      }
      const found = known(kid);
      if (found !== undefined) return { kind: 'key', key: found };
      return { kind: keys === undefined || lastFailed || fetching !== undefined ? 'unavailable' : 'unknown' };
    },

    async idle() {
      await fetching;
    },
  };
}
