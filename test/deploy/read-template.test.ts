import { describe, expect, it } from 'vitest';
import { defaultsIn, resourcesIn } from '../../src/deploy/read-template.ts';

const yaml = `
Parameters:
  Size: { Type: Number, Default: 3 }
  Name: { Type: String }
  Own: { Type: String, Default: 'no' }
Conditions:
  IsOwn: !Equals [!Ref Own, 'yes']
Resources:
  Always: { Type: T::Always, Properties: { Size: !Ref Size } }
  Sometimes: { Type: T::Sometimes, Condition: IsOwn }
`;
const json = JSON.stringify({
  Parameters: { Size: { Type: 'Number', Default: 3 }, Name: { Type: 'String' }, Own: { Default: 'no' } },
  Conditions: { IsOwn: { 'Fn::Equals': [{ Ref: 'Own' }, 'yes'] } },
  Resources: {
    Always: { Type: 'T::Always', Properties: { Size: { Ref: 'Size' } } },
    Sometimes: { Type: 'T::Sometimes', Condition: 'IsOwn' },
  },
});
const ids = (text: string, parameters: Readonly<Record<string, string>>) => [...resourcesIn(text, parameters).keys()];

describe.each([
  ['YAML', yaml],
  ['JSON', json],
])('a template in %s', (_, text) => {
  it('has the defaults of its parameters, as texts, for those that have one', () => {
    expect(defaultsIn(text)).toEqual({ Size: '3', Own: 'no' });
  });

  it('has the resources that its parameters ask for, those that are not given with their default', () => {
    expect(ids(text, { Own: 'yes' })).toEqual(['Always', 'Sometimes']);
    expect(ids(text, { Own: 'no' })).toEqual(['Always']);
    expect(ids(text, {})).toEqual(['Always']);
    expect(resourcesIn(text, {}).get('Always')).toEqual({
      Type: 'T::Always',
      Properties: { Size: { Ref: 'Size' } },
      definition: { Type: 'T::Always', Properties: { Size: { Ref: 'Size' } } },
    });
  });
});

describe('what is no template', () => {
  it.each([
    ['nothing', ''],
    ['a text', 'template'],
    ['a list', '[1]'],
    ['half of one', 'Resources: {'],
    ['one without resources', 'Parameters: []\nResources: none'],
  ])('has nothing in it: %s', (_, text) => {
    expect([...resourcesIn(text, {})]).toEqual([]);
    expect(defaultsIn(text)).toEqual({});
  });
});
