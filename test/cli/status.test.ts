import { describe, expect, it, vi } from 'vitest';
import type { DeployWorld } from '../support/deploy-world.ts';
import { stackName, useDeployWorld } from '../support/deploy-world.ts';

const startWorld = useDeployWorld();
const okta = { issuer: 'https://example.okta.com/oauth2/default', clientIds: ['0oa1'], scope: 'otp' };

async function startDeployed(settings: Readonly<Record<string, unknown>> = {}): Promise<DeployWorld> {
  const world = await startWorld();
  await world.configure({ okta, ...settings });
  expect((await world.run(['deploy', '--yes'])).code).toBe(0);
  return world;
}

describe('status', () => {
  it('is well when every part was read and is good', async () => {
    const world = await startDeployed();
    expect(await world.run(['status'])).toMatchObject({ code: 0, out: expect.stringMatching(/All is well\.\n$/) });
  });

  it('is not well when it knows nothing, and says of each part why, and what to do', async () => {
    const world = await startDeployed();
    for (const name of ['LAMBDA', 'DYNAMODB', 'CLOUDWATCH']) {
      vi.stubEnv(`AWS_ENDPOINT_URL_${name}`, 'http://127.0.0.1:9');
    }
    const queue = world.aws.cloudformation.stack(stackName)?.resources.get('FailuresQueue')?.physicalId ?? '';
    world.aws.queue.deleteQueue(queue.slice(queue.lastIndexOf('/') + 1));
    const { code, out } = await world.run(['status']);
    expect(code).toBe(3);
    expect(out).not.toContain('All is well');
    expect(out).toContain('NOT WELL: failures not known: the failures queue does not exist; compare the account');
    for (const name of ['sender', 'authorizer', 'catalog', 'alarms']) {
      expect(out).toMatch(
        new RegExp(`^NOT WELL: ${name} not known: AWS could not be reached \\(\\w+\\); check the network`, 'm'),
      );
    }
    const { notWell, sender } = JSON.parse((await world.run(['status', '--json'])).out);
    expect(notWell).toHaveLength(5);
    expect(sender).toMatchObject({ ok: false, hint: expect.stringContaining('check the network') });
  });

  it('is not well when what may be spent cannot be read', async () => {
    const world = await startDeployed();
    vi.stubEnv('AWS_ENDPOINT_URL_PINPOINT_SMS_VOICE_V2', 'http://127.0.0.1:9');
    const { code, out } = await world.run(['status', '--json']);
    expect(code).toBe(3);
    expect(JSON.parse(out).notWell).toEqual([expect.stringContaining('messaging not known: ')]);
  });

  it.each([
    [{ clientIds: [], scope: undefined }, 'no clientIds and no scope'],
    [{ clientIds: [] }, 'no clientIds'],
    [{ scope: undefined }, 'no scope'],
  ])('is not well when the hook refuses everybody for %j', async (missing, words) => {
    const world = await startDeployed({ okta: { ...okta, ...missing } });
    const { code, out } = await world.run(['status', '--env', 'prod']);
    expect(code).toBe(3);
    expect(out).toContain(
      `NOT WELL: the hook refuses everybody, as it knows ${words}: put what is missing into okta-otp.json, then okta-otp deploy --env prod\n`,
    );
  });

  it('names the environment in what it says to type', async () => {
    const world = await startDeployed();
    await world.run(['catalog', 'switch', 'off', '--yes']);
    const { out } = await world.run(['status', '--env', 'prod', '--region', 'us-east-1']);
    expect(out).toContain(
      'NOT WELL: sending is switched off: okta-otp catalog switch on --env prod --region us-east-1\n',
    );
  });
});
