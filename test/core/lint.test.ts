import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CatalogFile } from '../../src/core/catalog.ts';
import { lintCatalog } from '../../src/core/lint.ts';
import { lintRules } from '../../src/core/lint-rules.ts';
import { voicesFor } from '../../src/core/lint-voice.ts';

const root = join(import.meta.dirname, '..', '..');
const file = (path: string, value: unknown): CatalogFile => ({ path, text: JSON.stringify(value) });
const call = '<speak>Hello {{firstName}}, your code is {{otp}}.</speak>';

interface Written {
  readonly locale?: string;
  readonly sms?: string;
  readonly variants?: Readonly<Record<string, string>>;
  readonly voiceId?: string;
  readonly ssml?: string;
  readonly voice?: null;
  readonly reviewed?: boolean;
}

function language(written: Written = {}): CatalogFile {
  const { locale = 'en', sms = '{{otp}} is your code', variants, voiceId = 'JOANNA', ssml = call } = written;
  return file(`templates/${locale}.json`, {
    locale,
    reviewed: written.reviewed ?? true,
    sms: { text: sms, ...(variants === undefined ? {} : { variants }) },
    voice: written.voice === null ? null : { voiceId, ssml },
  });
}

const english = language();
/** What is found in one language beside a good default one. */
function inLanguage(written: Written) {
  const own = language(written);
  const files = own.path === english.path ? [own] : [english, own];
  return lintCatalog(files).map(({ path, rule, message, fix }) => [rule, path, message, fix].join(' | '));
}

const rulesIn = (files: readonly CatalogFile[]) =>
  lintCatalog(files).map((found) => `${found.file} ${found.path} ${found.rule}`);

describe('a catalog', () => {
  it('of one good language has nothing to look at', () => {
    expect(lintCatalog([english])).toEqual([]);
  });

  it('that ships with the package has no errors and no warnings', () => {
    const folder = join(root, 'templates');
    const shipped = readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .map((name) => ({ path: `templates/${name}`, text: readFileSync(join(folder, name), 'utf8') }));
    const sample = ['settings.json', 'originationIdentities.json'].map((path) => ({
      path,
      text: readFileSync(join(folder, 'sample', path), 'utf8'),
    }));
    expect(shipped.length).toBeGreaterThan(30);
    const findings = lintCatalog([...shipped, ...sample]);
    expect(findings.filter(({ severity }) => severity !== 'note')).toEqual([]);
    expect(new Set(findings.map(({ rule }) => rule))).toEqual(new Set(['not-reviewed']));
  });

  it('is looked at as a whole, file by file, however much of it cannot be read', () => {
    const files = [
      file('settings.json', { org: '' }),
      file('templates/fr.json', { locale: 'fr', reviewed: true, sms: { text: 'no code' }, voice: null }),
      { path: 'templates/de.json', text: '{' },
      language({ locale: 'es', sms: '{{otp}} http://a.example', voiceId: 'LUCIA', reviewed: false }),
      file('originationIdentities.json', { IN: 'OKTAOTP' }),
      file('numbers.json', { deny: 1 }),
      file('readme.json', {}),
    ];
    expect(rulesIn(files)).toEqual([
      'numbers.json deny undecodable',
      'originationIdentities.json IN dlt-parameters',
      'readme.json  undecodable',
      'settings.json org undecodable',
      'templates/de.json  undecodable',
      'templates/es.json reviewed not-reviewed',
      'templates/es.json sms.text link',
      'templates/fr.json sms.text undecodable',
    ]);
  });

  it('without a text in its default language says so for each channel', () => {
    expect(rulesIn([])).toEqual([
      'settings.json defaultLocale default-language',
      'settings.json defaultLocale default-language',
    ]);
    const [found, ...more] = lintCatalog([language({ voice: null })]);
    expect(more).toEqual([]);
    expect(found).toMatchObject({ severity: 'error', rule: 'default-language' });
    expect(found?.message).toBe('names en, which has no text for voice: other languages get no message there');
  });

  it.each([
    ['by a sender ID alone', { IN: 'OKTAOTP' }, true],
    ['with half of a registration', { IN: { sms: 'OKTAOTP', parameters: { IN_ENTITY_ID: '1' } } }, true],
    ['with a registration', { IN: { sms: 'OKTAOTP', parameters: { IN_ENTITY_ID: '1', IN_TEMPLATE_ID: '2' } } }, false],
    ['by calls alone', { IN: { voice: '+18005550123' } }, false],
    ['by a number, on international routes', { IN: '+18005550123' }, false],
    ['by a number and a pool', { IN: ['+18005550123', 'pool-0123456789abcdef'] }, true],
    [
      'by a sender ID of a Region without local routes',
      {
        IN: {
          sms: 'arn:aws:sms-voice:eu-west-1:123456789012:sender-id/OKTAOTP/IN',
          parameters: { IN_ENTITY_ID: '1', IN_TEMPLATE_ID: '2' },
        },
      },
      true,
    ],
    [
      'by a sender ID of Mumbai',
      {
        IN: {
          sms: 'arn:aws:sms-voice:ap-south-1:123456789012:sender-id/OKTAOTP/IN',
          parameters: { IN_ENTITY_ID: '1', IN_TEMPLATE_ID: '2' },
        },
      },
      false,
    ],
    ['like the rest of the world', { '*': '+18005550123' }, false],
  ])('that serves India %s', (_, identities, warned) => {
    const found = lintCatalog([english, file('originationIdentities.json', identities)]);
    expect(found.map(({ rule }) => rule)).toEqual(warned ? ['dlt-parameters'] : []);
  });

  it('whose identities cannot be read is told that, and nothing about India', () => {
    const broken = file('originationIdentities.json', { IN: 'OKTAOTP', US: '' });
    expect(rulesIn([english, broken])).toEqual(['originationIdentities.json US undecodable']);
  });

  it('is warned of an organization that costs its texts their 7 bits, and only then', () => {
    const settings = (org: string) => file('settings.json', { org });
    const [found] = lintCatalog([english, settings('Żabka')]);
    expect(found).toMatchObject({ file: 'settings.json', path: 'org', rule: 'sms-encoding', severity: 'warning' });
    expect(found?.fix).toBe('write it in GSM-7: Ż (U+017B) → Z');
    expect(lintCatalog([english, settings('Zabka')])).toEqual([]);
    const russian = language({ locale: 'ru', sms: 'Код {{otp}}', voiceId: 'TATYANA' });
    expect(lintCatalog([file('settings.json', { org: 'Żabka', defaultLocale: 'ru' }), russian])).toEqual([]);
  });
});

describe('an SMS', () => {
  it('of two parts is an error, at its own place', () => {
    const long = `{{otp}} ${'a'.repeat(160)}`;
    expect(inLanguage({ variants: { 'password-reset': long } })).toEqual([
      'sms-parts | sms.variants.password-reset | is 2 message parts with a code of 8 digits (GSM-7), each of which is charged for | shorten it to one part',
    ]);
  });

  it('counts with eight digits, and with the line that binds it to a site', () => {
    const text = `{{otp}}${'a'.repeat(152)}`;
    expect(inLanguage({ sms: text })).toEqual([]);
    expect(inLanguage({ sms: `${text}a` })).toHaveLength(1);
    const bound = lintCatalog([language({ sms: text }), file('settings.json', { autofillDomain: 'example.com' })]);
    expect(bound.map(({ rule }) => rule)).toEqual(['sms-parts']);
  });

  it('names what forces UCS-2, with what to write instead where there is something', () => {
    expect(inLanguage({ sms: '{{otp}} “cón” ł œ \u00a0😀' })).toEqual([
      'sms-encoding | sms.text | needs UCS-2, 70 characters a part in place of 160, for “ (U+201C), ó (U+00F3), ” (U+201D), ł (U+0142), œ (U+0153), space (U+00A0), 😀 (U+1F600) | write it in GSM-7: “ (U+201C) → ", ó (U+00F3) → o, ” (U+201D) → ", ł (U+0142) → l, œ (U+0153) → oe, space (U+00A0) → space, 😀 (U+1F600)',
    ]);
  });

  it('that is too long for UCS-2 is told how to be shorter', () => {
    const found = inLanguage({ sms: `{{otp}} ó ${'a'.repeat(80)}` });
    expect(found[0]).toMatch(/^sms-parts .*\(UCS-2\).*shorten it, or write it in GSM-7: ó \(U\+00F3\) → o$/);
    expect(found[1]).toMatch(/^sms-encoding /);
  });

  it('may need UCS-2 for its letters, but not for a dash alone', () => {
    expect(inLanguage({ locale: 'cs', sms: 'Váš kód – {{otp}} ž', voice: null })).toEqual([]);
    expect(inLanguage({ locale: 'cs', sms: 'Kod – {{otp}}', voice: null })).toEqual([
      expect.stringMatching(/^sms-encoding .*– \(U\+2013\) → -$/),
    ]);
    expect(inLanguage({ locale: 'vi', sms: 'ma\u0303 {{otp}}', voice: null })).toEqual([]);
  });

  it.each([
    ['an address', '{{otp}} https://a.example', 'link'],
    ['a host', '{{otp}} www.a', 'link'],
    ['a name that becomes a domain', '{{otp}} at {{org}}.com', 'link'],
    ['a shortener', 'Get {{otp}} at BIT.ly/abc', 'url-shortener'],
    ['a shortener in an address', 'Get {{otp}} at https://t.co/a', 'url-shortener'],
    ['a full-width digit', '{{otp}} 5 min ５', 'foreign-digits'],
    ['a Cyrillic letter in a Latin word', '{{otp}} is your cоde', 'mixed-scripts'],
    ['a word in Greek', '{{otp}} Ω', 'mixed-scripts'],
    ['the first name to begin with', '{{ firstName }}, {{otp}} is your code', 'first-name-first'],
  ])('is told of %s', (_, sms, rule) => {
    expect(inLanguage({ sms }).filter((found) => !found.startsWith('sms-'))).toEqual([
      expect.stringMatching(new RegExp(`^${rule} \\| sms\\.text `)),
    ]);
  });

  it('names the letters that only look like its own', () => {
    expect(inLanguage({ sms: '{{otp}} is your cоde' }).at(-1)).toContain('another script: о (U+043E)');
    const russian = { locale: 'ru', voiceId: 'TATYANA' };
    expect(inLanguage({ ...russian, sms: 'Вaш код: {{otp}}' })).toEqual([expect.stringContaining('a (U+0061)')]);
    expect(inLanguage({ ...russian, sms: 'SMS-код: {{otp}}' })).toEqual([]);
  });

  it.each([
    ['ja', 'コード {{otp}} は認証です。', 'TAKUMI'],
    ['de', '{{otp}}, z.B. heute. Nicht weitergeben.', 'VICKI'],
  ])('in %s has nothing to look at', (locale, sms, voiceId) => {
    expect(inLanguage({ locale, sms, voiceId })).toEqual([]);
  });
});

describe('a call', () => {
  it.each([
    ['that is not well-formed', '<speak>{{otp}}', 'ssml-malformed', 'does not close <speak>'],
    [
      'with the code in an attribute',
      '<speak><sub alias="{{otp}}">a</sub></speak>',
      'ssml-malformed',
      'no {{otp}} into',
    ],
    [
      'with an element of other voices',
      '<speak><amazon:domain name="news">{{otp}}</amazon:domain></speak>',
      'ssml-element',
      '<prosody>',
    ],
    ['with an element of nobody', '<speak><b>{{otp}}</b></speak>', 'ssml-element', 'use break, emphasis'],
    ['with digits of its own', '<speak>٥ {{otp}}</speak>', 'foreign-digits', '0 to 9'],
    ['with a pause of 11 s', '<speak>{{otp}}<break time="11s"/></speak>', 'ssml-element', 'more than 10 s'],
    ['with a pause of 10.001 s', '<speak>{{otp}}<break time=" 10001ms "/></speak>', 'ssml-element', 'more than 10 s'],
  ])('%s is told', (_, ssml, rule, words) => {
    const found = inLanguage({ ssml });
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(new RegExp(`^${rule} \\| voice\\.ssml `));
    expect(found[0]).toContain(words);
  });

  it('may pause for 10 s, or as long as a word for it says', () => {
    const pauses = '<break time="10s"/><break time="10000ms"/><break strength="strong"/><break time="long"/>';
    expect(inLanguage({ ssml: `<speak>{{otp}}${pauses}</speak>` })).toEqual([]);
  });

  it('has voices to choose from, those of its region first and children last', () => {
    expect(voicesFor('en').slice(0, 1)).toEqual(['JOANNA']);
    expect(voicesFor('en-GB').slice(0, 4)).toEqual(['AMY', 'BRIAN', 'EMMA', 'GERAINT']);
    expect(voicesFor('en').filter((id) => ['IVY', 'JUSTIN', 'AMY'].includes(id))).toEqual(['IVY', 'JUSTIN', 'AMY']);
    expect(voicesFor('es-MX')[0]).toBe('MIA');
    expect(voicesFor('sw')).toEqual([]);
  });

  it('may say what would be a link on a phone, and begin with a name', () => {
    expect(inLanguage({ ssml: '<speak>{{firstName}}, {{otp}}</speak>' })).toEqual([]);
    expect(inLanguage({ ssml: '<speak>Go to example.com, {{otp}}</speak>' })).toEqual([]);
  });

  it('has a voice of its language, whatever the accent', () => {
    expect(inLanguage({ locale: 'ar', sms: '{{otp}} رمز', voiceId: 'ZEINA' })).toEqual([]);
    expect(inLanguage({ locale: 'zh-CN', sms: '验证码 {{otp}}', voiceId: 'ZHIYU' })).toEqual([]);
    expect(inLanguage({ voiceId: 'AMY' })).toEqual([]);
    expect(inLanguage({ locale: 'da', voiceId: 'JOANNA' })).toEqual([
      'voice-language | voice.voiceId | JOANNA speaks en-US, not da | take one of MADS, NAJA',
    ]);
    expect(inLanguage({ locale: 'cs' })).toEqual([
      'voice-language | voice.voiceId | JOANNA speaks en-US, not cs | set "voice" to null: the service has no voice for this language',
    ]);
  });
});

describe('docs/lint.md', () => {
  it('has every rule with its severity, and no other', () => {
    const rows = readFileSync(join(root, 'docs', 'lint.md'), 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('| `'))
      .map((line) =>
        line
          .split('|')
          .map((cell) => cell.trim().replace(/^`|`$/g, ''))
          .slice(1, -1),
      );
    expect(rows.map(([rule, severity]) => [rule, severity])).toEqual(Object.entries(lintRules));
    expect(rows.filter((row) => row.length !== 4 || row.includes(''))).toEqual([]);
  });
});
