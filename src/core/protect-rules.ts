import type { Channel } from './channel.ts';
import type { OriginationIdentities } from './origination-identities.ts';

/** Country → ALLOW, BLOCK, MONITOR or FILTER, as the service has it for one channel. */
export type ProtectRuleSet = Readonly<Record<string, string>>;

/** What has to change in a rule set. */
export type ProtectChanges = Readonly<Record<string, 'ALLOW' | 'BLOCK'>>;

/**
 * What makes a rule set say what the catalog says for a channel; empty when it does already.
 *
 * The catalog is the one owner of blocks: a country that it blocks is BLOCK, and no other is. Where a country is not
 * blocked, MONITOR and FILTER are somebody's decision about traffic that the catalog says nothing of, and stay. A block
 * of `*` is one of every country of the rule set that the catalog does not name.
 * @see https://docs.aws.amazon.com/sms-voice/latest/userguide/protect.html
 */
export function protectChanges(
  identities: OriginationIdentities,
  channel: Channel,
  current: ProtectRuleSet,
): ProtectChanges {
  const named = Object.keys(identities).filter((country) => country !== '*');
  const isBlocked = (country: string) => (identities[country] ?? identities['*'])?.[channel].switch === 'blocked';
  return Object.fromEntries(
    [...new Set([...Object.keys(current), ...named])].sort().flatMap((country) => {
      const isBlockedNow = current[country] === 'BLOCK';
      if (isBlocked(country) === isBlockedNow) return [];
      return [[country, isBlockedNow ? ('ALLOW' as const) : ('BLOCK' as const)]];
    }),
  );
}
