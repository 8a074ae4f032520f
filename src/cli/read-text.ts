import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { UsageError } from '../core/error.ts';

/** Reads a file that a person has named; `what` is `the request of --from`. */
export async function readText(cwd: string, file: string, what: string): Promise<string> {
  try {
    return await readFile(resolve(cwd, file), 'utf8');
  } catch (cause) {
    throw new UsageError('file-unreadable', `${what} cannot be read`, {
      hint: 'compare the name of the file, and whether you may read it',
      cause,
    });
  }
}
