import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type { DeployWorld } from '../support/deploy-world.ts';
import { useDeployWorld } from '../support/deploy-world.ts';

const startWorld = useDeployWorld();

/** A world with a second environment beside it, so that each command has to be told which one is meant. */
async function startTwo(): Promise<DeployWorld> {
  const world = await startWorld();
  const file = join(world.dir, 'okta-otp.json');
  const { environments } = JSON.parse(await readFile(file, 'utf8'));
  const dev = { ...environments.prod, stackName: 'okta-otp-dev' };
  await writeFile(file, JSON.stringify({ environments: { dev, ...environments } }));
  return world;
}

/** The profiles of the AWS configuration files, for the SDK and for the command. */
async function profiles(world: DeployWorld, text: string): Promise<Record<string, string>> {
  const env = {
    AWS_CONFIG_FILE: join(world.dir, 'aws-config'),
    AWS_SHARED_CREDENTIALS_FILE: join(world.dir, 'aws-credentials'),
  };
  await writeFile(env.AWS_CONFIG_FILE, text);
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  return env;
}

describe('what a command says to type next', () => {
  it('can be typed where several environments are: the hint of an error', async () => {
    const world = await startTwo();
    const { err } = await world.run(['deploy', '--env', 'dev']);
    expect(err).toContain('hint: okta-otp deploy --env dev --yes, or');
    const empty = await world.run(['catalog', 'status', '--env', 'dev']);
    expect(empty.err).toContain('hint: okta-otp deploy --env dev\n');
  });

  it('can be typed after a failure of AWS, too', async () => {
    const world = await startTwo();
    expect((await world.run(['deploy', '--env', 'prod', '--yes'])).code).toBe(0);
    await world.run(['catalog', 'switch', 'off', '--yes', '--env', 'prod']);
    const { err } = await world.run(['catalog', 'rollback', '9', '--env', 'prod', '--region', 'us-east-1', '--yes']);
    expect(err).toContain('hint: okta-otp catalog history --env prod --region us-east-1');
  });

  it('signs in to the profile that was just used', async () => {
    const world = await startTwo();
    const env = await profiles(world, '[profile work]\naws_access_key_id = local\naws_secret_access_key = local\n');
    world.aws.sts.failCalls({ kind: 'expired' });
    const { code, err } = await world.run(['deploy', '--env', 'prod', '--yes', '--profile', 'work'], { env });
    expect(code).toBe(4);
    expect(err).toBe(
      'error: the AWS credentials have expired\nhint: aws sso login --profile work, or name another profile with --profile\n',
    );
  });
});

describe('missing credentials', () => {
  it('are only that where no profile was named', async () => {
    const world = await startWorld();
    for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) vi.stubEnv(name, '');
    const { err } = await world.run(['status'], { env: { AWS_PROFILE: '' } });
    expect(err).toBe('error: no AWS credentials were found\nhint: aws sso login, or name a profile with --profile\n');
  });
});

describe('a profile that is not there', () => {
  it.each([
    ['of the command line', {}, ['--profile', 'nope']],
    ['of the environment', { profile: 'nope' }, []],
  ])('is called so: %s', async (_, settings, args) => {
    const world = await startWorld();
    await world.configure(settings);
    const env = await profiles(world, '[profile work]\nregion = us-east-1\n');
    for (const command of [['deploy', '--yes'], ['status'], ['catalog', 'status']]) {
      const { code, err } = await world.run([...command, ...args], { env });
      expect({ command, code, first: err.split('\n')[0] }).toEqual({
        command,
        code: 4,
        first: 'error: the profile is not in the AWS configuration files',
      });
      expect(err).toContain('aws configure list-profiles');
    }
  });

  it('is none that is there and has no credentials', async () => {
    const world = await startWorld();
    const env = await profiles(world, '[profile work]\nregion = us-east-1\n[ profile "nope" ]\nregion = us-east-1\n');
    const { code, err } = await world.run(['status', '--json', '--profile', 'nope'], { env });
    expect(code).toBe(4);
    expect(JSON.parse(err).error).toMatchObject({
      code: 'credentials-missing',
      hint: expect.stringContaining('aws sso login --profile nope'),
    });
  });
});
