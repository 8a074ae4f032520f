import { describe, expect, it } from 'vitest';
import { decode } from '../../src/core/decode.ts';
import { describeEntry, describeIdentity, identityOf } from '../../src/core/describe-identity.ts';
import { parseIdentity } from '../../src/core/identity.ts';
import { originationIdentities } from '../../src/core/origination-identities.ts';

const decoded = decode(originationIdentities, { ES: ['EXAMPLE', '+12025550123'], '*': 'pool-0123456789abcdef' });
if (!decoded.ok) throw new Error('the list is none');
const list = decoded.value;

describe('an identity', () => {
  it.each([
    ['+12025550123', 'phone number +12…23'],
    ['EXAMPLE', 'sender ID EXAMPLE'],
    ['pool-0123456789abcdef', 'pool pool-0123456789abcdef'],
  ])('%s is named with its kind', (value, words) => {
    const parsed = parseIdentity(value);
    expect(parsed.ok ? describeIdentity(parsed.value) : '').toBe(words);
  });

  it.each([
    ['ES', 'sms', 'EXAMPLE', 'sender-id'],
    ['ES', 'voice', '+12…23', 'phone-number'],
    ['FR', 'sms', 'pool-0123456789abcdef', 'pool-id'],
    [undefined, 'sms', 'pool-0123456789abcdef', 'pool-id'],
    ['ES', 'voice', 'EXAMPLE', undefined],
  ] as const)('for %s by %s is found by its label %s', (country, channel, label, kind) => {
    expect(identityOf(list, { country, channel, label })?.kind).toBe(kind);
  });

  it('is found nowhere where no entry serves the country', () => {
    expect(identityOf({}, { country: 'ES', channel: 'sms', label: 'EXAMPLE' })).toBeUndefined();
  });
});

it("the entry is the country's own, or the one for all others", () => {
  expect(describeEntry(list, 'ES')).toBe('by the entry ES');
  expect(describeEntry(list, 'FR')).toBe('by the entry *, for all others');
  expect(describeEntry(list, undefined)).toBe('by the entry *, for all others');
  expect(describeEntry({}, 'ES')).toBe('by no entry');
});
