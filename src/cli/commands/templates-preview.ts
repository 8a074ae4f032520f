import { createTemplateFinder } from '../../core/catalog.ts';
import { UsageError } from '../../core/error.ts';
import { smsSize } from '../../core/message-parts.ts';
import { renderMessage } from '../../core/render.ts';
import { sampleValues } from '../../core/sample-values.ts';
import { hear } from '../../local/end-user-messaging/speech.ts';
import type { Context } from '../context.ts';
import type { TemplatesPreviewFlags } from '../describe/templates.ts';
import type { ExitCode } from '../exit.ts';
import { exit } from '../exit.ts';
import { readLanguages, toLocale } from '../languages.ts';
import type { TemplatePreview } from '../render-template-preview.ts';
import { renderTemplatePreview } from '../render-template-preview.ts';

/** Shows the message that a user of a locale would get. */
export async function previewTemplate(
  context: Context,
  typed: string | undefined,
  { dir, json, channel, requestType, firstName, org }: TemplatesPreviewFlags,
): Promise<ExitCode> {
  const wanted = typed === undefined ? undefined : toLocale(typed);
  const { catalog } = await readLanguages(context, dir);
  const chosen = createTemplateFinder(catalog)(channel, requestType, wanted);
  if (chosen === undefined) {
    throw new UsageError('template-missing', `no text for ${channel} serves this locale, not even the default one`, {
      hint: 'okta-otp templates validate',
    });
  }
  const { settings } = catalog;
  const values = sampleValues({ ...settings, ...(org === undefined ? {} : { org }), otp: '123456', firstName });
  const { template } = chosen;
  const body = renderMessage(template, values).body.reveal();
  const preview: TemplatePreview = {
    wanted: wanted ?? settings.defaultLocale,
    template: { locale: chosen.locale, match: chosen.match, requestType: template.requestType },
    message:
      template.channel === 'sms'
        ? { channel: 'sms', body, ...smsSize(body) }
        : { channel: 'voice', voiceId: template.voiceId, body, transcript: hear({ kind: 'ssml', value: body }) },
  };
  context.stdout.write(json === true ? `${JSON.stringify(preview)}\n` : renderTemplatePreview(preview, context.stdout));
  return exit.done;
}
