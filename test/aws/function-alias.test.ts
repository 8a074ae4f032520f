import { describe, expect, it } from 'vitest';
import { createFunctions } from '../../src/aws/function-alias.ts';
import { createStackApi } from '../../src/aws/stack.ts';
import { proposeChanges } from '../../src/deploy/propose-changes.ts';
import type { InvokeResult } from '../../src/local/start-environment.ts';
import { useOperatorAws } from '../support/operator-aws.ts';

const start = useOperatorAws();
const never = new AbortController().signal;
const stackName = 'okta-otp-prod';

const template = (routing = '') => `
Resources:
  Sender:
    Type: AWS::Lambda::Function
    Properties: { Role: 'arn:aws:iam::000000000000:role/x', Code: { S3Bucket: b, S3Key: k } }
  One:
    Type: AWS::Lambda::Version
    Properties: { FunctionName: !Ref Sender, Description: one }
  Two:
    Type: AWS::Lambda::Version
    DependsOn: One
    Properties: { FunctionName: !Ref Sender, Description: two }
  Live:
    Type: AWS::Lambda::Alias
    DependsOn: Two
    Properties: { FunctionName: !Ref Sender, Name: live, FunctionVersion: !GetAtt One.Version${routing} }
Outputs:
  Alias: { Value: !Ref Live }
`;
const canary =
  ', RoutingConfig: { AdditionalVersionWeights: [{ FunctionVersion: !GetAtt Two.Version, FunctionWeight: 0.1 }] }';

/** A stack with a function and its alias, and what is invoked. */
async function open({
  routing = '',
  result = { kind: 'answered', payload: { ok: true } },
}: {
  routing?: string;
  result?: InvokeResult;
} = {}) {
  const events: unknown[] = [];
  const world = await start({
    functionOf: () => ({
      async invoke(event) {
        events.push(event);
        return result;
      },
    }),
  });
  const stacks = world.opened(createStackApi(world.access));
  const request = {
    stackName,
    id: 'id',
    create: true,
    template: { body: template(routing) },
    parameters: {},
    tags: {},
  };
  const proposal = await proposeChanges({ stacks, clock: world.clock }, request, never);
  await stacks.execute(proposal?.changeSet.id ?? '', 'token', never);
  await world.aws.cloudformation.settle();
  const stack = await stacks.find(stackName, never);
  expect(stack?.status).toBe('CREATE_COMPLETE');
  const functions = world.opened(createFunctions(world.access));
  return { ...world, functions, events, alias: stack?.outputs['Alias'] ?? '' };
}

describe('an alias', () => {
  it('leads to a version', async () => {
    const { functions, alias } = await open();
    expect(alias).toMatch(/^arn:aws:lambda:us-east-1:000000000000:function:.+:live$/);
    await expect(functions.alias(alias, never)).resolves.toEqual({ version: '1', shifting: undefined });
  });

  it('leads to a second version while a canary runs', async () => {
    const { functions, alias } = await open({ routing: canary });
    await expect(functions.alias(alias, never)).resolves.toEqual({
      version: '1',
      shifting: { version: '2', share: 0.1 },
    });
  });

  it('is none where there is no such alias, or no function', async () => {
    const { functions, alias } = await open();
    await expect(functions.alias(alias.replace(/live$/, 'other'), never)).resolves.toBeUndefined();
    const other = 'arn:aws:lambda:us-east-1:000000000000:function:other:live';
    await expect(functions.alias(other, never)).resolves.toBeUndefined();
  });

  it('is none where a stack has no ARN of one, without asking', async () => {
    const { functions, aws } = await open();
    aws.log.clear();
    await expect(functions.alias('', never)).resolves.toBeUndefined();
    expect(aws.log.calls()).toEqual([]);
  });

  it('is asked for again after throttling', async () => {
    const { functions, alias, aws } = await open();
    aws.lambda.failCalls({ kind: 'throttled', times: 2 });
    await expect(functions.alias(alias, never)).resolves.toMatchObject({ version: '1' });
  });

  it('that may not be looked at names the permission, and expired credentials ask for a new sign-in', async () => {
    const { functions, alias, aws } = await open();
    aws.lambda.failCalls({ kind: 'denied' });
    await expect(functions.alias(alias, never)).rejects.toMatchObject({
      exitCode: 4,
      hint: 'they need lambda:GetAlias',
    });
    aws.lambda.failCalls({ kind: 'expired' });
    await expect(functions.alias(alias, never)).rejects.toMatchObject({ exitCode: 4, code: 'credentials-expired' });
  });
});

describe('a function', () => {
  it('is given the event, and gives its answer as it stands', async () => {
    const { functions, alias, events } = await open();
    await expect(functions.invoke(alias, { a: [1] }, never)).resolves.toEqual({
      payload: '{"ok":true}',
      failed: false,
    });
    expect(events).toEqual([{ a: [1] }]);
  });

  it('that fails says so', async () => {
    const { functions, alias } = await open({ result: { kind: 'timed-out' } });
    await expect(functions.invoke(alias, {}, never)).resolves.toMatchObject({ failed: true });
  });

  it('that is not there is refused', async () => {
    const { functions } = await open();
    await expect(functions.invoke('other:live', {}, never)).rejects.toMatchObject({ code: 'aws-refused' });
  });
});
