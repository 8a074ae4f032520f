import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, it } from 'vitest';

const script = join(import.meta.dirname, '..', 'scripts', 'install-chromium.sh');
const allFonts = 'echo "$1"';
const root = 'echo 0';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'okta-otp-install-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** Runs the script on a machine that has these commands alone; `asked` are apt-get's arguments, call by call. */
async function run(commands: Readonly<Record<string, string>>) {
  const asked = join(folder, 'asked');
  await writeFile(asked, '');
  for (const [name, body] of Object.entries(commands)) {
    await writeFile(join(folder, name), `#!/bin/bash\n${body}\n`, { mode: 0o755 });
  }
  const env = { PATH: folder, TMPDIR: folder, ASKED: asked };
  const { stdout } = await promisify(execFile)('/bin/bash', [script], { env });
  const calls = (await readFile(asked, 'utf8')).split('\n').filter((line) => line !== '');
  return { stdout, installed: calls.flatMap((line) => /^install .* (\S+)$/.exec(line)?.[1] ?? []) };
}

const apt = (body = '') => `echo "$@" >> "$ASKED"\n${body}`;

it('fonts are installed where there is a Chromium without them', async () => {
  const { stdout, installed } = await run({ chromium: '', 'fc-list': '', id: root, 'apt-get': apt() });
  expect(installed).toEqual(['fonts-noto-core', 'fonts-noto-cjk']);
  expect(stdout).toContain('fonts-noto-core is installed\nfonts-noto-cjk is installed\n');
  expect(stdout).not.toContain('SKIPPED');
});

it('of the fonts those are installed that are missing', async () => {
  const noCjk = 'case "$1" in *CJK*) ;; *) echo "$1" ;; esac';
  const { installed } = await run({ chromium: '', 'fc-list': noCjk, id: root, 'apt-get': apt() });
  expect(installed).toEqual(['fonts-noto-cjk']);
  const noHebrew = 'case "$1" in *Hebrew*) ;; *) echo "$1" ;; esac';
  expect((await run({ 'fc-list': noHebrew })).installed).toEqual(['fonts-noto-core']);
});

it('nothing is installed where all is there, and no package list is asked for', async () => {
  const { stdout, installed } = await run({
    'google-chrome': '',
    'fc-list': allFonts,
    id: root,
    'apt-get': apt('exit 1'),
  });
  expect([stdout, installed]).toEqual(['', []]);
});

it('everything is installed on an empty machine', async () => {
  const { installed } = await run({ id: root, 'apt-get': apt() });
  expect(installed).toEqual(['chromium', 'fontconfig', 'fonts-noto-core', 'fonts-noto-cjk']);
});

it('what cannot be had is skipped loudly, and the rest is installed', async () => {
  const failing = apt('case "$*" in *noto-core*) exit 100 ;; esac');
  const { stdout } = await run({ chromium: '', 'fc-list': '', id: root, 'apt-get': failing });
  expect(stdout).toContain('!!! SKIPPED: fonts-noto-core was not installed (apt-get failed, see ');
  expect(stdout).toContain('fonts-noto-cjk is installed');
});

it.each([
  ['only root may', { id: 'echo 1000', 'apt-get': apt() }],
  ['there is no apt-get', { id: root }],
])('it says loudly that %s', async (why, commands) => {
  const { stdout, installed } = await run({ chromium: '', 'fc-list': '', ...commands });
  expect(stdout).toContain(`!!! SKIPPED: fonts-noto-core fonts-noto-cjk was not installed (${why}`);
  expect(installed).toEqual([]);
});
