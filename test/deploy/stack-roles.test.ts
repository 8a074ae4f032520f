import { describe, expect, it } from 'vitest';
import type { StackInput } from '../../src/deploy/stack-parameters.ts';
import { toStackParameters } from '../../src/deploy/stack-parameters.ts';
import { isAllowed } from '../support/iam-policy.ts';
import { account, region, resolveStack, stackName } from '../support/resolve-stack.ts';
import { everyOption, stackDefinition, stackInput } from '../support/stack-environment.ts';

const definition = stackDefinition();
const stackOf = (input: StackInput) => resolveStack(definition, toStackParameters(definition, input));
const plain = stackOf(stackInput());
const full = stackOf(everyOption());

const identity = (kind: string, at = region, owner = account) => `arn:aws:sms-voice:${at}:${owner}:${kind}`;
const table = (name: string) => `arn:aws:dynamodb:${region}:${account}:table/${name}`;
const stream = (group: string) => `arn:aws:logs:${region}:${account}:log-group:${group}:log-stream:2026/11/21/x`;
const functionArn = (name: string, at = region) => `arn:aws:lambda:${at}:${account}:function:${name}`;
const own = (id: string) => `${stackName}-${id}`;

const number = identity('phone-number/phone-1');
const catalog = table(own('CatalogTable'));
const ledger = table(own('LedgerTable'));
const queue = `arn:aws:sqs:${region}:${account}:${own('FailuresQueue')}`;
const secret = `arn:aws:secretsmanager:${region}:${account}:secret:${own('NumberHashKey')}`;
const key = `arn:aws:kms:${region}:${account}:key/${own('DataKey')}`;

type Case = readonly [may: 'may' | 'may not', action: string, resource: string, at?: string];

/** What must hold with the settings as they are by default; each role is asked everything. */
const roles: Readonly<Record<string, readonly Case[]>> = {
  SenderRole: [
    // Sends: from this account's identities, in the configured Regions.
    ['may', 'sms-voice:SendTextMessage', number],
    ['may', 'sms-voice:SendTextMessage', identity('pool/pool-1')],
    ['may', 'sms-voice:SendTextMessage', identity('sender-id/ACME/DE')],
    ['may', 'sms-voice:SendVoiceMessage', number],
    ['may', 'sms-voice:SendVoiceMessage', identity('pool/pool-1')],
    // A send names these two, and is refused without permission for them.
    ['may', 'sms-voice:SendTextMessage', identity(`configuration-set/${own('ConfigurationSet')}`)],
    ['may', 'sms-voice:SendTextMessage', identity(`protect-configuration/${own('ProtectConfiguration')}`)],
    ['may not', 'sms-voice:SendTextMessage', identity('configuration-set/somebody-elses')],
    ['may not', 'sms-voice:SendTextMessage', identity('protect-configuration/protect-other')],
    ['may not', 'sms-voice:SendTextMessage', identity('phone-number/phone-1', region, '999999999999')],
    ['may not', 'sms-voice:SendTextMessage', identity('phone-number/phone-1', 'us-east-1'), 'us-east-1'],
    ['may not', 'sms-voice:SendTextMessage', identity('opt-out-list/Default')],
    ['may not', 'sms-voice:SendTextMessage', '*'],
    ['may not', 'sms-voice:SendMediaMessage', number],
    ['may not', 'sms-voice:SendNotifyTextMessage', identity('notify-configuration/n')],
    ['may not', 'sms-voice:ReleasePhoneNumber', number],
    ['may not', 'sms-voice:UpdatePhoneNumber', number],
    ['may not', 'sms-voice:DeleteOptedOutNumber', identity('opt-out-list/Default')],
    ['may not', 'sms-voice:SetTextMessageSpendLimitOverride', '*'],
    ['may not', 'sms-voice:PutProtectConfigurationRuleSetNumberOverride', identity('protect-configuration/p')],
    ['may not', 'mobiletargeting:SendMessages', `arn:aws:mobiletargeting:${region}:${account}:apps/a/messages`],
    ['may not', 'sns:Publish', '*'],
    // Reads the catalog, and writes only to the ledger.
    ['may', 'dynamodb:GetItem', catalog],
    ['may', 'dynamodb:Query', catalog],
    ['may not', 'dynamodb:PutItem', catalog],
    ['may not', 'dynamodb:UpdateItem', catalog],
    ['may not', 'dynamodb:Scan', catalog],
    ['may', 'dynamodb:PutItem', ledger],
    ['may', 'dynamodb:GetItem', ledger],
    ['may not', 'dynamodb:Scan', ledger],
    ['may not', 'dynamodb:GetItem', table('somebody-elses')],
    // Reports failures, but neither reads nor clears them.
    ['may', 'sqs:SendMessage', queue],
    ['may not', 'sqs:SendMessage', `arn:aws:sqs:${region}:${account}:other`],
    ['may not', 'sqs:ReceiveMessage', queue],
    ['may not', 'sqs:DeleteMessage', queue],
    ['may not', 'sqs:PurgeQueue', queue],
    // The key stands in its settings: it never asks for it.
    ['may not', 'secretsmanager:GetSecretValue', secret],
    ['may not', 'kms:Decrypt', key],
    ['may', 'logs:PutLogEvents', stream(own('SenderLog'))],
    ['may', 'logs:CreateLogStream', stream(own('SenderLog'))],
    ['may not', 'logs:PutLogEvents', stream(own('AuthorizerLog'))],
    ['may not', 'logs:PutLogEvents', stream(`${own('SenderLog')}-other`)],
    ['may not', 'logs:CreateLogGroup', stream(own('SenderLog'))],
    ['may not', 'logs:DeleteLogStream', stream(own('SenderLog'))],
    ['may', 'xray:PutTraceSegments', '*'],
  ],
  AuthorizerRole: [
    ['may', 'logs:PutLogEvents', stream(own('AuthorizerLog'))],
    ['may not', 'logs:PutLogEvents', stream(own('SenderLog'))],
    ['may not', 'logs:CreateLogGroup', stream(own('AuthorizerLog'))],
    ['may', 'xray:PutTelemetryRecords', '*'],
    ['may not', 'dynamodb:GetItem', catalog],
    ['may not', 'dynamodb:Query', catalog],
    ['may not', 'dynamodb:PutItem', ledger],
    ['may not', 'sms-voice:SendTextMessage', number],
    ['may not', 'sqs:SendMessage', queue],
    ['may not', 'secretsmanager:GetSecretValue', secret],
    ['may not', 'kms:Decrypt', key],
  ],
};

const canaryCases: readonly Case[] = [
  ['may', 'lambda:UpdateAlias', functionArn(own('SenderFunction'))],
  ['may', 'lambda:UpdateAlias', functionArn(`${own('AuthorizerFunction')}:live`)],
  ['may', 'lambda:GetAlias', functionArn(own('SenderFunction'))],
  ['may', 'cloudwatch:DescribeAlarms', '*'],
  ['may not', 'lambda:UpdateAlias', functionArn('somebody-elses')],
  ['may not', 'lambda:UpdateAlias', functionArn(own('SenderFunction'), 'us-east-1')],
  ['may not', 'lambda:UpdateFunctionCode', functionArn(own('SenderFunction'))],
  ['may not', 'lambda:InvokeFunction', functionArn(own('SenderFunction'))],
  ['may not', 'iam:PassRole', '*'],
  ['may not', 's3:GetObject', 'arn:aws:s3:::artifacts/sender/5e4d.zip'],
  ['may not', 'sns:Publish', '*'],
];

const titled = (cases: readonly Case[]) =>
  cases.map((asked) => ({ may: asked[0], action: asked[1], resource: asked[2], asked }));

const policiesOf = (stack: typeof plain, role: string) => {
  const found = stack.resources[role]?.properties['Policies'];
  if (found === undefined) throw new Error(`${role} has no policies`);
  return found;
};

const asks = (stack: typeof plain, role: string, [may, action, resource, at = region]: Case) =>
  expect(isAllowed(policiesOf(stack, role), { action, resource, region: at }) ? 'may' : 'may not').toBe(may);

describe.each(Object.entries(roles))('the role %s', (role, cases) => {
  it.each(titled(cases))('$may $action on $resource', ({ asked }) => asks(plain, role, asked));

  it.each(['dynamodb', 'sqs', 's3', 'iam', 'lambda', 'kms', 'sms-voice', 'logs'])(
    'deletes nothing of %s, whatever is switched on',
    (service) => {
      const deletes = ['DeleteItem', 'DeleteTable', 'DeleteMessage', 'DeleteObject', 'DeleteRole', 'DeleteFunction'];
      for (const name of [
        ...deletes,
        'BatchWriteItem',
        'DeletePool',
        'DeleteLogGroup',
        'ScheduleKeyDeletion',
        'Pass',
      ]) {
        const action = `${service}:${name}`;
        for (const resource of [catalog, ledger, queue, number, key, stream(own('SenderLog')), '*']) {
          expect(isAllowed(policiesOf(full, role), { action, resource, region }), `${action} on ${resource}`).toBe(
            false,
          );
        }
      }
    },
  );
});

describe('the role CanaryRole', () => {
  it.each(titled(canaryCases))('$may $action on $resource', ({ asked }) => asks(full, 'CanaryRole', asked));

  it('does not exist without a canary', () => {
    expect(plain.resources['CanaryRole']).toBeUndefined();
  });
});

describe('with other settings', () => {
  it('the sender may send in every configured Region, and in no other', () => {
    asks(full, 'SenderRole', ['may', 'sms-voice:SendTextMessage', identity('pool/p', 'us-east-1'), 'us-east-1']);
    asks(full, 'SenderRole', ['may', 'sms-voice:SendTextMessage', number, region]);
    asks(full, 'SenderRole', ['may not', 'sms-voice:SendTextMessage', identity('pool/p', 'us-west-2'), 'us-west-2']);
  });

  it('the sender may use a key of the customer’s, and the authorizer still has no use for it', () => {
    asks(full, 'SenderRole', ['may', 'kms:GenerateDataKey', key]);
    asks(full, 'SenderRole', ['may not', 'kms:GenerateDataKey', `${key}-other`]);
    asks(full, 'SenderRole', ['may not', 'kms:PutKeyPolicy', key]);
    asks(full, 'AuthorizerRole', ['may not', 'kms:GenerateDataKey', key]);
  });
});

describe('the roles all together', () => {
  it('are those that the table asks', () => {
    const found = Object.entries(full.resources).filter(([, { type }]) => type === 'AWS::IAM::Role');
    expect(found.map(([id]) => id).sort()).toEqual([...Object.keys(roles), 'CanaryRole'].sort());
    expect(Object.values(full.resources).filter(({ type }) => /^AWS::IAM::(?!Role$)/.test(type))).toEqual([]);
  });

  it('name their permissions here alone: no managed policy, no wildcard among actions', () => {
    for (const [id, { type, properties }] of Object.entries(full.resources)) {
      if (type !== 'AWS::IAM::Role') continue;
      expect(properties, id).not.toHaveProperty('ManagedPolicyArns');
      expect(
        JSON.stringify(properties['Policies'])
          .match(/"[a-z-]+:[^"]*\*[^"]*"/g)
          ?.filter((name) => !/"arn:/.test(name)) ?? [],
      ).toEqual([]);
    }
  });

  it('can each be taken by one service', () => {
    const trusted = (id: string) => JSON.stringify(full.resources[id]?.properties['AssumeRolePolicyDocument']);
    expect(trusted('SenderRole')).toContain('"Principal":{"Service":"lambda.amazonaws.com"}');
    expect(trusted('AuthorizerRole')).toContain('"Principal":{"Service":"lambda.amazonaws.com"}');
    expect(trusted('CanaryRole')).toContain('"Principal":{"Service":"codedeploy.amazonaws.com"}');
  });
});

describe('whoever calls a function', () => {
  const permissions = (stack: typeof plain) =>
    Object.values(stack.resources)
      .filter(({ type }) => type === 'AWS::Lambda::Permission')
      .map(({ properties: { Principal, FunctionName, SourceArn } }) => `${Principal} ${FunctionName} ${SourceArn}`);

  it('is this API, by its one method, on the alias', () => {
    const api = own('Api');
    const execute = `arn:aws:execute-api:${region}:${account}:${api}`;
    expect(permissions(plain)).toEqual([
      `apigateway.amazonaws.com ${functionArn(own('AuthorizerFunction'))}:live ${execute}/authorizers/${own('Authorizer')}`,
      `apigateway.amazonaws.com ${functionArn(own('SenderFunction'))}:live ${execute}/*/POST/mfa`,
    ]);
  });

  it('is the schedule too, when functions are kept warm', () => {
    const rule = `arn:aws:events:${region}:${account}:rule/${own('WarmPingRule')}`;
    expect(permissions(full).filter((permission) => permission.startsWith('events.'))).toEqual([
      `events.amazonaws.com ${functionArn(own('AuthorizerFunction'))}:live ${rule}`,
      `events.amazonaws.com ${functionArn(own('SenderFunction'))}:live ${rule}`,
    ]);
  });
});
