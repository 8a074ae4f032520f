import { describe, expect, it } from 'vitest';
import type { AccountInventory } from '../../src/core/account-inventory.ts';
import { compareWithAccount } from '../../src/core/compare-with-account.ts';
import { decode } from '../../src/core/decode.ts';
import { originationIdentities } from '../../src/core/origination-identities.ts';
import { valueIn } from '../support/decoded.ts';
import { createInventory, createNumber, createPool, createSenderId } from '../support/fake-inventory.ts';

const find = (list: unknown, inventory: Partial<AccountInventory> = {}) =>
  compareWithAccount(valueIn(decode(originationIdentities, list)), createInventory(inventory));
/** `error FR sms missing`, one for each finding. */
const rules = (...args: Parameters<typeof find>) =>
  find(...args).map(({ severity, country, channel, rule }) => `${severity} ${country} ${channel} ${rule}`);
const fixes = (...args: Parameters<typeof find>) => find(...args).map(({ fix }) => fix);

describe('a file and an account that agree', () => {
  it('have no findings, whichever name the file uses', () => {
    const number = createNumber();
    const inventory = { numbers: [number], senderIds: [createSenderId()] };
    for (const name of [number.number, number.id, number.arn]) {
      expect(find({ FR: name, DE: 'ACME' }, inventory)).toEqual([]);
    }
  });

  it('may have members of a pool that the file does not name', () => {
    const number = createNumber();
    expect(find({ FR: 'pool-0123456789ab' }, { numbers: [number], pools: [createPool([number])] })).toEqual([]);
  });

  it('may have anything where a country is switched off or blocked', () => {
    expect(find({ FR: { sms: { identities: '+33900000000', enabled: false } }, CU: { enabled: 'blocked' } })).toEqual(
      [],
    );
  });
});

describe('what keeps messages from going out', () => {
  it('is an identity that the account does not have', () => {
    expect(rules({ FR: '+33900000000' })).toEqual(['error FR sms missing', 'error FR voice missing']);
    expect(rules({ FR: 'arn:aws:sms-voice:eu-west-1:123456789012:pool/pool-0123456789ab' })[0]).toBe(
      'error FR sms missing',
    );
  });

  it.each(['PENDING', 'DELETED'])('is a number that is %s', (status) => {
    expect(rules({ FR: { sms: '+33987654321' } }, { numbers: [createNumber({ status })] })).toEqual([
      'error FR sms inactive',
    ]);
  });

  it('is a pool that is going', () => {
    expect(rules({ FR: { sms: 'pool-0123456789ab' } }, { pools: [createPool([], { status: 'DELETING' })] })).toEqual([
      'error FR sms inactive',
    ]);
  });

  it('is a number or name without the channel', () => {
    const numbers = [createNumber({ channels: ['sms'] }), createNumber({ number: '+33900000001', channels: [] })];
    expect(rules({ FR: { voice: ['+33987654321', '+33900000001'] } }, { numbers })).toEqual([
      'error FR voice lacks-capability',
      'error FR voice lacks-capability',
    ]);
  });

  it('is a sender ID of another country, or one whose registration is open', () => {
    const senderIds = [createSenderId({ registered: false, registrationId: 'registration-1' })];
    expect(rules({ FR: 'ACME', DE: 'ACME' }, { senderIds })).toEqual([
      'error FR sms missing',
      'error DE sms registration-open',
    ]);
  });

  it('is a pool that no active member of it serves, by country and channel', () => {
    const pending = createNumber({ number: '+4989123456', country: 'DE', status: 'PENDING' });
    const sms = createNumber({ channels: ['sms'] });
    const inventory = { numbers: [pending, sms], pools: [createPool([pending, sms])] };
    expect(
      rules(
        { FR: 'pool-0123456789ab', DE: { sms: 'pool-0123456789ab' }, '*': { voice: 'pool-0123456789ab' } },
        inventory,
      ),
    ).toEqual(['error FR voice pool-gap', 'error DE sms pool-gap', 'error * voice pool-gap']);
  });

  it('is no gap for SMS over shared routes, or from a member that sends abroad', () => {
    const abroad = createNumber({ internationalSending: true, channels: ['sms'] });
    const pools = [createPool([abroad]), createPool([], { id: 'pool-0123456789ac', sharedRoutes: true })];
    const list = { IT: { sms: 'pool-0123456789ab' }, ES: { sms: 'pool-0123456789ac' } };
    expect(rules(list, { numbers: [abroad], pools })).toEqual([]);
  });

  it('is the ARN of another Region', () => {
    const arn = 'arn:aws:sms-voice:us-east-1:123456789012:phone-number/phone-0123456789ab';
    expect(fixes({ FR: { sms: arn } })).toEqual(['okta-otp identities check --region us-east-1']);
  });
});

describe('what should be looked at', () => {
  it('is the ARN of another account, which may be shared', () => {
    const arn = 'arn:aws:sms-voice:eu-west-1:999999999999:phone-number/phone-0123456789ab';
    const list = { FR: { sms: [arn, '+33987654321'], voice: '+33987654321' } };
    expect(rules(list, { numbers: [createNumber()] })).toEqual(['warning FR sms other-account']);
  });

  it('is a sender ID that is not registered', () => {
    const senderIds = [createSenderId({ registered: false })];
    expect(rules({ DE: 'ACME', '*': 'ACME' }, { senderIds })).toEqual([
      'warning DE sms unregistered',
      'warning * sms unregistered',
    ]);
  });

  it('is a simulator, and what is for promotional messages', () => {
    const numbers = [
      createNumber({ type: 'SIMULATOR' }),
      createNumber({ number: '+33900000001', messageType: 'PROMOTIONAL' }),
    ];
    const senderIds = [createSenderId({ country: 'FR', messageTypes: ['PROMOTIONAL'] })];
    const pools = [createPool([createNumber()], { messageType: 'PROMOTIONAL' })];
    const list = { FR: { sms: ['+33987654321', '+33900000001', 'ACME', 'pool-0123456789ab'] } };
    expect(rules(list, { numbers, senderIds, pools })).toEqual([
      'warning FR sms simulator',
      'warning FR sms promotional',
      'warning FR sms promotional',
      'warning FR sms promotional',
    ]);
  });

  it('is an SMS from another country’s number, unless that sends abroad', () => {
    const numbers = [createNumber(), createNumber({ number: '+33900000001', internationalSending: true })];
    const list = { IT: ['+33987654321', '+33900000001'], '*': '+33987654321' };
    expect(rules(list, { numbers })).toEqual(['warning IT sms other-country']);
  });

  it('is what the account has and the file does not use, last of all', () => {
    const inventory = {
      numbers: [createNumber()],
      senderIds: [createSenderId()],
      pools: [createPool([])],
    };
    expect(rules({ IT: { sms: '+39000000000' } }, inventory)).toEqual([
      'error IT sms missing',
      'info undefined undefined unused',
      'info FR undefined unused',
      'info DE undefined unused',
    ]);
    expect(fixes({}, inventory)).toEqual([
      'okta-otp identities discover',
      'okta-otp identities set FR +33987654321',
      'okta-otp identities set DE ACME',
    ]);
  });
});

describe('the next command', () => {
  it('goes on with what is left', () => {
    expect(fixes({ FR: { sms: ['+33900000000', '+33987654321'] } }, { numbers: [createNumber()] })).toEqual([
      'okta-otp identities set FR +33987654321 --channel sms',
    ]);
  });

  it('takes what the account has instead', () => {
    const used = { '*': '+33987654321' };
    expect(fixes({ ...used, FR: { sms: '+33900000000' } }, { numbers: [createNumber()] })).toEqual([
      'okta-otp identities discover',
    ]);
  });

  it('takes the channel out where there is nothing', () => {
    expect(fixes({ '*': { voice: '+33900000000' } })).toEqual(['okta-otp identities remove "*" --channel voice']);
  });

  it('waits for what is pending', () => {
    const numbers = [createNumber({ status: 'PENDING', registrationId: 'registration-1' })];
    expect(find({ FR: { sms: '+33987654321' } }, { numbers })).toMatchObject([
      { message: 'is PENDING, and has a registration', fix: expect.stringContaining('complete its registration') },
    ]);
  });
});
