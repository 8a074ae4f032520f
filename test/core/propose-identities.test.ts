import { describe, expect, it } from 'vitest';
import type { AccountInventory } from '../../src/core/account-inventory.ts';
import { decode } from '../../src/core/decode.ts';
import { originationIdentities } from '../../src/core/origination-identities.ts';
import { proposeIdentities } from '../../src/core/propose-identities.ts';
import { valueIn } from '../support/decoded.ts';
import { createInventory, createNumber, createPool, createSenderId } from '../support/fake-inventory.ts';

/** The proposal as `FR sms: +33…, ACME`, one line for each country and channel that changes. */
function propose(inventory: Partial<AccountInventory>, current: unknown = {}) {
  const { routes, leftOut } = proposeIdentities(
    createInventory(inventory),
    valueIn(decode(originationIdentities, current)),
  );
  const lines = Object.entries(routes).flatMap(([country, route]) =>
    (['sms', 'voice'] as const).map(
      (channel) => `${country} ${channel}: ${route[channel].identities.map(({ value }) => value).join(', ')}`,
    ),
  );
  return { lines, leftOut: leftOut.map(({ identity, country, reason }) => `${identity} ${country} ${reason}`) };
}

describe('the proposal', () => {
  it('is empty for an account that has nothing', () => {
    expect(propose({})).toEqual({ lines: [], leftOut: [] });
  });

  it('names every identity for its country and what it can do', () => {
    const numbers = [createNumber(), createNumber({ number: '+12065550100', country: 'US', channels: ['voice'] })];
    expect(propose({ numbers, senderIds: [createSenderId()] }).lines).toEqual([
      'DE sms: ACME',
      'DE voice: ',
      'FR sms: +33987654321',
      'FR voice: +33987654321',
      'US sms: ',
      'US voice: +12065550100',
    ]);
  });

  it('orders by what carriers trust: short code, registered name, 10DLC, toll-free, long code, name', () => {
    const of = (number: string, type: string) => createNumber({ number, type, channels: ['sms'] });
    const numbers = [
      of('+33900000001', 'LONG_CODE'),
      of('+33900000002', 'TOLL_FREE'),
      of('+33900000003', 'TEN_DLC'),
      of('+33900000004', 'SHORT_CODE'),
      of('+33900000005', 'SOMETHING_NEW'),
    ];
    const senderIds = [
      createSenderId({ senderId: 'PLAIN', country: 'FR', registered: false }),
      createSenderId({ country: 'FR' }),
    ];
    expect(propose({ numbers, senderIds }).lines[0]).toBe(
      'FR sms: +33900000004, ACME, +33900000003, +33900000002, +33900000001, +33900000005, PLAIN',
    );
  });

  it('takes a pool instead of its members, for every country and channel that they serve', () => {
    const numbers = [createNumber(), createNumber({ number: '+12065550100', country: 'US', channels: ['voice'] })];
    const senderIds = [createSenderId()];
    const pools = [createPool([...numbers, ...senderIds])];
    expect(propose({ numbers, senderIds, pools })).toEqual({
      lines: [
        'DE sms: pool-0123456789ab',
        'DE voice: ',
        'FR sms: pool-0123456789ab',
        'FR voice: pool-0123456789ab',
        'US sms: ',
        'US voice: pool-0123456789ab',
      ],
      leftOut: ['+33987654321 FR pool-member', '+12065550100 US pool-member', 'ACME DE pool-member'],
    });
  });

  it('makes shared routes and international sending the default of SMS, the last of the countries', () => {
    const number = createNumber({ internationalSending: true });
    const pools = [createPool([], { sharedRoutes: true })];
    expect(propose({ numbers: [number], pools }).lines).toEqual([
      'FR sms: +33987654321',
      'FR voice: +33987654321',
      '*: '.replace(': ', ' sms: pool-0123456789ab, +33987654321'),
      '* voice: ',
    ]);
  });

  it('leaves out what cannot send codes, and says why', () => {
    const numbers = [
      createNumber({ number: '+33900000001', status: 'PENDING' }),
      createNumber({ number: '+33900000002', channels: [] }),
      createNumber({ number: '+33900000003', type: 'SIMULATOR' }),
      createNumber({ number: '+33900000004', messageType: 'PROMOTIONAL' }),
    ];
    const senderIds = [
      createSenderId({ registered: false, registrationId: 'registration-1' }),
      createSenderId({ senderId: 'SALE', messageTypes: ['PROMOTIONAL'] }),
    ];
    const pools = [
      createPool([createNumber()], { id: 'pool-0123456789aa', status: 'CREATING' }),
      createPool([createNumber()], { id: 'pool-0123456789ab', messageType: 'PROMOTIONAL' }),
      createPool(numbers.slice(0, 1), { id: 'pool-0123456789ac' }),
    ];
    expect(propose({ numbers, senderIds, pools })).toEqual({
      lines: [],
      leftOut: [
        'pool-0123456789aa undefined not-active',
        'pool-0123456789ab undefined promotional',
        'pool-0123456789ac undefined pool-serves-nobody',
        '+33900000001 FR not-active',
        '+33900000002 FR no-channel',
        '+33900000003 FR simulator',
        '+33900000004 FR promotional',
        'ACME DE registration-open',
        'SALE DE promotional',
      ],
    });
  });

  it('names a short code by its id, and nothing that has no name', () => {
    const code = createNumber({ number: '38201', type: 'SHORT_CODE', channels: ['sms'] });
    const nameless = createNumber({ number: '', id: '', arn: '', channels: ['sms'] });
    expect(propose({ numbers: [code, nameless] }).lines[0]).toBe(`FR sms: ${code.id}`);
  });

  it('takes a sender ID whose kinds of messages are not told', () => {
    expect(propose({ senderIds: [createSenderId({ messageTypes: [] })] }).lines[0]).toBe('DE sms: ACME');
  });
});

describe('beside a file that is there', () => {
  it('changes nothing that names the same by another of its names', () => {
    const number = createNumber();
    for (const name of [number.number, number.id, number.arn]) {
      expect(propose({ numbers: [number] }, { FR: name }).lines).toEqual([]);
    }
  });

  it('adds what is missing behind what was chosen', () => {
    const numbers = [createNumber(), createNumber({ number: '+33900000004', type: 'SHORT_CODE', channels: ['sms'] })];
    expect(propose({ numbers }, { FR: '+33987654321' }).lines).toEqual([
      'FR sms: +33987654321, +33900000004',
      'FR voice: +33987654321',
    ]);
  });

  it('puts a new pool in the place of its members, and before the others', () => {
    const [member, other] = [createNumber(), createNumber({ number: '+33900000004' })];
    const inventory = { numbers: [member, other], pools: [createPool([member])] };
    expect(propose(inventory, { FR: [member.number, other.number] }).lines).toEqual([
      'FR sms: pool-0123456789ab, +33900000004',
      'FR voice: pool-0123456789ab, +33900000004',
    ]);
  });

  it('keeps a member beside its pool where somebody wanted it so', () => {
    const member = createNumber();
    const inventory = { numbers: [member], pools: [createPool([member])] };
    expect(propose(inventory, { FR: ['pool-0123456789ab', member.number] }).lines).toEqual([]);
  });

  it('drops what the account says cannot send there, and keeps what it does not know', () => {
    const numbers = [createNumber({ status: 'DELETED' }), createNumber({ number: '+33900000001', channels: ['sms'] })];
    const pools = [createPool([], { status: 'DELETING' })];
    const senderIds = [createSenderId()];
    const current = {
      FR: { sms: ['+33987654321', '+33900000001', 'ACME', 'pool-0123456789ab', '+33911111111'], voice: '+33900000001' },
    };
    expect(propose({ numbers, pools, senderIds }, { ...current, DE: 'ACME' }).lines).toEqual([
      'FR sms: +33900000001, +33911111111',
      'FR voice: ',
    ]);
  });

  it('keeps a sender ID of the default', () => {
    expect(propose({ senderIds: [createSenderId()] }, { '*': 'ACME', DE: 'ACME' }).lines).toEqual([]);
  });

  it('leaves countries alone that are switched off or blocked', () => {
    const current = { FR: { enabled: 'blocked' }, DE: { sms: { enabled: false } } };
    expect(propose({ numbers: [createNumber()], senderIds: [createSenderId()] }, current).lines).toEqual([]);
  });

  it('keeps prices and parameters of a country that it adds to', () => {
    const current = valueIn(decode(originationIdentities, { FR: { sms: { identities: 'OTHER', maxPrice: '0.25' } } }));
    const { routes } = proposeIdentities(createInventory({ numbers: [createNumber()] }), current);
    expect(routes['FR']?.sms).toMatchObject({ maxPrice: '0.25', switch: 'on' });
  });
});
