import type { AccountIdentity, AccountInventory, AccountPool } from './account-inventory.ts';
import { identitiesOf, poolServes } from './account-inventory.ts';
import type { Channel } from './channel.ts';
import { channels } from './channel.ts';
import type { OriginationIdentity } from './identity.ts';
import { parseIdentity } from './identity.ts';
import type { ChannelRoute, CountryRoute, OriginationIdentities } from './origination-identities.ts';

/** Why an identity of the account is not proposed. */
export const leftOutReasons = {
  'not-active': 'is not active yet, or no longer',
  'no-channel': 'carries neither SMS nor calls',
  promotional: 'is for promotional messages',
  simulator: 'is a simulator: it reaches simulated phones only',
  'registration-open': 'has a registration that is not complete',
  'pool-member': 'is a member of a pool, which is proposed instead',
  'pool-serves-nobody': 'is a pool without an active member',
} as const;
export type LeftOutReason = keyof typeof leftOutReasons;

export interface LeftOut {
  /** As the file would name it. */
  readonly identity: string;
  readonly country: string | undefined;
  readonly reason: LeftOutReason;
}

/** What a file of identities should say by what the account has. */
export interface IdentityProposal {
  /** The countries that would change, by code and the default last. */
  readonly routes: Readonly<Record<string, CountryRoute>>;
  readonly leftOut: readonly LeftOut[];
}

interface Candidate {
  readonly country: string;
  readonly channel: Channel;
  readonly rank: number;
  readonly of: AccountIdentity;
}

const empty: ChannelRoute = { switch: 'on', identities: [], maxPrice: undefined, parameters: undefined };

/**
 * Proposes whom messages come from: pools before their members, then what carriers trust most. What the file says stays,
 * with its order, unless the account itself says that it cannot send; a country that is switched off or blocked stays as
 * it is.
 */
export function proposeIdentities(inventory: AccountInventory, current: OriginationIdentities): IdentityProposal {
  const leftOut = identitiesOf(inventory).flatMap((of): readonly LeftOut[] => {
    const reason = reasonAgainst(of, inventory);
    return reason === undefined ? [] : [{ identity: nameOf(of), country: countryOf(of), reason }];
  });
  const candidates = identitiesOf(inventory)
    .filter((of) => reasonAgainst(of, inventory) === undefined)
    .flatMap((of) => candidatesOf(of, inventory))
    .toSorted((a, b) => a.rank - b.rank);

  const countries = [...new Set([...candidates.map(({ country }) => country), ...Object.keys(current)])].sort(
    (a, b) => Number(a === '*') - Number(b === '*') || a.localeCompare(b),
  );
  const routes = countries.flatMap((country): readonly (readonly [string, CountryRoute])[] => {
    const before = current[country];
    const of = (channel: Channel): ChannelRoute => {
      const route = before?.[channel] ?? empty;
      if (route.switch !== 'on') return route;
      const able = candidates.filter((one) => one.country === country && one.channel === channel);
      return { ...route, identities: merged(route.identities, able, { country, channel, inventory }) };
    };
    const after: CountryRoute = { sms: of('sms'), voice: of('voice') };
    const isSame = channels.every((channel) => valuesOf(before?.[channel] ?? empty) === valuesOf(after[channel]));
    return isSame ? [] : [[country, after]];
  });
  return { routes: Object.fromEntries(routes), leftOut };
}

const valuesOf = ({ identities }: ChannelRoute) => identities.map(({ value }) => value).join(' ');

/** How the file names an identity: by what an operator recognises. */
export const nameOf = ({ values }: AccountIdentity): string => values[0];

export const countryOf = (identity: AccountIdentity): string | undefined =>
  identity.kind === 'pool' ? undefined : identity.of.country;

function reasonAgainst(identity: AccountIdentity, inventory: AccountInventory): LeftOutReason | undefined {
  switch (identity.kind) {
    case 'pool':
      if (identity.of.status !== 'ACTIVE') return 'not-active';
      if (identity.of.messageType === 'PROMOTIONAL') return 'promotional';
      return candidatesOf(identity, inventory).length === 0 ? 'pool-serves-nobody' : undefined;
    case 'number':
      if (identity.of.status !== 'ACTIVE') return 'not-active';
      if (identity.of.channels.length === 0) return 'no-channel';
      if (identity.of.type === 'SIMULATOR') return 'simulator';
      if (identity.of.messageType === 'PROMOTIONAL') return 'promotional';
      return isPooled(identity.of.arn, inventory) ? 'pool-member' : undefined;
    case 'sender-id':
      if (identity.of.registrationId !== undefined && !identity.of.registered) return 'registration-open';
      if (identity.of.messageTypes.length > 0 && !identity.of.messageTypes.includes('TRANSACTIONAL')) {
        return 'promotional';
      }
      return isPooled(identity.of.arn, inventory) ? 'pool-member' : undefined;
  }
}

const isPooled = (arn: string, { pools }: AccountInventory) =>
  pools.some(
    ({ status, messageType, members }) =>
      status === 'ACTIVE' && messageType !== 'PROMOTIONAL' && members.some((member) => member.arn === arn),
  );

/** The lower, the more is to be expected of it: throughput, and how carriers filter. */
const ranks: Readonly<Record<string, number>> = { SHORT_CODE: 1, TEN_DLC: 3, TOLL_FREE: 4, LONG_CODE: 5 };

function candidatesOf(of: AccountIdentity, inventory: AccountInventory): readonly Candidate[] {
  if (of.kind === 'sender-id') {
    return [{ country: of.of.country, channel: 'sms', rank: of.of.registered ? 2 : 6, of }];
  }
  if (of.kind === 'number') {
    const { country, type, internationalSending } = of.of;
    return of.of.channels.flatMap((channel) => {
      const own = { country, channel, rank: ranks[type] ?? 5, of };
      return internationalSending && channel === 'sms' ? [own, { ...own, country: '*' }] : [own];
    });
  }
  const countries = [...new Set(of.of.members.map(({ country }) => country))];
  const served = countries.flatMap((country) =>
    channels
      .filter((channel) => membersServe(of.of, { country, channel }, inventory))
      .map((channel) => ({ country, channel, rank: 0, of })),
  );
  return of.of.sharedRoutes ? [...served, { country: '*', channel: 'sms', rank: 0, of }] : served;
}

/** Without the shared routes, which are a default and no reason to list a country. */
const membersServe = (
  pool: AccountPool,
  to: { readonly country: string; readonly channel: Channel },
  inventory: AccountInventory,
) => poolServes({ ...pool, sharedRoutes: false }, to, inventory);

interface Place {
  readonly country: string;
  readonly channel: Channel;
  readonly inventory: AccountInventory;
}

/** What stays of the file, and what the account has beyond it. */
function merged(
  written: readonly OriginationIdentity[],
  able: readonly Candidate[],
  { country, channel, inventory }: Place,
): readonly OriginationIdentity[] {
  const owned = identitiesOf(inventory);
  const isNew = ({ of }: Candidate) => !written.some(({ value }) => of.values.includes(value));
  const added = able.filter(isNew);
  const replaced = new Set(added.flatMap(({ of }) => (of.kind === 'pool' ? of.of.members.map(({ arn }) => arn) : [])));
  const kept = written.filter(({ value }) => {
    const meant = owned.filter(({ values }) => values.includes(value));
    // Unknown here, it may be another Region's or shared by another account: `identities check` says so.
    if (meant.length === 0) return true;
    return meant.some((of) => !replaced.has(of.of.arn) && canSend(of, { country, channel }));
  });
  const more = added.flatMap(({ of }) => {
    const parsed = parseIdentity(nameOf(of));
    return parsed.ok ? [parsed.value] : [];
  });
  // A new pool goes before what it does not hold: it was made to be sent from.
  const pools = more.filter(({ kind }) => kind === 'pool-id');
  return [...pools, ...kept, ...more.filter((identity) => !pools.includes(identity))];
}

function canSend(identity: AccountIdentity, { country, channel }: Pick<Place, 'country' | 'channel'>): boolean {
  switch (identity.kind) {
    case 'pool':
      return identity.of.status === 'ACTIVE';
    case 'number':
      return identity.of.status === 'ACTIVE' && identity.of.channels.includes(channel);
    case 'sender-id':
      return channel === 'sms' && (identity.of.country === country || country === '*');
  }
}
