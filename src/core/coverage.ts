import type { Channel } from './channel.ts';
import { sharedRanges } from './countries.ts';
import type { ChannelRoute, OriginationIdentities } from './origination-identities.ts';
import { routeTo } from './origination-identities.ts';

/** How a country is served: by an entry of its own, by `*`, not at all because somebody said so, or by nobody. */
export const coverageStates = ['identity', 'default', 'off', 'blocked', 'gap'] as const;
export type CoverageState = (typeof coverageStates)[number];

export interface CoverageCell {
  readonly country: string;
  readonly channel: Channel;
  readonly state: CoverageState;
  /** The country that its mobile numbers are told to be of, where that is another one. */
  readonly servedAs: string | undefined;
  /** What a message takes; absent where none goes. */
  readonly route: ChannelRoute | undefined;
}

/** How the mobile numbers of countries are served on channels: a cell for each, by country. */
export const coverageOf = (
  identities: OriginationIdentities,
  countries: readonly string[],
  channels: readonly Channel[],
): readonly CoverageCell[] =>
  countries.flatMap((country) => channels.map((channel) => cellOf(identities, country, channel)));

function cellOf(identities: OriginationIdentities, country: string, channel: Channel): CoverageCell {
  const servedAs = sharedRanges[country];
  const route = routeTo(identities, servedAs ?? country, channel);
  const cell = { country, channel, servedAs };
  if (route.kind === 'unlisted') return { ...cell, state: 'gap', route: undefined };
  if (route.kind !== 'identities') return { ...cell, state: route.kind, route: undefined };
  const isOwn = identities[servedAs ?? country] !== undefined;
  return { ...cell, state: isOwn ? 'identity' : 'default', route: route.channel };
}
