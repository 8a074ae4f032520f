import { parseSsml } from '../../core/ssml.ts';
import type { Script } from '../../local/phone.ts';

/** What a voice does next: says words at a rate (1 is its own), or nothing for a while. */
export type SpeechStep =
  | { readonly kind: 'say'; readonly text: string; readonly rate: number; readonly words: readonly SpokenWord[] }
  | { readonly kind: 'pause'; readonly ms: number };

export interface SpokenWord {
  /** With the punctuation and the space behind it: all words of a step make up its text. */
  readonly text: string;
  /** Where it begins in the step's text, as a voice tells how far it is. */
  readonly at: number;
}

/** As Polly pauses around commas, sentences and paragraphs. https://docs.aws.amazon.com/polly/latest/dg/break-tag.html */
const strengths: Readonly<Record<string, number>> = {
  none: 0,
  'x-weak': 0,
  weak: 250,
  medium: 250,
  strong: 500,
  'x-strong': 900,
};

/** Polly's own words for a rate. https://docs.aws.amazon.com/polly/latest/dg/prosody-tag.html */
const rates: Readonly<Record<string, number>> = {
  'x-slow': 0.5,
  slow: 0.75,
  medium: 1,
  fast: 1.25,
  'x-fast': 1.75,
};

/** The readings in which a voice says one character after the other. https://docs.aws.amazon.com/polly/latest/dg/say-as-tag.html */
const spelling: readonly string[] = ['characters', 'spell-out', 'digits'];

interface Around {
  readonly rate: number;
  readonly spelled: boolean;
  /** Inside of what something else is said for. */
  readonly silent: boolean;
}

/** Plans how a call is said, step by step: from its SSML, or from plain text. */
export function planSpeech({ kind, value }: Script, locale: string): readonly SpeechStep[] {
  const segmenter = new Intl.Segmenter(locale, { granularity: 'word' });
  const pieces: (Piece | number)[] = [];
  if (kind === 'text') pieces.push({ text: value, rate: 1 });
  else readSsml(value, pieces);
  return toSteps(pieces, segmenter);
}

interface Piece {
  readonly text: string;
  readonly rate: number;
}

function readSsml(ssml: string, pieces: (Piece | number)[]): void {
  const parsed = parseSsml(ssml);
  const open: { readonly name: string; readonly around: Around }[] = [];
  let around: Around = { rate: 1, spelled: false, silent: false };
  for (const token of parsed.ok ? parsed.value : []) {
    switch (token.kind) {
      case 'text':
        if (around.silent) break;
        if (around.spelled)
          for (const sign of token.text.replace(/\s/g, '')) pieces.push({ text: sign, rate: around.rate });
        else pieces.push({ text: token.text, rate: around.rate });
        break;
      case 'open': {
        open.push({ name: token.name, around });
        const attribute = (name: string) => token.attributes.get(name) ?? '';
        const alias = token.name === 'sub' ? token.attributes.get('alias') : undefined;
        if (alias !== undefined && !around.silent) pieces.push({ text: alias, rate: around.rate });
        if (token.name === 'break') pieces.push(breakMs(attribute('time'), attribute('strength')));
        const isSpelling = token.name === 'say-as' && spelling.includes(attribute('interpret-as'));
        around = {
          rate: token.name === 'prosody' ? rateOf(attribute('rate'), around.rate) : around.rate,
          spelled: around.spelled || isSpelling,
          silent: around.silent || alias !== undefined,
        };
        break;
      }
      case 'close':
        if (token.name === 's') pieces.push(strengths['strong'] ?? 0);
        if (token.name === 'p') pieces.push(strengths['x-strong'] ?? 0);
        around = open.pop()?.around ?? around;
    }
  }
}

function breakMs(time: string, strength: string): number {
  const [, amount, unit] = /^\+?(\d*\.?\d+)(ms|s)$/.exec(time) ?? [];
  if (amount !== undefined) return Number(amount) * (unit === 's' ? 1000 : 1);
  return strengths[strength === '' ? 'medium' : strength] ?? 0;
}

/** A percentage is of the rate around it; a browser's voice knows 0.1 to 10. */
function rateOf(written: string, around: number): number {
  const [, percent] = /^\+?(\d*\.?\d+)%$/.exec(written) ?? [];
  const rate = percent === undefined ? (rates[written] ?? around) : (Number(percent) / 100) * around;
  return Math.min(10, Math.max(0.1, rate));
}

/** Signs that end what was said before: they stand alone, or are those of Chinese and Japanese, which take no space. */
const endOfSentence = /^(?:[^\p{L}\p{N}\s]+(?=\s|$)|[、。，！？；：」』）]+)/u;

function toSteps(pieces: readonly (Piece | number)[], segmenter: Intl.Segmenter): readonly SpeechStep[] {
  const steps: SpeechStep[] = [];
  for (const piece of pieces) {
    if (typeof piece === 'number') {
      const before = steps.at(-1);
      if (piece > 0) steps.push({ kind: 'pause', ms: piece });
      // Two breaks in a row are as long as the longer one is, not as both.
      if (piece > 0 && before?.kind === 'pause') steps.splice(-2, 2, { kind: 'pause', ms: Math.max(before.ms, piece) });
      continue;
    }
    let text = piece.text.replace(/\s+/g, ' ').trim();
    const said = steps.findLastIndex(({ kind }) => kind === 'say');
    const before = steps[said];
    const [stop] = endOfSentence.exec(text) ?? [];
    if (stop !== undefined && before?.kind === 'say') {
      // A full stop behind a code: nobody hears it, but it is to be read.
      steps[said] = withWords(before.text + stop, before.rate, segmenter);
      text = text.slice(stop.length).trim();
    }
    if (text !== '') steps.push(withWords(text, piece.rate, segmenter));
  }
  return steps;
}

function withWords(text: string, rate: number, segmenter: Intl.Segmenter): SpeechStep {
  const words: SpokenWord[] = [];
  for (const { segment, index, isWordLike } of segmenter.segment(text)) {
    const last = words.at(-1);
    if (last === undefined || (isWordLike === true && /[\p{L}\p{N}]/u.test(last.text))) {
      words.push({ text: segment, at: index });
    } else words[words.length - 1] = { ...last, text: last.text + segment };
  }
  return { kind: 'say', text, rate, words };
}
