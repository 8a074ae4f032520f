import type { Channel } from '../core/channel.ts';
import { channels } from '../core/channel.ts';
import type { CountrySwitch } from '../core/country-switch.ts';
import type { OriginationIdentity } from '../core/identity.ts';
import { canCall } from '../core/identity.ts';
import type { ChannelRoute, CountryParameters, CountryRoute } from '../core/origination-identities.ts';

/** What is to be different for a country; what is absent stays as it is. */
export interface EntryChange {
  readonly channels: readonly Channel[];
  readonly identities?: readonly OriginationIdentity[];
  readonly switch?: CountrySwitch;
  /** `none` lifts it. */
  readonly maxPrice?: string;
  readonly parameters?: CountryParameters;
}

const nothing: ChannelRoute = { switch: 'on', identities: [], maxPrice: undefined, parameters: undefined };

/** A country's route after a change. Without an identity that can call, whoever calls stays the same. */
export function changeRoute(route: CountryRoute | undefined, change: EntryChange): CountryRoute {
  const given = { ...route?.sms.parameters, ...change.parameters };
  const parameters = Object.keys(given).length === 0 ? undefined : given;
  const of = (channel: Channel): ChannelRoute => {
    const before = { ...(route?.[channel] ?? nothing), parameters };
    if (!change.channels.includes(channel)) return before;
    const able = change.identities?.filter((identity) => channel === 'sms' || canCall(identity)) ?? [];
    const identities = able.length === 0 ? before.identities : able;
    // Set for both, it is meant for those that are there.
    const isPriced = change.maxPrice !== undefined && (identities.length > 0 || change.channels.length === 1);
    const maxPrice = isPriced ? change.maxPrice : before.maxPrice;
    return {
      ...before,
      identities,
      switch: change.switch ?? before.switch,
      maxPrice: maxPrice === 'none' ? undefined : maxPrice,
    };
  };
  return { sms: of('sms'), voice: of('voice') };
}

/** A country's route without one of its channels. */
export const withoutChannel = (route: CountryRoute, channel: Channel): CountryRoute => ({
  ...route,
  [channel]: { ...nothing, parameters: route[channel].parameters },
});

/** Whether an entry would say nothing but that the country gets no messages, not even from `*`. */
export const saysNothing = (route: CountryRoute): boolean =>
  channels.every((channel) => route[channel].identities.length === 0 && route[channel].switch === 'on');

/** A route as it is written: flat where that is wanted and says it all, rich otherwise. */
export function writeRoute(route: CountryRoute, { preferFlat }: { readonly preferFlat: boolean }): unknown {
  const { sms, voice } = route;
  const parameters = Object.fromEntries(Object.entries(sms.parameters ?? {}).filter(([, id]) => id !== undefined));
  const hasParameters = Object.keys(parameters).length > 0;
  const sayIdentitiesOnly = [sms, voice].every((part) => part.switch === 'on' && part.maxPrice === undefined);
  const callers = sms.identities.filter(canCall);
  const callTheSame =
    callers.length === voice.identities.length &&
    callers.every(({ value }, index) => value === voice.identities[index]?.value);
  if (preferFlat && sayIdentitiesOnly && !hasParameters && callTheSame && sms.identities.length > 0) {
    return writeIdentities(sms.identities);
  }
  const shared = sms.switch === voice.switch ? sms.switch : undefined;
  return {
    ...writeChannel('sms', sms, shared),
    ...writeChannel('voice', voice, shared),
    ...writeSwitch(shared ?? 'on'),
    ...(hasParameters ? { parameters } : {}),
  };
}

function writeChannel(channel: Channel, route: ChannelRoute, shared: CountrySwitch | undefined) {
  const { identities, maxPrice } = route;
  const more = {
    ...writeSwitch(shared === undefined ? route.switch : 'on'),
    ...(maxPrice === undefined ? {} : { maxPrice }),
  };
  const named = identities.length === 0 ? {} : { identities: writeIdentities(identities) };
  if (Object.keys(more).length > 0) return { [channel]: { ...named, ...more } };
  return identities.length === 0 ? {} : { [channel]: writeIdentities(identities) };
}

const writeIdentities = (identities: readonly OriginationIdentity[]) => {
  const [first, ...more] = identities.map(({ value }) => value);
  return more.length === 0 ? first : [first, ...more];
};

const writeSwitch = (state: CountrySwitch) => (state === 'on' ? {} : { enabled: state === 'off' ? false : state });
