import type { ResourceChange } from '@aws-sdk/client-cloudformation';
import { describe, expect, it } from 'vitest';
import { toChange } from '../../src/aws/change-set.ts';

const change = (more: ResourceChange) =>
  toChange({
    Type: 'Resource',
    ResourceChange: { LogicalResourceId: 'Table', ResourceType: 'AWS::DynamoDB::Table', ...more },
  });

describe('a change of a change set', () => {
  it.each<[NonNullable<ResourceChange['Action']>, string]>([
    ['Add', 'add'],
    ['Import', 'add'],
    ['Modify', 'modify'],
    ['Dynamic', 'modify'],
    ['SyncWithActual', 'modify'],
    ['Remove', 'remove'],
  ])('that CloudFormation calls %s is called %s', (Action, action) => {
    expect(change({ Action })).toEqual([
      { logicalId: 'Table', type: 'AWS::DynamoDB::Table', action, replacement: 'no', parts: [] },
    ]);
  });

  it.each<[NonNullable<ResourceChange['Replacement']>, string]>([
    ['True', 'yes'],
    ['Conditional', 'maybe'],
    ['False', 'no'],
  ])('of which the replacement is %s replaces: %s', (Replacement, replacement) => {
    expect(change({ Action: 'Modify', Replacement })).toMatchObject([{ replacement }]);
    // What is new or goes takes nobody's place.
    expect(change({ Action: 'Add', Replacement })).toMatchObject([{ replacement: 'no' }]);
    expect(change({ Action: 'Remove', Replacement })).toMatchObject([{ replacement: 'no' }]);
  });

  it('names each property once, and what is none by its attribute', () => {
    const Details = [
      { Target: { Attribute: 'Properties', Name: 'Timeout' } },
      { Target: { Attribute: 'Properties', Name: 'Timeout' } },
      { Target: { Attribute: 'Tags' } },
      { Target: { Attribute: 'Properties', Name: 'Handler' } },
      {},
    ] as const;
    expect(change({ Action: 'Modify', Details: [...Details] })).toMatchObject([
      { parts: ['Handler', 'Tags', 'Timeout'] },
    ]);
  });

  it('that is none of a resource, or one that is not known, is left out', () => {
    expect(toChange({ Type: 'Hook' } as never)).toEqual([]);
    expect(change({})).toEqual([]);
    expect(change({ Action: 'Dream' as never })).toEqual([]);
  });

  it('says what it can when little is known', () => {
    expect(toChange({ ResourceChange: { Action: 'Add' } })).toEqual([
      { logicalId: '', type: '', action: 'add', replacement: 'no', parts: [] },
    ]);
  });
});
