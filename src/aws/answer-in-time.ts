import type { Clock } from '../core/clock.ts';
import { OktaOtpError } from '../core/error.ts';

/** Runs work against AWS until `ms` milliseconds are over or the signal is aborted, whichever is first. */
export async function answerInTime<T>(
  { clock, ms }: { readonly clock: Clock; readonly ms: number },
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const late = new AbortController();
  const cancel = clock.after(ms, () =>
    late.abort(
      new OktaOtpError('aws-timeout', `AWS did not answer within ${ms / 1000} s`, {
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
