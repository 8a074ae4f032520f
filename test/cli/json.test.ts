import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { createProgram } from '../../src/cli/program.ts';
import { sdkEnv } from '../support/failures-queue.ts';
import type { FakeContextOptions } from '../support/fake-context.ts';
import { createFakeContext } from '../support/fake-context.ts';
import { marked } from '../support/marked.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'okta-otp-json-'));
  // Nobody's credentials, and no Region.
  const none = { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '', AWS_REGION: 'us-east-1' };
  for (const [name, value] of Object.entries({ ...sdkEnv, ...none })) vi.stubEnv(name, value);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

async function run(args: readonly string[], options: FakeContextOptions = {}) {
  const context = { ...createFakeContext(options), cwd: folder };
  const code = await main(args, context);
  return { code, out: context.out(), err: context.err() };
}

/** Every command that does something, with its arguments filled in. */
interface Leaf {
  readonly name: string;
  readonly words: readonly string[];
  readonly needed: readonly string[];
  readonly takesMany: boolean;
}

/** What a person could type for an argument of this name. */
const plausible: Readonly<Record<string, string>> = {
  phone: marked.phone,
  locale: 'es',
  country: 'FR',
  identity: 'ACME',
  number: marked.phone,
  state: 'off',
  version: '1',
  event: 'event-1',
  source: 'guidance.json',
};

function leavesOf(command: Command, above: readonly string[]): readonly Leaf[] {
  return command.commands.flatMap((found) => {
    const words = [...above, found.name()];
    if (found.commands.length > 0) return leavesOf(found, words);
    const required = found.registeredArguments.filter((argument) => argument.required);
    const needed = required.map((argument) => plausible[argument.name()] ?? 'x');
    const takesMany = found.registeredArguments.some((argument) => argument.variadic);
    return [{ name: words.join(' '), words, needed, takesMany }];
  });
}

const leaves = leavesOf(
  createProgram(createFakeContext(), () => {}),
  [],
);

/** What there is to say of an empty folder, or of none. */
const works = [
  'templates list',
  'templates preview',
  'templates show',
  'identities list',
  'identities coverage',
  'sandbox request',
];

/** What needs no file to ask AWS. */
const asksAws = ['identities discover', 'identities check', 'sandbox status', 'sandbox verify'];

/** The one document of an error, and nothing beside it. */
function errorIn({ out, err }: { readonly out: string; readonly err: string }) {
  expect(out).toBe('');
  expect(err.endsWith('\n')).toBe(true);
  const document: unknown = JSON.parse(err);
  expect(document).toEqual({
    error: {
      code: expect.stringMatching(/^[a-z][a-z-]+$/),
      message: expect.stringMatching(/^\S/),
      hint: expect.stringMatching(/^\S/),
    },
  });
  return document;
}

describe('with --json', () => {
  it('finds the commands', () => {
    expect(leaves.length).toBeGreaterThan(34);
  });

  it.each(leaves)('$name refuses an unknown option in one document', async ({ words, needed }) => {
    const ran = await run([...words, ...needed, '--json', '--nonsense']);
    expect(errorIn(ran)).toMatchObject({ error: { code: 'usage', hint: `okta-otp ${words.join(' ')} --help` } });
    expect(ran.code).toBe(2);
    expect(readdirSync(folder)).toEqual([]);
  });

  it.each(leaves.filter(({ takesMany }) => !takesMany))(
    '$name refuses arguments too many',
    async ({ words, needed }) => {
      const ran = await run([...words, '--json', ...needed, 'x', 'x', 'x']);
      errorIn(ran);
      expect(ran.code).toBe(2);
      expect(readdirSync(folder)).toEqual([]);
    },
  );

  it.each(leaves.filter(({ needed }) => needed.length > 0))('$name asks for its argument', async ({ words }) => {
    const ran = await run([...words, '--json']);
    errorIn(ran);
    expect(ran.code).toBe(2);
  });

  // `dev` runs until Ctrl-C, and starts without either.
  it.each(leaves.filter(({ name }) => name !== 'dev'))(
    '$name gives JSON alone in an empty folder without credentials',
    async ({ name, words, needed }) => {
      const { code, out, err } = await run([...words, ...needed, '--json']);
      const expected = works.includes(name) ? 0 : asksAws.includes(name) ? 4 : 2;
      expect({ code, err: expected === 0 ? err : '' }).toEqual({ code: expected, err: '' });
      if (expected !== 0) errorIn({ out, err });
      else for (const line of out.trimEnd().split('\n')) expect(JSON.parse(line)).toEqual(expect.anything());
    },
    30_000,
  );

  it('no notice comes before an error, and a person at a terminal gets both', async () => {
    const args = ['templates', 'show', 'xx', '--json'];
    const piped = await run(args);
    expect(errorIn(piped)).toMatchObject({ error: { code: 'template-not-found' } });
    const { err } = await run(args, { typed: '' });
    expect(err).toMatch(/has no templates: these are the ones of the package\.\n\{"error":/);
  });
});
