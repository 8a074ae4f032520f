import type { Channel } from './channel.ts';

/** A phone number of the account, in the service's words where they are kept. */
export interface AccountNumber {
  readonly id: string;
  readonly arn: string;
  /** E.164. */
  readonly number: string;
  readonly country: string;
  readonly channels: readonly Channel[];
  /** LONG_CODE, TOLL_FREE, TEN_DLC, SHORT_CODE or SIMULATOR. */
  readonly type: string;
  /** PENDING, ACTIVE, ASSOCIATING, DISASSOCIATING or DELETED. */
  readonly status: string;
  /** TRANSACTIONAL or PROMOTIONAL. */
  readonly messageType: string;
  readonly registrationId: string | undefined;
  readonly poolId: string | undefined;
  readonly internationalSending: boolean;
  /** US dollars, as the service writes them. */
  readonly monthlyPrice: string | undefined;
}

export interface AccountSenderId {
  readonly arn: string;
  readonly senderId: string;
  readonly country: string;
  readonly registered: boolean;
  /** Of a registration that was begun. */
  readonly registrationId: string | undefined;
  readonly messageTypes: readonly string[];
  readonly monthlyPrice: string | undefined;
}

export interface AccountPool {
  readonly id: string;
  readonly arn: string;
  /** CREATING, ACTIVE or DELETING. */
  readonly status: string;
  readonly messageType: string;
  /** SMS may leave through routes that AWS shares, to countries that no member serves. */
  readonly sharedRoutes: boolean;
  readonly members: readonly PoolMember[];
}

export interface PoolMember {
  readonly arn: string;
  readonly country: string;
  readonly channels: readonly Channel[];
}

/** All origination identities of an account in one Region. */
export interface AccountInventory {
  readonly region: string;
  readonly numbers: readonly AccountNumber[];
  readonly senderIds: readonly AccountSenderId[];
  readonly pools: readonly AccountPool[];
}

/** What names an identity; the first is how the file would. */
type Values = readonly [string, ...string[]];

/** An identity of any kind with every value that names it. */
export type AccountIdentity =
  | { readonly kind: 'number'; readonly values: Values; readonly of: AccountNumber }
  | { readonly kind: 'sender-id'; readonly values: Values; readonly of: AccountSenderId }
  | { readonly kind: 'pool'; readonly values: Values; readonly of: AccountPool };

/** Everything in one list; a sender ID stands there once for each country that has it. */
export function identitiesOf({ numbers, senderIds, pools }: AccountInventory): readonly AccountIdentity[] {
  return [
    ...pools.map((of): AccountIdentity => ({ kind: 'pool', values: [of.id, of.arn], of })),
    ...numbers.map((of): AccountIdentity => {
      // A short code is no number in E.164: only its id can be told from a sender ID.
      const isE164 = of.number.startsWith('+');
      return { kind: 'number', values: isE164 ? [of.number, of.id, of.arn] : [of.id, of.number, of.arn], of };
    }),
    ...senderIds.map((of): AccountIdentity => ({ kind: 'sender-id', values: [of.senderId, of.arn], of })),
  ];
}

/** The account's twelve digits, which every ARN of it has; undefined for an account that has nothing. */
export function accountIdOf(inventory: AccountInventory): string | undefined {
  return identitiesOf(inventory)
    .map(({ of }) => of.arn.split(':')[4])
    .find((account) => account !== undefined && /^\d{12}$/.test(account));
}

/** Whether a pool can send to a country on a channel with a member that is active, or over a shared route. */
export function poolServes(
  pool: AccountPool,
  { country, channel }: { readonly country: string; readonly channel: Channel },
  { numbers }: Pick<AccountInventory, 'numbers'>,
): boolean {
  if (pool.sharedRoutes && channel === 'sms') return true;
  return pool.members.some((member) => {
    const number = numbers.find(({ arn }) => arn === member.arn);
    const isActive = number === undefined || number.status === 'ACTIVE';
    const reaches = member.country === country || country === '*' || (number?.internationalSending ?? false);
    return isActive && reaches && member.channels.includes(channel);
  });
}
