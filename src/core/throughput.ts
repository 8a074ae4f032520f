import type { AccountInventory } from './account-inventory.ts';

// How fast an identity sends text messages, in message parts a second. These are the general limits: an account may have
// been given others. https://docs.aws.amazon.com/sms-voice/latest/userguide/sms-limitations-mps.html

/** An identity's kind as it is told apart here: the service's types of numbers, and sender IDs. */
export const identityTypes = ['SHORT_CODE', 'TEN_DLC', 'TOLL_FREE', 'LONG_CODE', 'SENDER_ID'] as const;
export type IdentityType = (typeof identityTypes)[number];

/** How fast one identity of a type sends to its country; undefined where AWS publishes nothing. */
export function partsPerSecond(type: IdentityType, country: string): number | undefined {
  switch (type) {
    case 'SHORT_CODE':
      return northAmerican.includes(country) ? shortCodeRate : undefined;
    case 'TEN_DLC':
      // The default of every new number; a raise has to be asked for, and goes by brand and campaign.
      return 1;
    case 'TOLL_FREE':
      return 3;
    case 'LONG_CODE':
      if (country === 'US') return undefined;
      return country === 'CA' ? 1 : longCodeRate;
    case 'SENDER_ID':
      return 10;
  }
}

const northAmerican: readonly string[] = ['US', 'CA'];
const shortCodeRate = 100;
const longCodeRate = 10;

export interface IdentityGroup {
  readonly type: IdentityType;
  readonly count: number;
}

/** How fast text messages go to one country. */
export interface CountryThroughput {
  readonly country: string;
  readonly identities: readonly IdentityGroup[];
  /** Of all of them together, as far as AWS publishes it. */
  readonly partsPerSecond: number;
  /** Some of them have a limit that AWS does not publish. */
  readonly isUnknown: boolean;
}

/** How fast the identities of an account send text messages, country by country; what is not active does not count. */
export function throughputOf(inventory: Pick<AccountInventory, 'numbers' | 'senderIds'>): readonly CountryThroughput[] {
  const found = [
    ...inventory.numbers
      .filter(({ status, channels }) => status === 'ACTIVE' && channels.includes('sms'))
      // A simulator's messages reach nobody.
      .flatMap(({ type, country }) =>
        identityTypes.filter((known) => known === type).map((of) => ({ type: of, country })),
      ),
    ...inventory.senderIds.map(({ country }) => ({ type: 'SENDER_ID' as const, country })),
  ];
  return [...new Set(found.map(({ country }) => country))].sort().map((country) => {
    const identities = identityTypes.flatMap((type) => {
      const count = found.filter((one) => one.country === country && one.type === type).length;
      return count === 0 ? [] : [{ type, count }];
    });
    const rates = identities.map((group) => rateOf(group, country));
    return {
      country,
      identities,
      partsPerSecond: rates.reduce<number>((sum, rate) => sum + (rate ?? 0), 0),
      isUnknown: rates.includes(undefined),
    };
  });
}

/** Carriers filter what is spread over several toll-free numbers, so those do not add up (the same page). */
function rateOf({ type, count }: IdentityGroup, country: string): number | undefined {
  const one = partsPerSecond(type, country);
  return type === 'TOLL_FREE' || one === undefined ? one : one * count;
}

/** What a peak would take in a country: so many of one kind of identity. */
export const identitiesFor = (peak: number, country: string): IdentityGroup =>
  northAmerican.includes(country)
    ? { type: 'SHORT_CODE', count: Math.ceil(peak / shortCodeRate) }
    : { type: 'LONG_CODE', count: Math.ceil(peak / longCodeRate) };
