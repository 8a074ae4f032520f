import { describe, expect, it } from 'vitest';
import type { IdentityKind } from '../../src/core/identity.ts';
import { canCall, identityKinds, identityLabel, parseIdentity } from '../../src/core/identity.ts';
import { problemsIn, valueIn } from '../support/decoded.ts';
import { marked } from '../support/marked.ts';

const id = '0123456789abcdef0123456789abcdef';
const arn = (resource: string, partition = 'aws') =>
  `arn:${partition}:sms-voice:ap-southeast-5:111122223333:${resource}`;

const oneOfEach: readonly (readonly [IdentityKind, string])[] = [
  ['phone-number', marked.phone],
  ['phone-number-id', `phone-${id}`],
  ['phone-number-arn', arn(`phone-number/phone-${id}`)],
  ['sender-id', 'ACME-Login_'],
  ['sender-id-arn', arn('sender-id/ACME/GB')],
  ['pool-id', `pool-${id}`],
  ['pool-arn', arn(`pool/pool-${id}`)],
];

describe('an origination identity', () => {
  it.each(oneOfEach)('is recognised: a %s', (kind, value) => {
    const { region, ...identity } = valueIn(parseIdentity(value));
    expect(identity).toEqual({ kind, value });
    expect(region).toBe(kind.endsWith('-arn') ? 'ap-southeast-5' : undefined);
  });

  it('has seven kinds, and this table has one of each', () => {
    expect(oneOfEach.map(([kind]) => kind)).toEqual([...identityKinds]);
  });

  it.each<[IdentityKind, string]>([
    ['phone-number', '+12'],
    ['phone-number', '+123456789012345'],
    ['phone-number-id', 'phone-0123456789ab'],
    ['pool-id', 'pool-0123456789ab'],
    ['sender-id', 'A'],
    ['sender-id', '0123456789A'],
    ['sender-id-arn', arn('sender-id/A/GB')],
    ['sender-id-arn', arn('sender-id/0123456789A/GB')],
  ])('may be as short or as long as a %s can be', (kind, value) => {
    expect(valueIn(parseIdentity(value)).kind).toBe(kind);
  });

  it.each(['aws-us-gov', 'aws-cn'])('may be in the partition %s', (partition) => {
    expect(valueIn(parseIdentity(arn(`pool/pool-${id}`, partition))).kind).toBe('pool-arn');
  });

  it.each([
    ['nothing', ''],
    ['white space', ' '],
    ['a name with a space', 'ACME Login'],
    ['a name of 12 characters', 'ACMELoginHub'],
    ['a name without a letter', '12345'],
    ['a name with an accent', 'Société'],
    ['a number without its +', marked.phone.slice(1)],
    ['a number with spaces', '+34 612 345 678'],
    ['a number that begins with 0', '+0612345678'],
    ['a number of 16 digits', '+1234567890123456'],
    ['an ARN of another service', `arn:aws:sns:eu-west-1:111122223333:pool-${id}`],
    ['an ARN of another resource', arn('configuration-set/login')],
    ['an ARN without an account', `arn:aws:sms-voice:eu-west-1::pool/pool-${id}`],
    ['a sender ID’s ARN without its country', arn('sender-id/ACME')],
    ['a sender ID’s ARN with a name of 12 characters', arn('sender-id/ACMELoginHub/GB')],
    ['a pool’s id of 11 characters', 'pool-0123456789a'],
    ['two of them', `ACME,pool-${id}`],
    ['one with something after it', `pool-${id}\n`],
    ['markup', '<b>'],
  ])('is not %s', (_, value) => {
    expect(problemsIn(parseIdentity(value))).toEqual([
      { path: '', message: 'must be a phone number, sender ID or pool, by its name, id or ARN' },
    ]);
  });

  it.each(oneOfEach)('that is a %s can call, unless it is a sender ID', (kind, value) => {
    expect(canCall(valueIn(parseIdentity(value)))).toBe(!['sender-id', 'sender-id-arn'].includes(kind));
  });

  it('is shown in a log as it is, but for a telephone number, of which only the ends are', () => {
    const labels = oneOfEach.map(([, value]) => identityLabel(valueIn(parseIdentity(value))));
    expect(labels).toEqual(['+34…78', ...oneOfEach.slice(1).map(([, value]) => value)]);
  });
});
