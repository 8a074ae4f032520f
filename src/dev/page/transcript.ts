import { directionOf } from './direction.ts';
import { element } from './element.ts';
import type { SpeechStep } from './speech-plan.ts';

/** The words of a call, which show as they are said; until then their place is kept, so that nothing moves. */
export interface Transcript {
  readonly element: HTMLElement;
  reveal(step: number, word: number): void;
  revealAll(): void;
}

export function createTranscript(steps: readonly SpeechStep[], language: string): Transcript {
  const shown = element('p', { class: 'transcript', dir: directionOf(language), lang: language });
  const words: { readonly step: number; readonly word: number; readonly span: HTMLElement }[] = [];
  for (const [step, planned] of steps.entries()) {
    if (planned.kind === 'pause') continue;
    if (words.length > 0) shown.append(' ');
    for (const [word, { text }] of planned.words.entries()) {
      const span = element('span', { class: 'word' }, text);
      words.push({ step, word, span });
      shown.append(span);
    }
  }
  let said = 0;
  const sayUntil = (end: number) => {
    words[said - 1]?.span.classList.remove('now');
    for (; said < end; said += 1) words[said]?.span.classList.add('said');
  };
  return {
    element: shown,
    reveal(step, word) {
      const at = words.findIndex((candidate) => candidate.step === step && candidate.word === word);
      if (at < said) return;
      sayUntil(at + 1);
      words[at]?.span.classList.add('now');
    },
    revealAll: () => sayUntil(words.length),
  };
}
