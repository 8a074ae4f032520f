import type { Clock } from '../core/clock.ts';
import type { Deadline } from '../core/deadline.ts';
import { createSharedRefresh } from '../core/shared-refresh.ts';
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
  /** Resolves once no fetch is under way; one that still is when the signal is aborted is given up on. */
  end(signal: AbortSignal): Promise<void>;
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
  /** Also while the fetch is under way. */
  let lastFailed = false;

  const refresh = createSharedRefresh(clock, async (signal) => {
    triedAt = clock.now();
    lastFailed = true;
    const fetched = await fetchKeys(signal);
    keys = new Map(fetched.map((key) => [key.kid, key]));
    fetchedAt = clock.now();
    lastFailed = false;
  });

  const known = (kid: string) => (clock.now() - fetchedAt < usableMs ? keys?.get(kid) : undefined);

  return {
    prefetch() {
      void refresh.start(clock.now() + prefetchMs);
    },

    async find(kid, deadline) {
      const coolingDown = clock.now() - triedAt < coolDownMs;
      const key = known(kid);
      if (key !== undefined) {
        const isOld = clock.now() - fetchedAt >= refreshAfterMs;
        if (isOld && !refresh.isUnderWay() && !coolingDown) void refresh.start(deadline);
        return { kind: 'key', key };
      }
      if (refresh.isUnderWay() || !coolingDown || keys === undefined) await refresh.join(deadline, deadline);
      const found = known(kid);
      if (found !== undefined) return { kind: 'key', key: found };
      return { kind: lastFailed ? 'unavailable' : 'unknown' };
    },

    end: refresh.end,
  };
}
