import { describe, expect, it } from 'vitest';
import { inParallel } from '../../src/cli/in-parallel.ts';
import { systemClock } from '../../src/handlers/system-clock.ts';
import { createVirtualClock } from '../support/virtual-clock.ts';

const never = new AbortController().signal;

describe('work in parallel', () => {
  it('gives results in the order of the items, with no more under way than agreed', async () => {
    let underWay = 0;
    let most = 0;
    const results = await inParallel(
      [3, 1, 2, undefined],
      { concurrency: 2, gapMs: 0, clock: systemClock, signal: never },
      async (item) => {
        underWay += 1;
        most = Math.max(most, underWay);
        for (let turn = 0; turn < (item ?? 0); turn += 1) await Promise.resolve();
        underWay -= 1;
        return item;
      },
    );
    expect(results).toEqual([3, 1, 2, undefined]);
    expect(most).toBe(2);
  });

  it('starts no faster than its pace', async () => {
    const clock = createVirtualClock();
    const startedAt = clock.now();
    const starts: number[] = [];
    const working = inParallel([1, 2, 3], { concurrency: 3, gapMs: 250, clock, signal: never }, async () => {
      starts.push(clock.now() - startedAt);
    });
    await clock.advance(1_000);
    await working;
    expect(starts).toEqual([0, 250, 500]);
  });

  it('ends with the signal, and starts nothing more', async () => {
    const stop = new AbortController();
    const seen: number[] = [];
    const working = inParallel(
      [1, 2, 3],
      { concurrency: 1, gapMs: 0, clock: systemClock, signal: stop.signal },
      async (item) => {
        seen.push(item);
        stop.abort(new Error('stopped'));
      },
    );
    await expect(working).rejects.toThrow('stopped');
    expect(seen).toEqual([1]);
  });
});
