import { GetTemplateCommand, GetTemplateSummaryCommand, ValidateTemplateCommand } from '@aws-sdk/client-cloudformation';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Started } from './fake-stack.ts';
import { stackName, startCloudFormation, template } from './fake-stack.ts';

const objects = new Map<string, string>();
let aws: Started;

beforeEach(async () => {
  objects.clear();
  aws = await startCloudFormation({ readObject: async (url) => objects.get(url) });
});

afterEach(() => aws.close());

const create = (TemplateBody: string | undefined, input = {}) =>
  aws.propose({ ChangeSetType: 'CREATE', TemplateBody, ...input });
const refusal = (message: string) => ({ name: 'ValidationError', message: expect.stringContaining(message) });
const padded = (bytes: number) => `${template}#${'x'.repeat(bytes - Buffer.byteLength(template) - 1)}`;

describe('a template', () => {
  it('T1: may have 51,200 bytes in the request', async () => {
    await expect(create(padded(51_201))).rejects.toMatchObject(refusal('less than or equal to 51200'));
    expect(aws.cloudFormation.stack(stackName)).toBeUndefined();
    await create(padded(51_200));
  });

  it('T2: may be larger behind a URL, up to 1 MB', async () => {
    const url = 'https://s3.us-east-1.amazonaws.com/artifacts/template.yaml';
    await expect(create(undefined, { TemplateURL: url })).rejects.toMatchObject(refusal('S3 error'));
    objects.set(url, padded(1_048_577));
    await expect(create(undefined, { TemplateURL: url })).rejects.toMatchObject(refusal('may not exceed'));
    objects.set(url, padded(60_000));
    await create(undefined, { TemplateURL: url });
    await expect(create(template, { TemplateURL: url, ChangeSetName: 'both' })).rejects.toMatchObject(
      refusal('only one of them'),
    );
  });

  it('T3: says the same in JSON', async () => {
    await aws.deploy('CREATE', {
      TemplateBody: JSON.stringify({
        Resources: { Topic: { Type: 'AWS::SNS::Topic' } },
        Outputs: {
          Name: { Value: { 'Fn::Sub': ['${Name}-${!Kept}', { Name: { 'Fn::GetAtt': ['Topic', 'TopicName'] } }] } },
        },
      }),
    });
    const yaml =
      "Resources: { Topic: { Type: AWS::SNS::Topic } }\nOutputs:\n  Name: { Value: !Sub ['${Name}-${!Kept}', { Name: !GetAtt Topic.TopicName }] }";
    await aws.propose({ TemplateBody: yaml });
    await aws.cloudFormation.settle();
    expect(await aws.describeChangeSet()).toMatchObject({
      Status: 'FAILED',
      StatusReason: 'No updates are to be performed.',
    });
    expect((await aws.describe())?.Outputs?.[0]?.OutputValue).toMatch(/^okta-otp-Topic-[0-9A-F]{12}-\$\{Kept\}$/);
  });

  it.each([
    ['Resources: {}', 'At least one Resources member'],
    ['Resources: { A: { Type: AWS::Nothing::Known } }', 'Unrecognized resource types: [AWS::Nothing::Known]'],
    ['Resource: { A: { Type: AWS::SNS::Topic } }', 'Invalid template property or properties [Resource]'],
    ['Resources: { A: { Properties: {} } }', 'must contain a Type member'],
    ['Resources: { a-b: { Type: AWS::SNS::Topic } }', 'non alphanumeric'],
    ['Resources: [', 'not well-formed'],
    ['just text', 'unsupported structure'],
    ['Transform: AWS::Serverless-2016-10-31\nResources: { A: { Type: AWS::SNS::Topic } }', 'transform is not emulated'],
    [
      'Resources: { A: { Type: AWS::SNS::Topic, Properties: { TopicName: !ImportValue x } } }',
      'Fn::ImportValue is not emulated',
    ],
    ['Resources: { A: { Type: AWS::SNS::Topic, DeletionPolicy: Snapshot } }', 'Unrecognized DeletionPolicy'],
  ])('is refused when it is %s', async (body, message) => {
    await expect(create(body)).rejects.toMatchObject(refusal(message));
    expect(aws.cloudFormation.stack(stackName)).toBeUndefined();
  });

  it('T4: is refused when it refers to nothing, or in a circle', async () => {
    const refer = 'Resources: { A: { Type: AWS::SNS::Topic, Properties: { TopicName: !Ref B } } }';
    await expect(create(refer)).rejects.toMatchObject(refusal('Unresolved resource dependencies [B]'));
    const circle =
      'Resources:\n  A: { Type: AWS::SNS::Topic, Properties: { TopicName: !Ref B } }\n  B: { Type: AWS::SQS::Queue, DependsOn: A }';
    await expect(create(circle)).rejects.toMatchObject(refusal('Circular dependency between resources: [A, B]'));
  });
});

describe('the parameters', () => {
  const given = (ParameterKey: string, ParameterValue: string) => ({ Parameters: [{ ParameterKey, ParameterValue }] });

  it('T5: have values by the rules of the template', async () => {
    const required = template.replace('{ Type: String, Default: hidden, NoEcho: true }', '{ Type: String }');
    await expect(create(required)).rejects.toMatchObject(refusal('Parameters: [Secret] must have values'));
    await expect(create(template, given('Colour', 'red'))).rejects.toMatchObject(
      refusal('Parameters: [Colour] do not exist in the template'),
    );
    await expect(create(template, given('Stage', 'dev'))).rejects.toMatchObject(
      refusal("Parameter 'Stage' must be one of AllowedValues"),
    );
    for (const [value, message] of [
      ['0', 'not less than 1'],
      ['30', 'not greater than 29'],
      ['five', 'must be a number'],
    ] as const) {
      await expect(create(template, given('TimeoutSeconds', value))).rejects.toMatchObject(refusal(message));
    }
    const pattern = template.replace('Default: hidden', "Default: hidden, AllowedPattern: '[a-z]+', MaxLength: 8");
    await expect(create(pattern, given('Secret', 'UPPER'))).rejects.toMatchObject(
      refusal('failed to satisfy constraint'),
    );
    await expect(create(pattern, given('Secret', 'muchtoolong'))).rejects.toMatchObject(
      refusal('at most 8 characters'),
    );
    await create(pattern, given('Secret', 'fine'));
  });

  it('T6: keep their value when asked to, and take the default when not named', async () => {
    await aws.deploy('CREATE', given('TimeoutSeconds', '9'));
    await aws.propose({ Parameters: [{ ParameterKey: 'TimeoutSeconds', UsePreviousValue: true }] });
    expect((await aws.describeChangeSet()).Parameters).toContainEqual({
      ParameterKey: 'TimeoutSeconds',
      ParameterValue: '9',
    });
    await aws.propose({ ChangeSetName: 'default' });
    expect((await aws.describeChangeSet('default')).Parameters).toContainEqual({
      ParameterKey: 'TimeoutSeconds',
      ParameterValue: '5',
    });
    const more = template.replace('Parameters:\n', 'Parameters:\n  New: { Type: String }\n');
    const unseen = { TemplateBody: more, Parameters: [{ ParameterKey: 'New', UsePreviousValue: true }] };
    await expect(aws.propose({ ChangeSetName: 'new', ...unseen })).rejects.toMatchObject(
      refusal('[New] must have values'),
    );
  });

  it('T7: show as asterisks when they are not echoed', async () => {
    await aws.deploy('CREATE', given('Secret', 'correct-horse'));
    await aws.propose(given('Secret', 'battery-staple'));
    await aws.cloudFormation.settle();
    const shown = JSON.stringify([
      await aws.describe(),
      await aws.describeChangeSet('change', { IncludePropertyValues: true }),
    ]);
    expect(shown).toContain('****');
    expect(shown).not.toMatch(/correct-horse|battery-staple/);
  });

  it('are lists where their type is one', async () => {
    const lists =
      'Parameters: { Names: { Type: CommaDelimitedList } }\nResources: { A: { Type: AWS::SNS::Topic } }\nOutputs:\n  Second: { Value: !Select [1, !Ref Names] }\n  All: { Value: !Join ["+", !Ref Names] }\n  Encoded: { Value: !Base64 abc }\n  Split: { Value: !Select [0, !Split [".", a.b]] }';
    await aws.deploy('CREATE', { TemplateBody: lists, ...given('Names', 'a, b') });
    expect((await aws.describe())?.Outputs?.map(({ OutputValue }) => OutputValue)).toEqual(['b', 'a+b', 'YWJj', 'a']);
  });
});

describe('conditions and capabilities', () => {
  it('T8: decide which resources and outputs there are', async () => {
    await aws.deploy('CREATE', { Parameters: [{ ParameterKey: 'Stage', ParameterValue: 'test' }] });
    expect([...(aws.cloudFormation.stack(stackName)?.resources.keys() ?? [])].sort()).toEqual([
      'Role',
      'Sender',
      'Table',
    ]);
    expect((await aws.describe())?.Outputs?.map(({ OutputKey }) => OutputKey)).toEqual(['TableName', 'SenderArn']);
  });

  it('are met by and, or, not and each other', async () => {
    const body = `
Conditions:
  Yes: !Equals [a, a]
  No: !Not [!Condition Yes]
  Both: !And [!Condition Yes, !Condition No]
  Either: !Or [!Condition Yes, !Condition No]
Resources: { A: { Type: AWS::SNS::Topic, Properties: { DisplayName: !If [No, x, !Ref 'AWS::NoValue'] } } }
Outputs:
  Both: { Value: !If [Both, yes, no] }
  Either: { Value: !If [Either, yes, no] }`;
    await aws.deploy('CREATE', { TemplateBody: body });
    expect((await aws.describe())?.Outputs?.map(({ OutputValue }) => OutputValue)).toEqual(['no', 'yes']);
    expect(aws.cloudFormation.stack(stackName)?.resources.get('A')?.properties).toEqual({});
  });

  it('T9: are needed for IAM', async () => {
    const named = template.replace('AssumeRolePolicyDocument: {}', 'AssumeRolePolicyDocument: {}, RoleName: sender');
    await expect(create(template, { Capabilities: [] })).rejects.toMatchObject({
      name: 'InsufficientCapabilitiesException',
      message: 'Requires capabilities : [CAPABILITY_IAM]',
    });
    await expect(create(named)).rejects.toMatchObject({ message: 'Requires capabilities : [CAPABILITY_NAMED_IAM]' });
    await create(named, { Capabilities: ['CAPABILITY_NAMED_IAM'] });
  });
});

describe('looking at a template', () => {
  it('L3: gives it as it was submitted, and what it asks for', async () => {
    const { client } = aws;
    await create(template);
    await aws.cloudFormation.settle();
    const ofChangeSet = await client.send(new GetTemplateCommand({ StackName: stackName, ChangeSetName: 'change' }));
    expect(ofChangeSet.TemplateBody).toBe(template);
    await aws.execute();
    expect((await client.send(new GetTemplateCommand({ StackName: stackName }))).TemplateBody).toBe(template);
    const summary = await client.send(new GetTemplateSummaryCommand({ StackName: stackName }));
    expect(summary).toMatchObject({ Description: 'A small stack', Capabilities: ['CAPABILITY_IAM'] });
    expect(
      summary.Parameters?.map(({ ParameterKey, DefaultValue, NoEcho }) => [ParameterKey, DefaultValue, NoEcho]),
    ).toEqual([
      ['Stage', 'prod', false],
      ['TimeoutSeconds', '5', false],
      ['Secret', 'hidden', true],
    ]);
    const validated = await client.send(new ValidateTemplateCommand({ TemplateBody: template }));
    expect(validated.Parameters?.map(({ ParameterKey }) => ParameterKey)).toEqual([
      'Stage',
      'TimeoutSeconds',
      'Secret',
    ]);
    await expect(client.send(new GetTemplateCommand({ StackName: 'other' }))).rejects.toMatchObject(
      refusal('other does not exist'),
    );
  });
});
