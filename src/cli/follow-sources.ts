import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import type { Dev } from '../dev/dev.ts';
import { bundleScript, sourceFolder } from './paths.ts';
import type { Watched } from './watch-files.ts';
import { watchFiles } from './watch-files.ts';

const run = promisify(execFile);

/** In a clone the functions follow their sources; what is saved while they build makes them build once more. */
export function followSources(dev: Pick<Dev, 'world' | 'tell'>, watched: Watched): void {
  if (!existsSync(bundleScript)) return;
  const { signal } = watched;
  let isBuilding = false;
  let isStale = false;
  const build = async () => {
    isBuilding = true;
    try {
      do {
        isStale = false;
        try {
          await run(process.execPath, [bundleScript], { signal });
          if (!isStale) await dev.world.cold('the sources have changed');
        } catch (error) {
          if (!signal.aborted && !isStale) dev.tell({ type: 'sources-broken', why: firstError(error) });
        }
      } while (isStale && !signal.aborted);
    } finally {
      isBuilding = false;
    }
  };
  watchFiles(sourceFolder, watched, () => {
    isStale = true;
    if (!isBuilding) void build();
  });
}

/** The bundler's first complaint, with the place that it is about; it marks them by a cross. */
function firstError(error: unknown): string {
  const output = error instanceof Error && 'stderr' in error ? String(error.stderr) : '';
  const lines = output.split('\n').map((line) => line.trim());
  const at = lines.findIndex((line) => line.includes('[ERROR]'));
  if (at < 0) return 'npm run bundle says why';
  const place = lines.slice(at + 1).find((line) => /^\S+:\d+:\d+:$/.test(line)) ?? '';
  return `${place} ${(lines[at] ?? '').replace(/^.*\[ERROR\]\s*/, '')}`.trim();
}
