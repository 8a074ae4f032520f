import type { AccountIdentity, AccountInventory } from './account-inventory.ts';
import { accountIdOf, identitiesOf, poolServes } from './account-inventory.ts';
import type { Channel } from './channel.ts';
import { channels } from './channel.ts';
import type { OriginationIdentity } from './identity.ts';
import type { OriginationIdentities } from './origination-identities.ts';
import { countryOf, nameOf, proposeIdentities } from './propose-identities.ts';

/** What can be wrong between a file of identities and the account; an error keeps messages from going out. */
export const accountRules = {
  missing: 'error',
  inactive: 'error',
  'lacks-capability': 'error',
  'registration-open': 'error',
  'other-region': 'error',
  'pool-gap': 'error',
  'other-account': 'warning',
  'other-country': 'warning',
  promotional: 'warning',
  simulator: 'warning',
  unregistered: 'warning',
  unused: 'info',
} as const;
export type AccountRule = keyof typeof accountRules;

export interface AccountFinding {
  readonly rule: AccountRule;
  readonly severity: 'error' | 'warning' | 'info';
  readonly country: string | undefined;
  readonly channel: Channel | undefined;
  /** As the file names it, or would. */
  readonly identity: string;
  readonly message: string;
  /** The next command, or what to do. */
  readonly fix: string;
}

interface Place {
  readonly country: string;
  readonly channel: Channel;
}

type Words = Pick<AccountFinding, 'rule' | 'message'> & { readonly fix?: string };

/** Compares a file of identities with the account, and finds everything at once; errors first. */
export function compareWithAccount(
  list: OriginationIdentities,
  inventory: AccountInventory,
): readonly AccountFinding[] {
  const proposed = proposeIdentities(inventory, {}).routes;
  const owned = identitiesOf(inventory);
  const used = Object.entries(list).flatMap(([country, route]) =>
    channels.flatMap((channel) => {
      const { switch: state, identities } = route[channel];
      if (state !== 'on') return [];
      return identities.flatMap((identity) => {
        const words = problemsOf(identity, { country, channel }, inventory);
        const rest = identities.filter((other) => other !== identity).map(({ value }) => value);
        return words.map(({ fix, ...found }): AccountFinding => {
          const place = { country, channel, identity: identity.value };
          const next = fix ?? nextFor(place, rest, (proposed[country]?.[channel].identities.length ?? 0) > 0);
          return { ...found, severity: accountRules[found.rule], ...place, fix: next };
        });
      });
    }),
  );
  return [...used, ...unused(list, owned, inventory)].toSorted(
    (a, b) => order.indexOf(a.severity) - order.indexOf(b.severity),
  );
}

const order: readonly AccountFinding['severity'][] = ['error', 'warning', 'info'];

/** What is left goes on alone; else what the account has instead; else nothing can be sent, which the file should say. */
function nextFor({ country, channel }: Place, rest: readonly string[], hasOther: boolean): string {
  const word = country === '*' ? '"*"' : country;
  if (rest.length > 0) return `okta-otp identities set ${word} ${rest.join(' ')} --channel ${channel}`;
  return hasOther ? 'okta-otp identities discover' : `okta-otp identities remove ${word} --channel ${channel}`;
}

function problemsOf(identity: OriginationIdentity, place: Place, inventory: AccountInventory): readonly Words[] {
  const meant = identitiesOf(inventory).filter(({ values }) => values.includes(identity.value));
  // A sender ID is had country by country: the one for this country is meant, if there is one.
  const own = meant.find((one) => countryOf(one) === place.country) ?? meant[0];
  if (own !== undefined) return ownedProblems(own, place, inventory);
  if (identity.region !== undefined && identity.region !== inventory.region) {
    const message = `is in ${identity.region}, and the account was looked at in ${inventory.region}`;
    return [{ rule: 'other-region', message, fix: `okta-otp identities check --region ${identity.region}` }];
  }
  const account = identity.value.startsWith('arn:') ? identity.value.split(':')[4] : undefined;
  if (account !== undefined && account !== (accountIdOf(inventory) ?? account)) {
    const message = 'is of another account; it can send only if it is shared with this one';
    return [{ rule: 'other-account', message, fix: 'compare --profile, or the resource share in AWS RAM' }];
  }
  return [{ rule: 'missing', message: `is not in the account, as far as ${inventory.region} goes` }];
}

const registrationsPage = 'https://docs.aws.amazon.com/sms-voice/latest/userguide/registrations.html';

function ownedProblems(own: AccountIdentity, { country, channel }: Place, inventory: AccountInventory): Words[] {
  const found: Words[] = [];
  if (own.kind === 'pool') {
    const { status, messageType } = own.of;
    if (status !== 'ACTIVE') return [{ rule: 'inactive', message: `is a pool that is ${status}` }];
    if (messageType === 'PROMOTIONAL') found.push(promotional);
    if (!poolServes(own.of, { country, channel }, inventory)) {
      const message = `is a pool without an active member for ${country === '*' ? 'any country' : country} by ${channel}`;
      const fix = `aws pinpoint-sms-voice-v2 associate-origination-identity --pool-id ${own.of.id} --iso-country-code ${country === '*' ? '<country>' : country} --origination-identity <id>`;
      found.push({ rule: 'pool-gap', message, fix });
    }
    return found;
  }
  if (own.kind === 'sender-id') {
    const { registered, registrationId, messageTypes } = own.of;
    if (own.of.country !== country && country !== '*') {
      return [{ rule: 'missing', message: `is a sender ID that the account has for ${own.of.country} only` }];
    }
    if (messageTypes.length > 0 && !messageTypes.includes('TRANSACTIONAL')) found.push(promotional);
    if (registered) return found;
    const fix = `${registrationId === undefined ? 'see whether the country wants it registered' : 'complete its registration'}: ${registrationsPage}`;
    return [
      ...found,
      registrationId === undefined
        ? { rule: 'unregistered', message: 'is not registered, and some countries refuse or rewrite such names', fix }
        : { rule: 'registration-open', message: 'has a registration that is not complete', fix },
    ];
  }
  const { status, channels: able, type, messageType, internationalSending, registrationId } = own.of;
  if (status !== 'ACTIVE') {
    const message = `is ${status}${registrationId === undefined ? '' : ', and has a registration'}`;
    const fix = status === 'PENDING' ? `wait for it, or complete its registration: ${registrationsPage}` : undefined;
    found.push({ rule: 'inactive', message, ...(fix === undefined ? {} : { fix }) });
  }
  if (!able.includes(channel)) {
    found.push({ rule: 'lacks-capability', message: `cannot do ${channel}${able.length > 0 ? `, only ${able}` : ''}` });
  }
  if (messageType === 'PROMOTIONAL') found.push(promotional);
  if (type === 'SIMULATOR') {
    found.push({ rule: 'simulator', message: 'is a simulator: it reaches simulated phones only' });
  }
  if (channel === 'sms' && country !== '*' && own.of.country !== country && !internationalSending) {
    const message = `is a number of ${own.of.country}, and international sending is not enabled for it`;
    found.push({ rule: 'other-country', message });
  }
  return found;
}

const promotional: Words = { rule: 'promotional', message: 'is for promotional messages, and codes are transactional' };

/** What the account has and pays for, and the file does not use. */
function unused(
  list: OriginationIdentities,
  owned: readonly AccountIdentity[],
  inventory: AccountInventory,
): readonly AccountFinding[] {
  const named = new Set(
    Object.values(list).flatMap((route) => channels.flatMap((of) => route[of].identities.map(({ value }) => value))),
  );
  const isNamed = ({ values }: AccountIdentity) => values.some((value) => named.has(value));
  const usedPools = owned.filter((one) => one.kind === 'pool' && isNamed(one));
  const isInUsedPool = ({ of }: AccountIdentity) =>
    inventory.pools.some(
      ({ id, members }) =>
        members.some(({ arn }) => arn === of.arn) && usedPools.some(({ values }) => values.includes(id)),
    );
  return owned
    .filter((one) => !isNamed(one) && !isInUsedPool(one))
    .map((one) => {
      const country = countryOf(one);
      const fix =
        country === undefined ? 'okta-otp identities discover' : `okta-otp identities set ${country} ${nameOf(one)}`;
      const message = 'is in the account, and the file does not use it';
      return { rule: 'unused', severity: 'info', country, channel: undefined, identity: nameOf(one), message, fix };
    });
}
