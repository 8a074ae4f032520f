import { parseLocale } from './locale.ts';

/** Languages that people also call by their own names, beside the English ones: `Español`. */
const calledByThemselves =
  'ar ca cs cy da de el en es fi fr he hi ht hu id is it ja ko ms nb nl pl pt ro ru sv th tr uk vi zh'.split(' ');

/** Those with a name of their own that says more than the language: `Brazilian Portuguese`. */
const withRegion =
  'de-AT de-CH en-AU en-CA en-GB en-US es-419 es-ES es-MX fr-CA fr-CH pt-BR pt-PT zh-Hans zh-Hant'.split(' ');

const alphabet = [...'abcdefghijklmnopqrstuvwxyz'];

/** Tags by the names that Unicode has for them. https://cldr.unicode.org/translation/displaynames/languagelocale-names */
const byName: ReadonlyMap<string, string> = new Map(
  (['dialect', 'standard'] as const)
    .flatMap((languageDisplay) => {
      const english = new Intl.DisplayNames(['en'], { type: 'language', fallback: 'none', languageDisplay });
      const namesOf = (tag: string) => [
        english.of(tag),
        ...(calledByThemselves.includes(tag) ? [new Intl.DisplayNames([tag], { type: 'language' }).of(tag)] : []),
      ];
      const tags = [...alphabet.flatMap((first) => alphabet.map((second) => first + second)), ...withRegion];
      return tags.flatMap((tag) =>
        namesOf(tag).flatMap((name) => (name === undefined ? [] : [[spelling(name), parseLocale(tag)] as const])),
      );
    })
    .filter((entry): entry is readonly [string, string] => entry[1] !== undefined),
);

function spelling(name: string): string {
  return name.normalize('NFKC').trim().toLowerCase().replace(/\s+/g, ' ');
}

/** Reads a language however it is written: a tag (`es_MX`, `spa`), or its name (`Spanish`, `Español`); undefined for neither. */
export function parseLanguage(written: string): string | undefined {
  const locale = parseLocale(written);
  // By its form `spanish` could be a tag; no language has one that is longer than three letters.
  // https://www.rfc-editor.org/rfc/rfc5646#section-2.2.1
  return locale !== undefined && /^[a-z]{2,3}(-|$)/.test(locale) ? locale : byName.get(spelling(written));
}
