import type { CatalogFile } from '../core/catalog.ts';
import { templatePath } from '../core/catalog.ts';
import type { Problem } from '../core/decode.ts';
import { isObject, parseJson } from '../core/decode.ts';
import type { ImportedLanguage, Improvement } from '../core/guidance-format.ts';
import type { JsonChange } from './language-file.ts';
import { changeJson, jsonFile } from './language-file.ts';
import { fileOf, startLanguage } from './language-start.ts';
import { parseLanguageFile } from './language-text.ts';

/** A language's file as an import would write it. */
export interface LanguageDraft extends CatalogFile {
  readonly locale: string;
  readonly kind: 'added' | 'changed' | 'same';
  readonly improvements: readonly Improvement[];
}

/** Writes an imported language into its file, or into a new one whose missing channel is the package's own. */
export async function draftLanguage(
  there: readonly CatalogFile[],
  imported: ImportedLanguage,
  reviewed: boolean,
): Promise<LanguageDraft | { readonly problem: Problem }> {
  const { locale } = imported;
  const path = templatePath(locale);
  const own = fileOf(there, locale);
  if (own === undefined) return await newLanguage(imported, reviewed);
  if (parseLanguageFile(own.text) === undefined) {
    return { problem: { path, message: 'is in the folder and cannot be read: okta-otp templates validate' } };
  }
  const changed = changeJson(own.text, changesOf(imported, own.text));
  const text =
    changed === own.text && !reviewed ? changed : changeJson(changed, [{ path: ['reviewed'], value: reviewed }]);
  const kind = text === own.text ? 'same' : 'changed';
  return { locale, path, text, kind, improvements: imported.improvements };
}

/** Only what differs: a value that is written anew could be formatted otherwise. */
function changesOf({ sms, voice }: ImportedLanguage, text: string): readonly JsonChange[] {
  const json = parseJson(text);
  const file = json.ok && isObject(json.value) ? json.value : {};
  const held = (...path: readonly string[]) =>
    path.reduce<unknown>((value, key) => (isObject(value) ? value[key] : undefined), file);
  const values: readonly JsonChange[] = [
    ...(sms === undefined ? [] : [{ path: ['sms', 'text'], value: sms }]),
    ...(voice === undefined
      ? []
      : isObject(held('voice'))
        ? [
            { path: ['voice', 'voiceId'], value: voice.voiceId },
            { path: ['voice', 'ssml'], value: voice.ssml },
          ]
        : [{ path: ['voice'], value: voice }]),
  ];
  return values.filter(({ path, value }) => held(...path) !== value);
}

async function newLanguage(
  { locale, sms, voice, improvements }: ImportedLanguage,
  reviewed: boolean,
): Promise<LanguageDraft | { readonly problem: Problem }> {
  const path = templatePath(locale);
  const start = await startLanguage([], { locale, from: undefined, defaultLocale: 'en' });
  const shipped = start.isSameLanguage ? (parseLanguageFile(start.text)?.templates ?? []) : [];
  const general = shipped.filter(({ requestType }) => requestType === undefined);
  const text = general.find((template) => template.channel === 'sms');
  const spoken = general.find((template) => template.channel === 'voice');
  const written = sms ?? (text?.channel === 'sms' ? text.text : undefined);
  if (written === undefined) {
    const message = 'has a call and no SMS, and the package has no text in this language: add an item for it';
    return { problem: { path: locale, message } };
  }
  const said = voice ?? (spoken?.channel === 'voice' ? { voiceId: spoken.voiceId, ssml: spoken.ssml } : null);
  const taken = [
    ...(sms === undefined
      ? [{ path: 'sms.text', message: `was missing, and is the package's own of ${start.locale}` }]
      : []),
    ...(voice === undefined
      ? [
          {
            path: 'voice',
            message:
              said === null
                ? 'has none: calls take the default language'
                : `was missing, and is the package's own of ${start.locale}`,
          },
        ]
      : []),
  ];
  return {
    locale,
    path,
    text: jsonFile({ locale, reviewed, sms: { text: written }, voice: said }),
    kind: 'added',
    improvements: [...improvements, ...taken],
  };
}
