import { OktaOtpError } from '../core/error.ts';
import type { Context } from './context.ts';

/** As long as a person waits; giving messages back may take a few seconds more. */
const answerWithinMs = 25_000;

/** Runs work against AWS until the time for it is over or Ctrl-C comes, whichever is first. */
export async function inTime<T>(
  { clock, signal }: Pick<Context, 'clock' | 'signal'>,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const late = new AbortController();
  const cancel = clock.after(answerWithinMs, () =>
    late.abort(
      new OktaOtpError('aws-timeout', `AWS did not answer within ${answerWithinMs / 1000} s`, {
        hint: 'check the network and a VPN, then run the command again',
      }),
    ),
  );
  try {
    return await work(AbortSignal.any([signal, late.signal]));
  } finally {
    cancel();
  }
}
