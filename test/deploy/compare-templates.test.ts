import { describe, expect, it } from 'vitest';
import { compareTemplates } from '../../src/deploy/compare-templates.ts';
import { planOfTemplate, toPlan } from '../../src/deploy/plan.ts';

const template = `
Parameters:
  Memory: { Type: Number, Default: 512 }
  Stage: { Type: String }
  Addresses: { Type: CommaDelimitedList, Default: '' }
  Protected: { Type: String, Default: 'false' }
Conditions:
  HasAddresses: !Not [!Equals [!Join ['', !Ref Addresses], '']]
  IsProtected: !Equals [!Ref Protected, 'true']
Resources:
  Sender:
    Type: AWS::Lambda::Function
    Properties: { MemorySize: !Ref Memory, Handler: index.handler, Role: !GetAtt Role.Arn }
  Log:
    Type: AWS::Logs::LogGroup
    DeletionPolicy: Delete
    Properties:
      LogGroupName: !Sub '/okta-otp/\${Stage}'
      DataProtectionPolicy: !If [IsProtected, { Name: numbers }, !Ref AWS::NoValue]
  Addresses:
    Type: AWS::WAFv2::IPSet
    Condition: HasAddresses
    Properties: { Addresses: !Ref Addresses }
  Role:
    Type: AWS::IAM::Role
    Properties:
      Policies:
        - PolicyName: own
          PolicyDocument:
            Statement:
              - { Effect: Allow, Action: 'logs:PutLogEvents', Resource: !GetAtt Log.Arn }
              - !If [IsProtected, { Effect: Allow, Action: 'logs:Unmask', Resource: !GetAtt Log.Arn }, !Ref AWS::NoValue]
`;
const parameters = { Memory: '512', Stage: 'prod' };
const before = { template, parameters };

const compare = (
  after: { readonly template?: string; readonly parameters?: Readonly<Record<string, string>> },
  changed: readonly string[] = [],
) =>
  compareTemplates(before, { ...before, ...after }, changed).map(
    ({ logicalId, action, parts }) => `${action} ${[logicalId, ...parts].join(' ')}`,
  );

describe('two templates', () => {
  it('do not differ when they say the same, whatever the order and the form', () => {
    expect(compare({})).toEqual([]);
    const other = template.replace(
      'MemorySize: !Ref Memory, Handler: index.handler',
      'Handler: index.handler, MemorySize: { Ref: Memory }',
    );
    expect(other).not.toBe(template);
    expect(compare({ template: other })).toEqual([]);
  });

  it('differ by the properties that are written otherwise, added or left out', () => {
    const other = template.replace('Handler: index.handler, Role: !GetAtt Role.Arn', 'Handler: x, Timeout: 3');
    expect(compare({ template: other })).toEqual(['modify Sender Handler Role Timeout']);
  });

  it('differ by what a resource has beside its properties', () => {
    expect(compare({ template: template.replace('DeletionPolicy: Delete', 'DeletionPolicy: Retain') })).toEqual([
      'modify Log DeletionPolicy',
    ]);
    expect(compare({ template: template.replace('AWS::WAFv2::IPSet', 'X::Y::Z') })).toEqual([]);
    expect(compare({ template: template.replace('AWS::Logs::LogGroup', 'X::Y::Z') })).toEqual(['modify Log Type']);
  });

  it('do not differ by what a resource waits for', () => {
    expect(compare({ template: template.replace('DeletionPolicy: Delete', '$&\n    DependsOn: Role') })).toEqual([]);
  });

  it('differ by resources that are only in one of them', () => {
    expect(compareTemplates(before, { template: 'Resources: {}', parameters }, [])).toEqual([
      { logicalId: 'Sender', type: 'AWS::Lambda::Function', action: 'remove', replacement: 'no', parts: [] },
      { logicalId: 'Log', type: 'AWS::Logs::LogGroup', action: 'remove', replacement: 'no', parts: [] },
      { logicalId: 'Role', type: 'AWS::IAM::Role', action: 'remove', replacement: 'no', parts: [] },
    ]);
    const more = `${template}  Topic: { Type: AWS::SNS::Topic }\n`;
    expect(compareTemplates(before, { template: more, parameters }, [])).toEqual([
      { logicalId: 'Topic', type: 'AWS::SNS::Topic', action: 'add', replacement: 'no', parts: [] },
    ]);
  });

  it('differ where a property refers to a parameter that changes, directly or within a text', () => {
    expect(compare({ parameters: { ...parameters, Memory: '1024' } }, ['Memory'])).toEqual([
      'modify Sender MemorySize',
    ]);
    expect(compare({ parameters: { ...parameters, Stage: 'test' } }, ['Stage'])).toEqual(['modify Log LogGroupName']);
  });

  it('differ where a parameter decides which resources there are', () => {
    const after = { parameters: { ...parameters, Addresses: '192.0.2.0/24' } };
    expect(compare(after, ['Addresses'])).toEqual(['add Addresses']);
  });

  it('differ where a parameter decides what a resource has', () => {
    const after = { parameters: { ...parameters, Protected: 'true' } };
    expect(compare(after, ['Protected'])).toEqual(['modify Log DataProtectionPolicy', 'modify Role Policies']);
  });
});

describe('the plan', () => {
  it('tells what is permitted more by a parameter that decides which statements there are', () => {
    const after = { template, parameters: { ...parameters, Protected: 'true' } };
    const changes = compareTemplates(before, after, ['Protected']);
    const rows = toPlan(changes, { before, after, changedParameters: ['Protected'] });
    expect(rows.map(({ logicalId, broadened }) => [logicalId, broadened])).toEqual([
      ['Log', []],
      ['Role', ['logs:Unmask']],
    ]);
  });

  it('shows what is removed first, then what is replaced, then what changes, then what is new, each by name', () => {
    const change = (logicalId: string, action: 'add' | 'modify' | 'remove', replacement: 'yes' | 'maybe' | 'no') =>
      ({ logicalId, type: 'T', action, replacement, parts: [] }) as const;
    const changes = [
      change('B', 'add', 'no'),
      change('A', 'add', 'no'),
      change('D', 'modify', 'no'),
      change('C', 'modify', 'no'),
      change('F', 'modify', 'maybe'),
      change('E', 'modify', 'yes'),
      change('H', 'remove', 'no'),
      change('G', 'remove', 'no'),
    ];
    const rows = toPlan(changes, { before: undefined, after: before, changedParameters: [] });
    expect(rows.map(({ logicalId }) => logicalId).join('')).toBe('GHEFCDAB');
  });

  it('of a template alone makes all of it that its parameters ask for, and finds nothing broader than nothing', () => {
    const rows = planOfTemplate(before);
    expect(rows.map(({ logicalId, action, broadened }) => [logicalId, action, broadened])).toEqual([
      ['Log', 'add', []],
      ['Role', 'add', []],
      ['Sender', 'add', []],
    ]);
  });
});
