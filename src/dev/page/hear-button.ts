import type { Script } from '../../local/phone.ts';
import { button, element } from './element.ts';
import { speak } from './speak.ts';
import { planSpeech } from './speech-plan.ts';

let stopOther = () => {};

/** A button that lets the browser say a text, and says so where it has no voice for that. */
export function createHearButton(script: Script, language: string): HTMLElement {
  const words = element('span', { class: 'warn', role: 'status' });
  const hear = button('Hear it', toggle, { class: 'small', 'aria-pressed': 'false' });
  let stop: (() => void) | undefined;

  function end(): void {
    stop?.();
    stop = undefined;
    hear.textContent = 'Hear it';
    hear.setAttribute('aria-pressed', 'false');
  }
  function toggle(): void {
    if (stop === undefined) begin();
    else end();
  }
  function begin(): void {
    stopOther();
    stopOther = end;
    hear.textContent = 'Stop';
    hear.setAttribute('aria-pressed', 'true');
    words.textContent = '';
    let isSilent = false;
    const begun = speak(planSpeech(script, language), language, {
      onWord: () => {},
      onSilent(why) {
        isSilent = true;
        words.textContent = `Nothing is heard: ${why}.`;
        // Without words to look at there is nothing to wait for.
        if (stop !== undefined) end();
      },
      onEnd: end,
    });
    stop = begun;
    if (isSilent) end();
  }
  return element('span', { class: 'hear' }, hear, words);
}
