import { SegmentedMessage } from 'sms-segments-calculator';
import { expect, it } from 'vitest';
import { smsSize } from '../../src/core/message-parts.ts';

const basic = [...'@£$¥èéùìòÇ\nØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0129:;<=>?¡AZÄÖÑÜ§¿azäöñüà'];
const extension = [...'^{}\\[~]|€'];
const wide = [...'çół“”→код日本語ノ한글مرحبا', '\u200f'];
const pairs = ['😀', '𝟙', '𠮷'];
/** Several code points that a reader takes for one character. */
const clusters = ['e\u0301', 'कि', 'น้ำ', '👨‍👩‍👧', '🇪🇸'];

/** Numbers from 0 to below a limit, the same in every run. https://en.wikipedia.org/wiki/Linear_congruential_generator */
function createRandom(seed: number) {
  let state = seed;
  return (limit: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

// One part and its neighbours, several parts and theirs, and anything.
const boundaries = [67, 70, 134, 153, 160, 201, 306, 459];

const random = createRandom(20_260_101);
const pick = <T>(some: readonly T[], fallback: T): T => some[random(some.length)] ?? fallback;

/** Texts around the boundaries, their characters drawn from alphabets. */
function drawTexts(alphabets: readonly (readonly string[])[]): readonly string[] {
  return Array.from({ length: 250 }, () => {
    const length = Math.max(1, pick(boundaries, 1) - 4 + random(9));
    let text = '';
    while (text.length < length) text += pick(pick(alphabets, basic), 'a');
    return text;
  });
}

const peerSize = (text: string) => {
  const peer = new SegmentedMessage(text, 'auto', false);
  return { encoding: peer.encodingName, parts: peer.segmentsCount };
};

it.each([
  ['the basic characters of GSM-7', [basic]],
  ['the extension of GSM-7', [basic, extension]],
  ['UCS-2', [basic, wide]],
  ['surrogate pairs', [basic, pairs]],
  ['all of them', [basic, extension, wide, pairs]],
])('counts parts as another calculator does, with %s', (_, alphabets) => {
  for (const text of drawTexts(alphabets)) expect(smsSize(text), JSON.stringify(text)).toEqual(peerSize(text));
});

// The other one never splits what a reader takes for one character; what AWS documents of parts says nothing of that.
it('counts combining marks and joined emoji alike but where such a character lies across the end of a part', () => {
  let alike = 0;
  const texts = drawTexts([basic, clusters]);
  for (const text of texts) {
    const [own, peer] = [smsSize(text), peerSize(text)];
    expect(own.encoding, JSON.stringify(text)).toBe(peer.encoding);
    expect([peer.parts, peer.parts - 1], JSON.stringify(text)).toContain(own.parts);
    if (text.length <= 70) expect(own.parts, JSON.stringify(text)).toBe(peer.parts);
    if (own.parts === peer.parts) alike += 1;
  }
  expect(alike / texts.length).toBeGreaterThan(0.7);
});
