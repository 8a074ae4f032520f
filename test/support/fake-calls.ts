import type { Clock } from '../../src/core/clock.ts';

/** What happens to a call: it takes a while, is turned down without having done anything, or never ends by itself. */
export interface Trouble {
  readonly ms?: number;
  readonly fails?: boolean;
  readonly hangs?: boolean;
}

/** The calls of one operation of a port. */
export interface FakeCalls {
  /** Meets the next call that nothing was said of yet. */
  next(trouble: Trouble): void;
  /** Meets every call from now on that `next` says nothing of. */
  always(trouble: Trouble): void;
  made(): number;
  /** How many calls have not ended. */
  unsettled(): number;
  /** Does the work at once and answers when the trouble is over; an aborted signal ends the call with a rejection. */
  call<T>(signal: AbortSignal, work: () => T): Promise<T>;
}

export function createFakeCalls(clock: Clock): FakeCalls {
  const scripted: Trouble[] = [];
  let standing: Trouble = {};
  let made = 0;
  let unsettled = 0;

  const pass = ({ ms = 0, hangs = false }: Trouble, signal: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      const aborted = () => {
        cancel();
        reject(new Error('aborted'));
      };
      const cancel = hangs || ms === 0 ? () => {} : clock.after(ms, done);
      function done() {
        signal.removeEventListener('abort', aborted);
        resolve();
      }
      if (signal.aborted) aborted();
      else signal.addEventListener('abort', aborted, { once: true });
      if (!hangs && ms === 0) done();
    });

  return {
    next: (trouble) => void scripted.push(trouble),
    always(trouble) {
      standing = trouble;
    },
    made: () => made,
    unsettled: () => unsettled,
    async call(signal, work) {
      const trouble = scripted.shift() ?? standing;
      made += 1;
      unsettled += 1;
      try {
        if (signal.aborted) throw new Error('aborted');
        const does = trouble.fails !== true && trouble.hangs !== true;
        const done = does ? { value: work() } : undefined;
        await pass(trouble, signal);
        if (done === undefined) throw new Error('unreachable');
        return done.value;
      } finally {
        unsettled -= 1;
      }
    },
  };
}
