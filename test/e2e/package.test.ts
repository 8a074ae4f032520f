import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, sep } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isObject } from '../../src/core/decode.ts';
import { marked } from '../support/marked.ts';
import { checkout, runBin } from '../support/run-bin.ts';

const run = promisify(execFile);

/** Where the tarball is unpacked, with links to the packages that it depends on and to no other. */
let folder = '';
let root = '';
let files: readonly string[] = [];

beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'okta-otp-')));
  // Without scripts: `prepare` would rebuild what other tests are running.
  await run('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], { cwd: checkout });
  const [tarball = ''] = await readdir(folder);
  await run('tar', ['-xzf', join(folder, tarball), '-C', folder]);
  root = join(folder, 'package');
  files = (await readdir(root, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(root.length + 1)
        .split(sep)
        .join('/'),
    )
    .sort();
  const { dependencies } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  for (const name of isObject(dependencies) ? Object.keys(dependencies) : []) {
    const link = join(root, 'node_modules', name);
    await mkdir(dirname(link), { recursive: true });
    await symlink(join(checkout, 'node_modules', name), link, 'junction');
  }
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('the package', () => {
  it('holds what it needs to run and to be understood', () => {
    expect(files).toEqual(
      expect.arrayContaining([
        'LICENSE',
        'README.md',
        'bin/okta-otp.js',
        'dist/cli/run.js',
        'dist/functions/authorizer/index.cjs',
        'dist/functions/sender/index.cjs',
        'dist/local/execution-environment.js',
        'docs/commands.md',
        'docs/errors.md',
        'package.json',
        'schemas/delivery-record.schema.json',
        'schemas/okta-otp.schema.json',
        'templates/en.json',
        'templates/sample/originationIdentities.json',
      ]),
    );
  });

  it('holds no sources, tests, measurements or tools', () => {
    const foreign = /^(src|test|bench|scripts|coverage|reports|node_modules|\.)|\.(test|bench)\.|\.ts$|\.tgz$|\.map$/;
    expect(files.length).toBeGreaterThan(50);
    expect(files.filter((file) => foreign.test(file))).toEqual([]);
  });

  it('shows help', async () => {
    const { code, out, err } = await runBin(['--help'], { root });
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('Usage: okta-otp');
  });

  it('sends a test call with nothing but its own dependencies', async () => {
    const { code, out, err } = await runBin(['test-call', marked.phone, '--otp', marked.otp, '--json'], { root });
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(JSON.parse(out)).toMatchObject({
      delivery: { outcome: 'accepted' },
      phone: [{ channel: 'sms', body: expect.stringContaining(marked.otp) }],
    });
  });

  it('that is not built says so', async () => {
    const unbuilt = join(folder, 'unbuilt');
    await mkdir(join(unbuilt, 'bin'), { recursive: true });
    await copyFile(join(root, 'package.json'), join(unbuilt, 'package.json'));
    await copyFile(join(root, 'bin', 'okta-otp.js'), join(unbuilt, 'bin', 'okta-otp.js'));
    const { code, out, err } = await runBin(['--help'], { root: unbuilt });
    expect({ code, out, err }).toEqual({
      code: 1,
      out: '',
      err: 'error: okta-otp is not built\nhint: npm run build\n',
    });
  });
});
