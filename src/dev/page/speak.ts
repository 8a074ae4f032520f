import type { SpeechStep } from './speech-plan.ts';
import { pickVoice } from './voice-language.ts';

export interface SpeechListener {
  /** The word that is being said, by its step and its place there. */
  readonly onWord: (step: number, word: number) => void;
  /** Nobody speaks: the words go on by a timer. */
  readonly onSilent: (why: string) => void;
  readonly onEnd: () => void;
}

type Saying = SpeechStep & { readonly kind: 'say' };

/** 150 words a minute, as people speak; long words take longer. */
const wordMs = (word: string, rate: number) => (220 + 36 * word.trim().length) / rate;

/** A voice that has not begun by then will not: browsers keep silent about some of their failures. */
const beginsWithinMs = 4_000;

/**
 * Who has the browser's voice. There is one queue for all that a page says: two who speak at once would say their sentences
 * in turn, and whoever stops would silence the other.
 */
let speaker: { readonly fallSilent: () => void } | undefined;

/** Asks early: browsers look their voices up when they are first asked, and have none until then. */
export function prepareVoices(): void {
  globalThis.speechSynthesis?.getVoices();
}

/**
 * Says a plan with the browser's voice for the language, or lets its words go by on a timer where there is none; so does
 * who speaks already when somebody else begins.
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
  /** What is being said, and its next word. */
  let said: { readonly step: Saying; readonly at: number; readonly from: number } | undefined;
  const self = { fallSilent };

  const wait = (ms: number, then: () => void) => {
    clearTimeout(timer);
    timer = setTimeout(then, ms);
  };

  function silence(why: string, at: number): void {
    leaveVoice();
    listener.onSilent(why);
    next(at);
  }

  /** Another one speaks: from the word where this one was, or behind the pause, it goes on without being heard. */
  function fallSilent(): void {
    const rest = held === undefined ? undefined : said;
    if (rest !== undefined) clearTimeout(timer);
    leaveVoice();
    listener.onSilent('the browser says something else now');
    if (rest !== undefined && !ended) passWords(rest.step, rest.at, rest.from);
  }

  function leaveVoice(): void {
    voice = undefined;
    held = undefined;
    if (speaker !== self) return;
    speaker = undefined;
    synthesis?.cancel();
  }

  function next(at: number): void {
    const step = steps[at];
    if (ended) return;
    if (step === undefined) {
      ended = true;
      if (speaker === self) speaker = undefined;
      listener.onEnd();
    } else if (step.kind === 'pause') wait(step.ms, () => next(at + 1));
    else if (voice === undefined) passWords(step, at, 0);
    else sayAloud(step, at, voice);
  }

  function passWords(step: Saying, at: number, from: number): void {
    const word = step.words[from];
    if (word === undefined) next(at + 1);
    else {
      listener.onWord(at, from);
      wait(wordMs(word.text, step.rate), () => passWords(step, at, from + 1));
    }
  }

  function sayAloud(step: Saying, at: number, by: SpeechSynthesisVoice): void {
    const utterance = new SpeechSynthesisUtterance(step.text);
    utterance.lang = by.lang;
    utterance.voice = by;
    utterance.rate = step.rate;
    held = utterance;
    const onWord = (word: number) => {
      said = { step, at, from: word + 1 };
      listener.onWord(at, word);
    };
    said = { step, at, from: 0 };
    const isCurrent = () => !ended && held === utterance;
    utterance.addEventListener('start', () => {
      if (!isCurrent()) return;
      clearTimeout(timer);
      onWord(0);
    });
    utterance.addEventListener('boundary', ({ charIndex }) => {
      const word = step.words.findLastIndex((candidate) => candidate.at <= charIndex);
      if (isCurrent() && word >= 0) onWord(word);
    });
    utterance.addEventListener('end', () => {
      if (!isCurrent()) return;
      clearTimeout(timer);
      held = undefined;
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
  else {
    speaker?.fallSilent();
    speaker = self;
    next(0);
  }
  return () => {
    ended = true;
    clearTimeout(timer);
    leaveVoice();
  };
}
