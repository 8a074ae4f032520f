import type { Channel } from './channel.ts';
import type { CountrySwitch } from './country-switch.ts';
import { countrySwitches } from './country-switch.ts';
import type { Decoder } from './decode.ts';
import { array, choose, embedded, exactObject, isObject, optional, record, refine, string } from './decode.ts';
import type { OriginationIdentity } from './identity.ts';
import { canCall, parseIdentity } from './identity.ts';

export interface ChannelRoute {
  readonly switch: CountrySwitch;
  /** In order of preference. */
  readonly identities: readonly OriginationIdentity[];
  /** US dollars, per message part for SMS and per minute for calls; the service refuses a dearer message. */
  readonly maxPrice: string | undefined;
  /** What the country's authority wants to know of a text message; only India does. */
  readonly parameters: CountryParameters | undefined;
}

export type CountryParameters = Readonly<Partial<Record<'IN_ENTITY_ID' | 'IN_TEMPLATE_ID', string | undefined>>>;

export type CountryRoute = Readonly<Record<Channel, ChannelRoute>>;

/** Country (ISO 3166-1 alpha-2, or `*` for all others) → channel → whom messages come from. */
export type OriginationIdentities = Readonly<Record<string, CountryRoute>>;

/** Whom a message to a country comes from, or why it does not go. */
export type Route =
  | { readonly kind: 'identities'; readonly channel: ChannelRoute }
  | { readonly kind: 'blocked' | 'off' | 'unlisted' };

/** Chooses the identities for a country and channel; `*` serves the countries that the list does not name. */
export function routeTo(list: OriginationIdentities, country: string | undefined, channel: Channel): Route {
  const own = country === undefined ? undefined : list[country];
  const route = (own ?? list['*'])?.[channel];
  if (route === undefined) return { kind: 'unlisted' };
  if (route.switch !== 'on') return { kind: route.switch };
  if (route.identities.length === 0) return { kind: 'unlisted' };
  return { kind: 'identities', channel: route };
}

const identity: Decoder<OriginationIdentity> = embedded(string({ max: 256 }), parseIdentity);

const oneOrMore: Decoder<readonly OriginationIdentity[]> = choose((value) =>
  Array.isArray(value) ? array(identity) : refine(identity, (only) => [only]),
);

const switches: ReadonlyMap<unknown, CountrySwitch> = new Map<unknown, CountrySwitch>([
  [true, 'on'],
  [false, 'off'],
  ['blocked', 'blocked'],
]);

const countrySwitch: Decoder<CountrySwitch> = refine(
  (value) => value,
  (value, refuse) => switches.get(value) ?? refuse('must be true, false or "blocked"'),
);

interface WrittenChannel {
  readonly identities?: readonly OriginationIdentity[] | undefined;
  readonly enabled?: CountrySwitch | undefined;
  readonly maxPrice?: string | undefined;
}

/** The form that the service asks for. */
const price = string({ max: 8, pattern: /^[0-9]{0,2}\.[0-9]{1,5}$/, expected: 'US dollars such as 0.25' });
const registration = string({ max: 64, pattern: /^\S+$/, expected: 'free of white space' });

const channelRoute: Decoder<WrittenChannel> = choose<WrittenChannel>((value) =>
  isObject(value)
    ? exactObject({ identities: optional(oneOrMore), enabled: optional(countrySwitch), maxPrice: optional(price) })
    : refine(oneOrMore, (identities) => ({ identities })),
);

/** The flat form names one identity (or an ordered list) for both channels; a sender ID then serves SMS only. */
const flatRoute: Decoder<CountryRoute> = refine(oneOrMore, (identities) => ({
  sms: { switch: 'on', identities, maxPrice: undefined, parameters: undefined },
  voice: { switch: 'on', identities: identities.filter(canCall), maxPrice: undefined, parameters: undefined },
}));

const richRoute: Decoder<CountryRoute> = refine(
  exactObject({
    sms: optional(channelRoute),
    voice: optional(channelRoute),
    enabled: optional(countrySwitch),
    parameters: optional(exactObject({ IN_ENTITY_ID: optional(registration), IN_TEMPLATE_ID: optional(registration) })),
  }),
  (written, refuse) => {
    const mute = written.voice?.identities?.find((candidate) => !canCall(candidate));
    if (mute !== undefined) return refuse('names a sender ID for voice, which cannot call');
    const of = (channel: WrittenChannel | undefined): ChannelRoute => ({
      switch: stricter(written.enabled ?? 'on', channel?.enabled ?? 'on'),
      identities: channel?.identities ?? [],
      maxPrice: channel?.maxPrice,
      parameters: written.parameters,
    });
    return { sms: of(written.sms), voice: of(written.voice) };
  },
);

function stricter(a: CountrySwitch, b: CountrySwitch): CountrySwitch {
  return countrySwitches.indexOf(a) > countrySwitches.indexOf(b) ? a : b;
}

/** Decodes `originationIdentities.json`, flat or rich, country by country. */
export const originationIdentities: Decoder<OriginationIdentities> = (whole, path, problems) => {
  const value = isObject(whole)
    ? Object.fromEntries(Object.entries(whole).filter(([key]) => key !== '$schema'))
    : whole;
  const decoded = record(choose((entry) => (isObject(entry) ? richRoute : flatRoute)))(value, path, problems);
  for (const country of isObject(value) ? Object.keys(value) : []) {
    if (country !== '*' && !/^[A-Z]{2}$/.test(country)) {
      problems.push({
        path: path === '' ? country : `${path}.${country}`,
        message: 'must be a country such as FR, or *',
      });
    }
  }
  return decoded;
};
