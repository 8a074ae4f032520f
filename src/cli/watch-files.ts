import type { FSWatcher } from 'node:fs';
import { statSync, watch } from 'node:fs';
import type { Clock } from '../core/clock.ts';

/** An editor saves a file in several steps, and a branch changes many files at once. */
const settledAfterMs = 150;

/** A watch ends without a word with its folder, and another folder of that name is not what it watches. */
const lookEveryMs = 1_000;

export interface Watched {
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/**
 * Calls back when files of a folder have changed and stayed so for a moment, from now until the signal is aborted; when the
 * folder goes away, and when it is there again, too.
 */
export function watchFiles(folder: string, { clock, signal }: Watched, onChange: () => void): void {
  let watcher: FSWatcher | undefined;
  let watched: string | undefined;
  let cancelChange = () => {};
  let cancelLook = () => {};
  const change = () => {
    cancelChange();
    cancelChange = clock.after(settledAfterMs, () => {
      if (folderAt(folder) !== watched) open();
      onChange();
    });
  };
  const open = () => {
    watcher?.close();
    watched = folderAt(folder);
    if (watched === undefined) return;
    try {
      watcher = watch(folder, { recursive: true }, change);
      // What it could not look into any more, it tells when it is looked for.
      watcher.on('error', () => {});
    } catch {
      // Gone between the two: looked for again.
      watched = undefined;
    }
  };
  const look = () => {
    if (folderAt(folder) !== watched) {
      open();
      change();
    }
    cancelLook = clock.after(lookEveryMs, look);
  };
  if (signal.aborted) return;
  open();
  cancelLook = clock.after(lookEveryMs, look);
  const stop = () => {
    cancelChange();
    cancelLook();
    watcher?.close();
  };
  signal.addEventListener('abort', stop, { once: true });
}

/** Which folder it is that stands there; undefined for none. An inode's number is soon given to another one. */
function folderAt(path: string): string | undefined {
  const found = statSync(path, { throwIfNoEntry: false });
  return found?.isDirectory() ? `${found.ino} ${found.birthtimeMs}` : undefined;
}
