import { watch } from 'node:fs/promises';
import type { Clock } from '../core/clock.ts';

/** An editor saves a file in several steps, and a branch changes many files at once. */
const settledAfterMs = 150;

/**
 * Calls back when files of a folder have changed and stayed so for a moment; until the signal is aborted. A folder that is
 * not there is not watched.
 */
export async function watchFiles(
  folder: string,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
  onChange: () => void,
): Promise<void> {
  let cancel = () => {};
  try {
    for await (const _ of watch(folder, { recursive: true, signal })) {
      cancel();
      cancel = clock.after(settledAfterMs, onChange);
    }
  } catch (error) {
    cancel();
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code !== 'ENOENT' && !signal.aborted) throw error;
  }
}
