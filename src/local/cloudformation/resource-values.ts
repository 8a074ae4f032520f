/** A physical resource as a reference sees it. */
export interface ResourceValues {
  /** What `Ref` gives; also the physical id. */
  readonly ref: string;
  readonly attributes: Readonly<Record<string, string>>;
}

export interface NewResource {
  readonly stackName: string;
  readonly logicalId: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly region: string;
  readonly accountId: string;
  /** Twelve characters that no other physical resource has. */
  readonly unique: string;
  /** Which version of its function it would be; only a version asks for it. */
  readonly nextVersion: (functionName: string) => number;
  /** Where the queues of the local cloud are; AWS' own address unless given. */
  readonly queueBaseUrl: string | undefined;
}

/**
 * Names a physical resource, and what `Ref` and `Fn::GetAtt` give of it.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html
 */
export function createResourceValues(resource: NewResource): ResourceValues {
  const { stackName, logicalId, type, properties, region, accountId, unique, queueBaseUrl } = resource;
  const generated = `${stackName}-${logicalId}-${unique.toUpperCase()}`;
  const named = (property: string, fallback = generated) => {
    const value = properties[property];
    return typeof value === 'string' ? value : fallback;
  };
  const arn = (service: string, rest: string, at = region) => `arn:aws:${service}:${at}:${accountId}:${rest}`;
  const short = unique.toLowerCase().slice(0, 10);
  switch (type) {
    case 'AWS::ApiGateway::RestApi':
      return { ref: short, attributes: { RestApiId: short, RootResourceId: unique.slice(2).toLowerCase() } };
    case 'AWS::ApiGateway::Authorizer':
      return { ref: short.slice(0, 6), attributes: { AuthorizerId: short.slice(0, 6) } };
    case 'AWS::ApiGateway::Deployment':
      return { ref: short.slice(0, 6), attributes: { DeploymentId: short.slice(0, 6) } };
    case 'AWS::ApiGateway::Resource':
      return { ref: short.slice(0, 6), attributes: { ResourceId: short.slice(0, 6) } };
    case 'AWS::ApiGateway::Stage':
      return { ref: named('StageName'), attributes: {} };
    case 'AWS::ApiGateway::Account':
      return { ref: generated, attributes: { Id: generated } };
    case 'AWS::Lambda::Function': {
      const name = named('FunctionName', generated.slice(0, 64));
      return { ref: name, attributes: { Arn: arn('lambda', `function:${name}`) } };
    }
    case 'AWS::Lambda::Version': {
      const name = functionName(named('FunctionName'));
      const version = String(resource.nextVersion(name));
      const ref = arn('lambda', `function:${name}:${version}`);
      return { ref, attributes: { Version: version, FunctionArn: ref } };
    }
    case 'AWS::Lambda::Alias': {
      const ref = arn('lambda', `function:${functionName(named('FunctionName'))}:${named('Name')}`);
      return { ref, attributes: { AliasArn: ref } };
    }
    case 'AWS::DynamoDB::Table': {
      const name = named('TableName');
      return {
        ref: name,
        attributes: { Arn: arn('dynamodb', `table/${name}`), StreamArn: arn('dynamodb', `table/${name}/stream/1`) },
      };
    }
    case 'AWS::SQS::Queue': {
      const name = named('QueueName');
      const base = queueBaseUrl ?? `https://sqs.${region}.amazonaws.com`;
      const ref = `${base}/${accountId}/${name}`;
      return { ref, attributes: { Arn: arn('sqs', name), QueueName: name, QueueUrl: ref } };
    }
    case 'AWS::SNS::Topic': {
      const name = named('TopicName');
      const ref = arn('sns', name);
      return { ref, attributes: { TopicArn: ref, TopicName: name } };
    }
    case 'AWS::SecretsManager::Secret': {
      const ref = arn('secretsmanager', `secret:${named('Name', `${logicalId}-${unique}`)}-${unique.slice(0, 6)}`);
      return { ref, attributes: { Id: ref } };
    }
    case 'AWS::IAM::Role': {
      const name = named('RoleName', generated.slice(0, 64));
      const roleId = `AROA${unique.toUpperCase()}`;
      return { ref: name, attributes: { Arn: arn('iam', `role/${name}`, ''), RoleId: roleId } };
    }
    case 'AWS::IAM::ManagedPolicy': {
      const ref = arn('iam', `policy/${named('ManagedPolicyName')}`, '');
      return { ref, attributes: { PolicyArn: ref } };
    }
    case 'AWS::KMS::Key':
      return { ref: unique, attributes: { Arn: arn('kms', `key/${unique}`), KeyId: unique } };
    case 'AWS::KMS::Alias':
      return { ref: named('AliasName'), attributes: {} };
    case 'AWS::Logs::LogGroup': {
      const name = named('LogGroupName');
      return { ref: name, attributes: { Arn: `${arn('logs', `log-group:${name}`)}:*` } };
    }
    case 'AWS::CloudWatch::Alarm':
    case 'AWS::CloudWatch::CompositeAlarm': {
      const name = named('AlarmName');
      return { ref: name, attributes: { Arn: arn('cloudwatch', `alarm:${name}`) } };
    }
    case 'AWS::CloudWatch::Dashboard':
      return { ref: named('DashboardName'), attributes: {} };
    case 'AWS::WAFv2::WebACL': {
      const name = named('Name');
      const webAclArn = arn('wafv2', `regional/webacl/${name}/${unique}`);
      return { ref: `${name}|${unique}|REGIONAL`, attributes: { Arn: webAclArn, Id: unique, Capacity: '900' } };
    }
    case 'AWS::WAFv2::IPSet': {
      const name = named('Name');
      const ipSetArn = arn('wafv2', `regional/ipset/${name}/${unique}`);
      return { ref: `${name}|${unique}|REGIONAL`, attributes: { Arn: ipSetArn, Id: unique } };
    }
    case 'AWS::SMSVOICE::ConfigurationSet': {
      const name = named('ConfigurationSetName');
      return { ref: name, attributes: { Arn: arn('sms-voice', `configuration-set/${name}`) } };
    }
    case 'AWS::SMSVOICE::ProtectConfiguration': {
      const id = `protect-${unique}`;
      const protectArn = arn('sms-voice', `protect-configuration/${id}`);
      return { ref: id, attributes: { Arn: protectArn, ProtectConfigurationId: id } };
    }
    case 'AWS::Events::Rule': {
      const name = named('Name');
      return { ref: name, attributes: { Arn: arn('events', `rule/${name}`) } };
    }
    case 'AWS::Scheduler::Schedule': {
      const name = named('Name');
      return { ref: name, attributes: { Arn: arn('scheduler', `schedule/default/${name}`) } };
    }
    case 'AWS::S3::Bucket': {
      const name = named('BucketName', generated.toLowerCase());
      return { ref: name, attributes: { Arn: `arn:aws:s3:::${name}` } };
    }
    default:
      return { ref: generated, attributes: {} };
  }
}

/** A function is named by its name or its ARN, or that of one of its versions. */
const functionName = (nameOrArn: string) => nameOrArn.split(':')[6] ?? nameOrArn;
