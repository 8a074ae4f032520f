import { describe, expect, it } from 'vitest';
import { identitiesBehind, replacingProperties } from '../../src/deploy/resource-identity.ts';
import { parseStackTemplate } from '../../src/deploy/stack-definition.ts';
import { referencesOf } from '../../src/deploy/stack-references.ts';
import { isCreateOnly, isKnownType } from '../../src/local/cloudformation/resource-types.ts';
import { stackDefinition } from '../support/stack-environment.ts';

const definition = stackDefinition();
const functions = ['SenderFunction', 'AuthorizerFunction'];

describe('the types that the functions refer to', () => {
  it('are all known, so that none is replaced unnoticed', () => {
    const properties = functions.map((id) => definition.resources[id]?.Properties ?? {});
    const types = properties.flatMap((value) =>
      [...referencesOf(value)].flatMap((name) => definition.resources[name]?.Type ?? []),
    );
    expect(new Set(types)).toEqual(new Set(replacingProperties.keys()));
  });

  it('are replaced by what replaces them in the local CloudFormation', () => {
    for (const [type, properties] of replacingProperties) {
      expect(isKnownType(type)).toBe(true);
      expect(properties.filter((property) => !isCreateOnly(type, property))).toEqual([]);
    }
    const names = ['TableName', 'KeySchema', 'QueueName', 'FifoQueue', 'RoleName', 'Path', 'LogGroupName', 'Name'];
    for (const [type, properties] of replacingProperties) {
      expect(names.filter((name) => isCreateOnly(type, name) && !properties.includes(name))).toEqual([]);
    }
  });
});

describe('what decides which physical resources are meant', () => {
  const read = (resources: string, value = '!Ref One') => {
    const parsed = parseStackTemplate(`Resources:\n  From: { Type: T, Properties: { A: ${value} } }\n${resources}`);
    return identitiesBehind(parsed, parsed.resources['From']?.Properties ?? {});
  };

  it('is what would replace a resource, and nothing that is changed in place', () => {
    expect(read('  One: { Type: AWS::SQS::Queue, Properties: { FifoQueue: true, DelaySeconds: 5 } }')).toEqual({
      One: { Type: 'AWS::SQS::Queue', properties: { FifoQueue: true }, keys: [] },
    });
  });

  it('is the key of a table with the types of its attributes, and not those of an index', () => {
    const attributes =
      '[{ AttributeName: a, AttributeType: S }, { AttributeName: b, AttributeType: N }, { AttributeName: c, AttributeType: S }]';
    const keys = '[{ AttributeName: a, KeyType: HASH }, { AttributeName: b, KeyType: RANGE }]';
    expect(
      read(
        `  One: { Type: AWS::DynamoDB::Table, Properties: { KeySchema: ${keys}, AttributeDefinitions: ${attributes} } }`,
      ),
    ).toMatchObject({
      One: {
        keys: [
          { AttributeName: 'a', AttributeType: 'S' },
          { AttributeName: 'b', AttributeType: 'N' },
        ],
      },
    });
  });

  it('is found through what replaces a resource that is referred to, and through nothing else of it', () => {
    const other = '  Two: { Type: AWS::SQS::Queue, Properties: { QueueName: two } }';
    const through = (property: string) =>
      Object.keys(
        read(`  One: { Type: AWS::SQS::Queue, Properties: { ${property}: !GetAtt Two.QueueName } }\n${other}`),
      );
    expect(through('QueueName')).toEqual(['One', 'Two']);
    expect(through('KmsMasterKeyId')).toEqual(['One']);
  });

  it('has no part for a parameter, and of a type that nothing is known of no more than the type', () => {
    expect(
      read('  One: { Type: Custom::Other, Properties: { Name: x } }', "!Sub '${One}/${AWS::Region}/${P}'"),
    ).toEqual({ One: { Type: 'Custom::Other', properties: {}, keys: [] } });
  });

  it('ends where resources name each other', () => {
    const queue = (name: string, other: string) =>
      `  ${name}: { Type: AWS::SQS::Queue, Properties: { QueueName: !Ref ${other} } }\n`;
    expect(Object.keys(read(`${queue('One', 'Two')}${queue('Two', 'One')}`))).toEqual(['One', 'Two']);
  });
});
