import type { Clock } from '../../src/core/clock.ts';

/** A clock that lets pauses pass at once: what waits for a service's quota is over in no time, and its time tells how long. */
export interface HastyClock extends Clock {
  /** Lets time pass. */
  pass(ms: number): void;
}

/** Longer than any pause and shorter than any deadline of a command. */
const longestPauseMs = 20_000;

/** Deadlines do not come due on it: they would while a real request is under way. */
export function createHastyClock(startMs = Date.parse('2026-01-28T21:43:40.000Z')): HastyClock {
  let now = startMs;
  return {
    now: () => now,
    after(ms, run) {
      if (ms > longestPauseMs) return () => {};
      const timer = setImmediate(() => {
        now += ms;
        run();
      });
      return () => clearImmediate(timer);
    },
    pass(ms) {
      now += ms;
    },
  };
}
