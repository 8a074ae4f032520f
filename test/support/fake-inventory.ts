import type {
  AccountInventory,
  AccountNumber,
  AccountPool,
  AccountSenderId,
} from '../../src/core/account-inventory.ts';

const prefix = 'arn:aws:sms-voice:eu-west-1:123456789012';

/** A French number for both channels, active and in no pool, unless said otherwise. */
export function createNumber(change: Partial<AccountNumber> = {}): AccountNumber {
  const { number = '+33987654321' } = change;
  const id = `phone-${number.slice(1).padStart(20, '0')}`;
  return {
    id,
    arn: `${prefix}:phone-number/${id}`,
    number,
    country: 'FR',
    channels: ['sms', 'voice'],
    type: 'LONG_CODE',
    status: 'ACTIVE',
    messageType: 'TRANSACTIONAL',
    registrationId: undefined,
    poolId: undefined,
    internationalSending: false,
    monthlyPrice: '1.00',
    ...change,
  };
}

/** A registered German sender ID unless said otherwise. */
export function createSenderId(change: Partial<AccountSenderId> = {}): AccountSenderId {
  const { senderId = 'ACME', country = 'DE' } = change;
  return {
    arn: `${prefix}:sender-id/${senderId}/${country}`,
    senderId,
    country,
    registered: true,
    registrationId: undefined,
    messageTypes: ['TRANSACTIONAL'],
    monthlyPrice: '0.00',
    ...change,
  };
}

/** An active pool of the numbers and sender IDs that are given. */
export function createPool(
  members: readonly (AccountNumber | AccountSenderId)[],
  change: Partial<AccountPool> = {},
): AccountPool {
  const { id = 'pool-0123456789ab' } = change;
  return {
    id,
    arn: `${prefix}:pool/${id}`,
    status: 'ACTIVE',
    messageType: 'TRANSACTIONAL',
    sharedRoutes: false,
    members: members.map((member) => ({
      arn: member.arn,
      country: member.country,
      channels: 'channels' in member ? member.channels : ['sms'],
    })),
    ...change,
  };
}

export const createInventory = (change: Partial<AccountInventory> = {}): AccountInventory => ({
  region: 'eu-west-1',
  numbers: [],
  senderIds: [],
  pools: [],
  ...change,
});
