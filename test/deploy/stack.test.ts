import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isObject } from '../../src/core/decode.ts';
import { metricsNamespace } from '../../src/core/metric-line.ts';
import type { Plain } from '../../src/deploy/stack-definition.ts';
import { isPlainObject, toRecord } from '../../src/deploy/stack-definition.ts';
import type { StackInput } from '../../src/deploy/stack-parameters.ts';
import { toStackParameters } from '../../src/deploy/stack-parameters.ts';
import { parseConfig as parseAuthorizerConfig } from '../../src/handlers/authorizer/config.ts';
import { parseConfig as parseSenderConfig } from '../../src/handlers/sender/config.ts';
import { jwtShaped, timeouts } from '../../src/local/cloud.ts';
import type { Period } from '../support/metric-math.ts';
import { evaluateMetricMath, missingMeans } from '../support/metric-math.ts';
import type { ResolvedStack } from '../support/resolve-stack.ts';
import { account, region, resolveStack, stackName } from '../support/resolve-stack.ts';
import { everyOption, stackDefinition, stackEnvironment, stackInput, stackText } from '../support/stack-environment.ts';

const definition = stackDefinition();
const stackOf = (input: StackInput) => resolveStack(definition, toStackParameters(definition, input));
const plain = stackOf(stackInput());
const full = stackOf(everyOption());

function propertiesOf(stack: ResolvedStack, id: string): Readonly<Record<string, Plain>> {
  const resource = stack.resources[id];
  if (resource === undefined) throw new Error(`there is no ${id}`);
  return resource.properties;
}

const idsOf = (stack: ResolvedStack, type: string) =>
  Object.entries(stack.resources).flatMap(([id, resource]) => (resource.type === type ? [id] : []));

const listOf = (value: Plain | undefined): readonly Plain[] => (Array.isArray(value) ? value : []);

/** Everything in a value, itself and what lies within, that is an object. */
const objectsIn = (value: Plain): readonly Readonly<Record<string, Plain>>[] => [
  ...(isPlainObject(value) ? [value] : []),
  ...(Array.isArray(value) ? value : Object.values(toRecord(value))).flatMap((inner: Plain) => objectsIn(inner)),
];

describe('the edge', () => {
  it('is regional, with TLS 1.2 at least', () => {
    expect(propertiesOf(plain, 'Api')).toMatchObject({
      EndpointConfiguration: { Types: ['REGIONAL'] },
      SecurityPolicy: expect.stringMatching(/^SecurityPolicy_TLS13_1_[23]_/),
    });
  });

  it('has its API in resources, since nobody could review a body document', () => {
    expect(propertiesOf(plain, 'Api')).not.toHaveProperty('Body');
    expect(propertiesOf(plain, 'Api')).not.toHaveProperty('BodyS3Location');
  });

  it('throttles, and writes neither headers nor bodies to any execution log', () => {
    expect(propertiesOf(plain, 'ApiStage')['MethodSettings']).toEqual([
      {
        HttpMethod: '*',
        ResourcePath: '/*',
        ThrottlingRateLimit: 500,
        ThrottlingBurstLimit: 1_000,
        LoggingLevel: 'OFF',
        DataTraceEnabled: false,
        MetricsEnabled: false,
      },
    ]);
    expect(propertiesOf(plain, 'ApiStage')).not.toHaveProperty('TracingEnabled');
  });

  it('logs an access by what it was, and nothing that Okta sent', () => {
    const { Format } = toRecord(propertiesOf(plain, 'ApiStage')['AccessLogSetting']);
    const format = String(Format);
    expect(Object.keys(JSON.parse(format))).toContain('requestId');
    const variables = format.match(/\$[A-Za-z.]+/g) ?? [];
    // Of the authorizer there is also its whole context, in which claims would stand; of a request its headers by override.
    expect(
      variables.filter(
        (name) => !/^\$context\.[a-zA-Z]+(\.(sourceIp|status|latency|principalId|responseType))?$/.test(name),
      ),
    ).toEqual([]);
    expect(format).not.toMatch(/token|body|header|claims|messageString|\$input|\$stageVariables/i);
  });

  it('asks the authorizer about JWTs alone, as the local cloud does', () => {
    expect(propertiesOf(plain, 'Authorizer')).toMatchObject({
      Type: 'TOKEN',
      IdentitySource: 'method.request.header.Authorization',
      IdentityValidationExpression: jwtShaped,
      AuthorizerResultTtlInSeconds: 300,
    });
    expect(propertiesOf(plain, 'HookMethod')).toMatchObject({ AuthorizationType: 'CUSTOM', HttpMethod: 'POST' });
  });

  it('calls both functions by their aliases', () => {
    const invocation = (id: string) =>
      `arn:aws:apigateway:${region}:lambda:path/2015-03-31/functions/arn:aws:lambda:${region}:${account}:function:${stackName}-${id}:live/invocations`;
    expect(propertiesOf(plain, 'Authorizer')['AuthorizerUri']).toBe(invocation('AuthorizerFunction'));
    expect(toRecord(propertiesOf(plain, 'HookMethod')['Integration'])).toMatchObject({
      Type: 'AWS_PROXY',
      Uri: invocation('SenderFunction'),
    });
  });
});

describe('the firewall', () => {
  /** The rules of both groups. https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-baseline.html */
  const groups: Readonly<Record<string, readonly string[]>> = {
    AWSManagedRulesCommonRuleSet: [
      'NoUserAgent_HEADER',
      'UserAgent_BadBots_HEADER',
      ...['QUERYSTRING', 'Cookie_HEADER', 'BODY', 'URIPATH'].map((part) => `SizeRestrictions_${part}`),
      ...['BODY', 'COOKIE', 'URIPATH', 'QUERYARGUMENTS'].map((part) => `EC2MetaDataSSRF_${part}`),
      ...['QUERYARGUMENTS', 'URIPATH', 'BODY'].map((part) => `GenericLFI_${part}`),
      ...['URIPATH', 'QUERYARGUMENTS'].map((part) => `RestrictedExtensions_${part}`),
      ...['QUERYARGUMENTS', 'BODY', 'URIPATH'].map((part) => `GenericRFI_${part}`),
      ...['COOKIE', 'QUERYARGUMENTS', 'BODY', 'URIPATH'].map((part) => `CrossSiteScripting_${part}`),
    ],
    AWSManagedRulesKnownBadInputsRuleSet: [
      ...['HEADER', 'BODY', 'URIPATH', 'QUERYSTRING'].map((part) => `JavaDeserializationRCE_${part}`),
      'Host_localhost_HEADER',
      'PROPFIND_METHOD',
      'ExploitablePaths_URIPATH',
      ...['HEADER', 'QUERYSTRING', 'BODY', 'URIPATH'].map((part) => `Log4JRCE_${part}`),
      'ReactJSRCE_BODY',
    ],
  };

  const rules = (stack: ResolvedStack) => listOf(propertiesOf(stack, 'Firewall')['Rules']).map(toRecord);
  const managed = rules(plain).flatMap((rule) => {
    const group = toRecord(rule['Statement'])['ManagedRuleGroupStatement'];
    return group === undefined ? [] : [toRecord(group)];
  });

  it('has two groups of AWS, and no list of addresses of bad repute', () => {
    expect(managed.map(({ VendorName, Name }) => `${String(VendorName)} ${String(Name)}`)).toEqual(
      Object.keys(groups).map((name) => `AWS ${name}`),
    );
  });

  it('names no version of them, which would be refused some day', () => {
    expect(managed.map(({ Version }) => Version)).toEqual([undefined, undefined]);
  });

  it.each(Object.entries(groups))('of %s blocks by nothing that a user’s name could hold', (name, names) => {
    const group = managed.find(({ Name }) => Name === name);
    const counted = names.filter((rule) => rule.endsWith('_BODY') || rule === 'NoUserAgent_HEADER');
    expect(listOf(group?.['RuleActionOverrides'])).toEqual(
      counted.map((rule) => ({ Name: rule, ActionToUse: { Count: {} } })),
    );
  });

  it('takes ten thousand requests of one address in five minutes, or more', () => {
    const statements = (stack: ResolvedStack) =>
      rules(stack).flatMap((rule) => toRecord(rule['Statement'])['RateBasedStatement'] ?? []);
    expect(statements(plain)).toEqual([{ AggregateKeyType: 'IP', EvaluationWindowSec: 300, Limit: 10_000 }]);
    expect(statements(full)).toMatchObject([{ Limit: 20_000 }]);
    expect(toRecord(definition.parameters['RequestsPer5Minutes'])['MinValue']).toBe(10_000);
  });

  it('lets everybody in without an allow-list', () => {
    expect(rules(plain).map(({ Name }) => Name)).toEqual(['too-many-requests', 'common', 'known-bad-inputs']);
    expect(idsOf(plain, 'AWS::WAFv2::IPSet')).toEqual([]);
    expect(propertiesOf(plain, 'Firewall')['DefaultAction']).toEqual({ Allow: {} });
  });

  it.each([
    ['both kinds of addresses', ['203.0.113.0/24', '2001:db8::/32'], ['AllowedIpv4Set', 'AllowedIpv6Set']],
    ['IPv4 alone', ['203.0.113.0/24'], ['AllowedIpv4Set']],
    ['IPv6 alone', ['2001:db8::/32'], ['AllowedIpv6Set']],
  ])('blocks whoever is not on an allow-list of %s', (_, allowedAddresses, sets) => {
    const stack = stackOf(stackInput({ api: { ...stackEnvironment().api, allowedAddresses } }));
    expect(idsOf(stack, 'AWS::WAFv2::IPSet')).toEqual(sets);
    expect(sets.flatMap((id) => listOf(propertiesOf(stack, id)['Addresses']))).toEqual(allowedAddresses);
    const [first = {}] = rules(stack);
    expect(first).toMatchObject({ Name: 'outside-the-allow-list', Priority: 0, Action: { Block: {} } });
    const { Statement } = toRecord(toRecord(first['Statement'])['NotStatement']);
    const named = objectsIn(Statement ?? null).flatMap(({ Arn }) => Arn ?? []);
    expect(named).toEqual(sets.map((id) => `arn:aws:wafv2:${region}:${account}:regional/ipset/${stackName}-${id}/1`));
    const alternatives = toRecord(toRecord(Statement)['OrStatement'])['Statements'];
    // WAF takes no "or" of one.
    expect(listOf(alternatives)).toHaveLength(sets.length === 1 ? 0 : 2);
  });

  it('asks in an order without doubt', () => {
    const priorities = rules(full).map(({ Priority }) => Priority);
    expect(priorities).toEqual([0, 1, 2, 3]);
  });

  it('shows the token to nobody: no samples, a redacted log, values replaced', () => {
    const firewall = propertiesOf(full, 'Firewall');
    const samples = objectsIn(firewall).flatMap(({ SampledRequestsEnabled }) => SampledRequestsEnabled ?? []);
    expect(samples).toEqual([false, false, false, false, false]);
    expect(propertiesOf(full, 'FirewallLogging')['RedactedFields']).toEqual([
      { SingleHeader: { Name: 'authorization' } },
    ]);
    expect(toRecord(firewall['DataProtectionConfig'])['DataProtections']).toEqual([
      { Action: 'SUBSTITUTION', Field: { FieldType: 'SINGLE_HEADER', FieldKeys: ['authorization'] } },
      { Action: 'SUBSTITUTION', Field: { FieldType: 'BODY' } },
    ]);
  });

  it('stands before the stage, and logs to a group that WAF accepts', () => {
    expect(propertiesOf(plain, 'FirewallAssociation')['ResourceArn']).toBe(
      `arn:aws:apigateway:${region}::/restapis/${stackName}-Api/stages/${stackName}-ApiStage`,
    );
    expect(propertiesOf(plain, 'FirewallLog')['LogGroupName']).toMatch(/^aws-waf-logs-/);
  });
});

describe('the functions', () => {
  it.each([
    ['AuthorizerFunction', timeouts.authorizerMs],
    ['SenderFunction', timeouts.senderMs],
  ])('%s runs as it does in the local cloud, on Lambda’s newest Node and arm64', (id, timeoutMs) => {
    expect(propertiesOf(plain, id)).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      MemorySize: 1_024,
      Timeout: timeoutMs / 1_000,
      Handler: 'index.handler',
      TracingConfig: { Mode: 'Active' },
    });
    expect(propertiesOf(plain, id)).not.toHaveProperty('ReservedConcurrentExecutions');
    expect(propertiesOf(plain, id)).not.toHaveProperty('DeadLetterConfig');
    expect(propertiesOf(full, id)).toMatchObject({ ReservedConcurrentExecutions: 20, MemorySize: 2_048 });
  });

  it('come from the bucket, by the names of their contents', () => {
    expect(propertiesOf(plain, 'SenderFunction')['Code']).toEqual({ S3Bucket: 'artifacts', S3Key: 'sender/5e4d.zip' });
    expect(propertiesOf(plain, 'AuthorizerFunction')['Code']).toEqual({
      S3Bucket: 'artifacts',
      S3Key: 'authorizer/a07b.zip',
    });
  });

  it.each(['Sender', 'Authorizer'])(
    'of the %s the alias stands on a version that stays when the next one comes',
    (name) => {
      expect(definition.resources[`${name}Version`]?.definition).toMatchObject({
        DeletionPolicy: 'RetainExceptOnCreate',
        UpdateReplacePolicy: 'Retain',
        Properties: { FunctionName: { Ref: `${name}Function` }, Description: { Ref: `${name}Release` } },
      });
      expect(definition.resources[`${name}Alias`]?.Properties['FunctionVersion']).toEqual({
        'Fn::GetAtt': [`${name}Version`, 'Version'],
      });
      expect(propertiesOf(plain, `${name}Alias`)).not.toHaveProperty('ProvisionedConcurrencyConfig');
      expect(propertiesOf(full, `${name}Alias`)['ProvisionedConcurrencyConfig']).toEqual({
        ProvisionedConcurrentExecutions: 2,
      });
    },
  );

  it('are only shifted slowly when that is asked for, and back when codes do not go out', () => {
    expect(plain.resources['SenderAlias']?.definition['UpdatePolicy']).toEqual({});
    expect(full.resources['SenderAlias']?.definition['UpdatePolicy']).toEqual({
      CodeDeployLambdaAliasUpdate: {
        ApplicationName: `${stackName}-CanaryApplication`,
        DeploymentGroupName: `${stackName}-SenderCanary`,
      },
    });
    for (const id of ['SenderCanary', 'AuthorizerCanary']) {
      expect(plain.resources[id]).toBeUndefined();
      expect(toRecord(propertiesOf(full, id)['AlarmConfiguration'])).toMatchObject({ Enabled: true });
      expect(JSON.stringify(propertiesOf(full, id))).toContain(`"Name":"${stackName}-DeliveryFailuresAlarm"`);
      expect(JSON.stringify(propertiesOf(full, id))).toContain('DEPLOYMENT_STOP_ON_ALARM');
    }
  });

  it('are pinged by a schedule when that is asked for', () => {
    expect(idsOf(plain, 'AWS::Events::Rule')).toEqual([]);
    expect(listOf(propertiesOf(full, 'WarmPingRule')['Targets']).map((target) => toRecord(target)['Input'])).toEqual([
      '{"type":"okta-otp.warm-ping"}',
      '{"type":"okta-otp.warm-ping"}',
    ]);
  });
});

describe('the functions’ settings', () => {
  const fromLambda = {
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_SESSION_TOKEN: 'session',
  };

  const variablesOf = (stack: ResolvedStack, id: string): Readonly<Record<string, string>> =>
    Object.fromEntries(
      Object.entries(toRecord(toRecord(propertiesOf(stack, id)['Environment'])['Variables'])).map(([name, value]) => [
        name,
        String(value),
      ]),
    );

  /** What a function asks its environment for. */
  function readsOf(parse: (env: Readonly<Record<string, string>>) => unknown, env: Readonly<Record<string, string>>) {
    const read = new Set<string>();
    const noted = <T>(name: string | symbol, value: T) => {
      if (typeof name === 'string') read.add(name);
      return value;
    };
    parse(
      new Proxy(env, {
        get: (target, name) => noted(name, Reflect.get(target, name)),
        has: (target, name) => noted(name, Reflect.has(target, name)),
        getOwnPropertyDescriptor: (target, name) => noted(name, Reflect.getOwnPropertyDescriptor(target, name)),
      }),
    );
    return [...read];
  }

  /** Set by Lambda, for the local cloud alone, or by an operator who has a second key or another name. */
  const elsewhere = /^AWS_|^OKTA_OTP_PROVIDER$|^OKTA_OTP_NUMBER_HASH_KEY_ID$/;

  it.each([
    ['sender', 'SenderFunction', parseSenderConfig],
    ['authorizer', 'AuthorizerFunction', parseAuthorizerConfig],
  ])('of the %s are those that it reads, in both directions', (_, id, parse) => {
    const given = variablesOf(full, id);
    const read = readsOf(parse, { ...fromLambda, ...given });
    expect(read.filter((name) => !elsewhere.test(name)).sort()).toEqual(Object.keys(given).sort());
  });

  it('are understood: by the sender', () => {
    expect(parseSenderConfig({ ...fromLambda, ...variablesOf(plain, 'SenderFunction') })).toMatchObject({
      catalogTable: `${stackName}-CatalogTable`,
      ledgerTable: `${stackName}-LedgerTable`,
      failuresQueueUrl: `https://sqs.${region}.amazonaws.com/${account}/${stackName}-FailuresQueue`,
      configurationSet: `${stackName}-ConfigurationSet`,
      protectConfiguration: `${stackName}-ProtectConfiguration.ProtectConfigurationId`,
      answers: {},
      answerWithinMs: 2_200,
      sendFloorMs: 300,
      stack: stackName,
      endpoints: { dynamodb: undefined, messaging: undefined, sqs: undefined },
    });
    expect(parseSenderConfig({ ...fromLambda, ...variablesOf(full, 'SenderFunction') })).toMatchObject({
      answers: { 'country-unlisted': 'suppress' },
      answerWithinMs: 2_000,
      sendFloorMs: 400,
    });
  });

  it('are understood: by the authorizer, which trusts nobody before client and scope are known', () => {
    const issuer = 'https://acme.okta.com/oauth2/default';
    expect(parseAuthorizerConfig(variablesOf(plain, 'AuthorizerFunction'))).toEqual({
      stack: stackName,
      trusts: [{ issuer, audience: 'api://default', clientIds: [], scope: '' }],
    });
    expect(parseAuthorizerConfig(variablesOf(full, 'AuthorizerFunction')).trusts).toEqual([
      { issuer, audience: 'api://otp', clientIds: ['0oa1', '0oa2'], scope: 'telephony.hook' },
      {
        issuer: 'https://new.okta.com/oauth2/default',
        audience: 'api://new',
        clientIds: ['0oa3'],
        scope: 'telephony.new',
      },
    ]);
  });

  it('hold the key of the number hash by a reference, so that it never stands in the template', () => {
    const reference = `{{resolve:secretsmanager:arn:aws:secretsmanager:${region}:${account}:secret:${stackName}-NumberHashKey:SecretString}}`;
    expect(variablesOf(plain, 'SenderFunction')['OKTA_OTP_NUMBER_HASH_KEY']).toBe(reference);
    expect(propertiesOf(plain, 'NumberHashKey')).toMatchObject({
      GenerateSecretString: { PasswordLength: 43, ExcludePunctuation: true },
    });
  });
});

describe('the data', () => {
  it('stays when the stack goes, unless the stack never came to be', () => {
    for (const id of ['CatalogTable', 'LedgerTable', 'NumberHashKey', 'DataKey']) {
      expect(definition.resources[id]?.definition, id).toMatchObject({
        DeletionPolicy: 'RetainExceptOnCreate',
        UpdateReplacePolicy: 'Retain',
      });
    }
  });

  it('has no fixed names, so that a stack can be made beside what an earlier one left', () => {
    for (const { Type, Properties } of Object.values(definition.resources)) {
      if (/^AWS::(DynamoDB|SQS|KMS|SecretsManager|SNS|IAM|Lambda::Function)/.test(Type)) {
        for (const name of ['TableName', 'QueueName', 'Name', 'TopicName', 'RoleName', 'FunctionName']) {
          expect(Properties, Type).not.toHaveProperty(name);
        }
      }
    }
  });

  it('costs by use, is recovered where it matters, and expires where it does not', () => {
    expect(propertiesOf(plain, 'CatalogTable')).toMatchObject({
      BillingMode: 'PAY_PER_REQUEST',
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    });
    expect(propertiesOf(plain, 'LedgerTable')).toMatchObject({
      BillingMode: 'PAY_PER_REQUEST',
      TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
    });
  });

  it('is encrypted by the services themselves, or by one key of the customer’s', () => {
    for (const id of ['CatalogTable', 'LedgerTable']) {
      expect(propertiesOf(plain, id)).not.toHaveProperty('SSESpecification');
      expect(propertiesOf(full, id)['SSESpecification']).toMatchObject({ SSEEnabled: true, SSEType: 'KMS' });
    }
    expect(propertiesOf(plain, 'FailuresQueue')).toMatchObject({ SqsManagedSseEnabled: true });
    expect(propertiesOf(plain, 'FailuresQueue')).not.toHaveProperty('KmsMasterKeyId');
    expect(propertiesOf(full, 'FailuresQueue')).not.toHaveProperty('SqsManagedSseEnabled');
    expect(idsOf(plain, 'AWS::KMS::Key')).toEqual([]);
    expect(idsOf(full, 'AWS::KMS::Key')).toEqual(['DataKey']);
  });
});

describe('messaging', () => {
  it('has a protect configuration without rules, since the catalog owns them', () => {
    expect(propertiesOf(plain, 'ProtectConfiguration')).not.toHaveProperty('CountryRuleSet');
    expect(propertiesOf(plain, 'ConfigurationSet')).toMatchObject({ ConfigurationSetName: stackName });
  });
});

describe('watching', () => {
  /** What the functions print, by the schema that their lines are held to: names in capitals. */
  const schema: unknown = JSON.parse(
    readFileSync(join(import.meta.dirname, '..', '..', 'schemas', 'delivery-record.schema.json'), 'utf8'),
  );
  const namesIn = (value: unknown): string[] => {
    if (Array.isArray(value)) return value.flatMap(namesIn);
    if (!isObject(value)) return [];
    // How a metric is declared is no metric.
    return Object.entries({ ...value, embeddedMetrics: undefined }).flatMap(([name, inner]) => [
      ...(name === 'required' ? [inner].flat().map(String) : []),
      ...namesIn(inner),
    ]);
  };
  const printed = new Set(namesIn(schema).filter((name) => /^[A-Z]/.test(name)));

  /** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/aws-services-cloudwatch-metrics.html */
  const ofAws: Readonly<Record<string, readonly string[]>> = {
    'AWS/ApiGateway': ['Count', '4XXError', '5XXError'],
    'AWS/Lambda': ['ConcurrentExecutions', 'Throttles'],
    'AWS/SMSVoice': ['TextMessageMonthlySpend', 'VoiceMessageMonthlySpend'],
    'AWS/WAFV2': ['AllowedRequests', 'BlockedRequests', 'CountedRequests'],
  };
  const isEmitted = (namespace: string, name: string) =>
    namespace === metricsNamespace ? printed.has(name) : (ofAws[namespace] ?? []).includes(name);

  const dimensionsOf = (metric: Readonly<Record<string, Plain>>) =>
    listOf(metric['Dimensions']).map((one) => `${String(toRecord(one)['Name'])}=${String(toRecord(one)['Value'])}`);

  const alarmMetrics = (stack: ResolvedStack) =>
    idsOf(stack, 'AWS::CloudWatch::Alarm').flatMap((id) =>
      objectsIn(propertiesOf(stack, id))
        .filter(({ MetricName }) => MetricName !== undefined)
        .map((metric) => ({ id, metric, namespace: String(metric['Namespace']), name: String(metric['MetricName']) })),
    );

  const rows = (): readonly (readonly Plain[])[] => {
    const body: unknown = JSON.parse(String(propertiesOf(plain, 'Dashboard')['DashboardBody']));
    // Parsed JSON is plain by its nature.
    return objectsIn(body as Plain).flatMap(({ metrics }) => {
      let above: readonly Plain[] = [];
      return listOf(metrics).map((row) => {
        // A dot repeats what stands above it.
        above = listOf(row).map((cell, index) => (cell === '.' ? (above[index] ?? cell) : cell));
        return above;
      });
    });
  };

  it('knows of the functions’ metrics', () => {
    expect([...printed]).toEqual(
      expect.arrayContaining(['Deliveries', 'Failures', 'KeySetUnavailable', 'BadRequests']),
    );
  });

  it('only looks at metrics that exist', () => {
    expect(alarmMetrics(full).length).toBeGreaterThan(10);
    expect(alarmMetrics(full).filter(({ namespace, name }) => !isEmitted(namespace, name))).toEqual([]);
    const shown = rows().map(([namespace, name]) => [String(namespace), String(name)] as const);
    expect(shown.length).toBeGreaterThan(20);
    expect(shown.filter(([namespace, name]) => !isEmitted(namespace, name))).toEqual([]);
  });

  it('shows every metric of the functions that tells of trouble', () => {
    const shown = new Set(rows().map(([, name]) => name));
    const told = ['Accepted', 'Refused', 'DryRuns', 'Stack'];
    expect([...printed].filter((name) => !shown.has(name) && !told.includes(name))).toEqual([]);
    for (const name of ['TextMessageMonthlySpend', 'VoiceMessageMonthlySpend', 'AllowedRequests', 'BlockedRequests']) {
      expect([...shown]).toContain(name);
    }
  });

  it('counts this stack alone', () => {
    for (const { namespace, metric } of alarmMetrics(full)) {
      if (namespace === metricsNamespace) expect(dimensionsOf(metric)).toEqual([`Stack=${stackName}`]);
    }
    for (const [namespace, , dimension, value] of rows()) {
      if (namespace === metricsNamespace) expect([dimension, value]).toEqual(['Stack', stackName]);
    }
  });

  it('never takes an error of the authorizer or a mere number of messages for a failure', () => {
    const namespaces = new Set(alarmMetrics(full).map(({ namespace }) => namespace));
    expect([...namespaces].sort()).toEqual(['AWS/ApiGateway', 'AWS/SMSVoice', 'AWS/WAFV2', 'OktaOtp']);
  });

  /** The alarms on a rate: cases, what they are set against, the threshold by default and the one that was chosen. */
  const ofAll = [
    ['DeliveryFailuresAlarm', 'Failures', 'Deliveries', 5, 2.5],
    ['FallbacksAlarm', 'Fallbacks', 'Deliveries', 10, 7],
    ['MissedDeadlinesAlarm', 'MissedDeadlines', 'Deliveries', 5, 2.5],
    ['AuthorizerFailuresAlarm', 'KeySetUnavailable', 'Authorizations', 5, 2.5],
    ['HookErrorsAlarm', '5XXError', 'Count', 5, 2.5],
  ] as const;
  /** Here what is no case is counted for itself, and has no data where everything is one. */
  const besideOthers = [
    // Not among authorizations: of a token that is good API Gateway asks once in minutes, of a refused one every time.
    ['RefusedTokensAlarm', 'AuthorizationsRefused', 'Deliveries', 50, 50],
    ['BadRequestsAlarm', 'BadRequests', 'Deliveries', 5, 2.5],
    ['FirewallBlocksAlarm', 'BlockedRequests', 'AllowedRequests', 20, 33],
  ] as const;

  /** An alarm on an expression of two metrics; the ids are those of the metrics, in the order in which they stand. */
  const rateOf = (stack: ResolvedStack, id: string) => {
    const alarm = propertiesOf(stack, id);
    const queries = listOf(alarm['Metrics']).map(toRecord);
    const [rate, ...metrics] = queries;
    expect(queries.filter(({ ReturnData }) => ReturnData !== false)).toEqual([rate]);
    const stats = metrics.map((query) => toRecord(query['MetricStat']));
    expect(stats).toMatchObject([
      { Stat: 'Sum', Period: 900 },
      { Stat: 'Sum', Period: 900 },
    ]);
    expect(alarm).toMatchObject({
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      EvaluationPeriods: 1,
      TreatMissingData: 'notBreaching',
    });
    const [part = '', whole = ''] = metrics.map(({ Id }) => String(Id));
    const expression = String(rate?.['Expression']);
    const threshold = Number(alarm['Threshold']);
    return {
      ids: [part, whole],
      names: stats.map(({ Metric }) => toRecord(Metric)['MetricName']),
      dimensions: stats.map(({ Metric }) => dimensionsOf(toRecord(Metric))),
      expression,
      threshold,
      /** By every reading of what missing data is: an alarm that depended on it would be a guess. */
      rings: (cases: number | undefined, others: number | undefined) => {
        const period: Period = {
          ...(cases === undefined ? {} : { [part]: cases }),
          ...(others === undefined ? {} : { [whole]: others }),
        };
        const readings = missingMeans.map((missing) => {
          const value = evaluateMetricMath(expression, period, missing);
          return value !== undefined && value >= threshold;
        });
        expect(new Set(readings).size, expression).toBe(1);
        return readings[0];
      },
    };
  };

  it.each([...ofAll, ...besideOthers])('%s looks at %s and %s', (id, part, whole, usual, chosen) => {
    const { names, dimensions, threshold } = rateOf(plain, id);
    expect(names).toEqual([part, whole]);
    expect(dimensions[0]).toEqual(dimensions[1]);
    expect(threshold).toBe(usual);
    expect(rateOf(full, id).threshold).toBe(chosen);
  });

  it.each(ofAll)('%s goes off by the share of %s among %s, once there are three', (id, _, __, usual) => {
    const { ids, expression, rings } = rateOf(plain, id);
    const [part, whole] = ids;
    expect(expression).toBe(`IF(${part} >= 3, 100 * ${part} / ${whole}, 0)`);
    const all = (3 / usual) * 100;
    expect([rings(3, all), rings(3, all + 1), rings(3, 3), rings(2, 2)]).toEqual([true, false, true, false]);
    // Nothing went wrong, or nothing happened at all.
    expect([rings(undefined, 500), rings(0, 500), rings(undefined, undefined)]).toEqual([false, false, false]);
  });

  it.each(besideOthers)('%s goes off by the share of %s beside %s, even if there are none', (id, _, __, usual) => {
    const { rings } = rateOf(plain, id);
    const others = (3 / usual) * 100 - 3;
    expect([rings(3, others), rings(3, others + 1), rings(2, undefined)]).toEqual([true, false, false]);
    expect([rings(3, undefined), rings(500, undefined), rings(3, 0)]).toEqual([true, true, true]);
    expect([rings(undefined, 500), rings(undefined, undefined)]).toEqual([false, false]);
  });

  it('sets the spend against the limit that was read at the deployment, by its maximum', () => {
    for (const [id, limit] of [
      ['TextSpendAlarm', 1_000],
      ['VoiceSpendAlarm', 50],
    ] as const) {
      const [rate, spend] = listOf(propertiesOf(plain, id)['Metrics']).map(toRecord);
      expect(rate?.['Expression']).toBe(`100 * spend / ${limit}`);
      expect(toRecord(spend?.['MetricStat'])['Stat']).toBe('Maximum');
      expect(propertiesOf(plain, id)['Threshold']).toBe(80);
    }
    const unknown = stackOf(stackInput({}, { spendLimits: { text: undefined, voice: 0 } }));
    expect(Object.keys(unknown.resources).filter((id) => id.endsWith('SpendAlarm'))).toEqual([]);
  });

  it('tells the topic of every alarm, and somebody of the topic if there is an address', () => {
    const topic = `arn:aws:sns:${region}:${account}:${stackName}-AlarmTopic`;
    for (const id of idsOf(full, 'AWS::CloudWatch::Alarm')) {
      expect(propertiesOf(full, id), id).toMatchObject({ AlarmActions: [topic], OKActions: [topic] });
      expect(String(propertiesOf(full, id)['AlarmDescription']).length, id).toBeGreaterThan(20);
    }
    expect(idsOf(plain, 'AWS::SNS::Subscription')).toEqual([]);
    expect(propertiesOf(full, 'AlarmSubscription')).toMatchObject({ Protocol: 'email', Endpoint: 'ops@acme.example' });
  });

  it('keeps no log for ever, and masks numbers where that is asked for', () => {
    for (const id of idsOf(plain, 'AWS::Logs::LogGroup')) {
      expect(propertiesOf(plain, id)['RetentionInDays'], id).toBe(30);
      expect(propertiesOf(full, id)['RetentionInDays'], id).toBe(90);
      expect(propertiesOf(plain, id)).not.toHaveProperty('DataProtectionPolicy');
    }
    for (const id of ['SenderLog', 'AuthorizerLog']) {
      const { Configuration } = toRecord(propertiesOf(full, id)['DataProtectionPolicy']);
      const [identifier] = listOf(toRecord(Configuration)['CustomDataIdentifier']);
      const pattern = new RegExp(String(toRecord(identifier)['Regex']));
      expect(pattern.test('to +34612345678')).toBe(true);
      expect(pattern.test('at 1769636620000')).toBe(false);
    }
  });
});

describe('the stack', () => {
  it('puts out by these names what the command line and Okta need', () => {
    expect(plain.outputs).toMatchObject({
      HookUrl: `https://${stackName}-Api.execute-api.${region}.amazonaws.com/${stackName}-ApiStage/mfa`,
      CatalogTableName: `${stackName}-CatalogTable`,
      SenderFunctionAlias: `arn:aws:lambda:${region}:${account}:function:${stackName}-SenderFunction:live`,
      AuthorizerFunctionAlias: `arn:aws:lambda:${region}:${account}:function:${stackName}-AuthorizerFunction:live`,
    });
    expect(Object.keys(plain.outputs)).toEqual(
      expect.arrayContaining([
        ...['HookUrl', 'ApiId', 'CatalogTableName', 'LedgerTableName', 'FailuresQueueUrl', 'SenderFunctionAlias'],
        ...['AuthorizerFunctionAlias', 'SenderFunctionName', 'AuthorizerFunctionName', 'ConfigurationSetName'],
        ...['ProtectConfigurationId', 'AlarmTopicArn', 'DashboardUrl'],
      ]),
    );
  });

  it('reads nothing of the account’s parameter store, which would change a stack behind its back', () => {
    const types = Object.values(definition.parameters).map((parameter) => toRecord(parameter)['Type']);
    expect([...new Set(types)].sort()).toEqual(['CommaDelimitedList', 'Number', 'String']);
    expect(stackText).not.toMatch(/resolve:ssm/);
  });

  it('leaves the account’s own role of API Gateway alone', () => {
    const types = Object.values(definition.resources).map(({ Type }) => Type);
    expect(types).not.toContain('AWS::ApiGateway::Account');
  });

  it('needs no more than an issuer, the code and a Region from whoever deploys it by hand', () => {
    const needed = Object.entries(definition.parameters).filter(([, parameter]) => !('Default' in toRecord(parameter)));
    expect(needed.map(([name]) => name)).toEqual([
      'Issuer',
      'ArtifactBucket',
      'SenderKey',
      'AuthorizerKey',
      'SenderRelease',
      'AuthorizerRelease',
      'MessagingRegions',
    ]);
  });
});
