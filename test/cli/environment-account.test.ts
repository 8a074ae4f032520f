import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type { DeployWorld } from '../support/deploy-world.ts';
import { account, protectConfiguration, useDeployWorld } from '../support/deploy-world.ts';

const startWorld = useDeployWorld();
const json = async (world: DeployWorld, ...args: readonly string[]) => {
  const { code, out, err } = await world.run([...args, '--json']);
  expect({ code: code === 3 ? 0 : code, err }).toEqual({ code: 0, err: '' });
  return JSON.parse(out);
};
const refusal = async (world: DeployWorld, ...args: readonly string[]) => {
  const { code, err } = await world.run([...args, '--json']);
  return { code, error: JSON.parse(err).error.code };
};

/** Two environments in one file. */
const configureTwo = async (world: DeployWorld) => {
  const okta = { issuer: 'https://example.okta.com/oauth2/default' };
  const environments = {
    prod: { region: 'eu-west-1', okta },
    test: { region: 'eu-south-2', okta, stackName: 'other' },
  };
  await writeFile(join(world.dir, 'okta-otp.json'), JSON.stringify({ environments }));
};

describe.each([
  ['sandbox', 'status'],
  ['identities', 'check'],
])('%s %s', (...command) => {
  it('asks in the Region of the only environment, unless another one is given', async () => {
    const world = await startWorld();
    await world.configure({ region: 'eu-west-1' });
    expect(await json(world, ...command)).toMatchObject({ region: 'eu-west-1' });
    expect(await json(world, ...command, '--region', 'us-west-2')).toMatchObject({ region: 'us-west-2' });
  });

  it('takes the one of several that is named, and none when none is', async () => {
    const world = await startWorld();
    await configureTwo(world);
    expect(await json(world, ...command, '--env', 'test')).toMatchObject({ region: 'eu-south-2' });
    expect(await json(world, ...command)).toMatchObject({ region: 'us-east-1' });
    expect(await refusal(world, ...command, '--env', 'tset')).toEqual({ code: 2, error: 'environment-unknown' });
  });

  it('refuses another account than the environment has, before it asks for anything of it', async () => {
    const world = await startWorld();
    await world.configure({ account: '111111111111' });
    expect(await refusal(world, ...command)).toEqual({ code: 4, error: 'account-wrong' });
    expect(await refusal(world, ...command, '--env', 'prod')).toEqual({ code: 4, error: 'account-wrong' });
    expect(world.messaging.operations()).toEqual([]);
  });

  it('lets a profile speak for itself where no environment is named', async () => {
    const world = await startWorld();
    await writeFile(join(world.dir, 'aws'), '[profile other]\naws_access_key_id = x\naws_secret_access_key = x\n');
    await world.configure({ account: '111111111111', region: 'eu-west-1' });
    vi.stubEnv('AWS_CONFIG_FILE', join(world.dir, 'aws'));
    expect(await json(world, ...command, '--profile', 'other')).toMatchObject({ region: 'us-east-1' });
  });
});

describe('the folder of the catalog', () => {
  it('is that of the environment for identities and catalog alike', async () => {
    const world = await startWorld();
    await rename(join(world.dir, 'catalog'), join(world.dir, 'messages'));
    await world.configure({ catalog: 'messages' });
    const { identities } = await json(world, 'identities', 'list');
    expect(identities).toContainEqual(expect.objectContaining({ country: 'ES', channel: 'sms' }));
    expect(await json(world, 'identities', 'set', 'PT', 'ACME', '--env', 'prod')).toMatchObject({ changed: true });
    expect((await json(world, 'identities', 'list', '--country', 'PT')).identities).not.toEqual([]);
    expect((await json(world, 'identities', 'list', '--country', 'PT', '--dir', 'catalog')).identities).toEqual([]);
    expect((await world.run(['deploy', '--yes'])).code).toBe(0);
    expect(await json(world, 'catalog', 'diff')).toMatchObject({ changes: [] });
    expect(await json(world, 'catalog', 'status', '--env', 'prod')).toMatchObject({ active: { number: 1 } });
  });
});

describe.each([
  ['failures', 'list'],
  ['catalog', 'history'],
  ['catalog', 'push', '--yes'],
])('%s %s', (...command) => {
  it('says which environments there are when none of several is named', async () => {
    const world = await startWorld();
    await configureTwo(world);
    const { code, err } = await world.run([...command, '--json']);
    expect(code).toBe(2);
    expect(JSON.parse(err).error).toEqual({
      code: 'environment-missing',
      message: 'one of several environments has to be named: prod, test',
      hint: '--env prod',
    });
  });
});

describe('test-call --env', () => {
  it('never falls back to the local cloud where the stack has no hook yet', async () => {
    const world = await startWorld();
    const { context, ended } = world.start(['deploy', '--yes']);
    const timer = setInterval(() => {
      if (context.err().includes('create in progress   Firewall ')) context.interrupt();
    }, 0);
    expect((await ended).code).toBe(130);
    clearInterval(timer);
    const { code, out, err } = await world.run(['test-call', '+34612345678', '--env', 'prod', '--json']);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(JSON.parse(err).error).toMatchObject({ code: 'not-deployed', hint: 'okta-otp status --env prod' });
  });

  it('says that okta-otp.json has no client yet', async () => {
    const world = await startWorld();
    await world.run(['deploy', '--yes']);
    const { code, err } = await world.run(['test-call', '+34612345678', '--env', 'prod', '--json']);
    expect(code).toBe(2);
    expect(JSON.parse(err).error).toMatchObject({
      code: 'client-missing',
      message: 'okta-otp.json has no clientIds of the Okta hook yet',
      hint: expect.stringContaining('okta-otp deploy --env prod'),
    });
  });
});

describe('sandbox request', () => {
  it('names the Region of the environment', async () => {
    const world = await startWorld();
    await configureTwo(world);
    expect(JSON.stringify(await json(world, 'sandbox', 'request', '--env', 'test'))).toContain('eu-south-2');
  });
});

describe('identities coverage --probe', () => {
  it('asks as the deployed sender would send, and before there is one as an account does', async () => {
    const world = await startWorld();
    const probe = ['identities', 'coverage', '--countries', 'ES', '--channel', 'sms', '--probe'];
    const asked = () => world.messaging.service.requests().filter(({ operation }) => operation === 'SendTextMessage');
    await json(world, ...probe);
    expect(asked().at(-1)?.input).not.toHaveProperty('ConfigurationSetName');
    expect((await world.run(['deploy', '--yes'])).code).toBe(0);
    await json(world, ...probe);
    expect(asked().at(-1)?.input).toMatchObject({
      ConfigurationSetName: expect.stringContaining('okta-otp-prod'),
      ProtectConfigurationId: protectConfiguration,
      DryRun: true,
    });
    await json(world, ...probe, '--configuration-set', 'mine');
    expect(asked().at(-1)?.input).toMatchObject({ ConfigurationSetName: 'mine' });
  });
});

describe('init', () => {
  it('of a further environment looks at its own account, and not at the one of the first', async () => {
    const world = await startWorld();
    await world.configure({ account: '111111111111' });
    const issuer = 'https://example.okta.com/oauth2/default';
    const added = ['init', '--env', 'test', '--issuer', issuer, '--org', 'Acme', '--region', 'eu-west-1', '--yes'];
    expect(await json(world, ...added)).toMatchObject({ environment: 'test', detected: { account } });
  });
});
