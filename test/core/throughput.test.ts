import { describe, expect, it } from 'vitest';
import type { AccountNumber, AccountSenderId } from '../../src/core/account-inventory.ts';
import { identitiesFor, partsPerSecond, throughputOf } from '../../src/core/throughput.ts';
import { marked } from '../support/marked.ts';

const number = (change: Partial<AccountNumber> = {}): AccountNumber => ({
  id: 'phone-1',
  arn: 'arn:aws:sms-voice:eu-west-1:123456789012:phone-number/phone-1',
  number: marked.phone,
  country: 'US',
  channels: ['sms', 'voice'],
  type: 'TOLL_FREE',
  status: 'ACTIVE',
  messageType: 'TRANSACTIONAL',
  registrationId: undefined,
  poolId: undefined,
  internationalSending: false,
  monthlyPrice: undefined,
  ...change,
});
const senderId = (country: string): AccountSenderId => ({
  arn: `arn:aws:sms-voice:eu-west-1:123456789012:sender-id/CODES/${country}`,
  senderId: 'CODES',
  country,
  registered: true,
  registrationId: undefined,
  messageTypes: ['TRANSACTIONAL'],
  monthlyPrice: undefined,
});
const of = (numbers: readonly AccountNumber[], senderIds: readonly AccountSenderId[] = []) =>
  throughputOf({ numbers, senderIds });

describe('an identity', () => {
  it.each([
    ['SHORT_CODE', 'US', 100],
    ['SHORT_CODE', 'CA', 100],
    ['SHORT_CODE', 'MX', undefined],
    ['TEN_DLC', 'US', 1],
    ['TOLL_FREE', 'US', 3],
    ['LONG_CODE', 'US', undefined],
    ['LONG_CODE', 'CA', 1],
    ['LONG_CODE', 'FR', 10],
    ['SENDER_ID', 'DE', 10],
  ] as const)('of the kind %s sends to %s as fast as AWS says: %s parts a second', (type, country, rate) => {
    expect(partsPerSecond(type, country)).toBe(rate);
  });
});

describe('the throughput of an account', () => {
  it('is that of all identities of a country', () => {
    expect(of([number({ country: 'FR', type: 'LONG_CODE' })], [senderId('FR'), senderId('DE')])).toEqual([
      { country: 'DE', identities: [{ type: 'SENDER_ID', count: 1 }], partsPerSecond: 10, isUnknown: false },
      {
        country: 'FR',
        identities: [
          { type: 'LONG_CODE', count: 1 },
          { type: 'SENDER_ID', count: 1 },
        ],
        partsPerSecond: 20,
        isUnknown: false,
      },
    ]);
  });

  it('grows with every 10DLC number, and with no second toll-free one', () => {
    expect(of([number({ type: 'TEN_DLC' }), number({ type: 'TEN_DLC' })])[0]?.partsPerSecond).toBe(2);
    expect(of([number(), number()])).toMatchObject([
      { identities: [{ type: 'TOLL_FREE', count: 2 }], partsPerSecond: 3 },
    ]);
  });

  it('says where AWS publishes no limit', () => {
    expect(of([number({ type: 'SHORT_CODE', country: 'MX' })])).toMatchObject([{ partsPerSecond: 0, isUnknown: true }]);
  });

  it('leaves out what cannot send a text message to anybody', () => {
    const idle = [
      number({ status: 'PENDING' }),
      number({ channels: ['voice'] }),
      number({ type: 'SIMULATOR' }),
      number({ type: 'SOMETHING_NEW' }),
    ];
    expect(of(idle)).toEqual([]);
  });
});

describe('a peak', () => {
  it.each([
    [20, 'US', { type: 'SHORT_CODE', count: 1 }],
    [101, 'CA', { type: 'SHORT_CODE', count: 2 }],
    [20, 'FR', { type: 'LONG_CODE', count: 2 }],
    [21, 'DE', { type: 'LONG_CODE', count: 3 }],
  ] as const)('of %s a second in %s takes enough identities of one kind', (peak, country, needed) => {
    expect(identitiesFor(peak, country)).toEqual(needed);
    expect((partsPerSecond(needed.type, country) ?? 0) * needed.count).toBeGreaterThanOrEqual(peak);
  });
});
