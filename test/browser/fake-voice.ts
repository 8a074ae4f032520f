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
 * Gives the page voices where the browser has none: an own `speechSynthesis` that writes down what it is to say, and says
 * a sentence in no time. Everything between the page and this interface of the browser is real.
 */
export async function giveVoices(page: Page, langs: readonly string[]): Promise<void> {
  await page.addInitScript((available) => {
    const said: unknown[] = [];
    const cancelled: number[] = [];
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
        const { text, lang, rate } = utterance;
        said.push({ text, lang, rate, afterMs: endedAt === undefined ? 0 : Date.now() - endedAt });
        queueMicrotask(() => {
          utterance.dispatchEvent(new Event('start'));
          for (const { index } of text.matchAll(/\S+/g)) {
            utterance.dispatchEvent(Object.assign(new Event('boundary'), { charIndex: index }));
          }
          endedAt = Date.now();
          utterance.dispatchEvent(new Event('end'));
        });
      },
      cancel: () => cancelled.push(Date.now()),
    };
    Object.defineProperty(globalThis, 'speechSynthesis', { value: synthesis });
    Object.defineProperty(globalThis, 'SpeechSynthesisUtterance', { value: Utterance });
    Object.defineProperty(globalThis, 'spoken', { value: { said, cancelled } });
  }, langs);
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
