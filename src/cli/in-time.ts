import { answerInTime } from '../aws/answer-in-time.ts';
import type { Context } from './context.ts';

/** As long as a person waits; giving messages back may take a few seconds more. */
const answerWithinMs = 25_000;

/** Runs work against AWS until the time for it is over or Ctrl-C comes, whichever is first. */
export const inTime = <T>(
  { clock, signal }: Pick<Context, 'clock' | 'signal'>,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> => answerInTime({ clock, ms: answerWithinMs }, signal, work);
