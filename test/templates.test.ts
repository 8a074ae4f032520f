import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { decode } from '../src/core/decode.ts';
import { parseLocale } from '../src/core/locale.ts';
import { smsSize } from '../src/core/message-parts.ts';
import type { RenderValues } from '../src/core/render.ts';
import { renderMessage } from '../src/core/render.ts';
import { Secret } from '../src/core/secret.ts';
import { parseSsml } from '../src/core/ssml.ts';
import type { Template } from '../src/core/template.ts';
import { fillPlaceholders, languageTemplates, voices } from '../src/core/template.ts';
import { hear } from '../src/local/end-user-messaging/speech.ts';
import { valueIn } from './support/decoded.ts';

const folder = join(import.meta.dirname, '..', 'templates');
const shipped = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => {
    const written: unknown = JSON.parse(readFileSync(join(folder, name), 'utf8'));
    return { name, ...valueIn(decode(languageTemplates, written)) };
  });
const locales = shipped.map(({ locale }) => locale);
const templates = shipped.flatMap((language) => language.templates);
const titled = <T extends Template>(some: readonly T[]) =>
  some.map((template) => [`${template.locale} ${template.requestType ?? 'general'}`, template] as const);
const texts = titled(templates.filter((template) => template.channel === 'sms'));
const calls = titled(templates.filter((template) => template.channel === 'voice'));

/** What Okta translates its own messages into. https://developer.okta.com/docs/guides/custom-email/main/ */
const oktaLocales =
  'cs da de el en es fi fr ht hu id it ja ko ms nb nl-NL pl pt-BR ro ru sv th tr uk vi zh-CN zh-TW'.split(' ');

/** Languages that can be written in 7 bits, which makes the part 160 characters long; all others need 16. */
const sevenBits =
  'cy da de en en-AU en-GB en-IN es es-MX es-US fi fr fr-CA ht id it ms nb nl-NL pl pt-BR pt-PT ro sv tr'.split(' ');

/** The longest code that Okta sends has eight digits; most have six. */
const otp = new Secret('12345678');
const values: RenderValues = { otp, minutes: 5, firstName: undefined, org: 'Example Corp', autofillDomain: undefined };
const render = (template: Template, given: Partial<RenderValues> = {}) =>
  renderMessage(template, { ...values, ...given }).body.reveal();

const languageOf = (locale: string) => new Intl.Locale(locale).language;
/** `arb` and `cmn-CN` are how the service calls `ar` and `zh-CN`. */
const spoken = Object.values(voices).map((language) => parseLocale(language) ?? language);

/** Scripts that a language is written in beside the one that `Intl` names. https://www.unicode.org/iso15924/iso15924-codes.html */
const scripts: Readonly<Record<string, readonly string[]>> = {
  Hans: ['Han'],
  Hant: ['Han'],
  Jpan: ['Han', 'Hira', 'Kana'],
  Kore: ['Hang'],
};

/** What a reader would stumble over, or a phone would make a link of, in what a person wrote: no markup, no values. */
function flawsIn(locale: string, written: string): readonly string[] {
  const words = fillPlaceholders(written.replace(/<[^>]*>/g, ' '), () => '#');
  const { script = '' } = new Intl.Locale(locale).maximize();
  const own = (scripts[script] ?? [script]).map((name) => `\\p{Script_Extensions=${name}}`).join('');
  const flaws: readonly (readonly [string, RegExp])[] = [
    ['another script', new RegExp(`(?![${own}])[\\p{L}\\p{M}]`, 'u')],
    ['a digit of its own', /\p{N}/u],
    ['something invisible', /[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/u],
    ['a link', /:\/\/|www\.|[\p{L}#]\.[\p{L}#]/iu],
    ['a curly quote', /[‘’‚“”„]/],
    ['a brace or an entity left over', /[{}&]/],
  ];
  return [
    ...flaws.flatMap(([flaw, pattern]) => (pattern.test(words) ? [flaw] : [])),
    ...(/^\s|\s$|\s{2}/.test(written) ? ['space without need'] : []),
    ...(words === words.normalize('NFC') ? [] : ['letters taken apart']),
  ];
}

describe('the shipped languages', () => {
  it('are named as their files are', () => {
    expect(shipped.map(({ name }) => name)).toEqual(locales.map((locale) => `${locale}.json`));
  });

  it('are all those that Okta has, and one for every language and accent of a voice', () => {
    expect(oktaLocales).toHaveLength(28);
    expect(oktaLocales.filter((locale) => !locales.includes(locale))).toEqual([]);
    const heard = new Set(calls.map(([, call]) => voices[call.voiceId]));
    expect(Object.values(voices).filter((language) => !heard.has(language))).toEqual([]);
  });

  it('go without a call only where the service has no voice', () => {
    const mute = shipped.filter((language) => language.templates.every(({ channel }) => channel === 'sms'));
    const voiceless = locales.filter((locale) => !spoken.map(languageOf).includes(languageOf(locale)));
    expect(mute.map(({ locale }) => locale)).toEqual(voiceless);
  });

  it('are each written in their own script, with nothing that a phone would make a link of', () => {
    const flaws = templates.flatMap((template) =>
      flawsIn(template.locale, template.channel === 'sms' ? template.text : template.ssml).map(
        (flaw) => `${template.locale} ${template.channel}: ${flaw}`,
      ),
    );
    expect(flaws).toEqual([]);
  });

  it.each([
    ['a Cyrillic а', 'en', 'Your cоde is {{otp}}', 'another script'],
    ['a Latin a', 'ru', 'Вaш код: {{otp}}', 'another script'],
    ['a hiragana', 'zh-CN', '验证码は{{otp}}', 'another script'],
    ['a full-width digit', 'ja', '{{otp}} は５分間有効です。', 'a digit of its own'],
    ['an Arabic digit', 'ar', 'صالح لمدة ٥ دقائق {{otp}}', 'a digit of its own'],
    ['a direction mark', 'ar', '{{otp}}\u200f رمز', 'something invisible'],
    ['a no-break space', 'fr', 'Code\u00a0: {{otp}}', 'something invisible'],
    ['a domain', 'en', '{{otp}} at example.com', 'a link'],
    ['a name that becomes a domain', 'en', '{{otp}} at {{org}}.com', 'a link'],
    ['an address', 'en', '{{otp}} https://{{org}}', 'a link'],
    ['a curly apostrophe', 'fr', 'Voici l’unique code {{otp}}', 'a curly quote'],
    ['a single brace', 'en', '{{otp}} for {org}', 'a brace or an entity left over'],
    ['a double space', 'en', '{{otp}}  is your code', 'space without need'],
    ['a combining accent', 'vi', 'ma\u0303 {{otp}}', 'letters taken apart'],
  ])('would not pass with %s', (_, locale, written, flaw) => {
    expect(flawsIn(locale, written)).toContain(flaw);
  });
});

describe('a shipped SMS', () => {
  it.each(texts)('in %s is one part and holds the code once', (_, text) => {
    expect(render(text).split(otp.reveal())).toHaveLength(2);
    expect(smsSize(render(text)).parts).toBe(1);
    // What a catalog without settings calls the organization.
    expect(smsSize(render(text, { org: 'your organization' })).parts).toBe(1);
  });

  it.each(texts)('in %s is written in 7 bits exactly if its language can be', (_, text) => {
    expect(smsSize(render(text)).encoding).toBe(sevenBits.includes(text.locale) ? 'GSM-7' : 'UCS-2');
  });
});

// https://docs.aws.amazon.com/polly/latest/dg/supportedtags.html
const elements = ['speak', 'prosody', 'break', 'say-as', 'p', 's', 'lang', 'emphasis', 'sub', 'w', 'phoneme'];

describe('a shipped call', () => {
  it.each(calls)('in %s has a voice of that language, with the accent of the country if there is one', (_, call) => {
    const voice = parseLocale(voices[call.voiceId]) ?? '';
    expect(languageOf(voice)).toBe(languageOf(call.locale));
    if (spoken.includes(call.locale)) expect(voice).toBe(call.locale);
  });

  it.each(calls)('in %s says the code twice, digit by digit, in elements that the voice knows', (_, call) => {
    for (const firstName of [undefined, new Secret('Ana')]) {
      const value = render(call, { firstName });
      const tokens = valueIn(parseSsml(value));
      expect(tokens[0]).toMatchObject({ kind: 'open', name: 'speak' });
      const used = tokens.flatMap((token) => (token.kind === 'open' ? [token.name] : []));
      expect(used.filter((name) => !elements.includes(name))).toEqual([]);
      const digits = [...otp.reveal()].join(', ');
      expect(hear({ kind: 'ssml', value }).split(digits)).toHaveLength(3);
    }
  });

  it.each(calls)('in %s is as short as the service allows', (_, call) => {
    const value = render(call, { org: 'x'.repeat(64), firstName: new Secret('x'.repeat(64)) });
    const billed = valueIn(parseSsml(value)).reduce(
      (sum, token) => sum + (token.kind === 'text' ? token.text.length : 0),
      0,
    );
    // 6,000 characters with markup, 3,000 without. https://docs.aws.amazon.com/polly/latest/dg/limits.html
    expect(value.length).toBeLessThanOrEqual(6000);
    expect(billed).toBeLessThan(3000);
  });

  it.each(calls)('in %s leaves no gap where there is no first name', (_, call) => {
    const [greeting = ''] = render(call)
      .replace(/<(?!say-as)[^>]*>/g, '')
      .split('<say-as');
    expect(greeting).toMatch(/^[\p{L}\p{M}]/u);
    expect(greeting).not.toMatch(/\s[.,:;!?،，。]|[,،，]\s*[.,،，。]|\s\s/u);
  });
});
