import { randomUUID } from 'node:crypto';
import { rename, rm, stat, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { UsageError } from '../core/error.ts';

interface NamedFile {
  /** As `the report of --junit`. */
  readonly what: string;
  readonly mode: number;
}

/** Writes a file that a person has named, whole or not at all. */
export async function writeText(
  cwd: string,
  file: string,
  { what, text, mode }: NamedFile & { readonly text: string },
): Promise<void> {
  const place = resolve(cwd, file);
  await drafted(place, { what, mode }, text, (draft) => rename(draft, place));
}

/** Finds out whether a file can be written before the work is done that it is for; leaves what is there as it is. */
export async function tryToWrite(cwd: string, file: string, named: NamedFile): Promise<void> {
  const place = resolve(cwd, file);
  await drafted(place, named, '', async (draft) => {
    const there = await stat(place).catch(() => undefined);
    if (there?.isDirectory() === true) throw new Error('a folder has this name');
    await rm(draft);
  });
}

async function drafted(
  place: string,
  { what, mode }: NamedFile,
  text: string,
  use: (draft: string) => Promise<void>,
): Promise<void> {
  const draft = `${place}.${randomUUID()}.tmp`;
  try {
    await writeFile(draft, text, { mode });
    await use(draft);
  } catch (cause) {
    await rm(draft, { force: true });
    throw new UsageError('file-unwritable', `${what} cannot be written`, {
      hint: 'compare the folder, and whether you may write there',
      cause,
    });
  }
}
