import { smsSize } from '../../core/message-parts.ts';
import { renderMessage } from '../../core/render.ts';
import { sampleValues } from '../../core/sample-values.ts';
import type { Context } from '../context.ts';
import type { TemplatesFlags } from '../describe/templates.ts';
import type { ExitCode } from '../exit.ts';
import { exit } from '../exit.ts';
import { readLanguages } from '../languages.ts';
import type { TemplateRow } from '../render-template-list.ts';
import { renderTemplateList } from '../render-template-list.ts';

/** Lists every text with what it costs. */
export async function listTemplates(context: Context, flags: TemplatesFlags): Promise<ExitCode> {
  const { catalog, languages } = await readLanguages(context, flags);
  const values = sampleValues({ ...catalog.settings, otp: '12345678' });
  const rows = languages.flatMap(({ reviewed, templates }) =>
    templates.map((template): TemplateRow => {
      const { locale, channel, requestType } = template;
      const row = { locale, channel, ...(requestType === undefined ? {} : { requestType }), reviewed };
      return template.channel === 'sms'
        ? { ...row, ...smsSize(renderMessage(template, values).body.reveal()) }
        : { ...row, voiceId: template.voiceId };
    }),
  );
  context.stdout.write(flags.json === true ? `${JSON.stringify(rows)}\n` : renderTemplateList(rows, context.stdout));
  return exit.done;
}
