import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { createFakeContext } from '../support/fake-context.ts';

let cwd = '';
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'okta-otp-'));
});
afterEach(() => rm(cwd, { recursive: true }));

const okta = { issuer: 'https://example.okta.com/oauth2/default' };
const environment = (catalog: string) => ({ region: 'eu-west-1', okta, catalog });
const configure = (environments: Readonly<Record<string, unknown>>) =>
  writeFile(join(cwd, 'okta-otp.json'), JSON.stringify({ environments }));

async function run(...args: string[]) {
  const context = { ...createFakeContext(), cwd };
  const code = await main(args, context);
  return { code, out: context.out(), err: context.err() };
}

const add = (...args: string[]) =>
  run('templates', 'add', 'en', '--sms', '{{otp}} for Acme', '--no-voice', '--yes', ...args);
const languagesIn = async (folder: string) => await readdir(join(cwd, folder, 'templates')).catch(() => undefined);

describe('templates work in the folder', () => {
  it('that the only environment names', async () => {
    await configure({ prod: environment('texts') });
    expect((await add()).code).toBe(0);
    expect(await languagesIn('texts')).toEqual(['en.json']);
    expect(await languagesIn('catalog')).toBeUndefined();
    expect((await run('templates', 'list', '--json')).out).toContain('"locale":"en"');
    expect((await run('templates', 'validate', '--json')).out).toContain('templates/en.json');
    expect((await run('templates', 'show', 'en')).out).toContain('for Acme');
    expect((await run('templates', 'preview')).out).toContain('for Acme');
    expect((await run('templates', 'edit', 'en', '--sms', '{{otp}} of Acme')).code).toBe(0);
    expect((await run('templates', 'remove', 'en', '--yes')).code).toBe(0);
    expect(await languagesIn('texts')).toEqual([]);
  });

  it('of the environment that is named, where there are several, and say how to go on with it', async () => {
    await configure({ dev: environment('dev-texts'), prod: environment('texts') });
    const { code, err } = await add('--env', 'dev');
    expect({ code, says: err.includes('okta-otp catalog push --env dev\n') }).toEqual({ code: 0, says: true });
    expect(await languagesIn('dev-texts')).toEqual(['en.json']);
    expect((await add('--env', 'prode')).err).toContain('did you mean --env prod?');
  });

  it('of --dir, whatever the environment says; and without either in ./catalog', async () => {
    await configure({ prod: environment('texts') });
    expect((await add('--dir', 'mine')).code).toBe(0);
    expect(await languagesIn('mine')).toEqual(['en.json']);
    await rm(join(cwd, 'okta-otp.json'));
    expect((await add()).code).toBe(0);
    expect(await languagesIn('catalog')).toEqual(['en.json']);
  });
});
