import {
  ContinueUpdateRollbackCommand,
  DeleteStackCommand,
  DescribeEventsCommand,
  DescribeStackEventsCommand,
  DescribeStackResourcesCommand,
  ListStackResourcesCommand,
  RollbackStackCommand,
  UpdateTerminationProtectionCommand,
} from '@aws-sdk/client-cloudformation';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ResourceAction } from '../../../src/local/cloudformation/account.ts';
import type { Started } from './fake-stack.ts';
import { stackName, startCloudFormation, template } from './fake-stack.ts';

let aws: Started;
/** What exists for real: physical ids by logical id, oldest first. */
let real: string[];

beforeEach(async () => {
  real = [];
  aws = await startCloudFormation({
    provision({ action, logicalId, physicalId }: ResourceAction) {
      if (action === 'create') real.push(`${logicalId} ${physicalId}`);
      if (action === 'delete') real.splice(real.indexOf(`${logicalId} ${physicalId}`), 1);
    },
  });
});

afterEach(() => aws.close());

const slower = { Parameters: [{ ParameterKey: 'TimeoutSeconds', ParameterValue: '9' }] };
const otherKey = template.replace('AttributeName: pk, KeyType', 'AttributeName: id, KeyType');
const withTopic = (text = template) =>
  text.replace('Resources:\n', 'Resources:\n  Topic: { Type: AWS::SNS::Topic, DependsOn: Sender }\n');
const ids = () => real.map((entry) => entry.split(' ')[0]);
const status = async () => (await aws.describe())?.StackStatus;
const remove = async (input = {}) => {
  await aws.client.send(new DeleteStackCommand({ StackName: stackName, ...input }));
  await aws.cloudFormation.settle();
};
/** What happened since a number of events. */
const since = async (count: number) => (await aws.story()).slice(count);

describe('creating a stack', () => {
  it('S1: makes each resource after what it refers to', async () => {
    await aws.propose({ ChangeSetType: 'CREATE' });
    await aws.cloudFormation.settle();
    await aws.execute();
    expect(await status()).toBe('CREATE_IN_PROGRESS');
    await aws.cloudFormation.settle();
    expect(await aws.story()).toEqual([
      'okta-otp REVIEW_IN_PROGRESS: User Initiated',
      'okta-otp CREATE_IN_PROGRESS: User Initiated',
      'Role CREATE_IN_PROGRESS',
      'Role CREATE_IN_PROGRESS: Resource creation Initiated',
      'Table CREATE_IN_PROGRESS',
      'Table CREATE_IN_PROGRESS: Resource creation Initiated',
      'Role CREATE_COMPLETE',
      'Table CREATE_COMPLETE',
      'Sender CREATE_IN_PROGRESS',
      'Sender CREATE_IN_PROGRESS: Resource creation Initiated',
      'Sender CREATE_COMPLETE',
      'Alarm CREATE_IN_PROGRESS',
      'Alarm CREATE_IN_PROGRESS: Resource creation Initiated',
      'Alarm CREATE_COMPLETE',
      'okta-otp CREATE_COMPLETE',
    ]);
    expect(ids()).toEqual(['Role', 'Table', 'Sender', 'Alarm']);
  });

  it('S2: is undone when a resource fails', async () => {
    aws.cloudFormation.failResource({ logicalId: 'Role', on: 'create', reason: 'Access denied for iam:CreateRole' });
    await aws.deploy('CREATE');
    expect(await since(6)).toEqual([
      'Role CREATE_FAILED: Access denied for iam:CreateRole',
      'Table CREATE_FAILED: Resource creation cancelled',
      'okta-otp ROLLBACK_IN_PROGRESS: The following resource(s) failed to create: [Role, Table]. Rollback requested by user.',
      'Table DELETE_IN_PROGRESS',
      'Table DELETE_COMPLETE',
      'Role DELETE_IN_PROGRESS',
      'Role DELETE_COMPLETE',
      'okta-otp ROLLBACK_COMPLETE',
    ]);
    expect(await aws.describe()).toMatchObject({ StackStatus: 'ROLLBACK_COMPLETE', Outputs: [] });
    expect((await aws.describeChangeSet('deploy-CREATE')).ExecutionStatus).toBe('EXECUTE_FAILED');
    expect(real).toEqual([]);
  });

  it('S3: leaves or deletes what was made, if it is asked to', async () => {
    aws.cloudFormation.failResource({ logicalId: 'Sender', on: 'create', reason: 'no', times: 2 });
    await aws.deploy('CREATE', { OnStackFailure: 'DELETE' });
    await expect(status()).rejects.toMatchObject({ message: 'Stack with id okta-otp does not exist' });
    expect(real).toEqual([]);
    await aws.deploy('CREATE', { OnStackFailure: 'DO_NOTHING' });
    expect(await status()).toBe('CREATE_FAILED');
    expect(ids()).toEqual(['Role', 'Table']);
    await aws.deploy('UPDATE');
    expect(await status()).toBe('UPDATE_COMPLETE');
    expect(ids()).toEqual(['Role', 'Table', 'Sender', 'Alarm']);
    await expect(aws.propose({ ...slower, OnStackFailure: 'DELETE' })).rejects.toMatchObject({
      message: expect.stringContaining('only valid for a change set of type CREATE'),
    });
  });

  it('S4: leaves a stack that can only be deleted when it is undone', async () => {
    aws.cloudFormation.failResource({ logicalId: 'Sender', on: 'create', reason: 'no', times: 1 });
    await aws.deploy('CREATE');
    await expect(aws.propose(slower)).rejects.toMatchObject({
      message: expect.stringContaining('is in ROLLBACK_COMPLETE state and can not be updated.'),
    });
    await remove();
    await aws.deploy('CREATE');
    expect(await status()).toBe('CREATE_COMPLETE');
  });

  it('is ROLLBACK_FAILED when what was made cannot be deleted', async () => {
    aws.cloudFormation.failResource({ logicalId: 'Sender', on: 'create', reason: 'no' });
    aws.cloudFormation.failResource({ logicalId: 'Table', on: 'delete', reason: 'in use' });
    await aws.deploy('CREATE');
    expect(await aws.describe()).toMatchObject({
      StackStatus: 'ROLLBACK_FAILED',
      StackStatusReason: 'The following resource(s) failed to delete: [Table].',
    });
  });

  it('fails with what cannot be made for real, or resolved', async () => {
    const attribute = template.replace('!GetAtt Role.Arn', '!GetAtt Role.Nonsense');
    await aws.deploy('CREATE', { TemplateBody: attribute });
    expect(await aws.story()).toContain(
      'Sender CREATE_FAILED: Template error: resource Role does not support attribute type Nonsense in Fn::GetAtt',
    );
    expect(await status()).toBe('ROLLBACK_COMPLETE');
  });

  it('L4: shows outputs when it is done, and its resources', async () => {
    await aws.deploy('CREATE');
    const [, table] = real[1]?.split(' ') ?? [];
    expect((await aws.describe())?.Outputs).toContainEqual({
      OutputKey: 'TableName',
      OutputValue: table,
      Description: 'Where the catalog is',
    });
    const listed = await aws.client.send(new ListStackResourcesCommand({ StackName: stackName }));
    expect(listed.StackResourceSummaries?.map(({ LogicalResourceId }) => LogicalResourceId)).toEqual([
      'Role',
      'Table',
      'Sender',
      'Alarm',
    ]);
    const one = { StackName: stackName, LogicalResourceId: 'Table' };
    expect((await aws.client.send(new DescribeStackResourcesCommand(one))).StackResources).toMatchObject([
      { PhysicalResourceId: table, ResourceStatus: 'CREATE_COMPLETE', ResourceType: 'AWS::DynamoDB::Table' },
    ]);
  });
});

describe('updating a stack', () => {
  beforeEach(() => aws.deploy('CREATE'));

  it('S5: waits until what is under way has ended', async () => {
    await aws.propose(slower);
    await aws.cloudFormation.settle();
    await aws.execute();
    await aws.cloudFormation.advance();
    await expect(aws.propose({ ChangeSetName: 'second' })).rejects.toMatchObject({
      name: 'ValidationError',
      message: expect.stringMatching(/^Stack:arn:.+ is in UPDATE_IN_PROGRESS state and can not be updated\.$/),
    });
  });

  it('S6: makes the new before it deletes the old', async () => {
    const removed = withTopic(template).replace('DependsOn: Sender', 'DisplayName: x').replace(', DisplayName: x', '');
    await aws.deploy('UPDATE', { TemplateBody: removed });
    const before = (await aws.story()).length;
    await aws.deploy(
      'UPDATE',
      {
        TemplateBody: otherKey.replace('UpdateReplacePolicy: Retain', 'UpdateReplacePolicy: Delete'),
        ChangeSetName: 'second',
      },
      { ChangeSetName: 'second' },
    );
    expect(await since(before)).toEqual([
      'okta-otp UPDATE_IN_PROGRESS: User Initiated',
      'Table UPDATE_IN_PROGRESS: Requested update requires the creation of a new physical resource; hence creating one.',
      'Table UPDATE_IN_PROGRESS: Resource creation Initiated',
      'Table UPDATE_COMPLETE',
      'Sender UPDATE_IN_PROGRESS',
      'Sender UPDATE_COMPLETE',
      'okta-otp UPDATE_COMPLETE_CLEANUP_IN_PROGRESS',
      'Table DELETE_IN_PROGRESS',
      'Table DELETE_COMPLETE',
      'Topic DELETE_IN_PROGRESS',
      'Topic DELETE_COMPLETE',
      'okta-otp UPDATE_COMPLETE',
    ]);
    const resources = aws.cloudFormation.stack(stackName)?.resources;
    expect(ids().sort()).toEqual(['Alarm', 'Role', 'Sender', 'Table']);
    expect(resources?.get('Sender')?.properties).toMatchObject({
      Environment: { Variables: { TABLE: resources?.get('Table')?.physicalId } },
    });
  });

  it('D3: keeps what was replaced when its policy says so', async () => {
    const [, old] = real[1]?.split(' ') ?? [];
    await aws.deploy('UPDATE', { TemplateBody: otherKey });
    expect(await aws.story()).toContain('Table DELETE_SKIPPED');
    expect(real).toContain(`Table ${old}`);
    expect(aws.cloudFormation.stack(stackName)?.resources.get('Table')?.physicalId).not.toBe(old);
  });

  it('S7: is undone when a resource fails', async () => {
    const before = [...real];
    const outputs = (await aws.describe())?.Outputs;
    aws.cloudFormation.failResource({ logicalId: 'Topic', on: 'create', reason: 'limit exceeded' });
    const count = (await aws.story()).length;
    await aws.deploy('UPDATE', { TemplateBody: withTopic(), ...slower });
    expect(await since(count)).toEqual([
      'okta-otp UPDATE_IN_PROGRESS: User Initiated',
      'Sender UPDATE_IN_PROGRESS',
      'Sender UPDATE_COMPLETE',
      'Topic CREATE_IN_PROGRESS',
      'Topic CREATE_IN_PROGRESS: Resource creation Initiated',
      'Topic CREATE_FAILED: limit exceeded',
      'okta-otp UPDATE_ROLLBACK_IN_PROGRESS: The following resource(s) failed to create: [Topic]. ',
      'Sender UPDATE_IN_PROGRESS',
      'Sender UPDATE_COMPLETE',
      'okta-otp UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS',
      'Topic DELETE_IN_PROGRESS',
      'Topic DELETE_COMPLETE',
      'okta-otp UPDATE_ROLLBACK_COMPLETE',
    ]);
    const stack = await aws.describe();
    expect(stack?.Parameters).toContainEqual({ ParameterKey: 'TimeoutSeconds', ParameterValue: '5' });
    expect(stack?.Outputs).toEqual(outputs);
    expect(real).toEqual(before);
    expect(aws.cloudFormation.stack(stackName)?.resources.get('Sender')?.properties['Timeout']).toBe('5');
  });

  it('S8: may fail to be undone, and goes on without what was skipped', async () => {
    aws.cloudFormation.failResource({ logicalId: 'Topic', on: 'create', reason: 'no' });
    aws.cloudFormation.failResource({ logicalId: 'Sender', on: 'rollback', reason: 'throttled by Lambda' });
    await aws.deploy('UPDATE', { TemplateBody: withTopic(), ...slower });
    expect(await aws.describe()).toMatchObject({
      StackStatus: 'UPDATE_ROLLBACK_FAILED',
      StackStatusReason: 'The following resource(s) failed to update: [Sender].',
    });
    await expect(aws.propose({ ChangeSetName: 'other' })).rejects.toMatchObject({
      message: expect.stringContaining('is in UPDATE_ROLLBACK_FAILED state and can not be updated'),
    });
    const proceed = (ResourcesToSkip: string[] = []) =>
      aws.client.send(new ContinueUpdateRollbackCommand({ StackName: stackName, ResourcesToSkip }));
    await expect(proceed(['Role'])).rejects.toMatchObject({
      message: expect.stringContaining('[Role] cannot be skipped'),
    });
    await proceed();
    await aws.cloudFormation.settle();
    expect(await status()).toBe('UPDATE_ROLLBACK_FAILED');
    await proceed(['Sender']);
    await aws.cloudFormation.settle();
    expect(await status()).toBe('UPDATE_ROLLBACK_COMPLETE');
    await expect(proceed()).rejects.toMatchObject({
      message: expect.stringContaining('can not continue rolling back'),
    });
  });

  it('S9: stays as it failed without rollback, and goes on from there or is undone', async () => {
    aws.cloudFormation.failResource({ logicalId: 'Sender', on: 'update', reason: 'no', times: 2 });
    await aws.deploy('UPDATE', slower, { DisableRollback: true });
    expect(await aws.describe()).toMatchObject({
      StackStatus: 'UPDATE_FAILED',
      StackStatusReason: 'The following resource(s) failed to update: [Sender].',
      DisableRollback: true,
    });
    await aws.client.send(new RollbackStackCommand({ StackName: stackName }));
    await aws.cloudFormation.settle();
    expect(await status()).toBe('UPDATE_ROLLBACK_COMPLETE');
    await aws.deploy(
      'UPDATE',
      { ...slower, ChangeSetName: 'second' },
      { ChangeSetName: 'second', DisableRollback: true },
    );
    expect(await status()).toBe('UPDATE_FAILED');
    const fast = { Parameters: [{ ParameterKey: 'TimeoutSeconds', ParameterValue: '2' }] };
    await aws.deploy('UPDATE', { ...fast, ChangeSetName: 'third' }, { ChangeSetName: 'third' });
    expect(await status()).toBe('UPDATE_COMPLETE');
  });

  it('is tried again after it failed without rollback', async () => {
    aws.cloudFormation.failResource({ logicalId: 'Sender', on: 'update', reason: 'no', times: 1 });
    await aws.deploy('UPDATE', slower, { DisableRollback: true });
    expect(aws.cloudFormation.stack(stackName)?.resources.get('Sender')?.properties['Timeout']).toBe('5');
    await aws.deploy('UPDATE', { ...slower, ChangeSetName: 'again' }, { ChangeSetName: 'again' });
    expect(await status()).toBe('UPDATE_COMPLETE');
    expect(aws.cloudFormation.stack(stackName)?.resources.get('Sender')?.properties['Timeout']).toBe('9');
  });

  it('S10: leaves behind what cannot be deleted', async () => {
    await aws.deploy('UPDATE', { TemplateBody: withTopic() });
    aws.cloudFormation.failResource({ logicalId: 'Topic', on: 'delete', reason: 'still subscribed' });
    await aws.deploy('UPDATE', { ChangeSetName: 'second' }, { ChangeSetName: 'second' });
    expect(await status()).toBe('UPDATE_COMPLETE');
    expect(await aws.story()).toContain('Topic DELETE_FAILED: still subscribed');
    expect(ids()).toContain('Topic');
    expect(aws.cloudFormation.stack(stackName)?.resources.has('Topic')).toBe(false);
  });
});

describe('deleting a stack', () => {
  it('D1: goes backwards, and keeps what is to be retained', async () => {
    await aws.deploy('CREATE', { TemplateBody: template.replace('RetainExceptOnCreate', 'Retain') });
    const count = (await aws.story()).length;
    const { StackId = '' } = (await aws.describe()) ?? {};
    await remove();
    expect((await aws.story(StackId)).slice(count)).toEqual([
      'okta-otp DELETE_IN_PROGRESS: User Initiated',
      'Alarm DELETE_IN_PROGRESS',
      'Alarm DELETE_COMPLETE',
      'Sender DELETE_IN_PROGRESS',
      'Sender DELETE_COMPLETE',
      'Table DELETE_SKIPPED',
      'Role DELETE_IN_PROGRESS',
      'Role DELETE_COMPLETE',
      'okta-otp DELETE_COMPLETE',
    ]);
    expect(ids()).toEqual(['Table']);
  });

  it('D2: keeps what RetainExceptOnCreate protects, once it was made', async () => {
    aws.cloudFormation.failResource({ logicalId: 'Sender', on: 'create', reason: 'no', times: 1 });
    await aws.deploy('CREATE');
    expect(real).toEqual([]);
    await remove();
    await aws.deploy('CREATE');
    await remove();
    expect(ids()).toEqual(['Table']);
  });

  it('D4: fails with what cannot be deleted, and can be got through then', async () => {
    await aws.deploy('CREATE');
    await expect(remove({ RetainResources: ['Role'] })).rejects.toMatchObject({
      message: expect.stringContaining('DELETE_FAILED'),
    });
    await expect(remove({ DeletionMode: 'FORCE_DELETE_STACK' })).rejects.toMatchObject({ name: 'ValidationError' });
    aws.cloudFormation.failResource({ logicalId: 'Sender', on: 'delete', reason: 'in use' });
    await remove();
    expect(await aws.describe()).toMatchObject({
      StackStatus: 'DELETE_FAILED',
      StackStatusReason: 'The following resource(s) failed to delete: [Sender].',
    });
    expect(ids()).toEqual(['Role', 'Table', 'Sender']);
    await remove({ RetainResources: ['Sender'] });
    await expect(status()).rejects.toMatchObject({ message: expect.stringContaining('does not exist') });
    expect(ids()).toEqual(['Table', 'Sender']);
  });

  it('is forced through what cannot be deleted', async () => {
    await aws.deploy('CREATE');
    aws.cloudFormation.failResource({ logicalId: 'Sender', on: 'delete', reason: 'in use' });
    await remove();
    await remove({ DeletionMode: 'FORCE_DELETE_STACK' });
    await expect(status()).rejects.toMatchObject({ message: expect.stringContaining('does not exist') });
    expect(ids()).toContain('Sender');
  });

  it('D5: is refused under termination protection', async () => {
    await aws.deploy('CREATE');
    const protect = (EnableTerminationProtection: boolean) =>
      aws.client.send(new UpdateTerminationProtectionCommand({ StackName: stackName, EnableTerminationProtection }));
    await protect(true);
    await expect(remove()).rejects.toMatchObject({
      message: 'Stack [okta-otp] cannot be deleted while TerminationProtection is enabled',
    });
    await protect(false);
    await remove();
    await expect(status()).rejects.toMatchObject({ name: 'ValidationError' });
  });

  it('D6: leaves it to be found by its id, and succeeds twice', async () => {
    await aws.deploy('CREATE');
    const { StackId = '' } = (await aws.describe()) ?? {};
    await remove();
    await remove();
    expect((await aws.describe(StackId))?.StackStatus).toBe('DELETE_COMPLETE');
    await aws.deploy('CREATE');
    expect((await aws.describe())?.StackId).not.toBe(StackId);
  });

  it('D7: waits for an update, and not for a creation', async () => {
    await aws.propose({ ChangeSetType: 'CREATE' });
    await aws.cloudFormation.settle();
    await aws.execute();
    await aws.cloudFormation.advance(2);
    expect(await status()).toBe('CREATE_IN_PROGRESS');
    await remove();
    expect(real).toEqual([]);
    await aws.deploy('CREATE');
    await aws.propose(slower);
    await aws.cloudFormation.settle();
    await aws.execute();
    await aws.cloudFormation.advance();
    await expect(remove()).rejects.toMatchObject({
      message: 'Stack [okta-otp] cannot be deleted while in status UPDATE_IN_PROGRESS',
    });
  });
});

describe('the history of a stack', () => {
  it('L1: comes newest first, page by page', async () => {
    await aws.close();
    aws = await startCloudFormation({ pageSize: 4 });
    await aws.deploy('CREATE');
    const seen: (string | undefined)[] = [];
    let NextToken: string | undefined;
    do {
      const page = await aws.client.send(new DescribeStackEventsCommand({ StackName: stackName, NextToken }));
      expect(page.StackEvents?.length).toBeLessThanOrEqual(4);
      seen.push(
        ...(page.StackEvents ?? []).map(
          ({ ResourceStatus, LogicalResourceId }) => `${LogicalResourceId} ${ResourceStatus}`,
        ),
      );
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    expect(seen).toHaveLength(15);
    expect([seen[0], seen[14]]).toEqual(['okta-otp CREATE_COMPLETE', 'okta-otp REVIEW_IN_PROGRESS']);
  });

  it('L2: is divided by operations', async () => {
    await aws.deploy('CREATE');
    aws.cloudFormation.failResource({ logicalId: 'Sender', on: 'update', reason: 'no' });
    await aws.deploy('UPDATE', slower);
    const [operation] = (await aws.describe())?.LastOperations ?? [];
    expect(operation?.OperationType).toBe('UPDATE_STACK');
    const events = async (input: object) =>
      (await aws.client.send(new DescribeEventsCommand(input))).OperationEvents?.map(
        ({ LogicalResourceId, ResourceStatus }) => `${LogicalResourceId} ${ResourceStatus}`,
      );
    expect((await events({ OperationId: operation?.OperationId }))?.at(-1)).toBe('okta-otp UPDATE_IN_PROGRESS');
    expect(await events({ StackName: stackName, Filters: { FailedEvents: true } })).toEqual(['Sender UPDATE_FAILED']);
    await expect(events({})).rejects.toMatchObject({ name: 'ValidationError' });
  });
});
