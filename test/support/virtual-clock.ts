import type { Clock } from '../../src/core/clock.ts';

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

/** A clock whose time passes only when a test says so. */
export interface VirtualClock extends Clock {
  /** Lets time pass up to an instant from now: timers run in their order, and what they wake runs before the next. */
  advance(ms: number): Promise<void>;
  /** Lets time pass until a promise is settled, and gives what it became. */
  run<T>(promise: Promise<T>): Promise<T>;
  /** How many timers wait. */
  pending(): number;
}

export function createVirtualClock(startMs = Date.parse('2026-01-28T21:43:40.000Z')): VirtualClock {
  let now = startMs;
  let order = 0;
  const timers = new Set<Timer>();

  const next = () => [...timers].toSorted((a, b) => a.at - b.at || a.order - b.order)[0];
  // Lets everything that is ready run, however many promises deep.
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
  const fire = (timer: Timer) => {
    timers.delete(timer);
    now = Math.max(now, timer.at);
    timer.run();
  };

  return {
    now: () => now,
    after(ms, run) {
      order += 1;
      const timer = { at: now + Math.max(0, ms), order, run };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    async advance(ms) {
      const until = now + ms;
      await settle();
      for (let timer = next(); timer !== undefined && timer.at <= until; timer = next()) {
        fire(timer);
        await settle();
      }
      now = until;
      await settle();
    },
    async run(promise) {
      let settled = false;
      const done = () => {
        settled = true;
      };
      promise.then(done, done);
      await settle();
      while (!settled) {
        const timer = next();
        if (timer === undefined) throw new Error('the promise waits for something other than time');
        fire(timer);
        await settle();
      }
      return await promise;
    },
    pending: () => timers.size,
  };
}
