import type { Channel } from './channel.ts';
import type { Decoder } from './decode.ts';
import { array, boolean, exactObject, refine, string, withDefault } from './decode.ts';
import type { MatchedLocale } from './locale.ts';
import { matchLocales } from './locale.ts';
import type { OriginationIdentities } from './origination-identities.ts';
import { originationIdentities } from './origination-identities.ts';
import type { RequestType } from './request-type.ts';
import type { Template } from './template.ts';
import { locale, template } from './template.ts';

export interface CatalogSettings {
  /** Serves every language that has no template of its own. */
  readonly defaultLocale: string;
  /** What `{{org}}` becomes. */
  readonly org: string;
  /** The kill switch: while it is off nothing is sent, and Okta sends by itself. */
  readonly enabled: boolean;
  /** Whether a code may take the other channel when the one that was asked for cannot deliver it. */
  readonly otherChannel: boolean;
}

/** Everything that operators decide about messages, as one published version. */
export interface Catalog {
  readonly settings: CatalogSettings;
  readonly templates: readonly Template[];
  readonly originationIdentities: OriginationIdentities;
}

/** A catalog as it is written and published: settings and identities in the form in which people wrote them. */
export interface CatalogContent {
  readonly settings: unknown;
  readonly originationIdentities: unknown;
  readonly templates: readonly Template[];
}

/** A template with the way in which it was found. */
export interface ChosenTemplate extends MatchedLocale {
  readonly template: Template;
}

/** Finds templates; made once for a version, since it remembers what it found. */
export type TemplateFinder = (
  channel: Channel,
  requestType: RequestType | undefined,
  wanted: string | undefined,
) => ChosenTemplate | undefined;

export const catalogSettings: Decoder<CatalogSettings> = exactObject({
  defaultLocale: withDefault(locale, 'en'),
  org: withDefault(string({ max: 64 }), 'your organization'),
  enabled: withDefault(boolean, true),
  otherChannel: withDefault(boolean, true),
});

/** Decodes a whole catalog in one document, `catalog.json`. */
export const catalog: Decoder<Catalog> = refine(
  exactObject({
    settings: catalogSettings,
    templates: array(template),
    originationIdentities,
  }),
  (value) => value,
);

/** Locales of users repeat, but nothing bounds them: what was found is remembered for this many questions. */
const remembered = 2_000;

/**
 * Indexes the templates of a catalog, so that choosing one costs the same among four as among four thousand.
 *
 * A template of the better matching locale wins; within it the one for the request type before the general one.
 */
export function createTemplateFinder({ templates, settings }: Catalog): TemplateFinder {
  const byKey = new Map(templates.map((entry) => [keyOf(entry.channel, entry.locale, entry.requestType), entry]));
  const available = new Set(templates.map((entry) => entry.locale));
  const answers = new Map<string, ChosenTemplate | undefined>();

  const find: TemplateFinder = (channel, requestType, wanted) => {
    for (const matched of matchLocales(wanted, available, settings.defaultLocale)) {
      const found =
        byKey.get(keyOf(channel, matched.locale, requestType)) ?? byKey.get(keyOf(channel, matched.locale, undefined));
      if (found !== undefined) return { ...matched, template: found };
    }
    return undefined;
  };

  return (channel, requestType, wanted) => {
    const question = keyOf(channel, wanted ?? '', requestType);
    const known = answers.get(question);
    if (known !== undefined) return known;
    if (answers.size >= remembered) answers.clear();
    const answer = find(channel, requestType, wanted);
    answers.set(question, answer);
    return answer;
  };
}

const keyOf = (channel: Channel, of: string, requestType: RequestType | undefined) =>
  `${channel} ${of} ${requestType ?? ''}`;
