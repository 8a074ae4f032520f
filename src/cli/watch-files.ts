import { watch } from 'node:fs';
import type { Clock } from '../core/clock.ts';

/** An editor saves a file in several steps, and a branch changes many files at once. */
const settledAfterMs = 150;

export interface Watched {
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Calls back when files of a folder have changed and stayed so for a moment, from now until the signal is aborted. */
export function watchFiles(folder: string, { clock, signal }: Watched, onChange: () => void): void {
  let cancel = () => {};
  const watcher = watch(folder, { recursive: true, signal }, () => {
    cancel();
    cancel = clock.after(settledAfterMs, onChange);
  });
  // A folder that goes away is no reason to stop: what was read serves on.
  watcher.on('error', () => {});
  signal.addEventListener('abort', () => cancel(), { once: true });
}
