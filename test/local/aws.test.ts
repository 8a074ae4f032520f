import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  APIGatewayClient,
  GetAccountCommand,
  GetRestApisCommand,
  UpdateAccountCommand,
} from '@aws-sdk/client-api-gateway';
import {
  CloudFormationClient,
  CreateChangeSetCommand,
  DeleteStackCommand,
  DescribeStacksCommand,
  ExecuteChangeSetCommand,
  ListStackResourcesCommand,
} from '@aws-sdk/client-cloudformation';
import { CloudWatchClient, DescribeAlarmsCommand, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  AttachRolePolicyCommand,
  CreateRoleCommand,
  EntityAlreadyExistsException,
  GetRoleCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  NoSuchEntityException,
} from '@aws-sdk/client-iam';
import {
  GetAliasCommand,
  GetFunctionConfigurationCommand,
  InvokeCommand,
  LambdaClient,
  ResourceNotFoundException,
} from '@aws-sdk/client-lambda';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LocalAws, LocalAwsOptions } from '../../src/local/aws.ts';
import { startLocalAws } from '../../src/local/aws.ts';
import type { InvokeResult } from '../../src/local/start-environment.ts';
import type { VirtualClock } from '../support/virtual-clock.ts';
import { createVirtualClock } from '../support/virtual-clock.ts';

let clock: VirtualClock;
let aws: LocalAws;
let closers: (() => Promise<void> | void)[];

async function start(options: Partial<LocalAwsOptions> = {}) {
  clock = createVirtualClock();
  aws = await startLocalAws({ clock, pace: { kind: 'manual' }, ...options });
  closers = [() => aws.close()];
}

beforeEach(() => start());
afterEach(async () => {
  for (const close of closers.toReversed()) await close();
});

/** A client as the command line has it: it finds the service through the environment. */
function clientOf<C extends { destroy(): void }>(
  Client: new (config: { region: string; endpoint: string; maxAttempts: number; credentials: typeof credentials }) => C,
  service: string,
): C {
  const endpoint = aws.env[`AWS_ENDPOINT_URL_${service}`] ?? '';
  const client = new Client({ region: aws.region, endpoint, maxAttempts: 1, credentials });
  closers.push(() => client.destroy());
  return client;
}
const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };

const StackName = 'okta-otp';
const given = {
  Issuer: 'https://example.okta.com/oauth2/default',
  ArtifactBucket: 'artifacts',
  SenderKey: 'sender.zip',
  AuthorizerKey: 'authorizer.zip',
  SenderRelease: 'release-1',
  AuthorizerRelease: 'release-1',
  MessagingRegions: 'us-east-1',
};

/** Brings the product's own stack up, the template behind a URL. */
async function deploy(type: 'CREATE' | 'UPDATE', parameters: Readonly<Record<string, string>> = given) {
  const s3 = clientOf(S3Client, 'S3');
  const cloudFormation = clientOf(CloudFormationClient, 'CLOUDFORMATION');
  await s3.send(new CreateBucketCommand({ Bucket: 'artifacts' }));
  const Body = readFileSync(join(import.meta.dirname, '../../cloudformation/okta-otp.yaml'));
  await s3.send(new PutObjectCommand({ Bucket: 'artifacts', Key: 'stack/template.yaml', Body }));
  await cloudFormation.send(
    new CreateChangeSetCommand({
      StackName,
      ChangeSetName: type,
      ChangeSetType: type,
      TemplateURL: `${aws.urls.objectStore}/artifacts/stack/template.yaml`,
      Capabilities: ['CAPABILITY_IAM'],
      Parameters: Object.entries(parameters).map(([ParameterKey, ParameterValue]) => ({
        ParameterKey,
        ParameterValue,
      })),
    }),
  );
  await aws.cloudformation.settle();
  await cloudFormation.send(new ExecuteChangeSetCommand({ StackName, ChangeSetName: type }));
  await aws.cloudformation.settle();
  const { Stacks: [stack] = [] } = await cloudFormation.send(new DescribeStacksCommand({ StackName }));
  return { cloudFormation, stack };
}

const physicalId = (logicalId: string) => aws.cloudformation.stack(StackName)?.resources.get(logicalId)?.physicalId;

describe("the product's own stack", () => {
  it('comes up, and its tables, queue, functions and alarms are there', async () => {
    const { cloudFormation, stack } = await deploy('CREATE');
    expect(stack).toMatchObject({ StackStatus: 'CREATE_COMPLETE' });
    const { StackResourceSummaries = [] } = await cloudFormation.send(new ListStackResourcesCommand({ StackName }));
    const idOf = (type: string) =>
      StackResourceSummaries.filter(({ ResourceType }) => ResourceType === type).map(
        (resource) => resource.PhysicalResourceId ?? '',
      );

    const dynamodb = clientOf(DynamoDBClient, 'DYNAMODB');
    for (const TableName of idOf('AWS::DynamoDB::Table')) {
      expect((await dynamodb.send(new DescribeTableCommand({ TableName }))).Table?.TableName).toBe(TableName);
    }
    const [QueueUrl] = idOf('AWS::SQS::Queue');
    const sqs = clientOf(SQSClient, 'SQS');
    expect(
      (await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }))).Attributes,
    ).toBeDefined();
    const alarms = await clientOf(CloudWatchClient, 'CLOUDWATCH').send(new DescribeAlarmsCommand({}));
    expect(alarms.MetricAlarms?.map(({ AlarmName }) => AlarmName).sort()).toEqual(
      idOf('AWS::CloudWatch::Alarm').sort(),
    );
    expect(stack?.Outputs?.find(({ OutputValue }) => OutputValue?.includes('.execute-api.'))?.OutputValue).toMatch(
      /^https:\/\//,
    );
  });

  it('publishes a new version when a release changes, and moves the alias', async () => {
    await deploy('CREATE');
    const lambda = clientOf(LambdaClient, 'LAMBDA');
    const [FunctionName = '', Name = ''] = (physicalId('SenderAlias') ?? '').split(':').slice(6);
    const versionOf = async () => (await lambda.send(new GetAliasCommand({ FunctionName, Name }))).FunctionVersion;
    expect(await versionOf()).toBe('1');
    const { stack } = await deploy('UPDATE', { ...given, SenderRelease: 'release-2' });
    expect(stack?.StackStatus).toBe('UPDATE_COMPLETE');
    expect(await versionOf()).toBe('2');
    const configured = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName, Qualifier: Name }));
    expect(configured).toMatchObject({ Version: '2', Runtime: 'nodejs24.x', MemorySize: 1024, Timeout: 5 });
  });

  it('goes, and leaves the data that it is to leave', async () => {
    const { cloudFormation } = await deploy('CREATE');
    const TableName = physicalId('CatalogTable');
    await cloudFormation.send(new DeleteStackCommand({ StackName }));
    await aws.cloudformation.settle();
    await expect(cloudFormation.send(new DescribeStacksCommand({ StackName }))).rejects.toMatchObject({
      name: 'ValidationError',
    });
    const dynamodb = clientOf(DynamoDBClient, 'DYNAMODB');
    expect((await dynamodb.send(new DescribeTableCommand({ TableName }))).Table?.TableStatus).toBe('ACTIVE');
    expect(aws.log.mutating().at(-1)).toBe('cloudformation:DeleteStack');
  });
});

describe('functions of a stack', () => {
  const invoke = async (result: InvokeResult, event: object = {}) => {
    const events: unknown[] = [];
    await aws.close();
    closers.shift();
    await start({
      functionOf: () => ({
        async invoke(payload) {
          events.push(payload);
          return result;
        },
      }),
    });
    await deploy('CREATE');
    const FunctionName = physicalId('SenderAlias') ?? '';
    const Payload = JSON.stringify(event);
    const reply = await clientOf(LambdaClient, 'LAMBDA').send(new InvokeCommand({ FunctionName, Payload }));
    return { events, reply, payload: JSON.parse(reply.Payload?.transformToString() ?? '') };
  };

  it('answer what they are invoked with', async () => {
    const { events, reply, payload } = await invoke(
      { kind: 'answered', payload: { statusCode: 200 } },
      { path: '/mfa' },
    );
    expect(events).toEqual([{ path: '/mfa' }]);
    expect(payload).toEqual({ statusCode: 200 });
    expect(reply).toMatchObject({ StatusCode: 200, ExecutedVersion: '1' });
    expect(reply.FunctionError).toBeUndefined();
  });

  it('fail as functions do', async () => {
    const { reply, payload } = await invoke({ kind: 'timed-out' });
    expect(reply).toMatchObject({ StatusCode: 200, FunctionError: 'Unhandled' });
    expect(payload).toEqual({ errorMessage: 'Task timed out' });
  });

  it('are throttled', async () => {
    await expect(invoke({ kind: 'throttled' })).rejects.toMatchObject({ name: 'TooManyRequestsException' });
  });

  it('are not found when they are not there', async () => {
    const lambda = clientOf(LambdaClient, 'LAMBDA');
    const FunctionName = 'none';
    await expect(lambda.send(new InvokeCommand({ FunctionName }))).rejects.toBeInstanceOf(ResourceNotFoundException);
    await expect(lambda.send(new GetFunctionConfigurationCommand({ FunctionName }))).rejects.toBeInstanceOf(
      ResourceNotFoundException,
    );
    await expect(lambda.send(new GetAliasCommand({ FunctionName: 'none', Name: 'live' }))).rejects.toBeInstanceOf(
      ResourceNotFoundException,
    );
  });
});

describe('alarms and metrics', () => {
  it('are as they were set', async () => {
    await deploy('CREATE');
    const cloudWatch = clientOf(CloudWatchClient, 'CLOUDWATCH');
    const { MetricAlarms: [alarm] = [] } = await cloudWatch.send(new DescribeAlarmsCommand({}));
    expect(alarm?.StateValue).toBe('INSUFFICIENT_DATA');
    aws.cloudWatch.setAlarm(alarm?.AlarmName ?? '', 'ALARM');
    const ringing = await cloudWatch.send(new DescribeAlarmsCommand({ StateValue: 'ALARM' }));
    expect(ringing.MetricAlarms).toMatchObject([
      { AlarmName: alarm?.AlarmName, StateUpdatedTimestamp: new Date(clock.now()) },
    ]);
    expect((await cloudWatch.send(new DescribeAlarmsCommand({ AlarmNames: ['none'] }))).MetricAlarms).toEqual([]);

    aws.cloudWatch.putMetric('AWS/SMSVoice', 'TextMessageMonthlySpend', 12.5);
    const ask = (MetricName: string) =>
      cloudWatch.send(
        new GetMetricDataCommand({
          StartTime: new Date(0),
          EndTime: new Date(clock.now()),
          MetricDataQueries: [
            {
              Id: 'spend',
              MetricStat: { Metric: { Namespace: 'AWS/SMSVoice', MetricName }, Period: 300, Stat: 'Maximum' },
            },
          ],
        }),
      );
    expect((await ask('TextMessageMonthlySpend')).MetricDataResults?.[0]?.Values).toEqual([12.5]);
    expect((await ask('VoiceMessageMonthlySpend')).MetricDataResults?.[0]?.Values ?? []).toEqual([]);
  });
});

describe('the account', () => {
  const trust = JSON.stringify({
    Statement: [{ Principal: { Service: 'apigateway.amazonaws.com' }, Action: 'sts:AssumeRole' }],
  });
  const RoleName = 'api-gateway-logs';
  const PolicyArn = 'arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs';

  it('knows whose credentials these are, unless they have expired', async () => {
    const sts = clientOf(STSClient, 'STS');
    expect((await sts.send(new GetCallerIdentityCommand({}))).Account).toBe('000000000000');
    aws.sts.failCalls({ kind: 'expired' });
    await expect(sts.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({ name: 'ExpiredToken' });
    expect(aws.log.mutating()).toEqual([]);
  });

  it('makes roles once', async () => {
    const iam = clientOf(IAMClient, 'IAM');
    await expect(iam.send(new GetRoleCommand({ RoleName }))).rejects.toBeInstanceOf(NoSuchEntityException);
    const create = () => iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust }));
    const { Role } = await create();
    expect(Role?.Arn).toBe('arn:aws:iam::000000000000:role/api-gateway-logs');
    await expect(create()).rejects.toBeInstanceOf(EntityAlreadyExistsException);
    await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
    const attached = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName }));
    expect(attached.AttachedPolicies).toEqual([{ PolicyArn, PolicyName: 'AmazonAPIGatewayPushToCloudWatchLogs' }]);
    const found = await iam.send(new GetRoleCommand({ RoleName }));
    expect(decodeURIComponent(found.Role?.AssumeRolePolicyDocument ?? '')).toBe(trust);
    await expect(iam.send(new AttachRolePolicyCommand({ RoleName: 'none', PolicyArn }))).rejects.toBeInstanceOf(
      NoSuchEntityException,
    );
  });

  it('takes a logging role that API Gateway can use, a moment after it was made', async () => {
    await aws.close();
    closers.shift();
    await start({ roleDelayMs: 10_000 });
    const gateway = clientOf(APIGatewayClient, 'API_GATEWAY');
    const iam = clientOf(IAMClient, 'IAM');
    expect((await gateway.send(new GetAccountCommand({}))).cloudwatchRoleArn).toBeUndefined();
    const { Role } = await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust }));
    const value = Role?.Arn ?? '';
    const set = () =>
      gateway.send(
        new UpdateAccountCommand({ patchOperations: [{ op: 'replace', path: '/cloudwatchRoleArn', value }] }),
      );
    const refused = {
      name: 'BadRequestException',
      message: 'The role ARN does not have required permissions set to API Gateway',
    };
    await clock.advance(10_000);
    await expect(set()).rejects.toMatchObject(refused);
    await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
    expect((await set()).cloudwatchRoleArn).toBe(value);
    expect((await gateway.send(new GetAccountCommand({}))).cloudwatchRoleArn).toBe(value);
  });

  it('does not take a logging role that is too new', async () => {
    await aws.close();
    closers.shift();
    await start({ roleDelayMs: 10_000 });
    const gateway = clientOf(APIGatewayClient, 'API_GATEWAY');
    const iam = clientOf(IAMClient, 'IAM');
    const { Role } = await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust }));
    await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
    const patchOperations = [{ op: 'replace' as const, path: '/cloudwatchRoleArn', value: Role?.Arn ?? '' }];
    await clock.advance(9_999);
    await expect(gateway.send(new UpdateAccountCommand({ patchOperations }))).rejects.toMatchObject({
      name: 'BadRequestException',
    });
    await clock.advance(1);
    await gateway.send(new UpdateAccountCommand({ patchOperations }));
    expect(aws.apiGateway.cloudwatchRoleArn()).toBe(Role?.Arn);
  });

  it('refuses what it does not emulate, and what it is told to', async () => {
    const gateway = clientOf(APIGatewayClient, 'API_GATEWAY');
    await expect(gateway.send(new GetRestApisCommand({}))).rejects.toMatchObject({ name: 'UnknownOperationException' });
    aws.apiGateway.failCalls({ kind: 'throttled' });
    await expect(gateway.send(new GetAccountCommand({}))).rejects.toMatchObject({ name: 'TooManyRequestsException' });
    expect(aws.log.calls().map(({ refusal }) => refusal)).toEqual([
      'UnknownOperationException',
      'TooManyRequestsException',
    ]);
  });
});
