import { describe, expect, it, vi } from 'vitest';
import { useDeployWorld } from '../support/deploy-world.ts';
import { documents } from '../support/json-documents.ts';

const startWorld = useDeployWorld();
const noticesIn = (out: string) =>
  documents(out)
    .filter(({ type }) => type === 'notice')
    .map(({ about }) => about);

const account = [
  { action: 'add', what: 'AWS::IAM::Role', name: 'okta-otp-api-gateway-logs' },
  { action: 'modify', what: "API Gateway's account setting", name: 'cloudwatchRoleArn' },
];

describe('what a deployment makes for the whole account', () => {
  it('stands in the plan before anybody says yes, and in a dry run', async () => {
    const world = await startWorld();
    for (const { err } of [await world.run(['deploy'], { typed: 'n' }), await world.run(['deploy', '--dry-run'])]) {
      expect(err).toContain('Account: outlives the stack, and all APIs of the account and Region use it\n');
      expect(err).toContain('  + okta-otp-api-gateway-logs  AWS::IAM::Role\n');
      expect(err).toContain("  ~ cloudwatchRoleArn  API Gateway's account setting\n");
    }
    const { out } = await world.run(['deploy', '--dry-run', '--json']);
    expect(documents(out).find(({ type }) => type === 'plan')).toMatchObject({ account });
    expect(world.aws.apiGateway.cloudwatchRoleArn()).toBeUndefined();
  });

  it('is nothing where the account has it', async () => {
    const world = await startWorld({ cloudwatchRoleArn: 'arn:aws:iam::000000000000:role/theirs' });
    const { err } = await world.run(['deploy', '--yes']);
    expect(err).not.toContain('Account: ');
    expect(world.aws.apiGateway.cloudwatchRoleArn()).toBe('arn:aws:iam::000000000000:role/theirs');
    await world.configure({ functions: { memoryMb: 512 } });
    const { out } = await world.run(['deploy', '--dry-run', '--json']);
    expect(documents(out).find(({ type }) => type === 'plan')).toMatchObject({ account: [] });
  });

  it('is shown by a dry run that may not look, which says so', async () => {
    const world = await startWorld();
    world.aws.apiGateway.failCalls({ kind: 'denied', times: 2 });
    const { code, err } = await world.run(['deploy', '--dry-run']);
    expect(code).toBe(0);
    expect(err).toContain('Whether API Gateway may write logs already could not be read (');
    expect(err).toContain('okta-otp-api-gateway-logs');
    const { out } = await world.run(['deploy', '--dry-run', '--json']);
    expect(noticesIn(out)).toEqual(['logging-role']);
    world.aws.apiGateway.failCalls({ kind: 'denied' });
    expect((await world.run(['deploy', '--yes'])).code).toBe(4);
    expect(world.aws.log.mutating()).not.toContain('cloudformation:ExecuteChangeSet');
  });
});

describe('what could not be found out', () => {
  it('is an event in JSON too', async () => {
    const world = await startWorld();
    expect((await world.run(['deploy', '--yes'])).code).toBe(0);
    vi.stubEnv('AWS_ENDPOINT_URL_PINPOINT_SMS_VOICE_V2', 'http://127.0.0.1:9');
    const { code, out } = await world.run(['deploy', '--yes', '--json']);
    expect(code).toBe(0);
    expect(noticesIn(out)).toEqual(['spend-limits', 'blocks']);
    expect(documents(out).find(({ type }) => type === 'notice')).toMatchObject({
      words: expect.stringContaining('The spend limits could not be read (AWS could not be reached'),
    });
    const compared = JSON.parse((await world.run(['diff', '--json'])).out);
    expect(compared.notices).toEqual([expect.stringContaining('The spend limits could not be read')]);
  });
});
