import { describe, expect, it } from 'vitest';
import { decode } from '../../src/core/decode.ts';
import { lintIdentities } from '../../src/core/lint-identities.ts';
import { originationIdentities } from '../../src/core/origination-identities.ts';
import { valueIn } from '../support/decoded.ts';

const pool = (region: string, account = '123456789012') =>
  `arn:aws:sms-voice:${region}:${account}:pool/pool-0123456789ab`;
const sender = (country: string) => `arn:aws:sms-voice:eu-west-1:123456789012:sender-id/ACME/${country}`;

const found = (written: unknown, region?: string) =>
  lintIdentities(valueIn(decode(originationIdentities, written)), { region }).map(
    ({ severity, rule, file, path, fix }) => `${severity} ${rule} ${file} ${path}: ${fix}`,
  );

const rules = (written: unknown, region?: string) =>
  lintIdentities(valueIn(decode(originationIdentities, written)), { region }).map(
    ({ path, rule }) => `${path} ${rule}`,
  );

describe('origination identities', () => {
  it('of countries that there are, in one Region and account, have nothing to look at', () => {
    const written = { FR: '+33600000001', DE: sender('DE'), US: [pool('eu-west-1'), 'ACME'], '*': pool('eu-west-1') };
    expect(lintIdentities(valueIn(decode(originationIdentities, written)))).toEqual([]);
    expect(rules(written, 'eu-west-1')).toEqual([]);
  });

  it.each([
    ['UK', 'did you mean GB?'],
    ['EL', 'did you mean GR?'],
    ['QQ', 'write its ISO 3166 code, or take it out'],
    ['AQ', 'write its ISO 3166 code, or take it out'],
  ])('of %s, which no number belongs to, never hold', (code, fix) => {
    expect(found({ [code]: 'ACME' })).toEqual([`error unknown-country originationIdentities.json ${code}: ${fix}`]);
  });

  it('of a country whose mobile numbers are told to be of another serve none of them', () => {
    expect(found({ IM: { enabled: 'blocked' } })).toEqual([
      'warning shared-range originationIdentities.json IM: write it for GB',
    ]);
  });

  it('of several Regions cannot all be reached, and each country is named once', () => {
    const written = { FR: pool('eu-west-1'), DE: { sms: pool('eu-central-1'), voice: pool('us-east-1') }, ES: 'ACME' };
    expect(rules(written)).toEqual(['DE several-regions']);
  });

  it('of another Region than messages are sent from are told apart from those of that one', () => {
    const written = { FR: pool('eu-west-1'), DE: pool('eu-west-1') };
    expect(rules(written, 'us-east-1')).toEqual(['FR other-region', 'DE other-region']);
  });

  it('of several accounts may be meant', () => {
    expect(rules({ FR: pool('eu-west-1'), DE: pool('eu-west-1', '210987654321') })).toEqual(['DE several-accounts']);
  });

  it('name a sender ID in the country that it is registered for', () => {
    expect(found({ FR: sender('DE'), '*': sender('AT'), DE: sender('DE') })).toEqual([
      'warning sender-id-country originationIdentities.json FR: name the one of this country',
      'warning sender-id-country originationIdentities.json *: name it for AT',
    ]);
  });
});
