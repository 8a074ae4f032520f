import type { Clock } from '../core/clock.ts';
import { pause } from '../core/pause.ts';

export interface Parallel {
  /** How many are under way at a time. */
  readonly concurrency: number;
  /** At least this long between two starts. */
  readonly gapMs: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Told after each one that is done. */
  readonly onDone?: (done: number, all: number) => void;
}

export interface Gathered<R> {
  /** Of the items that were done, in the order of the items. */
  readonly results: readonly R[];
  /** How many were begun and did not come to a result. */
  readonly lost: number;
  /** What ended it early: an error of the work, or the signal's reason. */
  readonly stopped: { readonly by: unknown } | undefined;
}

/**
 * Works through items, several at a time. After the signal, or an error, it starts nothing more, and gives what it has: what
 * was done may have cost something, and has to be known.
 */
export async function inParallel<T, R>(
  items: readonly T[],
  { concurrency, gapMs, clock, signal, onDone }: Parallel,
  work: (item: T) => Promise<R>,
): Promise<Gathered<R>> {
  const results = new Map<number, R>();
  let next = 0;
  let begun = 0;
  let startAt = clock.now();
  let stopped: Gathered<R>['stopped'];

  async function lane(): Promise<void> {
    while (stopped === undefined) {
      signal.throwIfAborted();
      const index = next;
      if (index >= items.length) return;
      next += 1;
      const waitMs = startAt - clock.now();
      startAt = Math.max(startAt, clock.now()) + gapMs;
      if (waitMs > 0) await pause({ clock, ms: waitMs }, signal);
      for (const item of items.slice(index, index + 1)) {
        begun += 1;
        results.set(index, await work(item));
        onDone?.(results.size, items.length);
      }
    }
  }

  const lanes = Array.from({ length: Math.min(concurrency, items.length) }, async () => {
    try {
      await lane();
    } catch (error) {
      stopped ??= { by: error };
    }
  });
  await Promise.all(lanes);
  const inOrder = [...results].toSorted(([a], [b]) => a - b).map(([, result]) => result);
  return { results: inOrder, lost: begun - results.size, stopped };
}
