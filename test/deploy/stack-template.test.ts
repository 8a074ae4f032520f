import { describe, expect, it } from 'vitest';
import { parseStackTemplate } from '../../src/deploy/stack-definition.ts';
import type { StackInput } from '../../src/deploy/stack-parameters.ts';
import { toStackParameters } from '../../src/deploy/stack-parameters.ts';
import { parametersBehind, referencesOf } from '../../src/deploy/stack-references.ts';
import { renderStackTemplate } from '../../src/deploy/stack-template.ts';
import { everyOption, stackDefinition, stackEnvironment, stackInput, stackText } from '../support/stack-environment.ts';

const { api } = stackEnvironment();

/** What would be deployed of a text. */
function deployed(text: string, input: StackInput = stackInput()) {
  const definition = parseStackTemplate(text);
  const parameters = toStackParameters(definition, input);
  return { ...renderStackTemplate(definition, parameters), parameters };
}

const deploymentsIn = (text: string) => text.match(/ApiDeployment\w*/g) ?? [];

/** Each change has to take hold, or the test would say nothing. */
function edited(from: string, to: string): string {
  const text = stackText.replace(from, to);
  if (text === stackText) throw new Error(`the template does not hold ${from}`);
  return text;
}

describe('the text to deploy', () => {
  const { text, bytes } = deployed(stackText);

  it('names the deployment of the API by what it shows, wherever it is named', () => {
    const names = deploymentsIn(text);
    expect(names).toHaveLength(deploymentsIn(stackText).length);
    expect(new Set(names).size).toBe(1);
    expect(names[0]).toMatch(/^ApiDeployment[0-9a-f]{12}$/);
    const { resources } = parseStackTemplate(text);
    expect(resources['ApiStage']?.Properties['DeploymentId']).toEqual({ Ref: names[0] });
    expect(resources[names[0] ?? '']?.Type).toBe('AWS::ApiGateway::Deployment');
  });

  it('is otherwise what was written, without its comments', () => {
    const { document: _, ...written } = stackDefinition();
    const { document: __, ...back } = parseStackTemplate(
      text.replaceAll(/ApiDeployment[0-9a-f]{12}/g, 'ApiDeployment'),
    );
    expect(back).toEqual(written);
    expect(stackText).toContain('# Execution logs would hold headers');
    // Outside of texts and names (#dashboards) nothing of the file has this sign.
    expect(text.split('\n').filter((line) => /(^|\s)#/.test(line))).toEqual([]);
    expect(deployed('# a\nResources: # b\n  # c\n  A: # d\n    - B # e\n    # f\n# g\n').text).toBe(
      'Resources:\n  A:\n    - B\n',
    );
    expect(text).toContain('!GetAtt Api.RootResourceId');
  });

  it('is the same every time', () => {
    expect(deployed(stackText).text).toBe(text);
  });

  it('leaves what it was made of alone', () => {
    const definition = stackDefinition();
    renderStackTemplate(definition, []);
    expect(deploymentsIn(definition.document.toString())).not.toContain(deploymentsIn(text)[0]);
  });

  it('goes with the request as long as CloudFormation takes it there', () => {
    expect(bytes).toBe(new TextEncoder().encode(text).length);
    expect(bytes).toBeLessThanOrEqual(51_200);
    expect(deployed(stackText)).toMatchObject({ needsBucket: false });
    const padding = (count: number) =>
      `${stackText}Metadata: ${'€'.repeat(Math.floor(count / 3))}${'.'.repeat(count % 3)}\n`;
    const room = 51_200 - deployed(padding(3)).bytes + 3;
    expect(deployed(padding(room))).toMatchObject({ bytes: 51_200, needsBucket: false });
    expect(deployed(padding(room + 1))).toMatchObject({ bytes: 51_201, needsBucket: true });
  });
});

describe('the API is deployed anew', () => {
  const [before] = deploymentsIn(deployed(stackText).text);
  const of = (text: string, input?: StackInput) => deploymentsIn(deployed(text, input).text)[0];

  it.each([
    ['the method', 'HttpMethod: POST', 'HttpMethod: PUT'],
    [
      'what the authorizer lets through',
      'IdentityValidationExpression: Bearer',
      'IdentityValidationExpression: bearer',
    ],
    ['the form of the endpoint', 'Types: [REGIONAL]', 'Types: [EDGE]'],
    ['the method’s type', 'Type: AWS_PROXY', 'Type: AWS'],
  ])('when %s changes', (_, from, to) => {
    expect(of(edited(from, to))).not.toBe(before);
  });

  it.each([
    ['path', { path: '/otp' }],
    ['time to live', { authorizerTtlSeconds: 61 }],
  ])('when a setting changes that the API holds: the %s', (_, change) => {
    expect(of(stackText, stackInput({ api: { ...api, ...change } }))).not.toBe(before);
  });

  it.each([
    ['the stage', stackInput({ api: { ...api, stage: 'live' } })],
    ['throttling', stackInput({ api: { ...api, throttling: { ratePerSecond: 1, burst: 1 } } })],
    ['the code', stackInput({}, { sender: { key: 'sender/ffff.zip', hash: 'ffff' } })],
  ])('but not for %s', (_, input) => {
    expect(of(stackText, input)).toBe(before);
  });

  it('but not for a comment, for lines in another order or for anything beside the API', () => {
    expect(of(edited('# TLS 1.2 at least.', '# No less than TLS 1.2.'))).toBe(before);
    expect(
      of(
        edited(
          'AuthorizationType: CUSTOM\n      AuthorizerId: !Ref Authorizer',
          'AuthorizerId: !Ref Authorizer\n      AuthorizationType: CUSTOM',
        ),
      ),
    ).toBe(before);
    expect(of(edited('Timeout: 5', 'Timeout: 6'))).toBe(before);
    expect(of(edited("LoggingLevel: 'OFF'", "LoggingLevel: 'ERROR'"))).toBe(before);
  });
});

describe('a version of a function', () => {
  const releases = (input: StackInput, text = stackText) => {
    const values = new Map(
      toStackParameters(parseStackTemplate(text), input).map(({ ParameterKey, ParameterValue }) => [
        ParameterKey,
        ParameterValue,
      ]),
    );
    return { sender: values.get('SenderRelease'), authorizer: values.get('AuthorizerRelease') };
  };
  const before = releases(stackInput());
  const { okta, messaging, functions, data } = stackEnvironment();

  it('has a hash for its name', () => {
    expect(before.sender).toMatch(/^[0-9a-f]{12}$/);
    expect(before.authorizer).toMatch(/^[0-9a-f]{12}$/);
    expect(before.sender).not.toBe(before.authorizer);
  });

  it.each<[string, StackInput, 'sender' | 'authorizer' | 'both']>([
    ['code of the sender', stackInput({}, { sender: { key: 'sender/ffff.zip', hash: 'ffff' } }), 'sender'],
    ['code of the authorizer', stackInput({}, { authorizer: { key: 'a/ffff.zip', hash: 'ffff' } }), 'authorizer'],
    ['answers', stackInput({ messaging: { ...messaging, answers: { landline: 'error' } } }), 'sender'],
    ['deadline', stackInput({ messaging: { ...messaging, answerWithinMs: 1_900 } }), 'sender'],
    ['client', stackInput({ okta: { ...okta, clientIds: ['0oa1'] } }), 'authorizer'],
    ['memory', stackInput({ functions: { ...functions, memoryMb: 512 } }), 'both'],
    ['key, which only a condition tells', stackInput({ data: { ...data, customerManagedKey: true } }), 'sender'],
  ])('is published for another %s', (_, input, which) => {
    const after = releases(input);
    expect(after.sender !== before.sender).toBe(which !== 'authorizer');
    expect(after.authorizer !== before.authorizer).toBe(which !== 'sender');
  });

  it.each<[string, StackInput]>([
    [
      'another place of the same code',
      stackInput({}, { bucket: 'other', sender: { key: 'elsewhere/5e4d.zip', hash: '5e4d' } }),
    ],
    ['a reservation', stackInput({ functions: { ...functions, reservedConcurrency: 5 } })],
    ['provisioned concurrency', stackInput({ functions: { ...functions, provisionedConcurrency: 5 } })],
    ['an alarm', stackInput({}, { spendLimits: { text: 1, voice: 1 } })],
    ['a Region to send in', stackInput({ messaging: { ...messaging, regions: ['eu-west-1', 'us-east-1'] } })],
  ])('is not for %s: Lambda publishes nothing twice', (_, input) => {
    expect(releases(input)).toEqual(before);
  });

  it('is published when the template itself sets the function up in another way', () => {
    expect(releases(stackInput(), edited('Timeout: 5', 'Timeout: 6'))).toMatchObject({ authorizer: before.authorizer });
    expect(releases(stackInput(), edited('Timeout: 5', 'Timeout: 6')).sender).not.toBe(before.sender);
  });

  const table = 'AttributeDefinitions:\n        - { AttributeName: eventId, AttributeType: S }';
  it.each<[string, string, string, 'sender' | 'authorizer']>([
    ['a table gets another key', 'AttributeName: eventId, KeyType', 'AttributeName: id, KeyType', 'sender'],
    ['a key gets another type', table, table.replace('Type: S', 'Type: B'), 'sender'],
    ['a table gets a name', table, `TableName: !Sub \${AWS::StackName}-ledger\n      ${table}`, 'sender'],
    ['the queue becomes a FIFO', 'MessageRetentionPeriod: 1209600', 'FifoQueue: true', 'sender'],
    ['the secret gets a name', 'GenerateSecretString:', 'Name: key\n      GenerateSecretString:', 'sender'],
    ['a role gets a path', 'Description: What the sender needs', 'Path: /otp/\n      Description: What', 'sender'],
    [
      'the configuration set gets another name',
      'ConfigurationSetName: !Ref AWS::StackName',
      'ConfigurationSetName: !Sub ${AWS::StackName}-2',
      'sender',
    ],
    [
      'a log group gets a name',
      'AuthorizerLog:\n    Type: AWS::Logs::LogGroup\n    DeletionPolicy: Delete\n    UpdateReplacePolicy: Delete\n    Properties:',
      'AuthorizerLog:\n    Type: AWS::Logs::LogGroup\n    Properties:\n      LogGroupName: authorizer',
      'authorizer',
    ],
  ])('is published when %s, since it is replaced and the alias would keep the old one', (_, from, to, which) => {
    const after = releases(stackInput(), edited(from, to));
    expect(after.sender !== before.sender).toBe(which === 'sender');
    expect(after.authorizer !== before.authorizer).toBe(which === 'authorizer');
  });

  it('is published when only a parameter says that a table is replaced', () => {
    const named = edited(table, `TableName: !Ref StageName\n      ${table}`);
    const other = stackInput({ api: { ...api, stage: 'live' } });
    expect(releases(other, named).sender).not.toBe(releases(stackInput(), named).sender);
    expect(releases(other, stackText)).toEqual(before);
  });

  it.each([
    ['recovery of a table', 'PointInTimeRecoveryEnabled: true', 'PointInTimeRecoveryEnabled: false'],
    ['the time to live of a table', 'AttributeName: expiresAt', 'AttributeName: until'],
    ['an index’s attribute', table, `${table}\n        - { AttributeName: other, AttributeType: S }`],
    ['the retention of a queue', 'MessageRetentionPeriod: 1209600', 'MessageRetentionPeriod: 60'],
    ['a policy of a role', 'Action: sqs:SendMessage', 'Action: [sqs:SendMessage, sqs:GetQueueUrl]'],
    ['the words of the secret', 'Description: Key of the hash', 'Description: The key of the hash'],
    ['what a table is deleted with', 'DeletionPolicy: RetainExceptOnCreate', 'DeletionPolicy: Retain'],
    ['a tag of the protect configuration', 'Key: Name, Value', 'Key: Stack, Value'],
    ['the retention of a log', 'RetentionInDays: !Ref LogRetentionDays', 'RetentionInDays: 7'],
  ])('is not when %s changes, which leaves every name as it is', (_, from, to) => {
    expect(releases(stackInput(), edited(from, to).replaceAll(from, to))).toEqual(before);
  });
});

describe('the parameters', () => {
  const definition = stackDefinition();
  const { messaging } = stackEnvironment();
  const valuesOf = (input: StackInput) =>
    Object.fromEntries(
      toStackParameters(definition, input).map(({ ParameterKey, ParameterValue }) => [ParameterKey, ParameterValue]),
    );

  it('are all of the template’s, and no others', () => {
    for (const input of [stackInput(), everyOption()]) {
      expect(Object.keys(valuesOf(input)).sort()).toEqual(Object.keys(definition.parameters).sort());
    }
  });

  it('hold every setting', () => {
    const { SenderRelease, AuthorizerRelease, ...values } = valuesOf(everyOption());
    expect(values).toEqual({
      Issuer: 'https://acme.okta.com/oauth2/default',
      Audience: 'api://otp',
      ClientIds: '0oa1,0oa2',
      Scope: 'telephony.hook',
      NextIssuer: 'https://new.okta.com/oauth2/default',
      NextAudience: 'api://new',
      NextClientIds: '0oa3',
      NextScope: 'telephony.new',
      StageName: 'live',
      HookPath: 'otp',
      AllowedIpv4: '203.0.113.0/24,198.51.100.7/32',
      AllowedIpv6: '2001:db8::/32',
      RequestsPer5Minutes: '20000',
      RequestsPerSecond: '50',
      RequestBurst: '80',
      AuthorizerTtlSeconds: '120',
      MemoryMb: '2048',
      ProvisionedConcurrency: '2',
      ReservedConcurrency: '20',
      WarmPing: 'true',
      Canary: 'true',
      LogRetentionDays: '90',
      MessagingRegions: 'eu-west-1,us-east-1',
      Answers: '{"country-unlisted":"suppress"}',
      AnswerWithinMs: '2000',
      SendFloorMs: '400',
      AlarmEmail: 'ops@acme.example',
      FailureRatePercent: '2.5',
      FallbackRatePercent: '7',
      BlockedRatePercent: '33',
      SpendPercent: '60',
      DataProtection: 'true',
      CustomerManagedKey: 'true',
      ArtifactBucket: 'artifacts',
      SenderKey: 'sender/5e4d.zip',
      AuthorizerKey: 'authorizer/a07b.zip',
      TextSpendLimitUsd: '1000',
      VoiceSpendLimitUsd: '50',
    });
    expect([SenderRelease, AuthorizerRelease]).not.toContain(undefined);
  });

  it('let the sender send in the Region that the stack is deployed to, whatever the environment says', () => {
    expect(valuesOf(stackInput())).toMatchObject({ MessagingRegions: 'eu-west-1' });
    expect(valuesOf(stackInput({ region: 'us-east-1' }, { region: 'eu-central-1' }))).toMatchObject({
      MessagingRegions: 'eu-central-1',
    });
    expect(() => valuesOf(stackInput({ messaging: { ...messaging, regions: ['us-east-1'] } }))).toThrow(
      'messaging.regions does not name eu-west-1',
    );
  });

  it('say nothing of what is not set', () => {
    expect(valuesOf(stackInput({}, { spendLimits: { text: undefined, voice: undefined } }))).toMatchObject({
      Audience: '',
      ClientIds: '',
      Scope: '',
      NextIssuer: '',
      NextClientIds: '',
      AllowedIpv4: '',
      AllowedIpv6: '',
      ReservedConcurrency: '0',
      Answers: '',
      AnswerWithinMs: '',
      SendFloorMs: '',
      AlarmEmail: '',
      TextSpendLimitUsd: '0',
      VoiceSpendLimitUsd: '0',
      Canary: 'false',
    });
  });
});

describe('what a part of a template refers to', () => {
  it('is found in every intrinsic function', () => {
    const { resources } = parseStackTemplate(`
Resources:
  One:
    Type: T
    Properties:
      A: !Ref First
      B: !GetAtt Second.Arn
      C: !Sub '\${Third}/\${Fourth.Arn}/\${AWS::Region}/\${!Literal}'
      D: !If [Fifth, !Ref Sixth, [{ E: { Fn::Sub: ['\${Seventh}', { Seventh: !Ref Eighth }] } }]]
      F: Ninth
      G: { Ref: { strange: true } }
`);
    expect([...referencesOf(resources['One']?.Properties ?? {})].sort()).toEqual(
      ['AWS::Region', 'Eighth', 'Fifth', 'First', 'Fourth', 'Second', 'Seventh', 'Sixth', 'Third'].sort(),
    );
  });

  it('reaches parameters by way of conditions that rest on conditions', () => {
    const definition = parseStackTemplate(`
Parameters: { P: {}, Q: {}, R: {} }
Conditions:
  Inner: !Equals [!Ref P, 'true']
  Outer: !And [!Condition Inner, !Not [!Equals [!Ref Q, '']]]
`);
    expect(parametersBehind(definition, { 'Fn::If': ['Outer', 1, 2] })).toEqual(['P', 'Q']);
    expect(parametersBehind(definition, { Ref: 'R' })).toEqual(['R']);
    expect(parametersBehind(definition, { Ref: 'Elsewhere' })).toEqual([]);
  });
});

describe('a template', () => {
  it('is read with long forms, short forms and nothing at all', () => {
    expect(
      parseStackTemplate('Resources: { A: { Type: T, Properties: { B: { Ref: C }, D: !Ref C, E: } } }').resources,
    ).toMatchObject({
      A: { Type: 'T', Properties: { B: { Ref: 'C' }, D: { Ref: 'C' }, E: null } },
    });
    expect(parseStackTemplate('').resources).toEqual({});
  });

  it('that is no YAML is refused', () => {
    expect(() => parseStackTemplate('a: [')).toThrow();
  });
});
