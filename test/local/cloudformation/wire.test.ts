import { CreateChangeSetCommand, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Started } from './fake-stack.ts';
import { stackName, startCloudFormation } from './fake-stack.ts';

let aws: Started;
let nowMs: number;

beforeEach(async () => {
  nowMs = Date.UTC(2026, 0, 15, 12);
  aws = await startCloudFormation();
});

afterEach(() => aws.close());

describe('on the wire', () => {
  it('W1: too many calls are throttled, and change nothing', async () => {
    aws.cloudFormation.failCalls({ kind: 'throttled', operation: 'CreateChangeSet', times: 2 });
    for (let time = 0; time < 2; time += 1) {
      await expect(aws.propose({ ChangeSetType: 'CREATE' })).rejects.toMatchObject({
        name: 'Throttling',
        message: 'Rate exceeded',
        $metadata: { httpStatusCode: 400 },
      });
    }
    expect(aws.cloudFormation.stack(stackName)).toBeUndefined();
    await aws.propose({ ChangeSetType: 'CREATE' });
  });

  it('W2: expired credentials and missing permissions are refused', async () => {
    aws.cloudFormation.failCalls({ kind: 'expired' });
    await expect(aws.describe()).rejects.toMatchObject({ name: 'ExpiredToken', $metadata: { httpStatusCode: 403 } });
    aws.cloudFormation.failCalls({ kind: 'denied' });
    await expect(aws.describe()).rejects.toMatchObject({
      name: 'AccessDenied',
      message: expect.stringContaining('not authorized to perform: cloudformation:DescribeStacks'),
    });
  });

  it('W3: a call whose answer is lost has happened', async () => {
    await aws.propose({ ChangeSetType: 'CREATE' });
    await aws.cloudFormation.settle();
    aws.cloudFormation.failCalls({ kind: 'lost', operation: 'ExecuteChangeSet' });
    const ClientRequestToken = 'token-1';
    await expect(aws.execute({ ClientRequestToken })).rejects.toMatchObject({ code: 'ECONNRESET' });
    await aws.execute({ ClientRequestToken });
    await aws.cloudFormation.settle();
    expect((await aws.describe())?.StackStatus).toBe('CREATE_COMPLETE');
    expect((await aws.story()).filter((line) => line.startsWith('okta-otp CREATE_IN_PROGRESS'))).toHaveLength(1);
  });

  it('W4: an unsigned request is refused', async () => {
    const body = 'Action=DescribeStacks&Version=2010-05-15';
    const unsigned = await fetch(aws.url, { method: 'POST', body });
    expect([unsigned.status, await unsigned.text()]).toEqual([
      403,
      expect.stringContaining('<Code>MissingAuthenticationToken</Code>'),
    ]);
    const authorization = `AWS4-HMAC-SHA256 Credential=AKID/20260115/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=${'0'.repeat(64)}`;
    const other = await fetch(aws.url, { method: 'POST', body, headers: { authorization } });
    expect(await other.text()).toContain('<Code>SignatureDoesNotMatch</Code>');
    const unknown = await fetch(aws.url, {
      method: 'POST',
      body: 'Action=Nonsense',
      headers: { authorization: authorization.replace('s3', 'cloudformation') },
    });
    expect(await unknown.text()).toContain('<Code>InvalidAction</Code>');
  });

  it('W5: members that are missing or malformed are named', async () => {
    await expect(aws.propose({ StackName: 'under_score', ChangeSetType: 'CREATE' })).rejects.toMatchObject({
      name: 'ValidationError',
      message: expect.stringContaining("Value 'under_score' at 'stackName'"),
    });
    await expect(aws.propose({ ChangeSetName: '1st', ChangeSetType: 'CREATE' })).rejects.toMatchObject({
      message: expect.stringContaining("at 'changeSetName'"),
    });
    const nameless = new CreateChangeSetCommand({ StackName: stackName, ChangeSetName: undefined, TemplateBody: 'x' });
    await expect(aws.client.send(nameless)).rejects.toMatchObject({
      message:
        "1 validation error detected: Value at 'changeSetName' failed to satisfy constraint: Member must not be null",
    });
  });

  it('an outage is a 500, and a text comes back as it was sent', async () => {
    const Description = 'a < b & "c" – ünï';
    await aws.propose({ ChangeSetType: 'CREATE', Description });
    expect((await aws.describeChangeSet()).Description).toBe(Description);
    aws.cloudFormation.setFault({ kind: 'outage' });
    await expect(aws.describe()).rejects.toMatchObject({ name: 'InternalFailure', $metadata: { httpStatusCode: 500 } });
    aws.cloudFormation.clearFaults();
    expect((await aws.describe())?.StackStatus).toBe('REVIEW_IN_PROGRESS');
  });
});

describe('time', () => {
  it('passes by looking', async () => {
    await aws.close();
    aws = await startCloudFormation({ pace: { kind: 'look' } });
    await aws.propose({ ChangeSetType: 'CREATE' });
    const seen = [];
    for (let look = 0; look < 3; look += 1) seen.push((await aws.describeChangeSet()).Status);
    expect(seen).toEqual(['CREATE_PENDING', 'CREATE_IN_PROGRESS', 'CREATE_COMPLETE']);
    await aws.execute();
    let looks = 0;
    while ((await aws.describe())?.StackStatus !== 'CREATE_COMPLETE') looks += 1;
    expect(looks).toBeGreaterThan(3);
  });

  it('passes by the clock', async () => {
    await aws.close();
    aws = await startCloudFormation({ now: () => nowMs, pace: { kind: 'clock', msPerStep: 1000 } });
    await aws.propose({ ChangeSetType: 'CREATE' });
    expect((await aws.describeChangeSet()).Status).toBe('CREATE_PENDING');
    nowMs += 999;
    expect((await aws.describeChangeSet()).Status).toBe('CREATE_PENDING');
    nowMs += 1;
    expect((await aws.describeChangeSet()).Status).toBe('CREATE_IN_PROGRESS');
    nowMs += 1000;
    await aws.execute();
    nowMs += 1000;
    expect((await aws.describe())?.StackStatus).toBe('CREATE_IN_PROGRESS');
    nowMs += 60_000;
    expect((await aws.describe())?.StackStatus).toBe('CREATE_COMPLETE');
  });
});

describe('the log of calls', () => {
  it('tells which could have changed something', async () => {
    const { log } = aws.cloudFormation;
    await aws.deploy('CREATE');
    log.clear();
    await aws.client.send(new DescribeStacksCommand({}));
    expect(log.mutating()).toEqual([]);
    await aws.propose();
    await expect(aws.propose()).rejects.toMatchObject({ name: 'AlreadyExistsException' });
    expect(log.mutating()).toEqual(['cloudformation:CreateChangeSet', 'cloudformation:CreateChangeSet']);
    expect(log.calls().at(-1)?.refusal).toBe('AlreadyExistsException');
  });
});
