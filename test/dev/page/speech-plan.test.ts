import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SpeechStep } from '../../../src/dev/page/speech-plan.ts';
import { planSpeech } from '../../../src/dev/page/speech-plan.ts';
import { marked } from '../../support/marked.ts';

const plan = (inside: string, locale = 'en-US') =>
  planSpeech({ kind: 'ssml', value: `<speak>${inside}</speak>` }, locale);
/** `word word | 500 | word`, each word as it is shown. */
const written = (steps: readonly SpeechStep[]) =>
  steps.map((step) => (step.kind === 'pause' ? `${step.ms}` : step.text)).join(' | ');
const ratesOf = (steps: readonly SpeechStep[]) =>
  steps.flatMap((step) => (step.kind === 'say' ? [`${step.text} ${step.rate}`] : []));

describe('a call is said', () => {
  it('word by word where it is plain text', () => {
    expect(planSpeech({ kind: 'text', value: ' Your  code,\n please ' }, 'en-US')).toEqual([
      {
        kind: 'say',
        text: 'Your code, please',
        rate: 1,
        words: [
          { text: 'Your ', at: 0 },
          { text: 'code, ', at: 5 },
          { text: 'please', at: 11 },
        ],
      },
    ]);
  });

  it.each([
    ['<break time="600ms"/>', 600],
    ['<break time="1s"/>', 1000],
    ['<break time="1.5s"/>', 1500],
    ['<break time=".5s"/>', 500],
    ['<break time="+20ms"/>', 20],
    ['<break strength="weak"/>', 250],
    ['<break strength="medium"/>', 250],
    ['<break strength="strong"/>', 500],
    ['<break strength="x-strong"/>', 900],
    ['<break/>', 250],
    ['<break time="300ms"/><break time="1s"/>', 1000],
    ['<break time="1s"/><break time="300ms"/>', 1000],
  ])('with the pause of %s', (pause, ms) => {
    expect(plan(`one${pause}two`)).toMatchObject([
      { kind: 'say', text: 'one' },
      { kind: 'pause', ms },
      { kind: 'say', text: 'two' },
    ]);
  });

  it.each(['none', 'x-weak', 'loud'])('without a pause where the strength of a break is %s', (strength) => {
    expect(written(plan(`one<break strength="${strength}"/>two`))).toBe('one | two');
  });

  it('with a pause behind sentences, and a longer one behind paragraphs', () => {
    expect(written(plan('<s>one</s><s>two</s><p>three</p>four'))).toBe('one | 500 | two | 500 | three | 900 | four');
    expect(written(plan('<p><s>one</s></p>two'))).toBe('one | 900 | two');
  });

  it.each(['digits', 'characters', 'spell-out'])('sign by sign where it is read as %s', (reading) => {
    const steps = plan(`Code: <say-as interpret-as="${reading}">${marked.otp}</say-as>.`);
    expect(written(steps)).toBe(`Code: | ${[...marked.otp].join(' | ')}.`);
  });

  it('as a number where nothing says that it is spelled, and by other readings', () => {
    expect(written(plan('1234'))).toBe('1234');
    expect(written(plan('<say-as interpret-as="cardinal">1234</say-as>'))).toBe('1234');
  });

  it('spelled also inside of other elements, and no longer than to the end of its own', () => {
    const steps = plan('<say-as interpret-as="digits"><emphasis>12</emphasis></say-as><emphasis>34</emphasis>');
    expect(written(steps)).toBe('1 | 2 | 34');
  });

  it('with what stands for a word, and without the word', () => {
    expect(written(plan('Hello <sub alias="Example Corporation">Ex<b>ample</b></sub> now'))).toBe(
      'Hello | Example Corporation | now',
    );
    expect(written(plan('<sub>kept</sub>'))).toBe('kept');
  });

  it('at the rate that is written, inside of another one a percentage of that', () => {
    const steps = plan(
      'as ever <prosody rate="slow">slow <prosody rate="50%">slower</prosody> slow again</prosody> as before',
    );
    expect(ratesOf(steps)).toEqual(['as ever 1', 'slow 0.75', 'slower 0.375', 'slow again 0.75', 'as before 1']);
  });

  it.each([
    ['x-slow', 0.5],
    ['slow', 0.75],
    ['medium', 1],
    ['fast', 1.25],
    ['x-fast', 1.75],
    ['80%', 0.8],
    ['0%', 0.1],
    ['5000%', 10],
    ['whatever', 1],
  ])('at %s', (rate, factor) => {
    expect(ratesOf(plan(`<prosody rate="${rate}">word</prosody>`))).toEqual([`word ${factor}`]);
  });

  it('at the rate around it where a prosody is of the pitch alone', () => {
    expect(ratesOf(plan('<prosody rate="slow"><prosody pitch="high">word</prosody></prosody>'))).toEqual(['word 0.75']);
  });

  it('with a stop behind a code on the code, and its place in the text right', () => {
    const steps = plan('<say-as interpret-as="digits">12</say-as>. Bye');
    expect(written(steps)).toBe('1 | 2. | Bye');
    expect(written(plan('<say-as interpret-as="digits">12</say-as>。さようなら', 'ja-JP'))).toBe(
      '1 | 2。 | さようなら',
    );
    expect(written(plan('<say-as interpret-as="digits">12</say-as> ¿Listo?', 'es-ES'))).toBe('1 | 2 | ¿Listo?');
    expect(plan('Hello <break/> ... <break/> you')).toMatchObject([
      { text: 'Hello...', words: [{ text: 'Hello...', at: 0 }] },
      { kind: 'pause' },
      { text: 'you' },
    ]);
  });

  it('in the words of a language that writes no spaces', () => {
    const [step] = plan('認証コードは次のとおりです。', 'ja-JP');
    expect(step?.kind === 'say' && step.words.length).toBeGreaterThan(2);
  });

  it('not at all where the SSML is no XML, or says nothing', () => {
    expect(planSpeech({ kind: 'ssml', value: '<speak>no end' }, 'en-US')).toEqual([]);
    expect(plan(' \n ')).toEqual([]);
  });

  it('with the entities as what they stand for', () => {
    expect(written(plan('Fish &amp; chips'))).toBe('Fish & chips');
  });
});

it('the words of a step make up its text, each where it says it stands', () => {
  const signs = fc.constantFrom('a', 'é', ' ', '.', '1', '¿', '漢', 'ע', '-', '\n', '🙂', "'");
  fc.assert(
    fc.property(fc.array(signs, { maxLength: 40 }), fc.constantFrom('en-US', 'ja-JP', 'he-IL'), (text, locale) => {
      for (const step of planSpeech({ kind: 'text', value: text.join('') }, locale)) {
        if (step.kind !== 'say') throw new Error('plain text has no pauses');
        expect(step.words.map((word) => word.text).join('')).toBe(step.text);
        for (const word of step.words) expect(step.text.startsWith(word.text, word.at)).toBe(true);
      }
    }),
  );
});
