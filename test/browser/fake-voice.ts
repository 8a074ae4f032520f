import type { Page } from 'playwright-core';

/** What the page has asked the browser's voice to say. */
export interface Spoken {
  readonly text: string;
  readonly lang: string;
  readonly rate: number;
  /** Milliseconds by the page's clock since the one before has ended; 0 for the first. */
  readonly afterMs: number;
}

/**
 * Gives the page voices where the browser has none: an own `speechSynthesis` that writes down what it says, one utterance
 * after the other as the browser's queue does, each in no time unless `sentenceMs` is given. Everything between the page and this interface of the browser is real.
 */
export async function giveVoices(page: Page, langs: readonly string[], sentenceMs = 0): Promise<void> {
  await page.addInitScript(
    ({ available, sentenceMs }) => {
      const said: unknown[] = [];
      const cancelled: number[] = [];
      const queue: Utterance[] = [];
      let endedAt: number | undefined;
      class Utterance extends EventTarget {
        lang = '';
        voice: unknown = null;
        rate = 1;
        readonly text: string;
        constructor(text: string) {
          super();
          this.text = text;
        }
      }
      const synthesis = {
        getVoices: () => available.map((lang) => ({ lang, name: `voice of ${lang}` })),
        speak(utterance: Utterance) {
          queue.push(utterance);
          if (queue.length === 1) begin();
        },
        cancel() {
          cancelled.push(Date.now());
          const [speaking, ...waiting] = queue.splice(0);
          fail(speaking, 'interrupted');
          for (const utterance of waiting) fail(utterance, 'canceled');
        },
      };
      function begin(): void {
        const [utterance] = queue;
        if (utterance === undefined) return;
        const { text, lang, rate } = utterance;
        said.push({ text, lang, rate, afterMs: endedAt === undefined ? 0 : Date.now() - endedAt });
        const isSpeaking = () => queue[0] === utterance;
        const end = () => {
          if (!isSpeaking()) return;
          queue.shift();
          endedAt = Date.now();
          utterance.dispatchEvent(new Event('end'));
          begin();
        };
        queueMicrotask(() => {
          if (!isSpeaking()) return;
          utterance.dispatchEvent(new Event('start'));
          const words = [...text.matchAll(/\S+/g)];
          // One that takes its time has said its first half at once.
          for (const { index } of sentenceMs === 0 ? words : words.slice(0, words.length / 2)) {
            utterance.dispatchEvent(Object.assign(new Event('boundary'), { charIndex: index }));
          }
          if (sentenceMs === 0) end();
          else setTimeout(end, sentenceMs);
        });
      }
      function fail(utterance: Utterance | undefined, error: string): void {
        // Told later, as by a browser.
        queueMicrotask(() => utterance?.dispatchEvent(Object.assign(new Event('error'), { error })));
      }
      Object.defineProperty(globalThis, 'speechSynthesis', { value: synthesis });
      Object.defineProperty(globalThis, 'SpeechSynthesisUtterance', { value: Utterance });
      Object.defineProperty(globalThis, 'spoken', { value: { said, cancelled } });
    },
    { available: langs, sentenceMs },
  );
}

interface Notes {
  readonly said: readonly Spoken[];
  readonly cancelled: readonly number[];
}

/** What was said until now, and how often the voice was told to be quiet. */
export const spokenBy = async (page: Page): Promise<Notes> =>
  await page.evaluate(() => {
    const notes: unknown = Reflect.get(globalThis, 'spoken');
    // Written by the script above, which nothing else of this page knows of.
    return notes as Notes;
  });
