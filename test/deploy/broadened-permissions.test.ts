import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { broadenedPermissions } from '../../src/deploy/broadened-permissions.ts';
import type { Plain, StackResource } from '../../src/deploy/stack-definition.ts';
import { isAllowed } from '../support/iam-policy.ts';

type Written = Readonly<Record<string, Plain>>;

const resource = (Type: string, Properties: Written): StackResource => ({
  Type,
  Properties,
  definition: { Type, Properties },
});
const policiesOf = (statements: readonly Plain[]): Plain => [
  { PolicyName: 'own', PolicyDocument: { Statement: statements } },
];
const role = (statements: readonly Plain[], more: Written = {}) =>
  resource('AWS::IAM::Role', { Policies: policiesOf(statements), ...more });
const topic = (statement: Plain) => resource('AWS::SNS::TopicPolicy', { PolicyDocument: { Statement: statement } });
const permission = (more: Written = {}) =>
  resource('AWS::Lambda::Permission', {
    ...{ Action: 'lambda:InvokeFunction', Principal: 'apigateway.amazonaws.com', FunctionName: { Ref: 'Alias' } },
    ...more,
  });

const broadened = (was: StackResource | undefined, is: StackResource, changed: readonly string[] = []) =>
  broadenedPermissions(new Map(was === undefined ? [] : [['It', was]]), new Map([['It', is]]), changed).get('It') ?? [];

const arn = 'arn:aws:dynamodb:eu-west-1:111122223333:table/catalog';
const allow = (more: Written = {}): Written => ({
  Effect: 'Allow',
  Action: 'dynamodb:GetItem',
  Resource: arn,
  ...more,
});
const deny = (more: Written = {}): Written => ({ ...allow(more), Effect: 'Deny' });
const tls = { Bool: { 'aws:SecureTransport': 'true' } };
const region = { StringEquals: { 'aws:RequestedRegion': 'eu-west-1' } };
const read = ['dynamodb:GetItem'];

describe('a policy permits more', () => {
  it.each<[string, readonly Plain[], readonly Plain[], readonly string[]]>([
    [
      'another action',
      [allow()],
      [allow({ Action: ['dynamodb:GetItem', 'dynamodb:DeleteItem'] })],
      ['dynamodb:DeleteItem'],
    ],
    ['another statement', [allow()], [allow(), allow({ Action: 'sqs:SendMessage' })], ['sqs:SendMessage']],
    ['every action of a service', [allow()], [allow({ Action: 'dynamodb:*' })], ['dynamodb:*']],
    [
      'more letters than one',
      [allow({ Action: 'dynamodb:Get?' })],
      [allow({ Action: 'dynamodb:Get*' })],
      ['dynamodb:Get*'],
    ],
    ['another resource', [allow()], [allow({ Resource: `${arn}-2` })], read],
    ['a resource more', [allow()], [allow({ Resource: [arn, { Ref: 'Other' }] })], read],
    ['every resource', [allow()], [allow({ Resource: '*' })], read],
    ['no condition any more', [allow({ Condition: tls })], [allow()], read],
    ['another condition', [allow({ Condition: tls })], [allow({ Condition: region })], read],
    ['a condition less', [allow({ Condition: { ...tls, ...region } })], [allow({ Condition: tls })], read],
    [
      'another value of a condition',
      [allow({ Condition: region })],
      [allow({ Condition: { StringEquals: { 'aws:RequestedRegion': ['eu-west-1', 'us-east-1'] } } })],
      read,
    ],
    ['what was denied', [deny()], [allow()], ['dynamodb:GetItem', 'no longer denied: dynamodb:GetItem']],
    [
      'what is no longer denied',
      [allow(), deny({ Action: 'dynamodb:*' })],
      [allow()],
      ['no longer denied: dynamodb:*'],
    ],
    [
      'what is denied on a condition only',
      [deny()],
      [deny({ Condition: tls })],
      ['no longer denied: dynamodb:GetItem'],
    ],
    ['what is denied elsewhere', [deny({ Resource: '*' })], [deny()], ['no longer denied: dynamodb:GetItem']],
    ['all but some actions', [allow()], [{ Effect: 'Allow', NotAction: 'iam:*', Resource: arn }], ['NotAction']],
    [
      'all but fewer actions',
      [{ Effect: 'Allow', NotAction: ['iam:*', 'sts:*'], Resource: arn }],
      [{ Effect: 'Allow', NotAction: ['iam:*'], Resource: arn }],
      ['NotAction'],
    ],
    ['all but some resources', [allow()], [{ Effect: 'Allow', Action: read, NotResource: arn }], read],
    [
      'under a condition of the template that is not known',
      [],
      [{ 'Fn::If': ['Nobody', allow(), { Ref: 'AWS::NoValue' }] }],
      read,
    ],
  ])('with %s', (_, was, is, told) => {
    expect(broadened(role(was), role(is))).toEqual(told);
  });

  it('with another policy by its ARN', () => {
    const [one, other] = ['arn:aws:iam::aws:policy/ReadOnlyAccess', { Ref: 'ManagedPolicy' }];
    const before = role([], { ManagedPolicyArns: [one] });
    expect(broadened(before, role([], { ManagedPolicyArns: [one, other] }))).toEqual(['{"Ref":"ManagedPolicy"}']);
    expect(broadened(before, before)).toEqual([]);
    expect(broadened(before, role([]))).toEqual([]);
  });

  it.each<[string, Plain, Plain]>([
    ['somebody else', { Service: 'lambda.amazonaws.com' }, { Service: 'ec2.amazonaws.com' }],
    ['somebody more', { Service: 'lambda.amazonaws.com' }, { Service: ['lambda.amazonaws.com', 'ec2.amazonaws.com'] }],
    ['another kind of the same name', { Service: 'x' }, { Federated: 'x' }],
    ['everybody', { AWS: '111122223333' }, '*'],
    ['everybody, written otherwise', { AWS: '111122223333' }, { AWS: '*' }],
  ])('to %s', (_, was, is) => {
    const trust = (Principal: Plain) =>
      resource('AWS::IAM::Role', {
        AssumeRolePolicyDocument: { Statement: [{ Effect: 'Allow', Principal, Action: 'sts:AssumeRole' }] },
      });
    expect(broadened(trust(was), trust(is))).toEqual(['sts:AssumeRole']);
    expect(broadened(trust('*'), trust(is))).toEqual([]);
  });

  it.each<[string, Written, Written]>([
    ['by somebody else', {}, { Principal: 'events.amazonaws.com' }],
    ['by everybody', {}, { Principal: '*' }],
    ['from anywhere', { SourceArn: 'arn:aws:execute-api:eu-west-1:111122223333:api/*' }, {}],
    ['from elsewhere', { SourceArn: 'arn:aws:execute-api:eu-west-1:111122223333:api/*' }, { SourceArn: 'x' }],
    ['of every version', {}, { FunctionName: { Ref: 'Function' } }],
  ])('when a function may be invoked %s', (_, was, is) => {
    expect(broadened(permission(was), permission(is))).toEqual(['lambda:InvokeFunction']);
  });

  it('when a permission to invoke is new, whole or not', () => {
    expect(broadened(undefined, permission())).toEqual(['lambda:InvokeFunction']);
    expect(broadened(undefined, resource('AWS::Lambda::Permission', {}))).toEqual(['NotAction']);
  });

  it('in a resource that was something else, and names what is more once, in order', () => {
    expect(
      broadened(resource('AWS::SQS::Queue', {}), topic([allow({ Action: ['b:B', 'a:A'] }), allow({ Action: 'a:A' })])),
    ).toEqual(['a:A', 'b:B']);
  });
});

describe('a policy permits no more', () => {
  it.each<[string, readonly Plain[], readonly Plain[]]>([
    ['with an action less', [allow({ Action: ['a:A', 'b:B'] })], [allow({ Action: 'b:B' })]],
    ['with a resource less', [allow({ Resource: [arn, '*'] })], [allow({ Resource: [arn] })]],
    [
      'with an action that a wildcard took in',
      [allow({ Action: 'dynamodb:*' })],
      [allow({ Action: 'dynamodb:Get?tem' })],
    ],
    ['with an action in capitals', [allow()], [allow({ Action: 'DynamoDB:getitem' })]],
    [
      'with a resource that a wildcard took in',
      [allow({ Resource: '*' })],
      [allow({ Resource: { 'Fn::GetAtt': ['Table', 'Arn'] } })],
    ],
    [
      'with a part of the resources',
      [allow({ Resource: { 'Fn::Sub': `arn:\${AWS::Partition}:s3:::b/*` } })],
      [allow({ Resource: { 'Fn::Sub': `arn:\${AWS::Partition}:s3:::b/c.zip` } })],
    ],
    ['under a condition', [allow()], [allow({ Condition: tls })]],
    ['under a condition more', [allow({ Condition: tls })], [allow({ Condition: { ...region, ...tls } })]],
    [
      'under a condition that the template chooses',
      [allow()],
      [allow({ Condition: { 'Fn::If': ['C', tls, region] } })],
    ],
    ['with another name of the statement', [allow({ Sid: 'One' })], [allow({ Sid: 'Two' })]],
    [
      'with its names in another order',
      [allow({ Condition: { ...tls, ...region } })],
      [{ Condition: { ...region, ...tls }, ...allow() }],
    ],
    ['in two statements', [allow({ Action: ['a:A', 'b:B'] })], [allow({ Action: 'a:A' }), allow({ Action: 'b:B' })]],
    ['with something denied', [allow()], [allow(), deny()]],
    ['with more of it denied', [deny()], [deny({ Resource: '*' })]],
    ['with something denied whatever the condition', [deny({ Condition: tls })], [deny()]],
    ['with something that is no effect', [], [{ Effect: 'Maybe', Action: '*' }]],
  ])('%s', (_, was, is) => {
    expect(broadened(role(was), role(is))).toEqual([]);
  });

  it('with a permission to invoke that is bound to a source', () => {
    expect(broadened(permission(), permission({ SourceArn: 'arn:aws:events:x', SourceAccount: '1' }))).toEqual([]);
  });
});

describe('a parameter that changes', () => {
  const regions = { 'Fn::Sub': `arn:aws:sms-voice:\${Region}:*:pool/*` };

  it('is told where what is allowed depends on it, in whatever part', () => {
    const told = ['depends on the parameter Region'];
    for (const more of [
      { Resource: regions },
      { Resource: { Ref: 'Region' } },
      { Condition: { X: { y: { Ref: 'Region' } } } },
    ]) {
      expect(broadened(role([allow(more)]), role([allow(more)]), ['Region', 'Other'])).toEqual(told);
    }
    const managed = role([], { ManagedPolicyArns: [{ Ref: 'Region' }] });
    expect(broadened(managed, managed, ['Region'])).toEqual(told);
  });

  it('is not told where it only denies, or is used beside', () => {
    const denied = role([deny({ Resource: regions })]);
    expect(broadened(denied, denied, ['Region'])).toEqual([]);
    const named = role([allow()], { RoleName: { Ref: 'Region' } });
    expect(broadened(named, named, ['Region'])).toEqual([]);
    const literal = role([allow({ Resource: { 'Fn::Sub': `\${!Region}` } })]);
    expect(broadened(literal, literal, ['Region'])).toEqual([]);
  });
});

describe('whatever the policies', () => {
  const actions = ['a:One', 'a:Two', 'b:One'];
  const resources = ['arn:x', 'arn:y'];
  const statement = fc.record({
    Effect: fc.constantFrom('Allow', 'Deny'),
    Action: fc.oneof(
      fc.constantFrom(...actions, 'a:*', '*', 'a:T?o', '?:One'),
      fc.subarray([...actions, 'b:*'], { minLength: 1 }),
    ),
    Resource: fc.oneof(fc.constantFrom(...resources, '*', 'arn:?'), fc.subarray(resources, { minLength: 1 })),
  });
  const statements = fc.array(statement, { maxLength: 4 });
  const everything = actions.flatMap((action) =>
    resources.map((at) => ({ action, resource: at, region: 'eu-west-1' })),
  );

  it('one is never broader than itself', () => {
    fc.assert(fc.property(statements, (all) => broadened(role(all), role(all)).length === 0));
  });

  it('what somebody may do and could not do before is never passed over', () => {
    let wider = 0;
    fc.assert(
      fc.property(statements, statements, (was, is) => {
        const more = everything.filter((it) => isAllowed(policiesOf(is), it) && !isAllowed(policiesOf(was), it));
        fc.pre(more.length > 0);
        wider += 1;
        expect(broadened(role(was), role(is))).not.toEqual([]);
      }),
    );
    expect(wider).toBeGreaterThan(50);
  });

  it('an allowing statement less permits no more, and a denying one more neither', () => {
    fc.assert(
      fc.property(statements, statement, (all, one) => {
        const [allowing, denying] = [
          { ...one, Effect: 'Allow' },
          { ...one, Effect: 'Deny' },
        ];
        expect(broadened(role([...all, allowing]), role(all))).toEqual([]);
        expect(broadened(role(all), role([...all, denying]))).toEqual([]);
      }),
    );
  });

  it('an action that nobody has had is always told', () => {
    fc.assert(
      fc.property(
        statements.filter((all) => !all.some(({ Action }) => [Action].flat().includes('*'))),
        (all) => {
          const added = [...all, allow({ Action: 'new:Action' })];
          expect(broadened(role(all), role(added))).toEqual(['new:Action']);
        },
      ),
    );
  });
});
