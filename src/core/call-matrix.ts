import type { Catalog } from './catalog.ts';
import { createTemplateFinder } from './catalog.ts';
import type { Channel } from './channel.ts';
import { channels, otherChannel } from './channel.ts';
import type { Expectation } from './expectation.ts';
import { routeTo } from './origination-identities.ts';
import type { RequestType } from './request-type.ts';
import { requestTypes } from './request-type.ts';

/** One call of the matrix, and what the catalog says has to come of it. */
export interface MatrixCell {
  readonly group: 'language' | 'country';
  /** The language's locale, or the country. */
  readonly name: string;
  readonly channel: Channel;
  readonly requestType: RequestType;
  /** The locale of the user who is sent to. */
  readonly locale: string;
  /** The country of the number that is sent to; undefined where no country is served on this channel. */
  readonly country: string | undefined;
  readonly expected: readonly Expectation[];
}

/** Where messages of a language go, when the identities serve every country: the home of the service. */
const anyCountry = 'US';

/** Every language by channel and request type, then every country of the identities by channel. */
export function matrixOf(catalog: Catalog): readonly MatrixCell[] {
  const find = createTemplateFinder(catalog);
  const list = catalog.originationIdentities;
  const locales = [...new Set(catalog.templates.map(({ locale }) => locale))].sort();
  const countries = Object.keys(list)
    .filter((country) => country !== '*')
    .sort();
  const serves = (country: string, channel: Channel) => routeTo(list, country, channel).kind === 'identities';
  const home = (channel: Channel) => [...countries, anyCountry].find((country) => serves(country, channel));

  const languages = locales.flatMap((locale) =>
    channels.flatMap((channel) =>
      requestTypes.map((requestType): MatrixCell => {
        const found = find(channel, requestType, locale);
        const expected: readonly Expectation[] = [
          ...sentBy(channel),
          { name: 'locale', value: found?.locale ?? 'none' },
          { name: 'template', value: found === undefined ? 'none' : (found.template.requestType ?? 'general') },
        ];
        const country = home(channel);
        return { group: 'language', name: locale, channel, requestType, locale, country, expected };
      }),
    ),
  );
  const routes = countries.flatMap((country) =>
    channels.map(
      (channel): MatrixCell => ({
        group: 'country',
        name: country,
        channel,
        requestType: 'mfa-verification',
        locale: catalog.settings.defaultLocale,
        country,
        expected: expectedOf(catalog, country, channel),
      }),
    ),
  );
  return [...languages, ...routes];
}

const sentBy = (channel: Channel): readonly Expectation[] => [
  { name: 'status', value: 'SUCCESSFUL' },
  { name: 'channel', value: channel },
];

function expectedOf(catalog: Catalog, country: string, channel: Channel): readonly Expectation[] {
  const { kind } = routeTo(catalog.originationIdentities, country, channel);
  const here: Expectation = { name: 'country', value: country };
  if (kind === 'identities') return [...sentBy(channel), here];
  if (kind === 'blocked') return [{ name: 'cause', value: 'country-blocked' }, here];
  const other = otherChannel(channel);
  const otherKind = routeTo(catalog.originationIdentities, country, other).kind;
  if (catalog.settings.otherChannel && otherKind === 'identities') return [...sentBy(other), here];
  if (catalog.settings.otherChannel && otherKind === 'blocked') {
    return [{ name: 'cause', value: 'country-blocked' }, here];
  }
  // Which of two channels is named depends on the order in which they were tried: that nothing was sent is what counts.
  return [{ name: 'channel', value: 'none' }, here];
}
