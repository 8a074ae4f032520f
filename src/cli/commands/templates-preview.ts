import { createTemplateFinder } from '../../core/catalog.ts';
import { UsageError } from '../../core/error.ts';
import { sampleValues } from '../../core/sample-values.ts';
import type { Context } from '../context.ts';
import type { TemplatesPreviewFlags } from '../describe/templates.ts';
import type { ExitCode } from '../exit.ts';
import { exit } from '../exit.ts';
import { readLanguages, toLocale } from '../languages.ts';
import { previewMessage } from '../preview-message.ts';
import type { TemplatePreview } from '../render-template-preview.ts';
import { renderTemplatePreview } from '../render-template-preview.ts';

/** Shows the message that a user of a locale would get. */
export async function previewTemplate(
  context: Context,
  typed: string | undefined,
  flags: TemplatesPreviewFlags,
): Promise<ExitCode> {
  const wanted = typed === undefined ? undefined : toLocale(typed);
  const { json, channel, requestType, firstName, org } = flags;
  const { catalog } = await readLanguages(context, flags);
  const chosen = createTemplateFinder(catalog)(channel, requestType, wanted);
  if (chosen === undefined) {
    throw new UsageError('template-missing', `no text for ${channel} serves this locale, not even the default one`, {
      hint: 'okta-otp templates validate',
    });
  }
  const { settings } = catalog;
  const values = sampleValues({ ...settings, ...(org === undefined ? {} : { org }), otp: '123456', firstName });
  const { template } = chosen;
  const preview: TemplatePreview = {
    wanted: wanted ?? settings.defaultLocale,
    template: { locale: chosen.locale, match: chosen.match, requestType: template.requestType },
    message: previewMessage(template, values),
  };
  context.stdout.write(json === true ? `${JSON.stringify(preview)}\n` : renderTemplatePreview(preview, context.stdout));
  return exit.done;
}
