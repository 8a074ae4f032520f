import type { CreateChangeSetCommandInput } from '@aws-sdk/client-cloudformation';
import {
  CloudFormationClient,
  CreateChangeSetCommand,
  DescribeChangeSetCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  ExecuteChangeSetCommand,
} from '@aws-sdk/client-cloudformation';
import type { CloudFormation, CloudFormationOptions } from '../../../src/local/cloudformation.ts';
import { createCloudFormation } from '../../../src/local/cloudformation.ts';
import { serve } from '../../../src/local/serve.ts';

export const stackName = 'okta-otp';

/** A role, a table that stays, a function that uses both, and an alarm that only production has. */
export const template = `
AWSTemplateFormatVersion: 2010-09-09
Description: A small stack
Parameters:
  Stage: { Type: String, Default: prod, AllowedValues: [prod, test] }
  TimeoutSeconds: { Type: Number, Default: 5, MinValue: 1, MaxValue: 29 }
  Secret: { Type: String, Default: hidden, NoEcho: true }
Mappings:
  Memory: { prod: { Mb: 1024 }, test: { Mb: 256 } }
Conditions:
  IsProduction: !Equals [!Ref Stage, prod]
Resources:
  Sender:
    Type: AWS::Lambda::Function
    Properties:
      Role: !GetAtt Role.Arn
      Timeout: !Ref TimeoutSeconds
      MemorySize: !FindInMap [Memory, !Ref Stage, Mb]
      Environment:
        Variables:
          TABLE: !Ref Table
          KEY: !Ref Secret
          NAME: !Sub '\${AWS::StackName}-\${Stage}'
  Role:
    Type: AWS::IAM::Role
    Properties: { AssumeRolePolicyDocument: {} }
  Table:
    Type: AWS::DynamoDB::Table
    DeletionPolicy: RetainExceptOnCreate
    UpdateReplacePolicy: Retain
    Properties:
      BillingMode: PAY_PER_REQUEST
      KeySchema: [{ AttributeName: pk, KeyType: HASH }]
      AttributeDefinitions: [{ AttributeName: pk, AttributeType: S }]
  Alarm:
    Type: AWS::CloudWatch::Alarm
    Condition: IsProduction
    Properties:
      ComparisonOperator: GreaterThanThreshold
      EvaluationPeriods: 1
      Dimensions: [{ Name: FunctionName, Value: !Ref Sender }]
Outputs:
  TableName: { Value: !Ref Table, Description: Where the catalog is }
  SenderArn: { Value: !GetAtt Sender.Arn }
  AlarmName: { Value: !Ref Alarm, Condition: IsProduction }
`;

/** A CloudFormation of its own with the real client in front. */
export async function startCloudFormation(options: Partial<CloudFormationOptions> = {}) {
  const cloudFormation = createCloudFormation({
    now: () => Date.UTC(2026, 0, 15, 12),
    pace: { kind: 'manual' },
    ...options,
  });
  const running = await serve(cloudFormation.serve);
  const client = new CloudFormationClient({
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' },
    maxAttempts: 1,
    endpoint: running.url,
  });
  return {
    cloudFormation,
    client,
    url: running.url,
    ...callsOf(client, cloudFormation),
    async close() {
      client.destroy();
      await running.close();
    },
  };
}
export type Started = Awaited<ReturnType<typeof startCloudFormation>>;

function callsOf(client: CloudFormationClient, cloudFormation: CloudFormation) {
  const propose = (input: Partial<CreateChangeSetCommandInput> = {}) =>
    client.send(
      new CreateChangeSetCommand({
        StackName: stackName,
        ChangeSetName: 'change',
        Capabilities: ['CAPABILITY_IAM'],
        TemplateBody: template,
        ...input,
      }),
    );
  const describeChangeSet = (ChangeSetName = 'change', options = {}) =>
    client.send(new DescribeChangeSetCommand({ StackName: stackName, ChangeSetName, ...options }));
  const execute = (input = {}) =>
    client.send(new ExecuteChangeSetCommand({ StackName: stackName, ChangeSetName: 'change', ...input }));

  /** Brings the stack to a template and waits for its end. */
  async function deploy(
    ChangeSetType: 'CREATE' | 'UPDATE',
    input: Partial<CreateChangeSetCommandInput> = {},
    execution = {},
  ) {
    await propose({ ChangeSetType, ChangeSetName: `deploy-${ChangeSetType}`, ...input });
    await cloudFormation.settle();
    await execute({ ChangeSetName: `deploy-${ChangeSetType}`, ...execution });
    await cloudFormation.settle();
  }
  async function describe(StackName = stackName) {
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName }));
    return Stacks[0];
  }
  /** Oldest first: `Sender CREATE_FAILED: reason`. */
  async function story(StackName = stackName) {
    const { StackEvents = [] } = await client.send(new DescribeStackEventsCommand({ StackName }));
    return StackEvents.toReversed().map(
      ({ LogicalResourceId: id, ResourceStatus: status, ResourceStatusReason: reason }) =>
        `${id} ${status}${reason === undefined ? '' : `: ${reason}`}`,
    );
  }
  return { propose, describeChangeSet, execute, deploy, describe, story };
}
