import type { Plain, StackDefinition, StackResource } from './stack-definition.ts';
import { toRecord } from './stack-definition.ts';
import { referencesOf } from './stack-references.ts';

/**
 * Of the types that the functions refer to: the properties whose change makes CloudFormation replace the resource ("Update
 * requires: Replacement"), so that its name, ARN or id is another one. A key's are immutable: such an update fails.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html
 */
export const replacingProperties: ReadonlyMap<string, readonly string[]> = new Map([
  ['AWS::DynamoDB::Table', ['TableName', 'KeySchema', 'LocalSecondaryIndexes', 'ImportSourceSpecification']],
  ['AWS::IAM::Role', ['RoleName', 'Path']],
  ['AWS::KMS::Key', []],
  ['AWS::Logs::LogGroup', ['LogGroupName']],
  ['AWS::SMSVOICE::ConfigurationSet', ['ConfigurationSetName']],
  ['AWS::SMSVOICE::ProtectConfiguration', []],
  ['AWS::SQS::Queue', ['QueueName', 'FifoQueue']],
  ['AWS::SecretsManager::Secret', ['Name']],
]);

/**
 * What decides which physical resources a value refers to: of each of them the type and the properties that replace it, by
 * logical id. What those properties refer to is among them, too, since its replacement replaces what names it.
 *
 * Nothing else of a resource is in it: a change in place (a policy, a retention, an encryption) leaves its name as it is.
 */
export function identitiesBehind(definition: StackDefinition, value: Plain): Readonly<Record<string, Plain>> {
  const found = new Map<string, Plain>();
  const follow = (from: Plain) => {
    for (const name of referencesOf(from)) {
      const resource = definition.resources[name];
      if (resource === undefined || found.has(name)) continue;
      const identity = identityOf(resource);
      found.set(name, identity);
      follow(identity);
    }
  };
  follow(value);
  return Object.fromEntries(found);
}

function identityOf({ Type, Properties }: StackResource): Plain {
  const replacing = replacingProperties.get(Type) ?? [];
  const properties = Object.fromEntries(Object.entries(Properties).filter(([name]) => replacing.includes(name)));
  return { Type, properties, keys: keyAttributes(Properties) };
}

/**
 * A table's key also has a type for each of its attributes, which cannot be changed either. Those of an index stand in the same
 * list, and can be added in place.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-table.html
 */
function keyAttributes({ KeySchema, AttributeDefinitions }: StackResource['Properties']): readonly Plain[] {
  const keys = new Set(listed(KeySchema).map(nameOf));
  return listed(AttributeDefinitions).filter((attribute) => keys.has(nameOf(attribute)));
}

const listed = (value: Plain | undefined): readonly Plain[] => (Array.isArray(value) ? value : []);
const nameOf = (attribute: Plain) => toRecord(attribute)['AttributeName'];
