import type { Clock } from '../core/clock.ts';
import { pause } from '../core/pause.ts';

export interface Parallel {
  /** How many are under way at a time. */
  readonly concurrency: number;
  /** At least this long between two starts. */
  readonly gapMs: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Works through items, several at a time; results come in the order of the items. Ends with the signal. */
export async function inParallel<T, R>(
  items: readonly T[],
  { concurrency, gapMs, clock, signal }: Parallel,
  work: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const results = new Map<number, R>();
  let next = 0;
  let startAt = clock.now();

  async function lane(): Promise<void> {
    for (;;) {
      signal.throwIfAborted();
      const index = next;
      if (index >= items.length) return;
      next += 1;
      const waitMs = startAt - clock.now();
      startAt = Math.max(startAt, clock.now()) + gapMs;
      if (waitMs > 0) await pause({ clock, ms: waitMs }, signal);
      for (const item of items.slice(index, index + 1)) results.set(index, await work(item));
    }
  }

  await Promise.all(Array.from({ length: Math.min(concurrency, items.length) }, lane));
  return [...results].toSorted(([a], [b]) => a - b).map(([, result]) => result);
}
