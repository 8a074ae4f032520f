import type { Operate } from './answer.ts';
import { pageOf } from './answer.ts';
import type { Inventory } from './inventory.ts';
import type { Sandbox } from './sandbox.ts';
import { mostVerified } from './sandbox.ts';

export interface LimitsSeed {
  /** US dollars a month; 1 in the sandbox. */
  readonly spend?: { readonly text?: SpendLimit; readonly voice?: SpendLimit };
  readonly configurationSets?: readonly string[];
  readonly accountDefault?: string;
}

export interface SpendLimit {
  readonly enforced: number;
  readonly max: number;
}

/** What an account starts with. https://docs.aws.amazon.com/sms-voice/latest/userguide/spend-limit.html */
const firstSpendLimit: SpendLimit = { enforced: 1, max: 1 };

export interface LimitsDeps {
  readonly inventory: Pick<Inventory, 'counts'>;
  readonly sandbox: Pick<Sandbox, 'tier' | 'count'>;
  readonly arnPrefix: string;
}

type LimitsOperation =
  | 'DescribeAccountAttributes'
  | 'DescribeAccountLimits'
  | 'DescribeSpendLimits'
  | 'DescribeConfigurationSets';

/** What the account is and how much of everything it may have. */
export function createLimits(
  { spend = {}, configurationSets = [], accountDefault }: LimitsSeed,
  { inventory, sandbox, arnPrefix }: LimitsDeps,
): Readonly<Record<LimitsOperation, Operate>> {
  const spendLimit = (name: string, { enforced, max }: SpendLimit = firstSpendLimit) => ({
    Name: `${name}_MESSAGE_MONTHLY_SPEND_LIMIT`,
    EnforcedLimit: enforced,
    MaxLimit: max,
    Overridden: enforced !== max,
  });
  return {
    DescribeAccountAttributes: (input) =>
      pageOf(
        'AccountAttributes',
        [
          { Name: 'ACCOUNT_TIER', Value: sandbox.tier },
          ...(accountDefault === undefined
            ? []
            : [{ Name: 'DEFAULT_PROTECT_CONFIGURATION_ID', Value: accountDefault }]),
        ],
        input,
      ),
    DescribeAccountLimits(input) {
      const { numbers, senderIds, pools } = inventory.counts();
      const limit = (Name: string, Used: number, Max: number) => ({ Name, Used, Max });
      return pageOf(
        'AccountLimits',
        [
          limit('PHONE_NUMBERS', numbers, 25),
          limit('SENDER_IDS', senderIds, 300),
          limit('POOLS', pools, 25),
          limit('CONFIGURATION_SETS', configurationSets.length, 50),
          limit('VERIFIED_DESTINATION_NUMBERS', sandbox.count(), mostVerified),
        ],
        input,
      );
    },
    DescribeSpendLimits: (input) =>
      pageOf(
        'SpendLimits',
        [spendLimit('TEXT', spend.text), spendLimit('VOICE', spend.voice), spendLimit('MEDIA')],
        input,
      ),
    DescribeConfigurationSets: (input) =>
      pageOf(
        'ConfigurationSets',
        configurationSets.map((name) => ({
          ConfigurationSetArn: `${arnPrefix}:configuration-set/${name}`,
          ConfigurationSetName: name,
          EventDestinations: [],
          CreatedTimestamp: 1_700_000_000,
        })),
        input,
      ),
  };
}
