import type { Clock } from './clock.ts';

/** An instant by which work has to be over, and the signal that tells it so. */
export interface Deadline {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly signal: AbortSignal;
  /** Milliseconds that are left, never below 0. */
  leftMs(): number;
}

/** What became of work that was given a deadline. */
export type Timed<T> =
  | { readonly kind: 'done'; readonly value: T; readonly ms: number }
  | { readonly kind: 'failed'; readonly error: unknown; readonly ms: number }
  | { readonly kind: 'late'; readonly ms: number };

/**
 * Okta waits 3 s, and its own token fetch, TLS and round trips are inside them; so the answer is due 2.2 s after
 * API Gateway took the request.
 * @see https://developer.okta.com/docs/concepts/inline-hooks/#inline-hook-timeout-behavior
 */
export const defaultAnswerWithinMs = 2200;

/** A request time older than this (or one in the future) says more about a clock than about the request. */
const oldestRequestMs = 5000;

/** What a request is taken to have cost before it reached us, when its own time cannot be believed. */
const assumedTransitMs = 300;

/**
 * Says when the answer to a request is due, in milliseconds since the epoch.
 *
 * `requestTimeEpoch` is API Gateway's time of the request, the start of everything that Okta waits for.
 */
export function answerDueAt(nowMs: number, requestTimeEpoch: number | undefined, answerWithinMs: number): number {
  const believable =
    requestTimeEpoch !== undefined && requestTimeEpoch <= nowMs && requestTimeEpoch >= nowMs - oldestRequestMs;
  return (believable ? requestTimeEpoch : nowMs - assumedTransitMs) + answerWithinMs;
}

/**
 * Runs `work` until `at` (milliseconds since the epoch) at the latest and says what became of it; never rejects.
 *
 * Work that is late gets its signal aborted and is no longer waited for, so it has to end on the signal. An outer
 * deadline caps the inner one.
 */
export async function within<T>(
  clock: Clock,
  at: number | Deadline,
  work: (deadline: Deadline) => Promise<T>,
): Promise<Timed<T>> {
  const start = clock.now();
  const dueAt = typeof at === 'number' ? at : at.at;
  const outer = typeof at === 'number' ? undefined : at.signal;
  const controller = new AbortController();
  const deadline: Deadline = {
    at: dueAt,
    signal: controller.signal,
    leftMs: () => Math.max(0, dueAt - clock.now()),
  };
  const taken = () => clock.now() - start;

  return await new Promise<Timed<T>>((resolve) => {
    const settle = (timed: Timed<T>) => {
      cancel();
      outer?.removeEventListener('abort', late);
      resolve(timed);
    };
    const late = () => {
      settle({ kind: 'late', ms: taken() });
      controller.abort(new Error('the deadline has passed'));
    };
    const cancel = clock.after(deadline.leftMs(), late);
    outer?.addEventListener('abort', late, { once: true });
    if (outer?.aborted) {
      late();
      return;
    }
    Promise.resolve()
      .then(() => work(deadline))
      .then(
        (value) => settle({ kind: 'done', value, ms: taken() }),
        (error: unknown) => settle({ kind: 'failed', error, ms: taken() }),
      );
  });
}

/** A deadline that is `ms` from now at the latest, and never after the outer one. */
export function sooner(clock: Clock, outer: Deadline, ms: number): Deadline {
  const at = Math.min(outer.at, clock.now() + ms);
  return { at, signal: outer.signal, leftMs: () => Math.max(0, at - clock.now()) };
}
