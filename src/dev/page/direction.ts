/**
 * The scripts that are written from the right and that some language still uses.
 * @see https://www.unicode.org/reports/tr9/#Bidirectional_Character_Types (R and AL), by https://www.unicode.org/iso15924/
 */
const fromTheRight: ReadonlySet<string> = new Set([
  'Adlm',
  'Arab',
  'Aran',
  'Hebr',
  'Mand',
  'Nkoo',
  'Rohg',
  'Samr',
  'Syrc',
  'Thaa',
  'Yezi',
]);

/**
 * The direction in which a language is written; from the left for what is no language tag.
 *
 * Not left to `dir=auto`: that goes by the first letter, which in a text like `{{otp}} هو رمز …` is one of the placeholder.
 * Nor to `Intl.Locale`'s text info, which Firefox does not have.
 */
export function directionOf(locale: string): 'ltr' | 'rtl' {
  try {
    return fromTheRight.has(new Intl.Locale(locale).maximize().script ?? '') ? 'rtl' : 'ltr';
  } catch {
    return 'ltr';
  }
}
