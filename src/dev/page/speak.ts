import type { SpeechStep } from './speech-plan.ts';
import { pickVoice } from './voice-language.ts';

export interface SpeechListener {
  /** The word that is being said, by its step and its place there. */
  readonly onWord: (step: number, word: number) => void;
  /** Nobody speaks: the words go on by a timer. */
  readonly onSilent: (why: string) => void;
  readonly onEnd: () => void;
}

/** 150 words a minute, as people speak; long words take longer. */
const wordMs = (word: string, rate: number) => (220 + 36 * word.trim().length) / rate;

/** A voice that has not begun by then will not: browsers keep silent about some of their failures. */
const beginsWithinMs = 4_000;

/** Asks early: browsers look their voices up when they are first asked, and have none until then. */
export function prepareVoices(): void {
  globalThis.speechSynthesis?.getVoices();
}

/**
 * Says a plan with the browser's voice for the language, or lets its words go by on a timer where there is none.
 *
 * The function that comes back ends it.
 */
export function speak(steps: readonly SpeechStep[], language: string, listener: SpeechListener): () => void {
  const synthesis = globalThis.speechSynthesis;
  let voice = pickVoice(synthesis?.getVoices() ?? [], language);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let ended = false;
  /** An utterance that nobody holds may be collected before it ends. */
  let held: SpeechSynthesisUtterance | undefined;

  const wait = (ms: number, then: () => void) => {
    clearTimeout(timer);
    timer = setTimeout(then, ms);
  };

  function silence(why: string, at: number): void {
    voice = undefined;
    held = undefined;
    synthesis?.cancel();
    listener.onSilent(why);
    next(at);
  }

  function next(at: number): void {
    const step = steps[at];
    if (ended) return;
    if (step === undefined) {
      ended = true;
      listener.onEnd();
    } else if (step.kind === 'pause') wait(step.ms, () => next(at + 1));
    else if (voice === undefined) passWords(step, at, 0);
    else sayAloud(step, at, voice);
  }

  function passWords(step: SpeechStep & { readonly kind: 'say' }, at: number, from: number): void {
    const word = step.words[from];
    if (word === undefined) next(at + 1);
    else {
      listener.onWord(at, from);
      wait(wordMs(word.text, step.rate), () => passWords(step, at, from + 1));
    }
  }

  function sayAloud(step: SpeechStep & { readonly kind: 'say' }, at: number, by: SpeechSynthesisVoice): void {
    const utterance = new SpeechSynthesisUtterance(step.text);
    utterance.lang = by.lang;
    utterance.voice = by;
    utterance.rate = step.rate;
    held = utterance;
    const isCurrent = () => !ended && held === utterance;
    utterance.addEventListener('start', () => {
      if (!isCurrent()) return;
      clearTimeout(timer);
      listener.onWord(at, 0);
    });
    utterance.addEventListener('boundary', ({ charIndex }) => {
      const word = step.words.findLastIndex((candidate) => candidate.at <= charIndex);
      if (isCurrent() && word >= 0) listener.onWord(at, word);
    });
    utterance.addEventListener('end', () => {
      if (!isCurrent()) return;
      clearTimeout(timer);
      listener.onWord(at, step.words.length - 1);
      next(at + 1);
    });
    utterance.addEventListener('error', ({ error }) => {
      if (isCurrent()) silence(`its voice failed (${error})`, at);
    });
    wait(beginsWithinMs, () => silence('its voice does not begin', at));
    synthesis.speak(utterance);
  }

  if (voice === undefined) silence(`this browser has no voice for ${language}`, 0);
  else next(0);
  return () => {
    ended = true;
    held = undefined;
    clearTimeout(timer);
    synthesis?.cancel();
  };
}
