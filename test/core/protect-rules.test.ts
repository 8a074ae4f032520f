import { describe, expect, it } from 'vitest';
import { decode } from '../../src/core/decode.ts';
import { originationIdentities } from '../../src/core/origination-identities.ts';
import { protectChanges } from '../../src/core/protect-rules.ts';
import { valueIn } from '../support/decoded.ts';

const list = (written: unknown) => valueIn(decode(originationIdentities, written));

describe('what changes in a protect configuration', () => {
  it('is nothing where it says what the catalog says', () => {
    const identities = list({ CU: { enabled: 'blocked' }, FR: '+33987654321' });
    expect(protectChanges(identities, 'sms', { CU: 'BLOCK', FR: 'ALLOW', DE: 'ALLOW' })).toEqual({});
  });

  it('is a block for what the catalog blocks, and its end for what it does not', () => {
    const identities = list({ CU: { enabled: 'blocked' }, FR: '+33987654321', IR: { enabled: false } });
    const current = { CU: 'ALLOW', DE: 'BLOCK', FR: 'BLOCK', IR: 'BLOCK' };
    expect(protectChanges(identities, 'sms', current)).toEqual({ CU: 'BLOCK', DE: 'ALLOW', FR: 'ALLOW', IR: 'ALLOW' });
  });

  it('is told channel by channel', () => {
    const identities = list({ CU: { sms: { enabled: 'blocked' }, voice: '+33987654321' } });
    expect(protectChanges(identities, 'sms', { CU: 'ALLOW' })).toEqual({ CU: 'BLOCK' });
    expect(protectChanges(identities, 'voice', { CU: 'ALLOW' })).toEqual({});
  });

  it('leaves FILTER and MONITOR of countries that are not blocked, and blocks over them', () => {
    const identities = list({ CU: { enabled: 'blocked' } });
    expect(protectChanges(identities, 'sms', { CU: 'FILTER', DE: 'MONITOR', FR: 'FILTER' })).toEqual({ CU: 'BLOCK' });
  });

  it('blocks a country that the rule set does not have yet', () => {
    expect(protectChanges(list({ CU: { enabled: 'blocked' } }), 'sms', {})).toEqual({ CU: 'BLOCK' });
  });

  it('blocks every country that is not named when the default is blocked', () => {
    const identities = list({ '*': { enabled: 'blocked' }, FR: '+33987654321' });
    expect(protectChanges(identities, 'voice', { DE: 'ALLOW', FR: 'BLOCK', IT: 'BLOCK' })).toEqual({
      DE: 'BLOCK',
      FR: 'ALLOW',
    });
  });
});
