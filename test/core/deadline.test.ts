import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import type { Clock } from '../../src/core/clock.ts';
import type { Deadline, Timed } from '../../src/core/deadline.ts';
import { answerDueAt, defaultAnswerWithinMs, sooner, within } from '../../src/core/deadline.ts';
import { createVirtualClock } from '../support/virtual-clock.ts';

const start = 1_000_000;

/** Work that takes its time, and ends on the signal. */
const take = (clock: Clock, ms: number) => (deadline: Deadline) =>
  new Promise<string>((resolve, reject) => {
    const cancel = clock.after(ms, () => resolve('delivered'));
    deadline.signal.addEventListener('abort', () => {
      cancel();
      reject(deadline.signal.reason);
    });
  });

/** A deadline that a test ends by hand. */
function handmade(at: number): { readonly deadline: Deadline; readonly end: () => void } {
  const controller = new AbortController();
  return { deadline: { at, signal: controller.signal, leftMs: () => 0 }, end: () => controller.abort() };
}

describe('the answer is due', () => {
  const now = 1_700_000_000_000;
  it.each([
    ['2.2 s after API Gateway took the request', now - 150, now - 150 + 2200],
    ['2.2 s from now when the request is this very instant', now, now + 2200],
    ['at once for a request of 5 s ago', now - 5000, now - 2800],
    ['as if the request were 300 ms old when its time is in the future', now + 1, now + 1900],
    ['as if the request were 300 ms old when its time is more than 5 s ago', now - 5001, now + 1900],
    ['as if the request were 300 ms old when it has no time', undefined, now + 1900],
    ['as if the request were 300 ms old when its time is no number', Number.NaN, now + 1900],
  ])('%s', (_, requestTimeEpoch, dueAt) => {
    expect(answerDueAt(now, requestTimeEpoch, defaultAnswerWithinMs)).toBe(dueAt);
  });

  it('sooner or later, as the operator says', () => {
    expect(answerDueAt(now, now - 100, 1500)).toBe(now + 1400);
  });
});

describe('work within a deadline', () => {
  it('is done, and says what it gave and how long it took', async () => {
    const clock = createVirtualClock(start);
    expect(await clock.run(within(clock, start + 500, take(clock, 120)))).toEqual({
      kind: 'done',
      value: 'delivered',
      ms: 120,
    });
    expect(clock.pending()).toBe(0);
  });

  it('fails as a value, and says how long that took', async () => {
    const clock = createVirtualClock(start);
    const error = new Error('refused');
    const work = async (deadline: Deadline) => {
      await take(clock, 80)(deadline);
      throw error;
    };
    expect(await clock.run(within(clock, start + 500, work))).toEqual({ kind: 'failed', error, ms: 80 });
    expect(clock.pending()).toBe(0);
  });

  it('fails as a value when it throws before it is a promise', async () => {
    const clock = createVirtualClock(start);
    const error = new Error('a bug');
    const work = () => {
      throw error;
    };
    expect(await clock.run(within(clock, start + 500, work))).toEqual({ kind: 'failed', error, ms: 0 });
    expect(clock.pending()).toBe(0);
  });

  it('is late at the deadline, and is told so by its signal', async () => {
    const clock = createVirtualClock(start);
    const signals: AbortSignal[] = [];
    const work = (deadline: Deadline) => {
      signals.push(deadline.signal);
      return take(clock, 501)(deadline);
    };
    expect(await clock.run(within(clock, start + 500, work))).toEqual({ kind: 'late', ms: 500 });
    expect(clock.now()).toBe(start + 500);
    expect(signals.map((signal) => [signal.aborted, String(signal.reason)])).toEqual([
      [true, 'Error: the deadline has passed'],
    ]);
    expect(clock.pending()).toBe(0);
  });

  it('that does not listen is left behind, and what it does later changes nothing', async () => {
    const clock = createVirtualClock(start);
    const deaf = () => new Promise<never>((_, reject) => clock.after(900, () => reject(new Error('too late'))));
    const timed = await clock.run(within(clock, start + 500, deaf));
    expect(timed).toEqual({ kind: 'late', ms: 500 });
    await clock.advance(1000);
    expect(timed).toEqual({ kind: 'late', ms: 500 });
  });

  it('keeps its signal quiet when it is done in time', async () => {
    const clock = createVirtualClock(start);
    const signals: AbortSignal[] = [];
    await clock.run(
      within(clock, start + 500, async (deadline) => {
        signals.push(deadline.signal);
      }),
    );
    await clock.advance(1000);
    expect(signals.map((signal) => signal.aborted)).toEqual([false]);
  });

  it('is late at once when the deadline has passed before', async () => {
    const clock = createVirtualClock(start);
    expect(await clock.run(within(clock, start - 1, take(clock, 10)))).toEqual({ kind: 'late', ms: 0 });
    expect(clock.pending()).toBe(0);
  });

  it('sees the time that is left, never less than none', async () => {
    const clock = createVirtualClock(start);
    const seen: Deadline[] = [];
    const timed = within(clock, start + 500, (deadline) => {
      seen.push(deadline);
      return take(clock, 900)(deadline);
    });
    const left: (number | undefined)[] = [];
    for (const ms of [0, 200, 299, 1, 1]) {
      await clock.advance(ms);
      left.push(seen[0]?.leftMs());
    }
    expect(left).toEqual([500, 300, 1, 0, 0]);
    expect(seen[0]?.at).toBe(start + 500);
    expect((await timed).kind).toBe('late');
  });
});

describe('a deadline within a deadline', () => {
  it('caps the inner one: work that asks for more is late together with the outer', async () => {
    const clock = createVirtualClock(start);
    const inner: Timed<string>[] = [];
    const outer = await clock.run(
      within(clock, start + 500, async (deadline) => {
        inner.push(await within(clock, sooner(clock, deadline, 900), take(clock, 700)));
      }),
    );
    await clock.advance(0);
    expect(outer).toEqual({ kind: 'late', ms: 500 });
    expect(inner).toEqual([{ kind: 'late', ms: 500 }]);
    expect(clock.pending()).toBe(0);
  });

  it('leaves the outer one its time when the inner one is late', async () => {
    const clock = createVirtualClock(start);
    const outer = await clock.run(
      within(clock, start + 500, async (deadline) => {
        const first = await within(clock, sooner(clock, deadline, 150), take(clock, 700));
        const second = await within(clock, deadline, take(clock, 100));
        return [first, second];
      }),
    );
    expect(outer).toEqual({
      kind: 'done',
      value: [
        { kind: 'late', ms: 150 },
        { kind: 'done', value: 'delivered', ms: 100 },
      ],
      ms: 250,
    });
    expect(clock.pending()).toBe(0);
  });

  it('ends with the outer signal, before its own time', async () => {
    const clock = createVirtualClock(start);
    const { deadline, end } = handmade(start + 500);
    clock.after(60, end);
    expect(await clock.run(within(clock, deadline, take(clock, 300)))).toEqual({ kind: 'late', ms: 60 });
    expect(clock.pending()).toBe(0);
    expect(getEventListeners(deadline.signal, 'abort')).toEqual([]);
  });

  it('does not begin the work when the outer one is over', async () => {
    const clock = createVirtualClock(start);
    const { deadline, end } = handmade(start + 500);
    end();
    let begun = false;
    const work = async () => {
      begun = true;
    };
    expect(await clock.run(within(clock, deadline, work))).toEqual({ kind: 'late', ms: 0 });
    await clock.advance(1000);
    expect(begun).toBe(false);
    expect(clock.pending()).toBe(0);
    expect(getEventListeners(deadline.signal, 'abort')).toEqual([]);
  });

  it.each([
    ['done', 100],
    ['late', 900],
  ])('leaves no timer and no listener behind when the work is %s', async (kind, ms) => {
    const clock = createVirtualClock(start);
    const { deadline } = handmade(start + 500);
    const timed = clock.run(within(clock, deadline, take(clock, ms)));
    expect(getEventListeners(deadline.signal, 'abort')).toHaveLength(1);
    expect((await timed).kind).toBe(kind);
    expect(getEventListeners(deadline.signal, 'abort')).toEqual([]);
    expect(clock.pending()).toBe(0);
  });
});

describe('the sooner of two deadlines', () => {
  it.each([
    ['its own', 200, start + 200],
    ['the outer one', 800, start + 500],
  ])('is %s, on the signal of the outer one', (_, ms, at) => {
    const clock = createVirtualClock(start);
    const { deadline } = handmade(start + 500);
    const capped = sooner(clock, deadline, ms);
    expect(capped.at).toBe(at);
    expect(capped.leftMs()).toBe(at - start);
    expect(capped.signal).toBe(deadline.signal);
  });

  it('has never less than no time left', async () => {
    const clock = createVirtualClock(start);
    const capped = sooner(clock, handmade(start + 500).deadline, 200);
    await clock.advance(300);
    expect(capped.leftMs()).toBe(0);
  });
});
