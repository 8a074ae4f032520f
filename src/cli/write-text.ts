import { randomUUID } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { UsageError } from '../core/error.ts';

/** Writes a file that a person has named, whole or not at all; `what` is `the report of --junit`. */
export async function writeText(
  cwd: string,
  file: string,
  { what, text, mode }: { readonly what: string; readonly text: string; readonly mode: number },
): Promise<void> {
  const place = resolve(cwd, file);
  const draft = `${place}.${randomUUID()}.tmp`;
  try {
    await writeFile(draft, text, { mode });
    await rename(draft, place);
  } catch (cause) {
    await rm(draft, { force: true });
    throw new UsageError('file-unwritable', `${what} cannot be written`, {
      hint: 'compare the folder, and whether you may write there',
      cause,
    });
  }
}
