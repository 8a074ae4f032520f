import { Chalk } from 'chalk';
import type { LanguageTemplates } from '../core/template.ts';
import type { Output } from './context.ts';

/** All texts of a language, as `templates show --json` prints them. */
export interface ShownLanguage extends LanguageTemplates {
  readonly file: string;
}

/** The texts as they are written, each below what it is for. */
export function renderLanguage({ file, reviewed, templates }: ShownLanguage, output: Output): string {
  const colors = new Chalk({ level: output.hasColor ? 1 : 0 });
  return [
    `${colors.bold(file)} ${reviewed ? 'reviewed' : 'not reviewed'}`,
    ...templates.flatMap((template) => {
      const voice = template.channel === 'voice' ? `, voice ${template.voiceId}` : '';
      return [
        '',
        colors.dim(`${template.channel} for ${template.requestType ?? 'every request type'}${voice}`),
        template.channel === 'sms' ? template.text : template.ssml,
      ];
    }),
    '',
  ].join('\n');
}
