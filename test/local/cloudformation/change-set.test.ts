import { DeleteChangeSetCommand, ListChangeSetsCommand, UpdateStackCommand } from '@aws-sdk/client-cloudformation';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Started } from './fake-stack.ts';
import { stackName, startCloudFormation, template } from './fake-stack.ts';

let aws: Started;

beforeEach(async () => {
  aws = await startCloudFormation({ pageSize: 2 });
});

afterEach(() => aws.close());

const slower = { Parameters: [{ ParameterKey: 'TimeoutSeconds', ParameterValue: '9' }] };
const otherKey = template.replace('AttributeName: pk, KeyType', 'AttributeName: id, KeyType');

/** The function, and a permission that hangs on its ARN. */
const permission = template.replace(
  'Outputs:',
  `  Permission:
    Type: AWS::Lambda::Permission
    Properties: { Action: 'lambda:InvokeFunction', Principal: x, FunctionName: !GetAtt Sender.Arn }
Outputs:`,
);

/** Every change of a change set, page by page. */
async function changes(name = 'change', options = {}) {
  const found = [];
  let NextToken: string | undefined;
  do {
    const page = await aws.describeChangeSet(name, { ...options, NextToken });
    found.push(...(page.Changes ?? []).map(({ ResourceChange }) => ResourceChange));
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return found;
}

async function proposed(input = {}) {
  await aws.propose(input);
  await aws.cloudFormation.settle();
}

const list = async () =>
  (await aws.client.send(new ListChangeSetsCommand({ StackName: stackName }))).Summaries?.map(
    ({ ChangeSetName, ExecutionStatus }) => `${ChangeSetName} ${ExecutionStatus}`,
  );
const remove = (ChangeSetName = 'change') =>
  aws.client.send(new DeleteChangeSetCommand({ StackName: stackName, ChangeSetName }));

describe('a change set', () => {
  it('C1: makes the stack that it is for, to be reviewed', async () => {
    const { StackId } = await aws.propose({ ChangeSetType: 'CREATE' });
    expect(await aws.describe()).toMatchObject({
      StackId,
      StackStatus: 'REVIEW_IN_PROGRESS',
      Outputs: [],
      Parameters: [],
    });
    expect(await aws.story()).toEqual(['okta-otp REVIEW_IN_PROGRESS: User Initiated']);
    await aws.propose({ ChangeSetType: 'CREATE', ChangeSetName: 'second' });
    expect((await aws.describe())?.StackId).toBe(StackId);
  });

  it('C2: creates what is not there, and updates what is', async () => {
    await expect(aws.propose()).rejects.toMatchObject({
      name: 'ValidationError',
      message: 'Stack [okta-otp] does not exist',
    });
    await aws.propose({ ChangeSetType: 'CREATE' });
    await expect(aws.propose({ ChangeSetName: 'update' })).rejects.toMatchObject({
      message: expect.stringContaining('is in REVIEW_IN_PROGRESS state and can not be updated'),
    });
    await aws.deploy('CREATE');
    await expect(aws.propose({ ChangeSetType: 'CREATE', ChangeSetName: 'again' })).rejects.toMatchObject({
      message: expect.stringContaining('already exists and cannot be created again'),
    });
  });

  it('C3: takes its time to be made', async () => {
    await aws.propose({ ChangeSetType: 'CREATE' });
    expect(await aws.describeChangeSet()).toMatchObject({
      Status: 'CREATE_PENDING',
      ExecutionStatus: 'UNAVAILABLE',
      Changes: [],
    });
    await aws.cloudFormation.advance();
    expect((await aws.describeChangeSet()).Status).toBe('CREATE_IN_PROGRESS');
    await aws.cloudFormation.advance();
    expect(await aws.describeChangeSet()).toMatchObject({ Status: 'CREATE_COMPLETE', ExecutionStatus: 'AVAILABLE' });
    expect((await changes()).map((change) => `${change?.Action} ${change?.LogicalResourceId}`)).toEqual([
      'Add Role',
      'Add Table',
      'Add Sender',
      'Add Alarm',
    ]);
  });

  it('C4: fails when nothing changes, with one of two reasons', async () => {
    await aws.deploy('CREATE');
    await proposed();
    expect(await aws.describeChangeSet()).toMatchObject({
      Status: 'FAILED',
      ExecutionStatus: 'UNAVAILABLE',
      StatusReason:
        "The submitted information didn't contain changes. Submit different information to create a change set.",
    });
    await proposed({ ChangeSetName: 'comment', TemplateBody: `${template}\n# a comment` });
    expect(await aws.describeChangeSet('comment')).toMatchObject({
      Status: 'FAILED',
      StatusReason: 'No updates are to be performed.',
    });
    expect((await aws.describe())?.StackStatus).toBe('CREATE_COMPLETE');
  });

  it('C5: has a name of its own for as long as it is there', async () => {
    await aws.deploy('CREATE');
    await proposed();
    await expect(aws.propose(slower)).rejects.toMatchObject({ name: 'AlreadyExistsException' });
    await remove();
    const { Id } = await aws.propose({ ...slower, ClientToken: 'token-1' });
    expect((await aws.propose({ ...slower, ClientToken: 'token-1' })).Id).toBe(Id);
    await expect(aws.propose({ ...slower, ClientToken: 'token-2' })).rejects.toMatchObject({
      name: 'AlreadyExistsException',
    });
  });

  it('C6: tells what is added, modified and removed, and why', async () => {
    await aws.deploy('CREATE');
    const topic = otherKey.replace('Resources:\n', 'Resources:\n  Topic: { Type: AWS::SNS::Topic }\n');
    await proposed({ TemplateBody: topic, Parameters: [{ ParameterKey: 'Stage', ParameterValue: 'test' }] });
    const found = await changes();
    const shown = found.map((change) => [
      change?.LogicalResourceId,
      change?.Action,
      change?.Replacement,
      change?.PolicyAction,
    ]);
    expect(shown.sort()).toEqual([
      ['Alarm', 'Remove', undefined, 'Delete'],
      ['Sender', 'Modify', 'False', undefined],
      ['Table', 'Modify', 'True', 'ReplaceAndRetain'],
      ['Topic', 'Add', undefined, undefined],
    ]);
    const table = found.find((change) => change?.LogicalResourceId === 'Table');
    expect(table).toMatchObject({
      Scope: ['Properties'],
      Details: [
        {
          Target: { Attribute: 'Properties', Name: 'KeySchema', RequiresRecreation: 'Always' },
          Evaluation: 'Static',
          ChangeSource: 'DirectModification',
        },
      ],
    });
    const sender = found.find((change) => change?.LogicalResourceId === 'Sender');
    expect(sender?.Details).toContainEqual({
      Target: { Attribute: 'Properties', Name: 'MemorySize', RequiresRecreation: 'Never' },
      Evaluation: 'Static',
      ChangeSource: 'ParameterReference',
      CausingEntity: 'Stage',
    });
  });

  it('C7: calls a change dynamic that hangs on another', async () => {
    await aws.deploy('CREATE', { TemplateBody: permission });
    await proposed({ TemplateBody: permission, ...slower });
    const found = await changes();
    expect(found.find((change) => change?.LogicalResourceId === 'Permission')).toMatchObject({
      Replacement: 'Conditional',
      PolicyAction: 'ReplaceAndDelete',
      Details: [
        {
          Target: { Name: 'FunctionName', RequiresRecreation: 'Always' },
          Evaluation: 'Dynamic',
          ChangeSource: 'ResourceAttribute',
          CausingEntity: 'Sender.Arn',
        },
      ],
    });
  });

  it('S11: leaves alone what turns out not to change', async () => {
    await aws.deploy('CREATE', { TemplateBody: permission });
    await aws.deploy('UPDATE', { TemplateBody: permission, ...slower });
    const resources = aws.cloudFormation.stack(stackName)?.resources;
    expect(resources?.get('Sender')?.status).toBe('UPDATE_COMPLETE');
    expect(resources?.get('Permission')?.status).toBe('CREATE_COMPLETE');
  });

  it('C8: shows values before and after when asked to', async () => {
    await aws.deploy('CREATE');
    await proposed({ TemplateBody: otherKey });
    const [bare] = await changes();
    expect(bare?.Details?.[0]?.Target).not.toHaveProperty('AfterValue');
    expect(bare).not.toHaveProperty('AfterContext');
    const full = await changes('change', { IncludePropertyValues: true });
    expect(full[0]?.Details?.[0]?.Target).toMatchObject({
      Path: '/Properties/KeySchema',
      BeforeValue: '[{"AttributeName":"pk","KeyType":"HASH"}]',
      AfterValue: '[{"AttributeName":"id","KeyType":"HASH"}]',
    });
    const sender = full.find((change) => change?.LogicalResourceId === 'Sender');
    expect(JSON.parse(sender?.AfterContext ?? '').Properties.Environment.Variables.TABLE).toBe(
      '{{changeSet:KNOWN_AFTER_APPLY}}',
    );
  });

  it('C9: has its changes in pages', async () => {
    await aws.propose({ ChangeSetType: 'CREATE' });
    await aws.cloudFormation.settle();
    const first = await aws.describeChangeSet();
    expect(first.Changes).toHaveLength(2);
    const second = await aws.describeChangeSet('change', { NextToken: first.NextToken });
    expect(second.Changes).toHaveLength(2);
    expect(second.NextToken).toBeUndefined();
  });

  it('C10: deletes all others when it is executed', async () => {
    await aws.deploy('CREATE');
    await proposed({ ...slower, ChangeSetName: 'other' });
    await proposed(slower);
    await aws.execute();
    expect(await list()).toEqual(['change EXECUTE_IN_PROGRESS']);
    await expect(aws.describeChangeSet('other')).rejects.toMatchObject({ name: 'ChangeSetNotFoundException' });
    await aws.cloudFormation.settle();
    expect(await list()).toEqual(['change EXECUTE_COMPLETE']);
  });

  it('C11: is obsolete once somebody else has updated the stack', async () => {
    await aws.deploy('CREATE');
    await proposed(slower);
    const other = [{ ParameterKey: 'TimeoutSeconds', ParameterValue: '7' }];
    const update = { StackName: stackName, TemplateBody: template, Capabilities: ['CAPABILITY_IAM' as const] };
    await aws.client.send(new UpdateStackCommand({ ...update, Parameters: other }));
    await aws.cloudFormation.settle();
    expect(await aws.describeChangeSet()).toMatchObject({ Status: 'CREATE_COMPLETE', ExecutionStatus: 'OBSOLETE' });
    await expect(aws.execute()).rejects.toMatchObject({
      name: 'InvalidChangeSetStatusException',
      message: expect.stringContaining('execution status of [OBSOLETE]'),
    });
    await expect(aws.client.send(new UpdateStackCommand({ ...update, Parameters: other }))).rejects.toMatchObject({
      message: 'No updates are to be performed.',
    });
  });

  it('C12: is executed once, when it is complete', async () => {
    await aws.propose({ ChangeSetType: 'CREATE' });
    const refused = { name: 'InvalidChangeSetStatusException' };
    await expect(aws.execute()).rejects.toMatchObject(refused);
    await aws.cloudFormation.settle();
    await aws.execute();
    await expect(aws.execute()).rejects.toMatchObject(refused);
    await aws.cloudFormation.settle();
    await expect(aws.execute()).rejects.toMatchObject(refused);
    await proposed({ ChangeSetName: 'empty' });
    await expect(aws.execute({ ChangeSetName: 'empty' })).rejects.toMatchObject(refused);
  });

  it('C13: is not found when it is gone, and is deleted twice', async () => {
    await aws.deploy('CREATE');
    const { Id = '' } = await aws.propose(slower);
    await aws.cloudFormation.settle();
    aws.cloudFormation.forgetChangeSet(stackName, 'change');
    const gone = { name: 'ChangeSetNotFoundException', $metadata: { httpStatusCode: 404 } };
    await expect(aws.execute()).rejects.toMatchObject(gone);
    await expect(aws.describeChangeSet()).rejects.toMatchObject(gone);
    await expect(aws.describeChangeSet(Id)).rejects.toMatchObject(gone);
    await remove();
  });

  it('C14: cannot be deleted while something happens with it', async () => {
    await aws.propose({ ChangeSetType: 'CREATE' });
    const busy = { name: 'InvalidChangeSetStatusException' };
    await expect(remove()).rejects.toMatchObject(busy);
    await aws.cloudFormation.settle();
    await remove();
    expect((await aws.describe())?.StackStatus).toBe('REVIEW_IN_PROGRESS');
    await proposed({ ChangeSetType: 'CREATE' });
    await aws.execute();
    await expect(remove()).rejects.toMatchObject(busy);
  });

  it('C15: does not change outputs alone', async () => {
    await aws.deploy('CREATE');
    await proposed({ TemplateBody: `${template}  More: { Value: text }\n` });
    expect(await aws.describeChangeSet()).toMatchObject({
      Status: 'FAILED',
      StatusReason: 'No updates are to be performed.',
    });
  });

  it('C16: reaches every resource that takes tags when those of the stack change', async () => {
    await aws.deploy('CREATE', { Tags: [{ Key: 'team', Value: 'identity' }] });
    await proposed({ Tags: [{ Key: 'team', Value: 'access' }] });
    const found = await changes();
    expect(found.map((change) => [change?.LogicalResourceId, change?.Scope])).toEqual([
      ['Role', ['Tags']],
      ['Table', ['Tags']],
      ['Sender', ['Tags']],
      ['Alarm', ['Tags']],
    ]);
    await aws.execute();
    await aws.cloudFormation.settle();
    expect(await aws.describe()).toMatchObject({
      StackStatus: 'UPDATE_COMPLETE',
      Tags: [{ Key: 'team', Value: 'access' }],
    });
  });

  it('C16: leaves the tags of the stack as they are when they are left out, and removes them when there are to be none', async () => {
    await aws.deploy('CREATE', { Tags: [{ Key: 'team', Value: 'identity' }] });
    await aws.deploy('UPDATE', slower);
    expect(await aws.describe()).toMatchObject({ Tags: [{ Key: 'team', Value: 'identity' }] });
    await proposed({ ChangeSetName: 'untag', ...slower, Tags: [] });
    await aws.execute({ ChangeSetName: 'untag' });
    await aws.cloudFormation.settle();
    expect(await aws.describe()).toMatchObject({ StackStatus: 'UPDATE_COMPLETE', Tags: [] });
  });

  it('C17: cannot make another type of a resource', async () => {
    await aws.deploy('CREATE');
    const retyped = template.replace('AWS::CloudWatch::Alarm', 'AWS::SNS::Topic');
    await expect(aws.propose({ TemplateBody: retyped })).rejects.toMatchObject({
      name: 'ValidationError',
      message: expect.stringContaining('Update of resource type is not permitted'),
    });
  });
});
