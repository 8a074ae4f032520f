import type { Clock } from './clock.ts';
import type { Deadline, Timed } from './deadline.ts';
import { within } from './deadline.ts';

/** Something that is fetched now and then, by one at a time for all who need it. */
export interface SharedRefresh {
  isUnderWay(): boolean;
  /** Starts one, however many are under way. Never rejects. */
  start(until: number | Deadline): Promise<Timed<void>>;
  /** Waits for the one under way, or starts one that may go on until `until`; gives up waiting at `waitUntil`. */
  join(waitUntil: Deadline, until: Deadline): Promise<void>;
  /** Waits until none is under way; once the signal is aborted it is given up on, so that nothing is left behind. */
  end(signal: AbortSignal): Promise<void>;
}

/** Shares `work` among those who wait for it. */
export function createSharedRefresh(clock: Clock, work: (signal: AbortSignal) => Promise<void>): SharedRefresh {
  let underWay: { readonly ended: Promise<Timed<void>>; readonly stop: AbortController } | undefined;

  const start = (until: number | Deadline) => {
    const stop = new AbortController();
    const ended = within(clock, until, ({ signal }) => work(AbortSignal.any([signal, stop.signal]))).then((timed) => {
      if (underWay?.stop === stop) underWay = undefined;
      return timed;
    });
    underWay = { ended, stop };
    return ended;
  };

  return {
    isUnderWay: () => underWay !== undefined,
    start,
    async join(waitUntil, until) {
      await within(clock, waitUntil, async ({ signal }) => {
        const joined = underWay;
        const timed = await (joined?.ended ?? start(until));
        // One that was started ahead can lie frozen with a dead connection: that says nothing about the service.
        const again = timed.kind !== 'done' && joined !== undefined && !signal.aborted;
        if (again) await (underWay?.ended ?? start(until));
      });
    },
    async end(signal) {
      const current = underWay;
      if (current === undefined) return;
      const give = () => current.stop.abort();
      signal.addEventListener('abort', give, { once: true });
      if (signal.aborted) give();
      await current.ended;
      signal.removeEventListener('abort', give);
    },
  };
}
