import type { Plain, StackDefinition } from '../../src/deploy/stack-definition.ts';
import { isPlainObject, toRecord } from '../../src/deploy/stack-definition.ts';
import type { StackParameter } from '../../src/deploy/stack-parameters.ts';

export interface ResolvedResource {
  readonly type: string;
  readonly properties: Readonly<Record<string, Plain>>;
  readonly definition: Readonly<Record<string, Plain>>;
}

export interface ResolvedStack {
  readonly resources: Readonly<Record<string, ResolvedResource>>;
  readonly outputs: Readonly<Record<string, Plain>>;
}

export const account = '111122223333';
export const region = 'eu-west-1';
export const stackName = 'okta-otp-prod';

const pseudo: Readonly<Record<string, string>> = {
  'AWS::AccountId': account,
  'AWS::Region': region,
  'AWS::Partition': 'aws',
  'AWS::StackName': stackName,
  'AWS::URLSuffix': 'amazonaws.com',
};

/** What a property becomes of which `AWS::NoValue` is left. */
const noValue = Symbol('AWS::NoValue');

/** ARNs as the services write them, of the types whose `Arn` the template asks for. */
const arns: Readonly<Record<string, (name: string) => string>> = {
  'AWS::DynamoDB::Table': (name) => `arn:aws:dynamodb:${region}:${account}:table/${name}`,
  'AWS::SQS::Queue': (name) => `arn:aws:sqs:${region}:${account}:${name}`,
  // CloudFormation's own ends with the streams. https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-logs-loggroup.html
  'AWS::Logs::LogGroup': (name) => `arn:aws:logs:${region}:${account}:log-group:${name}:*`,
  'AWS::Lambda::Function': (name) => `arn:aws:lambda:${region}:${account}:function:${name}`,
  'AWS::IAM::Role': (name) => `arn:aws:iam::${account}:role/${name}`,
  'AWS::KMS::Key': (name) => `arn:aws:kms:${region}:${account}:key/${name}`,
  'AWS::WAFv2::WebACL': (name) => `arn:aws:wafv2:${region}:${account}:regional/webacl/${name}/1`,
  'AWS::WAFv2::IPSet': (name) => `arn:aws:wafv2:${region}:${account}:regional/ipset/${name}/1`,
  'AWS::SMSVOICE::ConfigurationSet': (name) => `arn:aws:sms-voice:${region}:${account}:configuration-set/${name}`,
  'AWS::SMSVOICE::ProtectConfiguration': (name) =>
    `arn:aws:sms-voice:${region}:${account}:protect-configuration/${name}`,
  'AWS::Events::Rule': (name) => `arn:aws:events:${region}:${account}:rule/${name}`,
};

/** The physical ids of resources whose `Ref` is an ARN. */
const refs: Readonly<Record<string, (id: string) => string>> = {
  'AWS::SecretsManager::Secret': (id) => `arn:aws:secretsmanager:${region}:${account}:secret:${id}`,
  'AWS::SQS::Queue': (id) => `https://sqs.${region}.amazonaws.com/${account}/${id}`,
  'AWS::SNS::Topic': (id) => `arn:aws:sns:${region}:${account}:${id}`,
  'AWS::Lambda::Alias': (id) => `arn:aws:lambda:${region}:${account}:function:${id.replace('Alias', 'Function')}:live`,
};

/** The stack that CloudFormation would make: conditions decided, intrinsic functions worked out. Throws on one it does not know. */
export function resolveStack(definition: StackDefinition, parameters: readonly StackParameter[]): ResolvedStack {
  const given = new Map(parameters.map(({ ParameterKey, ParameterValue }) => [ParameterKey, ParameterValue]));

  function parameter(name: string): Plain {
    const { Type, Default } = toRecord(definition.parameters[name]);
    const value = given.get(name) ?? Default;
    if (value === undefined) throw new Error(`parameter ${name} has no value`);
    const text = String(value);
    if (Type === 'CommaDelimitedList') return text === '' ? [] : text.split(',');
    return Type === 'Number' ? Number(text) : text;
  }

  const physicalOf = (id: string): string => {
    const resource = definition.resources[id];
    if (resource === undefined) throw new Error(`there is no resource ${id}`);
    return (refs[resource.Type] ?? String)(`${stackName}-${id}`);
  };

  function ref(name: string): Plain | typeof noValue {
    if (name === 'AWS::NoValue') return noValue;
    return pseudo[name] ?? (Object.hasOwn(definition.parameters, name) ? parameter(name) : physicalOf(name));
  }

  function attribute(id: string, name: string): string {
    const type = definition.resources[id]?.Type ?? '';
    if (name !== 'Arn') return `${physicalOf(id)}.${name}`;
    const arn = arns[type];
    if (arn === undefined) throw new Error(`no ARN is known for ${id} of type ${type}`);
    return arn(`${stackName}-${id}`);
  }

  function isTrue(condition: Plain): boolean {
    if (typeof condition === 'string') {
      const found = definition.conditions[condition];
      if (found === undefined) throw new Error(`there is no condition ${condition}`);
      return isTrue(found);
    }
    const [[name, inner] = ['', null]] = Object.entries(toRecord(condition));
    const list = Array.isArray(inner) ? inner : [inner];
    if (name === 'Condition') return isTrue(inner);
    if (name === 'Fn::Not') return !isTrue(list[0] ?? null);
    if (name === 'Fn::And') return list.every(isTrue);
    if (name === 'Fn::Or') return list.some(isTrue);
    if (name === 'Fn::Equals') {
      const [left, right] = list.map(resolve);
      // CloudFormation compares as text.
      return String(left) === String(right);
    }
    throw new Error(`condition function ${name} is not known`);
  }

  function resolve(value: Plain): Plain {
    const resolved = evaluate(value);
    if (resolved === noValue) throw new Error('AWS::NoValue where a value is needed');
    return resolved;
  }

  function evaluate(value: Plain): Plain | typeof noValue {
    if (Array.isArray(value)) return value.map(evaluate).filter((item): item is Plain => item !== noValue);
    if (!isPlainObject(value)) return value;
    const [[name, inner] = ['', null], ...more] = Object.entries(value);
    if (more.length === 0 && (name === 'Ref' || name.startsWith('Fn::'))) return call(name, inner);
    const members = Object.entries(value).map(([key, item]) => [key, evaluate(item)] as const);
    return Object.fromEntries(members.filter((member): member is [string, Plain] => member[1] !== noValue));
  }

  function call(name: string, inner: Plain): Plain | typeof noValue {
    const list: readonly Plain[] = Array.isArray(inner) ? inner : [inner];
    const [first = null, second = null, third = null] = list;
    if (name === 'Ref') return ref(String(inner));
    if (name === 'Fn::GetAtt') return attribute(String(first), String(second));
    if (name === 'Fn::If') return evaluate(isTrue(first) ? second : third);
    if (name === 'Fn::Join') {
      const parts = resolve(second);
      return (Array.isArray(parts) ? parts : []).map(String).join(String(first));
    }
    if (name === 'Fn::Sub') {
      return String(first).replaceAll(/\$\{([A-Za-z0-9:]+)(?:\.([A-Za-z0-9.]+))?\}/g, (_, id: string, of?: string) =>
        of === undefined ? String(ref(id)) : attribute(id, of),
      );
    }
    throw new Error(`intrinsic function ${name} is not known`);
  }

  const present = Object.entries(definition.resources).filter(
    ([
      ,
      {
        definition: { Condition },
      },
    ]) => Condition === undefined || isTrue(Condition),
  );
  return {
    resources: Object.fromEntries(
      present.map(([id, resource]) => {
        const resolved = toRecord(resolve(resource.definition));
        return [id, { type: resource.Type, properties: toRecord(resolved['Properties']), definition: resolved }];
      }),
    ),
    outputs: Object.fromEntries(
      Object.entries(definition.outputs).map(([name, output]) => [name, resolve(toRecord(output)['Value'] ?? null)]),
    ),
  };
}
