import type { Clock } from '../core/clock.ts';
import { OktaOtpError } from '../core/error.ts';
import { pause } from '../core/pause.ts';

/**
 * Every operation that is not a send has a quota of one request per second; a little more keeps two requests apart
 * that take differently long to arrive.
 * @see https://docs.aws.amazon.com/sms-voice/latest/userguide/quotas.html
 */
const intervalMs = 1_100;

/** How long to wait after the first, second, … refusal: others use the same quota. */
const backOffMs = [1_000, 2_000, 4_000, 8_000] as const;

export type PacedRequest = <T>(operation: string, send: () => Promise<T>) => Promise<T>;

export interface PacerOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Told when a throttled request waits for its next try. */
  readonly onThrottled?: ((waitMs: number) => void) | undefined;
}

/**
 * Sends one request after the other, each operation at most once a second, and tries again what was throttled, four times
 * at most. Waiting ends with the signal, whose reason it then rejects with.
 */
export function createPacer({ clock, signal, onThrottled }: PacerOptions): PacedRequest {
  const lastAt = new Map<string, number>();
  let queue: Promise<unknown> = Promise.resolve();

  const turn = async <T>(operation: string, send: () => Promise<T>): Promise<T> => {
    for (let refusals = 0; ; refusals += 1) {
      const last = lastAt.get(operation);
      const waitMs = last === undefined ? 0 : last + intervalMs - clock.now();
      if (waitMs > 0) await pause({ clock, ms: waitMs }, signal);
      signal.throwIfAborted();
      lastAt.set(operation, clock.now());
      try {
        return await send();
      } catch (error) {
        const backOff = backOffMs[refusals];
        if (backOff === undefined || !isThrottling(error)) throw error;
        onThrottled?.(backOff);
        await pause({ clock, ms: backOff }, signal);
      }
    }
  };

  return (operation, send) => {
    const done = queue.then(() => turn(operation, send));
    queue = done.catch(() => {});
    return done;
  };
}

const isThrottling = (error: unknown) => error instanceof OktaOtpError && error.code === 'aws-throttled';
