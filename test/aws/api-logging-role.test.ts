import { describe, expect, it } from 'vitest';
import { createApiLoggingRole } from '../../src/aws/api-logging-role.ts';
import type { LocalAwsOptions } from '../../src/local/aws.ts';
import { useOperatorAws } from '../support/operator-aws.ts';

const start = useOperatorAws();
const never = new AbortController().signal;
const apiLoggingRoleName = 'acme-api-gateway-logs';
const arn = `arn:aws:iam::000000000000:role/${apiLoggingRoleName}`;
const logging = 'arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs';

async function open(options: Partial<LocalAwsOptions> = {}) {
  const world = await start(options);
  return {
    ...world,
    log: world.aws.log,
    role: world.opened(createApiLoggingRole({ ...world.access, namePrefix: 'acme' })),
  };
}

describe("API Gateway's logging role", () => {
  it('is none in an account that has none', async () => {
    const { role } = await open();
    await expect(role.current(never)).resolves.toBeUndefined();
    const empty = await open({ cloudwatchRoleArn: '' });
    await expect(empty.role.current(never)).resolves.toBeUndefined();
  });

  it('is the one that the account has, and looking changes nothing', async () => {
    const { role, log } = await open({ cloudwatchRoleArn: 'arn:aws:iam::000000000000:role/theirs' });
    await expect(role.current(never)).resolves.toBe('arn:aws:iam::000000000000:role/theirs');
    expect(log.mutating()).toEqual([]);
  });

  it('is made with what it needs and no more, and given to API Gateway', async () => {
    const { role, aws, log } = await open();
    await role.create('aws', never);
    const made = aws.iam.role(apiLoggingRoleName);
    expect([...(made?.policyArns ?? [])]).toEqual([logging]);
    expect(JSON.parse(made?.assumeRolePolicy ?? '')).toEqual({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { Service: 'apigateway.amazonaws.com' }, Action: 'sts:AssumeRole' }],
    });
    await expect(role.current(never)).resolves.toBe(arn);
    expect(log.mutating()).toEqual(['iam:CreateRole', 'iam:AttachRolePolicy', 'apigateway:UpdateAccount']);
  });

  it('is given again until API Gateway knows of it', async () => {
    const { role, aws, clock } = await open({ roleDelayMs: 12_000 });
    const from = clock.now();
    await role.create('aws', never);
    expect(aws.apiGateway.cloudwatchRoleArn()).toBe(arn);
    expect(clock.now() - from).toBe(15_000);
  });

  it('that is never accepted is given up after a minute, and the next time goes on with it', async () => {
    const { role, aws, clock, log } = await open({ roleDelayMs: 70_000 });
    const from = clock.now();
    await expect(role.create('aws', never)).rejects.toMatchObject({
      code: 'logging-role-refused',
      hint: 'run the command again in a minute',
    });
    expect(clock.now() - from).toBe(55_000);
    clock.pass(60_000);
    log.clear();
    await role.create('aws', never);
    expect(aws.apiGateway.cloudwatchRoleArn()).toBe(arn);
    expect(log.calls().filter(({ refusal }) => refusal !== undefined)).toMatchObject([
      { operation: 'CreateRole', refusal: 'EntityAlreadyExists' },
    ]);
  });

  it('is made once, also when the answers are lost', async () => {
    const { role, aws } = await open();
    aws.iam.failCalls({ operation: 'CreateRole', kind: 'lost' });
    aws.iam.failCalls({ operation: 'AttachRolePolicy', kind: 'lost' });
    aws.apiGateway.failCalls({ operation: 'UpdateAccount', kind: 'lost' });
    await role.create('aws', never);
    expect(aws.apiGateway.cloudwatchRoleArn()).toBe(arn);
  });

  it('bears that API Gateway lets its settings be changed once in twenty seconds', async () => {
    const { role, aws } = await open();
    aws.apiGateway.failCalls({ operation: 'UpdateAccount', kind: 'throttled', times: 5 });
    await role.create('aws', never);
    expect(aws.apiGateway.cloudwatchRoleArn()).toBe(arn);
  });

  it('that may not be made says which permission is missing', async () => {
    const { role, aws } = await open();
    aws.iam.failCalls({ operation: 'CreateRole', kind: 'denied' });
    await expect(role.create('aws', never)).rejects.toMatchObject({
      code: 'access-denied',
      hint: 'they need iam:CreateRole',
    });
    aws.apiGateway.failCalls({ operation: 'UpdateAccount', kind: 'denied' });
    await expect(role.create('aws', never)).rejects.toMatchObject({
      code: 'access-denied',
      hint: 'they need apigateway:PATCH',
    });
  });

  it('is not waited for after Ctrl-C', async () => {
    const stop = new AbortController();
    const { role, log } = await open({ roleDelayMs: 60_000 });
    const created = expect(role.create('aws', stop.signal)).rejects.toThrow('stopped');
    const timer = setInterval(() => {
      if (log.mutating().includes('apigateway:UpdateAccount')) stop.abort(new Error('stopped'));
    }, 0);
    await created;
    clearInterval(timer);
  });
});
