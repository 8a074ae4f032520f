import type { Clock } from './clock.ts';

/** Waits `ms` milliseconds of a clock; rejects with the signal's reason as soon as that is aborted. */
export function pause({ clock, ms }: { readonly clock: Clock; readonly ms: number }, signal: AbortSignal) {
  return new Promise<void>((resolve, reject) => {
    if (signal.aborted) {
      reject(signal.reason);
      return;
    }
    const abort = () => {
      cancel();
      reject(signal.reason);
    };
    const cancel = clock.after(ms, () => {
      signal.removeEventListener('abort', abort);
      resolve();
    });
    signal.addEventListener('abort', abort, { once: true });
  });
}
