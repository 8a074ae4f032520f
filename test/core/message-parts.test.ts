import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SmsEncoding } from '../../src/core/message-parts.ts';
import { charactersOutsideGsm7, smsSize } from '../../src/core/message-parts.ts';

const cyrillic = 'ж';
const emoji = '😀';

describe('the size of an SMS', () => {
  it.each<[string, string, SmsEncoding, number]>([
    ['nothing', '', 'GSM-7', 1],
    ['160 GSM-7 characters', 'a'.repeat(160), 'GSM-7', 1],
    ['161 GSM-7 characters', 'a'.repeat(161), 'GSM-7', 2],
    ['306 GSM-7 characters', 'a'.repeat(306), 'GSM-7', 2],
    ['307 GSM-7 characters', 'a'.repeat(307), 'GSM-7', 3],
    ['70 UCS-2 characters', cyrillic.repeat(70), 'UCS-2', 1],
    ['71 UCS-2 characters', cyrillic.repeat(71), 'UCS-2', 2],
    ['134 UCS-2 characters', cyrillic.repeat(134), 'UCS-2', 2],
    ['135 UCS-2 characters', cyrillic.repeat(135), 'UCS-2', 3],
    ['one such character among 69 others', `${'a'.repeat(69)}${cyrillic}`, 'UCS-2', 1],
    ['one such character among 70 others', `${'a'.repeat(70)}${cyrillic}`, 'UCS-2', 2],
  ])('of %s', (_, text, encoding, parts) => {
    expect(smsSize(text)).toEqual({ encoding, parts });
  });

  it.each<[string, string, number]>([
    ['80 of them fill a part', '€'.repeat(80), 1],
    ['81 of them do not fit', '€'.repeat(81), 2],
    ['one may be the last of the first part', `${'a'.repeat(151)}€${'a'.repeat(153)}`, 2],
    ['one is not split between parts, and so 306 units make three', `${'a'.repeat(152)}€${'a'.repeat(152)}`, 3],
  ])('counts an extension character twice: %s', (_, text, parts) => {
    expect(smsSize(text)).toEqual({ encoding: 'GSM-7', parts });
  });

  it.each<[string, string, number]>([
    ['35 of them fill a part', emoji.repeat(35), 1],
    ['36 of them do not fit', emoji.repeat(36), 2],
    ['one may be the last of the first part', `${cyrillic.repeat(65)}${emoji}${cyrillic.repeat(67)}`, 2],
    [
      'one is not split between parts, and so 134 units make three',
      `${cyrillic.repeat(66)}${emoji}${cyrillic.repeat(66)}`,
      3,
    ],
  ])('counts a surrogate pair twice: %s', (_, text, parts) => {
    expect(smsSize(text)).toEqual({ encoding: 'UCS-2', parts });
  });

  it('is at least what its units need, and grows with its text', () => {
    const text = fc.string({ unit: fc.constantFrom('a', '€', 'é', '\n', emoji, cyrillic, 'ç'), maxLength: 400 });
    fc.assert(
      fc.property(text, text, (one, more) => {
        const { encoding, parts } = smsSize(one + more);
        expect(parts).toBeGreaterThanOrEqual(smsSize(one).parts);
        const units = encoding === 'GSM-7' ? [...(one + more)].length : (one + more).length;
        const [alone, joined] = encoding === 'GSM-7' ? [160, 153] : [70, 67];
        expect(parts).toBeGreaterThanOrEqual(units <= alone ? 1 : Math.ceil(units / joined));
      }),
    );
  });
});

describe('the GSM-7 alphabet', () => {
  it('holds all printable ASCII but the backtick', () => {
    const ascii = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index));
    expect(charactersOutsideGsm7(ascii.join(''))).toEqual(['`']);
  });

  it('has 137 characters of the Basic Multilingual Plane: 127 and the ten of its extension', () => {
    const plane = Array.from({ length: 0x10000 }, (_, code) => code).filter((code) => code < 0xd800 || code > 0xdfff);
    const inside = plane.length - charactersOutsideGsm7(String.fromCharCode(...plane.slice(0, 30000))).length;
    const outside = charactersOutsideGsm7(String.fromCharCode(...plane.slice(30000))).length;
    expect(inside - outside).toBe(137);
  });

  it('has some accented letters and not others', () => {
    expect(charactersOutsideGsm7('àèéìòùÄÖÜäöüßñÑåÅæÆøØÉÇ¡¿§')).toEqual([]);
    expect(charactersOutsideGsm7('áíóúçâêîôûëïłšž')).toEqual([...'áíóúçâêîôûëïłšž']);
  });

  it('is left by a typographer’s quote as by an emoji, and each is named once', () => {
    expect(charactersOutsideGsm7(`It’s ${emoji}, isn’t it? ${emoji}`)).toEqual(['’', emoji]);
  });
});
