import type { Remark } from './lint-rules.ts';
import { named } from './lint-words.ts';
import { charactersOutsideGsm7, smsSize } from './message-parts.ts';

/**
 * Languages whose speakers read a text message without some of their accents, as nearly all senders write them; others
 * need 16 bits for their letters.
 */
const readInGsm7 = new Set('ca cy da de en es eu fi fil fr ga gl ht id it ms nb nl nn pl pt ro sv sw tr'.split(' '));

/** What stands for a character in 7 bits where taking the accent off is not enough. */
const replacements: ReadonlyMap<string, string> = new Map(
  Object.entries({
    '“': '"',
    '”': '"',
    '„': '"',
    '«': '"',
    '»': '"',
    '‘': "'",
    '’': "'",
    '‚': "'",
    '`': "'",
    '–': '-',
    '—': '-',
    '‑': '-',
    '−': '-',
    '…': '...',
    '•': '-',
    '·': '.',
    '\u00a0': ' ',
    '\u202f': ' ',
    '\u2009': ' ',
    '\t': ' ',
    ł: 'l',
    Ł: 'L',
    đ: 'd',
    Đ: 'D',
    ı: 'i',
    œ: 'oe',
    Œ: 'OE',
  }),
);

/** What a character becomes in GSM-7: `ó` → `o`, `“` → `"`; undefined where nothing stands for it. */
export function gsm7Replacement(character: string): string | undefined {
  const plain = replacements.get(character) ?? character.normalize('NFD').replace(/\p{M}/gu, '');
  return plain !== '' && charactersOutsideGsm7(plain).length === 0 ? plain : undefined;
}

/** The characters, each with what to write in its place. */
export const nameCharacters = (characters: readonly string[]): string =>
  characters
    .map((character) => {
      const replacement = gsm7Replacement(character);
      return named(character) + (replacement === undefined ? '' : ` → ${replacement === ' ' ? 'space' : replacement}`);
    })
    .join(', ');

/** Whether a language can do without the characters that force 16 bits. */
export function mayBeGsm7(locale: string, characters: readonly string[]): boolean {
  // Where no letter needs 16 bits, a dash or a quotation mark must not be what costs them.
  return readInGsm7.has(new Intl.Locale(locale).language) || !characters.some((one) => /[\p{L}\p{M}]/u.test(one));
}

/**
 * Looks at how an SMS is sent.
 *
 * @param body - the message as it goes out with the longest code
 */
export function lintSms(locale: string, written: string, body: string): readonly Remark[] {
  const { encoding, parts } = smsSize(body);
  const forcing = charactersOutsideGsm7(written);
  const costly = forcing.length > 0 && mayBeGsm7(locale, forcing);
  const remarks: Remark[] = [];
  if (parts > 1) {
    remarks.push({
      rule: 'sms-parts',
      message: `is ${parts} message parts with a code of 8 digits (${encoding}), each of which is charged for`,
      fix: costly ? `shorten it, or write it in GSM-7: ${nameCharacters(forcing)}` : 'shorten it to one part',
    });
  }
  if (costly) {
    remarks.push({
      rule: 'sms-encoding',
      message: `needs UCS-2, 70 characters a part in place of 160, for ${forcing.map(named).join(', ')}`,
      fix: `write it in GSM-7: ${nameCharacters(forcing)}`,
    });
  }
  return remarks;
}
