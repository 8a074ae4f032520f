import { CloudFormationClient, UpdateTerminationProtectionCommand } from '@aws-sdk/client-cloudformation';
import { describe, expect, it, vi } from 'vitest';
import type { ChangeSetRequest, StackEvent } from '../../src/aws/stack.ts';
import { createStackApi } from '../../src/aws/stack.ts';
import { proposeChanges } from '../../src/deploy/propose-changes.ts';
import { lastEventOf, watchStack } from '../../src/deploy/watch-stack.ts';
import type { LocalAwsOptions } from '../../src/local/aws.ts';
import { serve } from '../../src/local/serve.ts';
import { template } from '../local/cloudformation/fake-stack.ts';
import { useOperatorAws } from '../support/operator-aws.ts';

const start = useOperatorAws();
const never = new AbortController().signal;
const stackName = 'okta-otp-prod';
const parameters = { Stage: 'prod', TimeoutSeconds: '5' };

async function open(options: Partial<LocalAwsOptions> = {}) {
  const world = await start(options);
  const stacks = world.opened(createStackApi(world.access));
  const { clock, aws } = world;
  let ids = 0;
  const request = (more: Partial<ChangeSetRequest> = {}): ChangeSetRequest => {
    ids += 1;
    return {
      ...{ stackName, id: `id-${ids}`, create: false, template: { body: template }, parameters, tags: {} },
      ...more,
    };
  };
  const propose = (more: Partial<ChangeSetRequest> = {}, signal = never) =>
    proposeChanges({ stacks, clock }, request(more), signal);
  /** Brings the stack to what a request says, and gives what was told of it. */
  async function bring(more: Partial<ChangeSetRequest> = {}) {
    const proposal = await propose(more);
    if (proposal === undefined) throw new Error('nothing changes');
    const { id, stackId } = proposal.changeSet;
    const since = await lastEventOf(stacks, stackId, never);
    await stacks.execute(id, 'token', never);
    const told: StackEvent[] = [];
    const watched = await watchStack(
      { stacks, clock },
      { stackId, since, onEvent: (event) => void told.push(event) },
      never,
    );
    return { ...watched, stackId, told };
  }
  return { ...world, stacks, cloud: aws.cloudformation, log: aws.log, request, propose, bring };
}

describe('a stack', () => {
  it('is not found by a name that none has', async () => {
    const { stacks } = await open();
    await expect(stacks.find(stackName, never)).resolves.toBeUndefined();
  });

  it('is as it was brought up, with everything that is known of it', async () => {
    const { stacks, bring, clock } = await open();
    const { status, stackId } = await bring({ create: true, tags: { team: 'identity' } });
    expect(status).toBe('CREATE_COMPLETE');
    const stack = await stacks.find(stackName, never);
    expect(stack).toMatchObject({
      id: stackId,
      name: stackName,
      status: 'CREATE_COMPLETE',
      reason: undefined,
      parameters: { Stage: 'prod', TimeoutSeconds: '5' },
      outputs: { TableName: expect.any(String), SenderArn: expect.stringMatching(/^arn:aws:lambda:/) },
      tags: { team: 'identity' },
      isProtected: false,
    });
    expect(stack?.changedAt).toBeGreaterThan(0);
    expect(stack?.changedAt).toBeLessThanOrEqual(clock.now());
    await expect(stacks.template(stackName, never)).resolves.toBe(template);
  });

  it('has resources on as many pages as there are', async () => {
    const { stacks, bring } = await open({ pageSize: 1 });
    await bring({ create: true });
    const resources = await stacks.resources(stackName, never);
    expect(resources.map(({ logicalId }) => logicalId).sort()).toEqual(['Alarm', 'Role', 'Sender', 'Table']);
    expect(resources.find(({ logicalId }) => logicalId === 'Table')).toMatchObject({
      type: 'AWS::DynamoDB::Table',
      status: 'CREATE_COMPLETE',
      physicalId: expect.stringMatching(/./),
    });
  });

  it('that is deleted is found by its id alone, and cannot be deleted twice', async () => {
    const { stacks, bring, clock } = await open();
    const { stackId } = await bring({ create: true });
    const since = await lastEventOf(stacks, stackId, never);
    await stacks.remove(stackId, 'delete', never);
    const { status } = await watchStack({ stacks, clock }, { stackId, since, onEvent() {} }, never);
    expect(status).toBe('DELETE_COMPLETE');
    await expect(stacks.find(stackName, never)).resolves.toBeUndefined();
    await expect(stacks.find(stackId, never)).resolves.toMatchObject({ status: 'DELETE_COMPLETE' });
    await expect(stacks.remove(stackId, 'again', never)).resolves.toBeUndefined();
  });

  it('tells when it was changed last, and whether it may be deleted', async () => {
    const { stacks, bring, clock, aws } = await open();
    await bring({ create: true });
    clock.pass(86_400_000);
    const from = clock.now();
    await bring({ parameters: { ...parameters, TimeoutSeconds: '9' } });
    const client = new CloudFormationClient({ region: aws.region });
    await client.send(
      new UpdateTerminationProtectionCommand({ StackName: stackName, EnableTerminationProtection: true }),
    );
    client.destroy();
    const stack = await stacks.find(stackName, never);
    expect(stack?.isProtected).toBe(true);
    expect(stack?.changedAt).toBeGreaterThanOrEqual(from);
  });

  it('loses its tags when there are to be none', async () => {
    const { stacks, bring } = await open();
    await bring({ create: true, tags: { team: 'identity' } });
    await expect(bring({ tags: {} })).resolves.toMatchObject({ status: 'UPDATE_COMPLETE' });
    await expect(stacks.find(stackName, never)).resolves.toMatchObject({ tags: {} });
  });
});

describe('events', () => {
  it('are told once each, the oldest first, on however many pages', async () => {
    for (const pageSize of [1, 3, 100]) {
      const { bring, stacks } = await open({ pageSize });
      const { told, stackId } = await bring({ create: true });
      const all: StackEvent[] = [];
      for await (const page of stacks.events(stackId, never)) all.unshift(...page.toReversed());
      // All but that there is something to review, which was before.
      expect(told).toEqual(all.slice(1));
      expect(new Set(told.map(({ id }) => id)).size).toBe(told.length);
      expect(told[0]).toMatchObject({ ofStack: true, status: 'CREATE_IN_PROGRESS', reason: 'User Initiated' });
      expect(told.find(({ logicalId }) => logicalId === 'Table')).toMatchObject({
        type: 'AWS::DynamoDB::Table',
        ofStack: false,
      });
      expect(told.at(-1)).toMatchObject({ ofStack: true, status: 'CREATE_COMPLETE' });
    }
  });

  it('say which resource failed first', async () => {
    const { bring, cloud } = await open();
    cloud.failResource({ logicalId: 'Table', on: 'create', reason: 'no more tables' });
    const { status, failure } = await bring({ create: true });
    expect(status).toBe('ROLLBACK_COMPLETE');
    expect(failure).toMatchObject({ logicalId: 'Table', status: 'CREATE_FAILED', reason: 'no more tables' });
  });

  it('of going back that was asked for do not say that something failed', async () => {
    const { bring, stacks, cloud, clock } = await open();
    await bring({ create: true });
    cloud.failResource({ logicalId: 'Sender', on: 'update', reason: 'no' });
    cloud.failResource({ logicalId: 'Sender', on: 'rollback', reason: 'no!', times: 1 });
    const failed = await bring({ parameters: { ...parameters, TimeoutSeconds: '9' } });
    expect(failed).toMatchObject({ status: 'UPDATE_ROLLBACK_FAILED', failure: { reason: 'no' } });
    const { stackId } = failed;
    const since = await lastEventOf(stacks, stackId, never);
    await stacks.continueRollback(stackId, 'continue', never);
    const again = await watchStack({ stacks, clock }, { stackId, since, onEvent() {} }, never);
    expect(again).toMatchObject({ status: 'UPDATE_ROLLBACK_COMPLETE', failure: undefined });
  });
});

describe('a change set', () => {
  it('tells what would change, on however many pages', async () => {
    const { bring, propose } = await open({ pageSize: 1 });
    const created = await propose({ create: true });
    expect(created?.changeSet.changes.map(({ action, logicalId }) => `${action} ${logicalId}`).sort()).toEqual([
      'add Alarm',
      'add Role',
      'add Sender',
      'add Table',
    ]);
    await created?.withdraw(never);
    await bring({ create: true });
    const changed = await propose({ parameters: { ...parameters, TimeoutSeconds: '9' } });
    expect(changed?.changeSet).toMatchObject({
      status: 'ready',
      changes: [
        { logicalId: 'Sender', type: 'AWS::Lambda::Function', action: 'modify', replacement: 'no', parts: ['Timeout'] },
      ],
    });
  });

  it('is none when nothing would change, and the stack keeps no trace of it', async () => {
    const { bring, propose, cloud } = await open();
    await bring({ create: true });
    const before = [...(cloud.stack(stackName)?.changeSets.keys() ?? [])];
    await expect(propose()).resolves.toBeUndefined();
    expect([...(cloud.stack(stackName)?.changeSets.keys() ?? [])]).toEqual(before);
  });

  it('is none when only words differ that are no resource', async () => {
    const { bring, propose } = await open();
    await bring({ create: true });
    const body = template.replace('Description: A small stack', 'Description: A stack');
    await expect(propose({ template: { body } })).resolves.toBeUndefined();
  });

  it('that is being made is not removed, and that is no failure: whoever wants it gone waits', async () => {
    const { stacks, request, cloud } = await open();
    const id = await stacks.propose(request({ create: true }), never);
    await expect(stacks.discard(id, never)).resolves.toBeUndefined();
    expect(cloud.stack(stackName)?.changeSets.size).toBe(1);
    await cloud.settle();
    await stacks.discard(id, never);
    expect(cloud.stack(stackName)?.changeSets.size).toBe(0);
  });

  it('of which the creation fails keeps nothing, whatever the template retains', async () => {
    const { stacks, opened } = await open();
    let asked = new URLSearchParams();
    const server = await serve(async (request) => {
      asked = new URLSearchParams(await request.text());
      return new Response('<ExecuteChangeSetResponse><ExecuteChangeSetResult/></ExecuteChangeSetResponse>', {
        headers: { 'content-type': 'text/xml' },
      });
    });
    opened(server);
    vi.stubEnv('AWS_ENDPOINT_URL_CLOUDFORMATION', server.url);
    await stacks.execute('arn:aws:cloudformation:x', 'token', never);
    expect(Object.fromEntries(asked)).toMatchObject({
      Action: 'ExecuteChangeSet',
      RetainExceptOnCreate: 'true',
      ClientRequestToken: 'token',
    });
  });

  it('is asked for once, also when the answer is lost', async () => {
    const { propose, cloud } = await open();
    cloud.failCalls({ operation: 'CreateChangeSet', kind: 'lost' });
    const proposal = await propose({ create: true });
    expect(proposal?.changeSet.status).toBe('ready');
    expect(cloud.stack(stackName)?.changeSets.size).toBe(1);
  });

  it('is found by the request that it was made for, and not before', async () => {
    const { stacks, request } = await open();
    const wanted = request({ create: true });
    await expect(stacks.proposed(wanted, never)).resolves.toBeUndefined();
    const id = await stacks.propose(wanted, never);
    await expect(stacks.proposed(wanted, never)).resolves.toBe(id);
    await expect(stacks.proposed(request(), never)).resolves.toBeUndefined();
  });

  it('has expired when somebody else has taken it away', async () => {
    const { stacks, propose, cloud } = await open();
    const proposal = await propose({ create: true });
    const { id = '' } = proposal?.changeSet ?? {};
    for (const name of cloud.stack(stackName)?.changeSets.keys() ?? []) cloud.forgetChangeSet(stackName, name);
    const expired = { code: 'change-set-expired', exitCode: 1, hint: 'okta-otp deploy' };
    await expect(stacks.changeSet(id, never)).rejects.toMatchObject(expired);
    await expect(stacks.execute(id, 'token', never)).rejects.toMatchObject(expired);
    // What is gone need not be removed; the empty stack goes.
    await proposal?.withdraw(never);
    expect(cloud.stack(stackName)).toBeUndefined();
  });

  it('has expired when it was executed already, and is executed once for one token', async () => {
    const { stacks, propose } = await open();
    const { id = '' } = (await propose({ create: true }))?.changeSet ?? {};
    await stacks.execute(id, 'one', never);
    await expect(stacks.execute(id, 'one', never)).resolves.toBeUndefined();
    await expect(stacks.execute(id, 'two', never)).rejects.toMatchObject({ code: 'change-set-expired' });
  });

  it('cannot be made while somebody else changes the stack, has made it, or has deleted it', async () => {
    const { stacks, propose, bring, request } = await open({ pace: { kind: 'clock', msPerStep: 1_000 } });
    const overtaken = {
      code: 'change-set-expired',
      message: 'the plan no longer holds: the stack was changed meanwhile',
    };
    await expect(stacks.propose(request(), never)).rejects.toMatchObject(overtaken);
    await bring({ create: true });
    await expect(stacks.propose(request({ create: true }), never)).rejects.toMatchObject(overtaken);
    const { id = '' } = (await propose({ parameters: { ...parameters, TimeoutSeconds: '9' } }))?.changeSet ?? {};
    await stacks.execute(id, 'token', never);
    await expect(stacks.propose(request(), never)).rejects.toMatchObject(overtaken);
  });

  it('of a template that CloudFormation does not accept says what is wrong with it', async () => {
    const { stacks, request } = await open();
    const refused = (more: Partial<ChangeSetRequest>) => stacks.propose(request({ create: true, ...more }), never);
    await expect(refused({ template: { body: 'Resources: {}' } })).rejects.toMatchObject({
      code: 'stack-template-refused',
      message: expect.stringContaining('At least one Resources member must be defined'),
    });
    await expect(refused({ parameters: { Stage: 'other' } })).rejects.toMatchObject({ code: 'stack-template-refused' });
    // It is said of the template, and not of the stack, that it does not exist.
    await expect(refused({ template: { url: 'https://bucket.s3.amazonaws.com/x.yaml' } })).rejects.toMatchObject({
      code: 'stack-template-refused',
      message: expect.stringContaining('The specified key does not exist'),
    });
  });

  it('of an update that is being made on Ctrl-C is removed once it is made', async () => {
    const { bring, propose, cloud } = await open();
    await bring({ create: true });
    const stop = new AbortController();
    const executed = [...(cloud.stack(stackName)?.changeSets.keys() ?? [])];
    const proposed = expect(
      propose({ parameters: { ...parameters, TimeoutSeconds: '9' } }, stop.signal),
    ).rejects.toThrow('stopped');
    const timer = setInterval(() => {
      const made = [...(cloud.stack(stackName)?.changeSets.values() ?? [])].at(-1);
      if (made?.status === 'CREATE_PENDING' || made?.status === 'CREATE_IN_PROGRESS') stop.abort(new Error('stopped'));
    }, 0);
    await proposed;
    clearInterval(timer);
    expect([...(cloud.stack(stackName)?.changeSets.keys() ?? [])]).toEqual(executed);
  });
});

describe('CloudFormation', () => {
  it('that throttles is asked again after a pause, and given up after half a minute', async () => {
    const { stacks, cloud, clock } = await open();
    cloud.failCalls({ kind: 'throttled', times: 2 });
    const from = clock.now();
    await expect(stacks.find(stackName, never)).resolves.toBeUndefined();
    expect(clock.now() - from).toBe(1_500);
    cloud.failCalls({ kind: 'throttled', times: 100 });
    await expect(stacks.find(stackName, never)).rejects.toMatchObject({ code: 'aws-throttled', exitCode: 1 });
    expect(clock.now() - from).toBe(1_500 + 30_500);
  });

  it('that throttles in the middle of the pages leaves nothing out', async () => {
    const { stacks, bring, cloud } = await open({ pageSize: 1 });
    const { stackId, told } = await bring({ create: true });
    const seen: string[] = [];
    for await (const page of stacks.events(stackId, never)) {
      seen.unshift(...page.map(({ id }) => id));
      cloud.failCalls({ operation: 'DescribeStackEvents', kind: 'throttled' });
    }
    expect(seen.slice(1)).toEqual(told.map(({ id }) => id));
    cloud.clearFaults();
    cloud.failCalls({ operation: 'ListStackResources', kind: 'throttled', times: 3 });
    await expect(stacks.resources(stackName, never)).resolves.toHaveLength(4);
  });

  it('asks for a new sign-in once credentials have expired, whatever it was asked', async () => {
    const { stacks, cloud, request, bring } = await open();
    const { stackId } = await bring({ create: true });
    const asked: readonly (() => Promise<unknown>)[] = [
      () => stacks.find(stackName, never),
      () => stacks.template(stackName, never),
      () => stacks.propose(request(), never),
      () => stacks.proposed(request(), never),
      () => stacks.changeSet('arn:aws:cloudformation:x', never),
      () => stacks.execute('arn:aws:cloudformation:x', 'token', never),
      () => stacks.discard('arn:aws:cloudformation:x', never),
      () => stacks.remove(stackId, 'token', never),
      () => stacks.continueRollback(stackId, 'token', never),
      () => stacks.resources(stackName, never),
      () => lastEventOf(stacks, stackId, never),
    ];
    for (const ask of asked) {
      cloud.failCalls({ kind: 'expired' });
      await expect(ask()).rejects.toMatchObject({
        code: 'credentials-expired',
        exitCode: 4,
        message: 'the AWS credentials have expired',
        hint: 'aws sso login, or name a profile with --profile',
      });
    }
  });

  it('that does not allow something names the permission', async () => {
    const { stacks, cloud, request } = await open();
    cloud.failCalls({ operation: 'CreateChangeSet', kind: 'denied' });
    await expect(stacks.propose(request({ create: true }), never)).rejects.toMatchObject({
      code: 'access-denied',
      exitCode: 4,
      message: 'these credentials may not use the CloudFormation stack',
      hint: 'they need cloudformation:CreateChangeSet',
    });
  });
});
