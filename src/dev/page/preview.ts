import type { CatalogFile, CatalogSettings } from '../../core/catalog.ts';
import { parseCatalog, settingsPath } from '../../core/catalog.ts';
import { decode, parseJson } from '../../core/decode.ts';
import { lintCatalog } from '../../core/lint.ts';
import type { Finding } from '../../core/lint-rules.ts';
import type { SmsSize } from '../../core/message-parts.ts';
import { smsSize } from '../../core/message-parts.ts';
import { renderMessage } from '../../core/render.ts';
import type { RequestType } from '../../core/request-type.ts';
import { sampleValues } from '../../core/sample-values.ts';
import type { LanguageTemplates, Template, VoiceId } from '../../core/template.ts';
import { languageTemplates } from '../../core/template.ts';
import { hear } from '../../local/end-user-messaging/speech.ts';

/** A text as it would arrive. */
export type Preview =
  | (SmsSize & { readonly channel: 'sms'; readonly requestType: RequestType | undefined; readonly body: string })
  | {
      readonly channel: 'voice';
      readonly requestType: RequestType | undefined;
      readonly ssml: string;
      readonly voiceId: VoiceId;
      readonly transcript: string;
    };

/** What a text is filled with beside the code. */
export interface PreviewValues {
  readonly settings: CatalogSettings | undefined;
  readonly firstName: string | undefined;
}

/** The code of every preview. */
const sampleCode = '123456';

/** Shows a text as the sender would render it. */
export function previewTemplate(template: Template, { settings, firstName }: PreviewValues): Preview {
  const values = sampleValues({ ...settings, otp: sampleCode, firstName });
  const body = renderMessage(template, values).body.reveal();
  const { requestType } = template;
  if (template.channel === 'sms') return { channel: 'sms', requestType, body, ...smsSize(body) };
  const transcript = hear({ kind: 'ssml', value: body });
  return { channel: 'voice', requestType, ssml: body, voiceId: template.voiceId, transcript };
}

/** The text of a channel that a request of this type gets: the type's own, or the general one. */
export function textFor(
  { templates }: LanguageTemplates,
  channel: Template['channel'],
  requestType: RequestType,
): Template | undefined {
  const ofChannel = templates.filter((template) => template.channel === channel);
  return (
    ofChannel.find((template) => template.requestType === requestType) ??
    ofChannel.find((template) => template.requestType === undefined)
  );
}

/** A language file that can be read; undefined for one that cannot. */
export function readLanguage(text: string): LanguageTemplates | undefined {
  const json = parseJson(text);
  const decoded = json.ok ? decode(languageTemplates, json.value) : json;
  return decoded.ok ? decoded.value : undefined;
}

/** The settings of a catalog, also while its other files cannot be read. */
export function settingsOf(files: readonly CatalogFile[]): CatalogSettings | undefined {
  const parsed = parseCatalog(files.filter(({ path }) => path === settingsPath));
  return parsed.ok ? parsed.value.settings : undefined;
}

/** What there is to say about one file as it stands in an editor; the other languages have no part in it. */
export function findingsOf(file: CatalogFile, files: readonly CatalogFile[]): readonly Finding[] {
  const settings = files.filter(({ path }) => path === settingsPath && path !== file.path);
  return lintCatalog([...settings, file]).filter((finding) => finding.file === file.path);
}
