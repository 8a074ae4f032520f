import { describe, expect, it } from 'vitest';
import { inParallel } from '../../src/cli/in-parallel.ts';
import { systemClock } from '../../src/handlers/system-clock.ts';
import { createVirtualClock } from '../support/virtual-clock.ts';

const never = new AbortController().signal;

describe('work in parallel', () => {
  it('gives results in the order of the items, with no more under way than agreed', async () => {
    let underWay = 0;
    let most = 0;
    const { results, lost, stopped } = await inParallel(
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
    expect({ lost, stopped }).toEqual({ lost: 0, stopped: undefined });
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

  it('starts nothing more after the signal, and gives what it has', async () => {
    const stop = new AbortController();
    const seen: number[] = [];
    const gathered = await inParallel(
      [1, 2, 3],
      { concurrency: 1, gapMs: 0, clock: systemClock, signal: stop.signal },
      async (item) => {
        seen.push(item);
        stop.abort(new Error('stopped'));
        return item * 10;
      },
    );
    expect(gathered).toEqual({ results: [10], lost: 0, stopped: { by: new Error('stopped') } });
    expect(seen).toEqual([1]);
  });

  it('starts nothing more after an error, waits for what is under way, and counts what came to nothing', async () => {
    const seen: number[] = [];
    const done: string[] = [];
    const gathered = await inParallel(
      [1, 2, 3, 4],
      {
        concurrency: 2,
        gapMs: 0,
        clock: systemClock,
        signal: never,
        onDone: (count, all) => done.push(`${count} of ${all}`),
      },
      async (item) => {
        seen.push(item);
        if (item === 1) throw new Error('a bug');
        for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
        return item;
      },
    );
    expect(gathered).toEqual({ results: [2], lost: 1, stopped: { by: new Error('a bug') } });
    expect(seen).toEqual([1, 2]);
    expect(done).toEqual(['1 of 4']);
  });
});
