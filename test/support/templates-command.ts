import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { main } from '../../src/cli/main.ts';
import { openWorkspace } from '../../src/cli/workspace.ts';
import type { FakeContextOptions } from './fake-context.ts';
import { createFakeContext } from './fake-context.ts';

/** A folder of its own in which `okta-otp templates …` runs. */
export interface TemplatesFolder {
  readonly cwd: string;
  run(
    args: readonly string[],
    options?: FakeContextOptions,
  ): Promise<{ code: number; out: string; err: string; asked: readonly string[] }>;
  write(path: string, content: unknown): Promise<void>;
  /** The text of a language's file. */
  text(locale: string): Promise<string>;
  /** Every file of the catalog with its text, drafts and leftovers too. */
  everything(): Promise<Readonly<Record<string, string>>>;
  close(): Promise<void>;
}

export async function createTemplatesFolder(): Promise<TemplatesFolder> {
  const cwd = await mkdtemp(join(tmpdir(), 'okta-otp-'));
  const folder = join(cwd, 'catalog');
  return {
    cwd,
    async run(args, options = {}) {
      const context = { ...createFakeContext(options), cwd };
      const code = await main(['templates', ...args], context);
      return { code, out: context.out(), err: context.err(), asked: context.asked() };
    },
    write: (path, content) =>
      openWorkspace(cwd).write({
        path,
        text: typeof content === 'string' ? content : `${JSON.stringify(content, undefined, 2)}\n`,
      }),
    text: (locale) => readFile(join(folder, 'templates', `${locale}.json`), 'utf8'),
    async everything() {
      const names = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
      const files = names.filter((name) => name.isFile()).map((name) => join(name.parentPath, name.name));
      const texts = await Promise.all(files.sort().map(async (file) => [file, await readFile(file, 'utf8')] as const));
      return Object.fromEntries(texts);
    },
    close: () => rm(cwd, { recursive: true }),
  };
}

/** A language as an operator has it, in English. */
export const english = {
  locale: 'en',
  reviewed: true,
  sms: { text: '{{otp}} is your code' },
  voice: { voiceId: 'JOANNA', ssml: '<speak>Your code is {{otp}}</speak>' },
};
