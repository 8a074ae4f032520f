import type { MessageType, NumberCapability, NumberStatus, NumberType } from '@aws-sdk/client-pinpoint-sms-voice-v2';
import { isObject } from '../../core/decode.ts';
import type { Capability, OwnedIdentity } from './account.ts';
import type { Operate } from './answer.ts';
import { answered, pageOf, refused, stringOf, stringsOf } from './answer.ts';
import { conflict, notFound, validation } from './exceptions.ts';

/** A phone number of the account, in the words of the service. */
export interface OwnedNumber {
  /** E.164. */
  readonly number: string;
  readonly country: string;
  readonly capabilities: readonly NumberCapability[];
  readonly type: NumberType;
  readonly status?: NumberStatus;
  readonly messageType?: MessageType;
  /** US dollars a month. */
  readonly price?: string;
  readonly registrationId?: string;
  readonly internationalSending?: boolean;
}

export interface OwnedSenderId {
  readonly senderId: string;
  readonly country: string;
  readonly registered?: boolean;
  readonly registrationId?: string;
  readonly messageTypes?: readonly MessageType[];
}

export interface OwnedPool {
  /** The end of its id: `pool-<name>`. */
  readonly name: string;
  /** Its members: numbers in E.164, sender IDs as `NAME/DE`. */
  readonly members: readonly string[];
  readonly status?: 'CREATING' | 'ACTIVE' | 'DELETING';
  readonly messageType?: MessageType;
  readonly sharedRoutes?: boolean;
}

export interface InventorySeed {
  readonly numbers?: readonly OwnedNumber[];
  readonly senderIds?: readonly OwnedSenderId[];
  readonly pools?: readonly OwnedPool[];
}

export interface InventoryDeps {
  /** `arn:aws:sms-voice:<region>:<account>`. */
  readonly arnPrefix: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Letters and digits, 32 of them. */
  readonly newId: () => string;
}

export interface Inventory {
  readonly operations: Readonly<Record<InventoryOperation, Operate>>;
  /** What the sender side may send from, now. */
  identities(): readonly OwnedIdentity[];
  /** Carriers and AWS take their time: what is pending becomes active. */
  activate(number: string): void;
  counts(): { readonly numbers: number; readonly senderIds: number; readonly pools: number };
}

type InventoryOperation =
  | 'DescribePhoneNumbers'
  | 'DescribeSenderIds'
  | 'DescribePools'
  | 'ListPoolOriginationIdentities'
  | 'RequestPhoneNumber';

interface HeldNumber extends OwnedNumber {
  readonly id: string;
  readonly status: NumberStatus;
  readonly price: string;
  readonly createdAt: number;
}

/** Numbers, sender IDs and pools of one account, and what the service tells of them. */
export function createInventory(seed: InventorySeed, { arnPrefix, now, newId }: InventoryDeps): Inventory {
  const hold = (owned: OwnedNumber): HeldNumber => ({
    ...owned,
    id: `phone-${newId()}`,
    status: owned.status ?? 'ACTIVE',
    price: owned.price ?? prices[owned.type],
    createdAt: now(),
  });
  const numbers = (seed.numbers ?? []).map(hold);
  const senderIds = [...(seed.senderIds ?? [])];
  const pools = (seed.pools ?? []).map((pool) => ({ ...pool, id: `pool-${pool.name}` }));
  const requested = new Map<string, HeldNumber>();

  const arnOf = (number: HeldNumber) => `${arnPrefix}:phone-number/${number.id}`;
  const senderIdArnOf = ({ senderId, country }: OwnedSenderId) => `${arnPrefix}:sender-id/${senderId}/${country}`;
  const poolArnOf = ({ id }: { readonly id: string }) => `${arnPrefix}:pool/${id}`;
  const poolOf = (member: string) => pools.find(({ members }) => members.includes(member));

  const described = (number: HeldNumber) => ({
    PhoneNumberArn: arnOf(number),
    PhoneNumberId: number.id,
    PhoneNumber: number.number,
    Status: number.status,
    IsoCountryCode: number.country,
    MessageType: number.messageType ?? 'TRANSACTIONAL',
    NumberCapabilities: number.capabilities,
    NumberType: number.type,
    MonthlyLeasingPrice: number.price,
    TwoWayEnabled: false,
    SelfManagedOptOutsEnabled: false,
    OptOutListName: 'Default',
    InternationalSendingEnabled: number.internationalSending ?? false,
    DeletionProtectionEnabled: false,
    PoolId: poolOf(number.number)?.id,
    RegistrationId: number.registrationId,
    CreatedTimestamp: number.createdAt / 1_000,
  });
  const describedSenderId = (senderId: OwnedSenderId) => ({
    SenderIdArn: senderIdArnOf(senderId),
    SenderId: senderId.senderId,
    IsoCountryCode: senderId.country,
    MessageTypes: senderId.messageTypes ?? ['TRANSACTIONAL'],
    MonthlyLeasingPrice: '0.00',
    DeletionProtectionEnabled: false,
    Registered: senderId.registered ?? false,
    RegistrationId: senderId.registrationId,
  });

  const membersOf = (pool: (typeof pools)[number]) => ({
    numbers: numbers.filter(({ number }) => pool.members.includes(number)),
    senderIds: senderIds.filter(({ senderId, country }) => pool.members.includes(`${senderId}/${country}`)),
  });

  const operations: Inventory['operations'] = {
    DescribePhoneNumbers(input) {
      const asked = stringsOf(input, 'PhoneNumberIds');
      const missing = asked?.find((id) => !numbers.some((number) => number.id === id || arnOf(number) === id));
      if (missing !== undefined) return refused(notFound('phone-number', missing));
      const found = numbers.filter((number) => asked?.some((id) => number.id === id || arnOf(number) === id) ?? true);
      return pageOf('PhoneNumbers', sharedWithUs(input) ? [] : found.map(described), input);
    },

    DescribeSenderIds(input) {
      const asked = Array.isArray(input['SenderIds']) ? input['SenderIds'].filter(isObject) : [];
      const isAsked = (held: OwnedSenderId) =>
        asked.some(
          ({ SenderId: id, IsoCountryCode: country }) =>
            (held.senderId === id || senderIdArnOf(held) === id) && held.country === country,
        );
      const found = asked.length === 0 ? senderIds : senderIds.filter(isAsked);
      if (found.length < asked.length) return refused(notFound('sender-id', String(asked[0]?.['SenderId'])));
      return pageOf('SenderIds', sharedWithUs(input) ? [] : found.map(describedSenderId), input);
    },

    DescribePools(input) {
      const asked = stringsOf(input, 'PoolIds');
      const missing = asked?.find((id) => !pools.some((pool) => pool.id === id || poolArnOf(pool) === id));
      if (missing !== undefined) return refused(notFound('pool', missing));
      const found = pools.filter((pool) => asked?.some((id) => pool.id === id || poolArnOf(pool) === id) ?? true);
      const told = found.map((pool) => ({
        PoolArn: poolArnOf(pool),
        PoolId: pool.id,
        Status: pool.status ?? 'ACTIVE',
        MessageType: pool.messageType ?? 'TRANSACTIONAL',
        TwoWayEnabled: false,
        SelfManagedOptOutsEnabled: false,
        OptOutListName: 'Default',
        SharedRoutesEnabled: pool.sharedRoutes ?? false,
        DeletionProtectionEnabled: false,
        CreatedTimestamp: 1_700_000_000,
      }));
      return pageOf('Pools', sharedWithUs(input) ? [] : told, input);
    },

    ListPoolOriginationIdentities(input) {
      const id = stringOf(input, 'PoolId') ?? '';
      const pool = pools.find((held) => held.id === id || poolArnOf(held) === id);
      if (pool === undefined) return refused(notFound('pool', id));
      const members = membersOf(pool);
      const told = [
        ...members.numbers.map((number) => ({
          OriginationIdentityArn: arnOf(number),
          OriginationIdentity: number.id,
          IsoCountryCode: number.country,
          NumberCapabilities: number.capabilities,
          PhoneNumber: number.number,
        })),
        ...members.senderIds.map((senderId) => ({
          OriginationIdentityArn: senderIdArnOf(senderId),
          OriginationIdentity: senderId.senderId,
          IsoCountryCode: senderId.country,
          NumberCapabilities: ['SMS'],
        })),
      ];
      const listed = pageOf('OriginationIdentities', told, input);
      if (listed.kind === 'refused') return listed;
      return answered({ PoolArn: poolArnOf(pool), PoolId: pool.id, ...listed.output });
    },

    RequestPhoneNumber(input) {
      const token = stringOf(input, 'ClientToken');
      const known = token === undefined ? undefined : requested.get(token);
      if (known !== undefined) return answered(described(known));
      const type = stringOf(input, 'NumberType') ?? '';
      const country = stringOf(input, 'IsoCountryCode') ?? '';
      const capabilities = stringsOf(input, 'NumberCapabilities') ?? [];
      const wrong = refusalOfRequest({ type, country, capabilities });
      if (wrong !== undefined) return refused(wrong);
      const number = hold({
        number: `+1${type === 'TOLL_FREE' ? '833' : '206'}5550${String(100 + numbers.length).padStart(3, '0')}`,
        country,
        capabilities: capabilities.filter(isCapability),
        type: isType(type) ? type : 'LONG_CODE',
        // Registration comes first there: until it is complete the number cannot send.
        status: type === 'TOLL_FREE' ? 'PENDING' : 'ACTIVE',
      });
      numbers.push(number);
      if (token !== undefined) requested.set(token, number);
      return answered(described(number));
    },
  };

  return {
    operations,
    identities: () => [
      ...numbers.map((number) => ({
        kind: 'phone-number' as const,
        values: [number.number, number.id, arnOf(number)],
        capabilities: number.capabilities.filter(canSend),
        status: sendable(number.status),
        // A simulator stays within its country. https://docs.aws.amazon.com/sms-voice/latest/userguide/test-phone-numbers.html
        ...(number.type === 'SIMULATOR' ? { countries: [number.country] } : {}),
      })),
      ...senderIds.map((senderId) => ({
        kind: 'sender-id' as const,
        values: [senderId.senderId, senderIdArnOf(senderId)],
        capabilities: ['SMS' as const],
        status: 'ACTIVE' as const,
        countries: [senderId.country],
      })),
      ...pools.map((pool) => {
        const members = membersOf(pool);
        const active = members.numbers.filter(({ status }) => status === 'ACTIVE');
        const sends = new Set<Capability>(active.flatMap(({ capabilities }) => capabilities.filter(canSend)));
        if (members.senderIds.length > 0) sends.add('SMS');
        return {
          kind: 'pool' as const,
          values: [pool.id, poolArnOf(pool)],
          capabilities: [...sends],
          status: pool.status === undefined || pool.status === 'ACTIVE' ? ('ACTIVE' as const) : ('PENDING' as const),
          ...(pool.sharedRoutes === true
            ? {}
            : { countries: [...active, ...members.senderIds].map(({ country }) => country) }),
        };
      }),
    ],
    activate(number) {
      const at = numbers.findIndex((held) => held.number === number);
      const held = numbers[at];
      if (held !== undefined) numbers[at] = { ...held, status: 'ACTIVE' };
    },
    counts: () => ({ numbers: numbers.length, senderIds: senderIds.length, pools: pools.length }),
  };
}

/** Nothing is shared with this account. */
const sharedWithUs = (input: Readonly<Record<string, unknown>>) => input['Owner'] === 'SHARED';

const canSend = (capability: NumberCapability): capability is Capability =>
  capability === 'SMS' || capability === 'VOICE';
const isCapability = (word: string): word is NumberCapability => ['SMS', 'VOICE', 'MMS', 'RCS'].includes(word);
const isType = (word: string): word is NumberType => ['LONG_CODE', 'TOLL_FREE', 'TEN_DLC', 'SIMULATOR'].includes(word);

const sendable = (status: NumberStatus): OwnedIdentity['status'] =>
  status === 'ACTIVE' || status === 'DELETED' ? status : 'PENDING';

/** Made up, one for each type: what a real number costs is told by the service with the number. */
const prices: Readonly<Record<NumberType, string>> = {
  LONG_CODE: '1.00',
  SHORT_CODE: '995.00',
  SIMULATOR: '1.00',
  TEN_DLC: '1.00',
  TOLL_FREE: '2.00',
};

interface NumberRequest {
  readonly type: string;
  readonly country: string;
  readonly capabilities: readonly string[];
}

/**
 * What the service has to give without a registration: voice long codes and simulators of the US, and toll-free numbers
 * that are registered afterwards.
 * @see https://docs.aws.amazon.com/sms-voice/latest/userguide/phone-numbers-request.html
 */
function refusalOfRequest({ type, country, capabilities }: NumberRequest) {
  if (country !== 'US') {
    const problem = { field: 'IsoCountryCode', message: 'has no number of this type' };
    return validation('COUNTRY_NOT_ENABLED', problem.message, [problem]);
  }
  if (type === 'TEN_DLC') {
    return conflict('REGISTRATION_NOT_COMPLETE', 'a 10DLC number takes a registration that is complete');
  }
  const able = { LONG_CODE: ['VOICE'], TOLL_FREE: ['SMS', 'VOICE'], SIMULATOR: ['SMS', 'MMS'] }[type] ?? [];
  if (capabilities.every((capability) => able.includes(capability))) return undefined;
  const problem = { field: 'NumberCapabilities', message: `must be of ${able.join(', ')} for a number of this type` };
  return validation('INVALID_PARAMETER', problem.message, [problem]);
}
