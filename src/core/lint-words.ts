import type { Remark } from './lint-rules.ts';
import { fillPlaceholders } from './template.ts';

/**
 * Shared shorteners: carriers block them, since nobody can see where they lead.
 * @see https://www.twilio.com/docs/api/errors/30963
 */
const shorteners = 'bit.ly buff.ly cutt.ly goo.gl is.gd ow.ly rb.gy rebrand.ly t.co t.ly tiny.cc tinyurl.com'.split(
  ' ',
);
const link = /:\/\/|\bwww\.|[\p{L}\p{N}}]\.\p{L}{2,}/iu;

/** Scripts whose letters look alike, so that one word of two of them deceives. https://www.unicode.org/reports/tr39/ */
const alike = ['Latin', 'Greek', 'Cyrillic', 'Armenian'];

/** Scripts that a language is written in beside the one that `Intl` names. https://www.unicode.org/iso15924/iso15924-codes.html */
const combined: Readonly<Record<string, readonly string[]>> = {
  Hans: ['Han'],
  Hant: ['Han'],
  Jpan: ['Han', 'Hira', 'Kana'],
  Kore: ['Hang', 'Han'],
};

/** Looks at the words of a text or of SSML, apart from how they are sent. */
export function lintWords(locale: string, written: string): readonly Remark[] {
  // Each tag leaves a space, so that words on both sides do not run into one.
  const words = written.replace(/<[^>]*>/g, ' ');
  return [...linkRemarks(words), ...digitRemarks(words), ...scriptRemarks(locale, words), ...nameRemarks(words)];
}

function linkRemarks(words: string): readonly Remark[] {
  const hosts: readonly string[] = words.toLowerCase().match(/[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/gu) ?? [];
  const shortener = shorteners.find((host) => hosts.includes(host));
  if (shortener !== undefined) {
    return [
      { rule: 'url-shortener', message: `links to ${shortener}, which carriers block`, fix: 'take the link out' },
    ];
  }
  if (!link.test(words)) return [];
  return [
    {
      rule: 'link',
      message: 'has what a phone makes a link of: people learn to follow links in codes, and carriers filter them',
      fix: 'take the link out; "autofillDomain" in settings.json binds a code to a site',
    },
  ];
}

function digitRemarks(words: string): readonly Remark[] {
  const digits = [...new Set<string>(words.match(/(?![0-9])\p{Nd}/gu) ?? [])];
  if (digits.length === 0) return [];
  return [
    {
      rule: 'foreign-digits',
      message: `has digits other than 0 to 9: ${digits.map(named).join(', ')}`,
      fix: 'write them as 0 to 9, as the code is written',
    },
  ];
}

function scriptRemarks(locale: string, words: string): readonly Remark[] {
  const texts = fillPlaceholders(words, () => ' ').match(/[\p{L}\p{M}]+/gu) ?? [];
  const mixed = texts.filter((word) => alike.filter((script) => uses(word, script)).length > 1);
  // Latin is at home everywhere: names and abbreviations such as SMS.
  const { script = '' } = new Intl.Locale(locale).maximize();
  const own = ['Latin', ...(combined[script] ?? [script])].map((name) => `\\p{Script_Extensions=${name}}`).join('');
  const foreign = new RegExp(`(?![${own}\\p{Script=Common}\\p{Script=Inherited}])[\\p{L}\\p{M}]`, 'gu');
  const letters = [...new Set([...texts.flatMap((word) => word.match(foreign) ?? []), ...mixed.flatMap(outsiders)])];
  if (letters.length === 0) return [];
  return [
    {
      rule: 'mixed-scripts',
      message: `has letters of another script: ${letters.map(named).join(', ')}`,
      fix: `write it with the letters of ${locale}; some of another script look the same`,
    },
  ];
}

const uses = (word: string, script: string) => new RegExp(`\\p{Script=${script}}`, 'u').test(word);

/** Of a word in several scripts the letters of the one that is used least. */
function outsiders(word: string): readonly string[] {
  const [least = []] = alike
    .flatMap((script) => {
      const letters: readonly string[] | null = word.match(new RegExp(`\\p{Script=${script}}`, 'gu'));
      return letters === null ? [] : [letters];
    })
    .toSorted((a, b) => a.length - b.length);
  return least;
}

function nameRemarks(words: string): readonly Remark[] {
  if (!/^\s*\{\{\s*firstName\s*\}\}/.test(words)) return [];
  return [
    {
      rule: 'first-name-first',
      message: 'begins with the first name: users choose theirs, many have none, and what follows is cut off',
      fix: 'put a word before {{firstName}}, or begin with {{otp}}',
    },
  ];
}

/** A character that cannot be told by its looks, with its code point. */
export const named = (character: string) =>
  `${/\p{Zs}/u.test(character) ? 'space' : character} (U+${codePoint(character)})`;

const codePoint = (character: string) =>
  [...character].map((one) => Number(one.codePointAt(0)).toString(16).toUpperCase().padStart(4, '0')).join(' ');
