import { voices } from '../../core/template.ts';
import { directionOf } from './direction.ts';
import { element } from './element.ts';
import { createHearButton } from './hear-button.ts';
import type { Preview } from './preview.ts';
import { voiceLanguage } from './voice-language.ts';
import { withCodes } from './with-codes.ts';

/** A text as the phone shows it, or as a listener would write it down. */
export function renderPreview(preview: Preview, locale: string): HTMLElement {
  if (preview.channel === 'sms') {
    const { body, parts, encoding } = preview;
    return element(
      'div',
      { class: 'preview' },
      element('p', { class: 'bubble', dir: directionOf(locale), lang: locale }, ...withCodes(body)),
      element(
        'p',
        { class: parts > 1 ? 'meta warn' : 'meta' },
        `SMS · ${[...body].length} characters · ${parts} ${parts === 1 ? 'part' : 'parts'} ${encoding}`,
      ),
    );
  }
  const { transcript, voiceId, ssml } = preview;
  return element(
    'div',
    { class: 'preview' },
    element('p', { class: 'bubble spoken', dir: directionOf(locale), lang: locale }, transcript),
    element(
      'p',
      { class: 'meta' },
      `Call · ${voiceId} speaks ${voices[voiceId]} `,
      createHearButton({ kind: 'ssml', value: ssml }, voiceLanguage(voiceId)),
    ),
  );
}
