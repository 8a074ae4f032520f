import type { Channel } from './channel.ts';
import type { OriginationIdentity } from './identity.ts';
import { identityLabel } from './identity.ts';
import type { OriginationIdentities } from './origination-identities.ts';

/** An identity as a log line names it, with its kind: `phone number +18…23`, `sender ID EXAMPLE`. */
export function describeIdentity(identity: OriginationIdentity): string {
  const { kind } = identity;
  const word = kind.startsWith('sender-id') ? 'sender ID' : kind.startsWith('pool') ? 'pool' : 'phone number';
  return `${word} ${identityLabel(identity)}`;
}

/** Which entry of the list serves a country, in words; `*` serves those that it does not name. */
export function describeEntry(list: OriginationIdentities, country: string | undefined): string {
  if (country !== undefined && list[country] !== undefined) return `by the entry ${country}`;
  return list['*'] === undefined ? 'by no entry' : 'by the entry *, for all others';
}

/** The identity that a log line means by its label; undefined where the entry has none of that name. */
export function identityOf(
  list: OriginationIdentities,
  {
    country,
    channel,
    label,
  }: { readonly country: string | undefined; readonly channel: Channel; readonly label: string },
): OriginationIdentity | undefined {
  const route = (country === undefined ? undefined : list[country]) ?? list['*'];
  return route?.[channel].identities.find((identity) => identityLabel(identity) === label);
}
