import type { Attempted } from './sdk-errors.ts';
import { translateSdkError } from './sdk-errors.ts';

/**
 * Asks AWS for a person at the command line: over when the signal says so, and rejecting with an error for that person.
 * On abort it rejects with the signal's reason.
 */
export async function askAws<T>(
  attempted: Attempted,
  signal: AbortSignal,
  send: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  try {
    return await unlessAborted(send, signal);
  } catch (error) {
    throw signal.aborted ? signal.reason : translateSdkError(error, attempted);
  }
}

/** The SDK looks for credentials without heeding the signal: what it waits for there, the command does not. */
function unlessAborted<T>(send: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) {
      abort();
      return;
    }
    signal.addEventListener('abort', abort, { once: true });
    send(signal)
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', abort));
  });
}
