import type { Channel } from './channel.ts';
import type { Decoded, Decoder, Problem } from './decode.ts';
import { boolean, decode, exactObject, optional, parseJson, string, withDefault } from './decode.ts';
import type { MatchedLocale } from './locale.ts';
import { matchLocales, parseLocale } from './locale.ts';
import type { NumberList } from './number-list.ts';
import { numberList } from './number-list.ts';
import type { OriginationIdentities } from './origination-identities.ts';
import { originationIdentities } from './origination-identities.ts';
import type { RequestType } from './request-type.ts';
import type { Template } from './template.ts';
import { languageTemplates, locale } from './template.ts';

export interface CatalogSettings {
  /** Serves every language that has no template of its own. */
  readonly defaultLocale: string;
  /** What `{{org}}` becomes. */
  readonly org: string;
  /** The kill switch: while it is off nothing is sent, and Okta sends by itself. */
  readonly enabled: boolean;
  /** Whether a code may take the other channel when the one that was asked for cannot deliver it. */
  readonly otherChannel: boolean;
  /** Ends every SMS with `@domain #code`, by which phones offer the code to that site alone. */
  readonly autofillDomain: string | undefined;
}

/** Everything that operators decide about messages, as one published version. */
export interface Catalog {
  readonly settings: CatalogSettings;
  readonly templates: readonly Template[];
  readonly originationIdentities: OriginationIdentities;
  readonly numbers: NumberList;
}

/**
 * One file of a catalog, as people write it and as it is published: `settings.json`, `originationIdentities.json`,
 * `numbers.json` or `templates/<locale>.json`.
 */
export interface CatalogFile {
  /** From the catalog's folder, with `/` on every system. */
  readonly path: string;
  readonly text: string;
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

const catalogSettings: Decoder<CatalogSettings> = exactObject({
  $schema: optional(string()),
  defaultLocale: withDefault(locale, 'en'),
  org: withDefault(string({ max: 64 }), 'your organization'),
  enabled: withDefault(boolean, true),
  otherChannel: withDefault(boolean, true),
  autofillDomain: optional(
    string({ max: 253, pattern: /^[a-z0-9-]+(\.[a-z0-9-]+)+$/, expected: 'a domain such as example.com' }),
  ),
});

export const settingsPath = 'settings.json';
export const identitiesPath = 'originationIdentities.json';
export const numbersPath = 'numbers.json';
export const templatePath = (of: string) => `templates/${of}.json`;

/** Decodes a catalog from its files, none of which has to be there; a problem's path begins with the file's. */
export function parseCatalog(files: readonly CatalogFile[]): Decoded<Catalog> {
  const problems: Problem[] = [];
  const read = <T>(path: string, decoder: Decoder<T>, text: string): T | undefined => {
    const json = parseJson(text);
    const decoded = json.ok ? decode(decoder, json.value) : json;
    if (decoded.ok) return decoded.value;
    for (const problem of decoded.problems) {
      problems.push({ ...problem, path: problem.path === '' ? path : `${path}: ${problem.path}` });
    }
    return undefined;
  };
  const single = <T>(path: string, decoder: Decoder<T>) =>
    read(path, decoder, files.find((file) => file.path === path)?.text ?? '{}');

  const settings = single(settingsPath, catalogSettings);
  const identities = single(identitiesPath, originationIdentities);
  const numbers = single(numbersPath, numberList);
  const templates: Template[] = [];
  for (const { path, text } of files) {
    if ([settingsPath, identitiesPath, numbersPath].includes(path)) continue;
    const language = path.startsWith('templates/') ? read(path, languageTemplates, text) : undefined;
    templates.push(...(language?.templates ?? []));
    if (!path.startsWith('templates/')) problems.push({ path, message: 'is no file of a catalog' });
    else if (language !== undefined && path !== templatePath(language.locale)) {
      problems.push(misnamed(path, language.locale));
    }
  }
  if (settings === undefined || identities === undefined || numbers === undefined || problems.length > 0) {
    return { ok: false, problems };
  }
  return { ok: true, value: { settings, originationIdentities: identities, numbers, templates } };
}

/** A file named after another form of its language's tag (`pt_br.json`) wants a new name, any other one a look at both. */
function misnamed(path: string, of: string): Problem {
  const name = path.slice('templates/'.length).replace(/\.json$/, '');
  return parseLocale(name) === of
    ? { path, message: `must be named ${of}.json, by the canonical form of its language's tag` }
    : { path: `${path}: locale`, message: 'must be the one that the file is named after' };
}

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
