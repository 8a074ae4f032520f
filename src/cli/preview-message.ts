import type { CatalogSettings } from '../core/catalog.ts';
import { smsSize } from '../core/message-parts.ts';
import type { RenderValues } from '../core/render.ts';
import { renderMessage } from '../core/render.ts';
import type { RequestType } from '../core/request-type.ts';
import { sampleValues } from '../core/sample-values.ts';
import type { LanguageTemplates, Template } from '../core/template.ts';
import { hear } from '../local/end-user-messaging/speech.ts';
import type { TemplatePreview } from './render-template-preview.ts';

/** Fills a text in, as the phone shows or says it. */
export function previewMessage(template: Template, values: RenderValues): TemplatePreview['message'] {
  const body = renderMessage(template, values).body.reveal();
  return template.channel === 'sms'
    ? { channel: 'sms', body, ...smsSize(body) }
    : { channel: 'voice', voiceId: template.voiceId, body, transcript: hear({ kind: 'ssml', value: body }) };
}

/** The messages of a language for one request type, or those for every type. */
export const previewLanguage = (
  { locale, templates }: LanguageTemplates,
  requestType: RequestType | undefined,
  settings: CatalogSettings | undefined,
): readonly TemplatePreview[] =>
  templates
    .filter((template) => template.requestType === requestType)
    .map((template) => ({
      wanted: locale,
      template: { locale, match: 'exact', requestType },
      message: previewMessage(template, sampleValues({ ...settings, otp: '123456' })),
    }));
