import type { Catalog, CatalogFile, CatalogSettings } from './catalog.ts';
import { createTemplateFinder, identitiesPath, parseCatalog, settingsPath, templatePath } from './catalog.ts';
import { channels } from './channel.ts';
import type { Problem } from './decode.ts';
import { decode, parseJson } from './decode.ts';
import type { IdentityLintOptions } from './lint-identities.ts';
import { lintIdentities } from './lint-identities.ts';
import type { Finding, Remark } from './lint-rules.ts';
import { findingAt } from './lint-rules.ts';
import { lintSms, mayBeGsm7, nameCharacters } from './lint-sms.ts';
import { lintSsml, lintVoice } from './lint-voice.ts';
import { lintWords } from './lint-words.ts';
import { charactersOutsideGsm7, smsSize } from './message-parts.ts';
import { routeTo } from './origination-identities.ts';
import { renderMessage } from './render.ts';
import { sampleValues } from './sample-values.ts';
import type { LanguageTemplates, Template } from './template.ts';
import { languageTemplates } from './template.ts';

/** Okta's longest code; most have six digits. */
const longestCode = '12345678';

/**
 * Finds everything in the files of a catalog that somebody should look at, file by file. What cannot be decoded hides
 * nothing of the rest.
 */
export function lintCatalog(files: readonly CatalogFile[], options: IdentityLintOptions = {}): readonly Finding[] {
  const whole = parseCatalog(files);
  // Each on its own, so that a mistake in one does not hide what is wrong with another.
  const part = (isPart: (path: string) => boolean) => {
    const parsed = parseCatalog(files.filter(({ path }) => isPart(path)));
    return parsed.ok ? parsed.value : undefined;
  };
  const settings = part((path) => path === settingsPath)?.settings;
  const identities = part((path) => path === identitiesPath)?.originationIdentities;
  const texts = part((path) => path === settingsPath || path.startsWith('templates/'));
  const languages = files.flatMap(({ path, text }) => {
    const json = path.startsWith('templates/') ? parseJson(text) : undefined;
    const decoded = json?.ok === true ? decode(languageTemplates, json.value) : undefined;
    return decoded?.ok === true ? [{ path, ...decoded.value }] : [];
  });
  return [
    ...(whole.ok ? [] : whole.problems.map(undecodable)),
    ...languages.flatMap((language) => lintLanguage(language, settings)),
    ...(settings === undefined ? [] : lintSettings(settings, languages)),
    ...(texts === undefined ? [] : lintDefaults(texts)),
    ...(identities === undefined ? [] : lintIndia(identities)),
    ...(identities === undefined ? [] : lintIdentities(identities, options)),
  ].toSorted((a, b) => Number(a.file > b.file) - Number(a.file < b.file));
}

/** A problem's path is the file's, then `: ` and the place in it. */
function undecodable({ path, message }: Problem): Finding {
  const end = `${path}: `.indexOf(': ');
  return findingAt(path.slice(0, end), path.slice(end + 2), {
    rule: 'undecodable',
    message,
    fix: 'correct it; the schemas in schemas/ have every setting, and an editor that knows them completes it',
  });
}

interface Language extends LanguageTemplates {
  readonly path: string;
}

function lintLanguage({ path, locale, reviewed, templates }: Language, settings: CatalogSettings | undefined) {
  const at = (place: string) => (remark: Remark) => findingAt(path, place, remark);
  const spoken = templates.find((template) => template.channel === 'voice');
  return [
    ...(reviewed ? [] : [notReviewed].map(at('reviewed'))),
    ...(spoken === undefined ? [] : lintVoice(locale, spoken.voiceId).map(at('voice.voiceId'))),
    ...templates.flatMap((template) => lintTemplate(template, settings).map(at(placeOf(template)))),
  ];
}

const notReviewed: Remark = {
  rule: 'not-reviewed',
  message: 'has not been read by a native speaker',
  fix: 'have it read, then set "reviewed" to true',
};

/** Where a text stands in its file. */
export function placeOf({ channel, requestType }: Template): string {
  if (requestType !== undefined) return `${channel}.variants.${requestType}`;
  return channel === 'sms' ? 'sms.text' : 'voice.ssml';
}

function lintTemplate(template: Template, settings: CatalogSettings | undefined): readonly Remark[] {
  // A first name that costs a part is left out of an SMS, but what it does to SSML is to be seen.
  const firstName = template.channel === 'sms' ? undefined : 'Ana';
  const values = sampleValues({ ...settings, otp: longestCode, firstName });
  const body = renderMessage(template, values).body.reveal();
  const { locale } = template;
  return template.channel === 'sms'
    ? [...lintSms(locale, template.text, body), ...lintWords(locale, template.text)]
    : [...lintSsml(body), ...lintWords(locale, template.ssml).filter(({ rule }) => !ofPhones.includes(rule))];
}

/** What a voice says is no link, and a call has no line that is cut off. */
const ofPhones: readonly string[] = ['link', 'url-shortener', 'first-name-first'];

/** The organization's name stands in every SMS, and may cost all of them their 7 bits. */
function lintSettings({ org }: CatalogSettings, languages: readonly Language[]): readonly Finding[] {
  const forcing = charactersOutsideGsm7(org);
  const costs = languages.some(({ templates }) =>
    templates.some(
      (template) =>
        template.channel === 'sms' &&
        smsSize(template.text).encoding === 'GSM-7' &&
        mayBeGsm7(template.locale, forcing),
    ),
  );
  if (forcing.length === 0 || !costs) return [];
  return [
    findingAt(settingsPath, 'org', {
      rule: 'sms-encoding',
      message: 'makes UCS-2, 70 characters a part in place of 160, of texts that could be GSM-7',
      fix: `write it in GSM-7: ${nameCharacters(forcing)}`,
    }),
  ];
}

/** Whoever has no language of their own gets the default one, on either channel. */
function lintDefaults(catalog: Catalog): readonly Finding[] {
  const { defaultLocale } = catalog.settings;
  const find = createTemplateFinder(catalog);
  return channels
    .filter((channel) => find(channel, undefined, undefined) === undefined)
    .map((channel) =>
      findingAt(settingsPath, 'defaultLocale', {
        rule: 'default-language',
        message: `names ${defaultLocale}, which has no text for ${channel}: other languages get no message there`,
        fix: `add it to ${templatePath(defaultLocale)}, or name a language that has it`,
      }),
    );
}

/** The Regions whose sender IDs reach India by local routes. */
const indianRegions: readonly (string | undefined)[] = ['ap-south-1', 'ap-south-2'];

/**
 * A sender ID reaches India by local routes, which ask for a DLT registration; a number goes by international ones, which
 * do not, and a pool may hold both.
 * @see https://docs.aws.amazon.com/sms-voice/latest/userguide/registrations-sms-senderid-india.html
 */
function lintIndia(identities: Catalog['originationIdentities']): readonly Finding[] {
  // What serves the whole world goes to India by international routes, too.
  if (identities['IN'] === undefined) return [];
  const route = routeTo(identities, 'IN', 'sms');
  if (route.kind !== 'identities') return [];
  const named = route.channel.identities.filter(({ kind }) => !kind.startsWith('phone-number'));
  const { IN_ENTITY_ID: entity, IN_TEMPLATE_ID: template } = route.channel.parameters ?? {};
  const at = (message: string, fix: string) =>
    findingAt(identitiesPath, 'IN', { rule: 'dlt-parameters', message, fix });
  const isElsewhere = named.some(({ kind, region }) => kind === 'sender-id-arn' && !indianRegions.includes(region));
  return [
    ...(named.length > 0 && (entity === undefined || template === undefined)
      ? [
          at(
            'serves India without the ids of a DLT registration, which carriers there ask for',
            'add "parameters": {"IN_ENTITY_ID": …, "IN_TEMPLATE_ID": …}',
          ),
        ]
      : []),
    ...(isElsewhere
      ? [
          at(
            'serves India with a sender ID of a Region that has no local routes there',
            'take one of ap-south-1 or ap-south-2',
          ),
        ]
      : []),
  ];
}
