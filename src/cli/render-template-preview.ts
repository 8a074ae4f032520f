import { Chalk } from 'chalk';
import { describeTemplate } from '../core/describe-template.ts';
import type { SmsSize } from '../core/message-parts.ts';
import type { Output } from './context.ts';
import { phoneBox, sizeWords } from './phone-box.ts';

/** A message as it would arrive, as `templates preview --json` prints it. */
export interface TemplatePreview {
  /** The locale that the text was chosen for. */
  readonly wanted: string;
  readonly template: { readonly locale: string; readonly match: string; readonly requestType: string | undefined };
  readonly message:
    | ({ readonly channel: 'sms'; readonly body: string } & SmsSize)
    | { readonly channel: 'voice'; readonly voiceId: string; readonly body: string; readonly transcript: string };
}

/** Draws the phone, and says below which text it is and why. */
export function renderTemplatePreview({ wanted, template, message }: TemplatePreview, output: Output): string {
  const colors = new Chalk({ level: output.hasColor ? 1 : 0 });
  const [title, text] =
    message.channel === 'sms'
      ? [`SMS · ${sizeWords(message)}`, message.body]
      : [`Call · voice ${message.voiceId}`, message.transcript];
  return [
    ...phoneBox(title, text, Math.min(output.columns, 76), colors.dim),
    `template: ${describeTemplate(template, wanted)}`,
    '',
  ].join('\n');
}
