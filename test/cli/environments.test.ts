import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EnvironmentFlags } from '../../src/cli/environments.ts';
import { chooseEnvironment } from '../../src/cli/environments.ts';

let cwd: string;

beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'environments-'));
});

afterEach(async () => {
  await rm(cwd, { recursive: true });
});

const okta = { issuer: 'https://example.okta.com/oauth2/default' };
const dev = { region: 'eu-west-1', okta };
const prod = { region: 'us-east-1', okta, catalog: 'texts' };
const write = (content: unknown, name = 'okta-otp.json') =>
  writeFile(join(cwd, name), typeof content === 'string' ? content : JSON.stringify(content, null, 2));
const choose = (flags: EnvironmentFlags = {}) => chooseEnvironment({ cwd }, flags);

describe('the environment', () => {
  it('is the only one, unless there are more', async () => {
    await write({ environments: { prod } });
    await expect(choose()).resolves.toMatchObject({
      environment: { name: 'prod', region: 'us-east-1' },
      file: join(cwd, 'okta-otp.json'),
      catalogFolder: join(cwd, 'texts'),
    });
  });

  it('is the named one, of several', async () => {
    await write({ environments: { dev, prod } });
    await expect(choose({ env: 'dev' })).resolves.toMatchObject({ environment: { name: 'dev' } });
    await expect(choose({ env: 'prod' })).resolves.toMatchObject({ environment: { name: 'prod' } });
  });

  it('has to be named where there are several, which are told', async () => {
    await write({ environments: { dev, prod } });
    await expect(choose()).rejects.toMatchObject({
      code: 'environment-missing',
      exitCode: 2,
      message: 'one of several environments has to be named: dev, prod',
      hint: '--env dev',
    });
  });

  it('that does not exist is guessed, if it is but a slip away', async () => {
    await write({ environments: { dev, prod } });
    const refused = { code: 'environment-unknown', message: 'there is no such environment; there is dev, prod' };
    await expect(choose({ env: 'prd' })).rejects.toMatchObject({ ...refused, hint: 'did you mean --env prod?' });
    await expect(choose({ env: 'Dev' })).rejects.toMatchObject({ ...refused, hint: 'did you mean --env dev?' });
    await expect(choose({ env: 'test' })).rejects.toMatchObject({
      ...refused,
      hint: 'okta-otp init --env <name> adds one',
    });
  });

  it.each(['__proto__', 'constructor', 'toString'])('is not found among what every object has: %s', async (env) => {
    await write({ environments: { dev } });
    await expect(choose({ env })).rejects.toMatchObject({ code: 'environment-unknown' });
  });
});

describe('the file of the environments', () => {
  it('may be another one, whose folder the catalog is looked for from', async () => {
    await mkdir(join(cwd, 'config'));
    await write({ environments: { prod } }, join('config', 'eu.json'));
    await expect(choose({ config: 'config/eu.json' })).resolves.toMatchObject({
      catalogFolder: join(cwd, 'config', 'texts'),
    });
  });

  it('that is not there is made by init', async () => {
    await expect(choose()).rejects.toMatchObject({
      code: 'config-missing',
      exitCode: 2,
      message: 'there is no okta-otp.json here',
      hint: 'okta-otp init',
    });
    await expect(choose({ config: 'other.json' })).rejects.toMatchObject({
      code: 'config-missing',
      hint: 'compare --config with the name of the file',
    });
  });

  it('that cannot be read is not taken for an absent one', async () => {
    await mkdir(join(cwd, 'okta-otp.json'));
    await expect(choose()).rejects.toMatchObject({ code: 'config-unreadable', exitCode: 2 });
  });

  it('has all of its problems told with their lines, in the order of the file', async () => {
    await write(
      [
        '{',
        '  "environments": {',
        '    "prod": {',
        '      "okta": { "issuer": "x" },',
        '      "regoin": "eu-west-1"',
        '    }',
        '  }',
        '}',
      ].join('\n'),
    );
    await expect(choose()).rejects.toMatchObject({
      code: 'config-invalid',
      exitCode: 2,
      message: [
        'okta-otp.json is not valid:',
        'okta-otp.json:3 environments.prod.region is missing',
        "okta-otp.json:4 environments.prod.okta.issuer must be a custom authorization server's issuer such as https://example.okta.com/oauth2/default",
        'okta-otp.json:5 environments.prod.regoin is not a known setting',
      ].join('\n  '),
    });
  });

  it('that is no JSON says so', async () => {
    await write('{"environments":');
    await expect(choose()).rejects.toMatchObject({
      message: 'okta-otp.json is not valid:\n  okta-otp.json:1 is not valid JSON',
    });
  });
});
