import { StackStatus } from '@aws-sdk/client-cloudformation';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DeployedStack } from '../../src/aws/stack.ts';
import type { WantedStack } from '../../src/deploy/is-unchanged.ts';
import { changedParameters, isUnchanged } from '../../src/deploy/is-unchanged.ts';

const template = `
Parameters:
  Memory: { Type: Number, Default: 1024 }
  Issuer: { Type: String }
  Canary: { Type: String, Default: 'false' }
`;
const stackOf = (more: Partial<DeployedStack> = {}): DeployedStack => ({
  id: 'arn:aws:cloudformation:eu-west-1:111122223333:stack/okta-otp-prod/1',
  name: 'okta-otp-prod',
  status: 'UPDATE_COMPLETE',
  reason: undefined,
  parameters: { Memory: '1024', Issuer: 'https://example.okta.com/oauth2/default', Canary: 'false' },
  outputs: {},
  tags: { team: 'identity' },
  changedAt: 0,
  isProtected: false,
  ...more,
});
const wanted: WantedStack = {
  template,
  parameters: { Memory: '1024', Issuer: 'https://example.okta.com/oauth2/default', Canary: 'false' },
  tags: { team: 'identity' },
};
const isSame = (stack: Partial<DeployedStack>, more: Partial<WantedStack> = {}, deployed = template) =>
  isUnchanged(stackOf(stack), deployed, { ...wanted, ...more });

describe('a stack is as it should be', () => {
  it('when template, parameters and tags are', () => {
    expect(isSame({})).toBe(true);
  });

  it('and not otherwise', () => {
    const { parameters } = wanted;
    expect(isSame({}, {}, template.replace('1024', '512'))).toBe(false);
    expect(isSame({}, {}, `${template}Outputs: { Url: { Value: x } }\n`)).toBe(false);
    expect(isSame({}, {}, `${template}Conditions: { Never: !Equals [a, b] }\n`)).toBe(false);
    expect(isSame({}, {}, `${template}Resources: { Topic: { Type: AWS::SNS::Topic } }\n`)).toBe(false);
    expect(isSame({}, { parameters: { ...parameters, Memory: '512' } })).toBe(false);
    expect(isSame({}, { tags: { team: 'other' } })).toBe(false);
    expect(isSame({}, { tags: { team: 'identity', cost: '1' } })).toBe(false);
    expect(isSame({}, { tags: {} })).toBe(false);
    expect(isSame({ tags: {} })).toBe(false);
    expect(isSame({ tags: { other: 'identity' } })).toBe(false);
  });

  it('whatever comments and line ends came back', () => {
    expect(isSame({}, {}, `${template.replaceAll('\n', '\r\n')}# a comment more\r\n`)).toBe(true);
  });

  it('whatever AWS has tagged it with itself', () => {
    expect(isSame({ tags: { team: 'identity', 'aws:cloudformation:stack-name': 'x' } })).toBe(true);
  });

  it('however the last change went out, or the next one would', () => {
    expect(isSame({}, { parameters: { ...wanted.parameters, Canary: 'true' } })).toBe(true);
  });

  it('only when its last change went well', () => {
    const good = Object.values(StackStatus).filter((status) => isSame({ status }));
    expect(good.sort()).toEqual(['CREATE_COMPLETE', 'IMPORT_COMPLETE', 'UPDATE_COMPLETE']);
  });

  it('exactly when nothing of it differs, whatever it is', () => {
    const record = fc.dictionary(fc.constantFrom('A', 'B', 'C'), fc.constantFrom('1', '2'));
    const part = fc.record({
      template: fc.constantFrom('Outputs: { Url: { Value: 1 } }', 'Outputs: { Url: { Value: 2 } }'),
      parameters: record,
      tags: record,
    });
    const sorted = (values: Readonly<Record<string, string>>) => Object.entries(values).sort();
    let equal = 0;
    fc.assert(
      fc.property(part, fc.option(part, { nil: undefined }), (is, other) => {
        const should = other ?? { ...is, tags: Object.fromEntries(Object.entries(is.tags).toReversed()) };
        const same =
          is.template === should.template &&
          JSON.stringify([sorted(is.parameters), sorted(is.tags)]) ===
            JSON.stringify([sorted(should.parameters), sorted(should.tags)]);
        equal += same ? 1 : 0;
        expect(isUnchanged(stackOf(is), is.template, should)).toBe(same);
      }),
    );
    expect(equal).toBeGreaterThan(5);
  });
});

describe('the parameters that change', () => {
  const changed = (before: Readonly<Record<string, string>>, parameters: Readonly<Record<string, string>>) =>
    changedParameters({ parameters: before }, { ...wanted, parameters });

  it('are those with another value, by name', () => {
    expect(changed({ Memory: '1', Issuer: 'a' }, { Memory: '2', Issuer: 'b' })).toEqual(['Issuer', 'Memory']);
    expect(changed({ Memory: '2', Issuer: 'a' }, { Memory: '2', Issuer: 'a' })).toEqual([]);
  });

  it('are those that go, and those that come', () => {
    expect(changed({ Memory: '1024', Gone: 'x' }, { New: 'y' })).toEqual(['Gone', 'New']);
  });

  it('are those that fall back to their default, unless that is what they have', () => {
    expect(changed({ Memory: '512', Issuer: 'a' }, { Issuer: 'a' })).toEqual(['Memory']);
    expect(changed({ Memory: '1024', Issuer: 'a' }, { Issuer: 'a' })).toEqual([]);
  });

  it('are never how the change goes out', () => {
    expect(changed({ Memory: '1024', Canary: 'false' }, { Canary: 'true' })).toEqual([]);
  });
});
