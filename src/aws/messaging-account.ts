import type { NumberCapability, RequestableNumberType } from '@aws-sdk/client-pinpoint-sms-voice-v2';
import {
  CreateVerifiedDestinationNumberCommand,
  DescribeAccountAttributesCommand,
  DescribeAccountLimitsCommand,
  DescribePhoneNumbersCommand,
  DescribePoolsCommand,
  DescribeSenderIdsCommand,
  DescribeSpendLimitsCommand,
  DescribeVerifiedDestinationNumbersCommand,
  GetProtectConfigurationCountryRuleSetCommand,
  ListPoolOriginationIdentitiesCommand,
  PinpointSMSVoiceV2Client,
  RequestPhoneNumberCommand,
  SendDestinationNumberVerificationCodeCommand,
  UpdateProtectConfigurationCountryRuleSetCommand,
  VerifyDestinationNumberCommand,
} from '@aws-sdk/client-pinpoint-sms-voice-v2';
import type { AccountInventory, AccountNumber, AccountPool, AccountSenderId } from '../core/account-inventory.ts';
import type { Channel } from '../core/channel.ts';
import type { Clock } from '../core/clock.ts';
import type { ProtectChanges, ProtectRuleSet } from '../core/protect-rules.ts';
import type { Secret } from '../core/secret.ts';
import { askAws } from './ask-aws.ts';
import { toMember, toNumber, toPool, toSenderId } from './messaging-inventory.ts';
import { messagingRefusal, reasonOf } from './messaging-refusals.ts';
import { createPacer } from './request-pacer.ts';

export interface MessagingAccountOptions {
  /** The SDK's own unless given. */
  readonly region?: string | undefined;
  /** Of the AWS configuration files; without one the SDK's whole default chain is asked. */
  readonly profile?: string | undefined;
  readonly clock: Clock;
  /** Ends everything, between requests as well. */
  readonly signal: AbortSignal;
  /** Bounds one request in time. */
  readonly inTime: <T>(request: (signal: AbortSignal) => Promise<T>) => Promise<T>;
  /** Told of what takes a while, in words: `reading phone numbers (200)`. */
  readonly onProgress?: ((words: string) => void) | undefined;
}

export interface NumberOrder {
  readonly country: string;
  readonly channels: readonly Channel[];
  readonly type: RequestableNumberType;
  /** Makes a second try of the same order the same order. */
  readonly token: string;
}

/** What the account may do: its tier, its limits and the destinations that it has verified. */
export interface AccountStanding {
  /** SANDBOX or PRODUCTION, in the service's words. */
  readonly tier: string;
  readonly accountProtectConfiguration: string | undefined;
  /** US dollars a month. */
  readonly spend: readonly SpendLimit[];
  readonly verified: { readonly used: number; readonly max: number };
}

export interface SpendLimit {
  /** `text`, `voice`, `media` or `notify`. */
  readonly of: string;
  /** What holds now. */
  readonly enforced: number;
  /** What the account may set by itself. */
  readonly max: number;
}

export interface VerifiedDestination {
  readonly id: string;
  readonly verified: boolean;
}

/**
 * End User Messaging as an operator sees it. Requests go one after the other, each operation once a second; every method
 * rejects with an error for a person, or with the signal's reason.
 */
export interface MessagingAccount {
  region(): Promise<string>;
  inventory(): Promise<AccountInventory>;
  numbers(): Promise<readonly AccountNumber[]>;
  request(order: NumberOrder): Promise<AccountNumber>;
  standing(): Promise<AccountStanding>;
  /** Adds a destination unless it is there already. */
  addDestination(number: Secret): Promise<VerifiedDestination>;
  findDestination(number: Secret): Promise<VerifiedDestination | undefined>;
  sendCode(destination: string, channel: Channel, from: string | undefined): Promise<void>;
  verify(destination: string, code: Secret): Promise<void>;
  protectRules(configuration: string, channel: Channel): Promise<ProtectRuleSet>;
  changeProtectRules(configuration: string, channel: Channel, changes: ProtectChanges): Promise<void>;
  close(): void;
}

/** The SDK warns on the console, where an operator reads errors as JSON. */
const silent = { debug() {}, info() {}, warn() {}, error() {} };

const capabilityOf: Readonly<Record<Channel, NumberCapability & ('SMS' | 'VOICE')>> = { sms: 'SMS', voice: 'VOICE' };

const pageSize = 100;

export function createMessagingAccount(options: MessagingAccountOptions): MessagingAccount {
  const { region, profile, clock, signal, inTime, onProgress = () => {} } = options;
  const client = new PinpointSMSVoiceV2Client({
    logger: silent,
    // The pacer tries again, at the quota's pace and with an end; the SDK would multiply that.
    maxAttempts: 1,
    ...(region === undefined ? {} : { region }),
    ...(profile === undefined ? {} : { profile }),
  });
  const paced = createPacer({
    clock,
    signal,
    onThrottled: (waitMs) => onProgress(`AWS is throttling: waiting ${waitMs / 1_000} s`),
  });

  const askNow = <T>({ operation, what }: Asked, send: (signal: AbortSignal) => Promise<T>): Promise<T> =>
    inTime((inner) =>
      askAws({ what, action: `sms-voice:${operation}`, profile }, inner, async (abortSignal) => {
        try {
          return await send(abortSignal);
        } catch (error) {
          throw messagingRefusal(error, what) ?? error;
        }
      }),
    );
  const ask = <T>(operation: string, what: string, send: (signal: AbortSignal) => Promise<T>): Promise<T> =>
    paced(operation, () => askNow({ operation, what }, send));

  /** All pages of a list, with the count so far as progress. */
  async function all<T>(
    { operation, what }: Asked,
    page: (token: string | undefined, signal: AbortSignal) => Promise<Page<T>>,
  ): Promise<readonly T[]> {
    const found: T[] = [];
    let token: string | undefined;
    onProgress(`reading ${what}`);
    do {
      const { items, next } = await ask(operation, what, (inner) => page(token, inner));
      found.push(...items);
      token = next;
      if (token !== undefined) onProgress(`reading ${what} (${found.length})`);
    } while (token !== undefined);
    return found;
  }

  const numbers = () =>
    all({ operation: 'DescribePhoneNumbers', what: 'phone numbers' }, async (NextToken, abortSignal) => {
      const input = { MaxResults: pageSize, NextToken };
      const { PhoneNumbers: items = [], NextToken: next } = await client.send(new DescribePhoneNumbersCommand(input), {
        abortSignal,
      });
      return { items: items.map(toNumber), next };
    });

  const senderIds = (): Promise<readonly AccountSenderId[]> =>
    all({ operation: 'DescribeSenderIds', what: 'sender IDs' }, async (NextToken, abortSignal) => {
      const input = { MaxResults: pageSize, NextToken };
      const { SenderIds: items = [], NextToken: next } = await client.send(new DescribeSenderIdsCommand(input), {
        abortSignal,
      });
      return { items: items.map(toSenderId), next };
    });

  async function pools(): Promise<readonly AccountPool[]> {
    const described = await all({ operation: 'DescribePools', what: 'pools' }, async (NextToken, abortSignal) => {
      const input = { MaxResults: pageSize, NextToken };
      const { Pools: items = [], NextToken: next } = await client.send(new DescribePoolsCommand(input), {
        abortSignal,
      });
      return { items, next };
    });
    const found: AccountPool[] = [];
    for (const pool of described) {
      const what = `the members of pools (${found.length + 1} of ${described.length})`;
      const members = await all(
        { operation: 'ListPoolOriginationIdentities', what },
        async (NextToken, abortSignal) => {
          const input = { PoolId: pool.PoolId, MaxResults: pageSize, NextToken };
          const { OriginationIdentities: items = [], NextToken: next } = await client.send(
            new ListPoolOriginationIdentitiesCommand(input),
            { abortSignal },
          );
          return { items: items.map(toMember), next };
        },
      );
      found.push(toPool(pool, members));
    }
    return found;
  }

  // No request: the SDK looks into environment and profiles.
  const regionOf = () =>
    askNow({ operation: 'DescribePhoneNumbers', what: 'the Region' }, () => client.config.region());

  async function findDestination(number: Secret): Promise<VerifiedDestination | undefined> {
    // Asked for by number the service refuses one that it does not know, so all of them (ten at most) are looked through.
    const destinations = await all(
      { operation: 'DescribeVerifiedDestinationNumbers', what: 'verified numbers' },
      async (NextToken, abortSignal) => {
        const { VerifiedDestinationNumbers: items = [], NextToken: next } = await client.send(
          new DescribeVerifiedDestinationNumbersCommand({ MaxResults: pageSize, NextToken }),
          { abortSignal },
        );
        return { items, next };
      },
    );
    const found = destinations.find(({ DestinationPhoneNumber: known }) => known === number.reveal());
    return found === undefined
      ? undefined
      : { id: found.VerifiedDestinationNumberId ?? '', verified: found.Status === 'VERIFIED' };
  }

  return {
    region: regionOf,
    numbers,
    async inventory() {
      return { region: await regionOf(), numbers: await numbers(), senderIds: await senderIds(), pools: await pools() };
    },

    async request({ country, channels, type, token }) {
      const answer = await ask('RequestPhoneNumber', 'the request of a number', (abortSignal) =>
        client.send(
          new RequestPhoneNumberCommand({
            IsoCountryCode: country,
            MessageType: 'TRANSACTIONAL',
            NumberCapabilities: channels.map((channel) => capabilityOf[channel]),
            NumberType: type,
            ClientToken: token,
          }),
          { abortSignal },
        ),
      );
      return toNumber(answer);
    },

    async standing() {
      const attributes = await ask('DescribeAccountAttributes', "the account's attributes", (abortSignal) =>
        client.send(new DescribeAccountAttributesCommand({ MaxResults: pageSize }), { abortSignal }),
      );
      const limits = await ask('DescribeAccountLimits', "the account's limits", (abortSignal) =>
        client.send(new DescribeAccountLimitsCommand({ MaxResults: pageSize }), { abortSignal }),
      );
      const spend = await ask('DescribeSpendLimits', 'the spend limits', (abortSignal) =>
        client.send(new DescribeSpendLimitsCommand({ MaxResults: pageSize }), { abortSignal }),
      );
      const attribute = (name: string) => attributes.AccountAttributes?.find(({ Name }) => Name === name)?.Value;
      const verified = limits.AccountLimits?.find(({ Name }) => Name === 'VERIFIED_DESTINATION_NUMBERS');
      return {
        tier: attribute('ACCOUNT_TIER') ?? 'unknown',
        accountProtectConfiguration: attribute('DEFAULT_PROTECT_CONFIGURATION_ID'),
        spend: (spend.SpendLimits ?? []).map(({ Name, EnforcedLimit, MaxLimit }) => ({
          of: (Name ?? '').split('_')[0]?.toLowerCase() ?? '',
          enforced: EnforcedLimit ?? 0,
          max: MaxLimit ?? 0,
        })),
        verified: { used: verified?.Used ?? 0, max: verified?.Max ?? 0 },
      };
    },

    findDestination,
    async addDestination(number) {
      const known = await findDestination(number);
      if (known !== undefined) return known;
      const created = await ask('CreateVerifiedDestinationNumber', 'the new destination', (abortSignal) =>
        client.send(new CreateVerifiedDestinationNumberCommand({ DestinationPhoneNumber: number.reveal() }), {
          abortSignal,
        }),
      );
      return { id: created.VerifiedDestinationNumberId ?? '', verified: created.Status === 'VERIFIED' };
    },

    async sendCode(destination, channel, from) {
      await ask('SendDestinationNumberVerificationCode', 'the verification code', (abortSignal) =>
        client.send(
          new SendDestinationNumberVerificationCodeCommand({
            VerifiedDestinationNumberId: destination,
            VerificationChannel: channel === 'sms' ? 'TEXT' : 'VOICE',
            ...(from === undefined ? {} : { OriginationIdentity: from }),
          }),
          { abortSignal },
        ),
      );
    },

    async verify(destination, code) {
      await ask('VerifyDestinationNumber', 'the verification', async (abortSignal) => {
        try {
          await client.send(
            new VerifyDestinationNumberCommand({
              VerifiedDestinationNumberId: destination,
              VerificationCode: code.reveal(),
            }),
            { abortSignal },
          );
        } catch (error) {
          // Somebody else was faster, with the same end.
          if (reasonOf(error) !== 'VERIFICATION_ALREADY_COMPLETE') throw error;
        }
      });
    },

    async protectRules(configuration, channel) {
      const { CountryRuleSet: rules = {} } = await ask(
        'GetProtectConfigurationCountryRuleSet',
        'the protect configuration',
        (abortSignal) =>
          client.send(
            new GetProtectConfigurationCountryRuleSetCommand({
              ProtectConfigurationId: configuration,
              NumberCapability: capabilityOf[channel],
            }),
            { abortSignal },
          ),
      );
      return Object.fromEntries(Object.entries(rules).map(([country, rule]) => [country, rule.ProtectStatus ?? '']));
    },

    async changeProtectRules(configuration, channel, changes) {
      await ask('UpdateProtectConfigurationCountryRuleSet', 'the protect configuration', (abortSignal) =>
        client.send(
          new UpdateProtectConfigurationCountryRuleSetCommand({
            ProtectConfigurationId: configuration,
            NumberCapability: capabilityOf[channel],
            CountryRuleSetUpdates: Object.fromEntries(
              Object.entries(changes).map(([country, status]) => [country, { ProtectStatus: status }]),
            ),
          }),
          { abortSignal },
        ),
      );
    },

    close: () => client.destroy(),
  };
}

interface Asked {
  readonly operation: string;
  readonly what: string;
}

interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | undefined;
}
