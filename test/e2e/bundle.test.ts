import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { functionNames } from '../../src/deploy/package-function.ts';
import { checkout } from '../support/run-bin.ts';

const run = promisify(execFile);
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bundle-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Bundles a copy of this checkout that stands elsewhere, and gives both bundles. */
async function bundledAt(place: string): Promise<readonly string[]> {
  const root = join(folder, place);
  await mkdir(root, { recursive: true });
  for (const part of ['src', 'scripts', 'package.json', 'tsconfig.json']) {
    await cp(join(checkout, part), join(root, part), { recursive: true });
  }
  await symlink(join(checkout, 'node_modules'), join(root, 'node_modules'), 'junction');
  await run(process.execPath, [join(root, 'scripts', 'bundle.ts')], { cwd: root });
  return await Promise.all(
    functionNames.map((name) => readFile(join(root, 'dist', 'functions', name, 'index.cjs'), 'utf8')),
  );
}

describe('a bundle', () => {
  it('is the same wherever it is made, and does not say where', async () => {
    const here = await bundledAt('a');
    const there = await bundledAt(join('zz', 'a longer path', 'x'));
    expect(here.map((bundle) => bundle.length > 50_000)).toEqual([true, true]);
    expect(there.map((bundle, index) => bundle === here[index])).toEqual([true, true]);
    for (const place of [folder, checkout, 'node_modules']) {
      expect(here.filter((bundle) => bundle.includes(place))).toEqual([]);
    }
  });
});
