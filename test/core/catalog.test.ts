import { describe, expect, it } from 'vitest';
import type { CatalogFile } from '../../src/core/catalog.ts';
import { createTemplateFinder, parseCatalog, settingsPath } from '../../src/core/catalog.ts';
import type { RequestType } from '../../src/core/request-type.ts';
import type { Template } from '../../src/core/template.ts';
import { problemsIn, valueIn } from '../support/decoded.ts';
import { marked } from '../support/marked.ts';

const settings = { defaultLocale: 'en', org: 'Example', enabled: true, otherChannel: true, autofillDomain: undefined };

const sms = (locale: string, requestType?: RequestType): Template => ({
  locale,
  requestType,
  channel: 'sms',
  text: `${locale} ${requestType ?? 'general'} {{otp}}`,
});
const voice = (locale: string): Template => ({
  locale,
  requestType: undefined,
  channel: 'voice',
  ssml: `<speak>${locale} {{otp}}</speak>`,
  voiceId: 'JOANNA',
});
const finderOf = (templates: readonly Template[], defaultLocale = 'en') =>
  createTemplateFinder({
    settings: { ...settings, defaultLocale },
    templates,
    originationIdentities: {},
    numbers: { allow: [], deny: [] },
  });

describe('the settings of a catalog', () => {
  const of = (written: unknown) => parseCatalog([{ path: settingsPath, text: JSON.stringify(written) }]);
  const settingsOf = (written: unknown) => valueIn(of(written)).settings;

  it('have defaults', () => {
    expect(settingsOf({})).toEqual({ ...settings, org: 'your organization' });
  });

  it('are what the operator says', () => {
    const written = {
      defaultLocale: 'pt_br',
      org: 'ACME',
      enabled: false,
      otherChannel: false,
      autofillDomain: 'login.example.com',
    };
    expect(settingsOf(written)).toEqual({ ...written, defaultLocale: 'pt-BR' });
  });

  it('name the organization in at most 64 characters', () => {
    expect(settingsOf({ org: 'a'.repeat(64) }).org).toHaveLength(64);
    expect(problemsIn(of({ org: 'a'.repeat(65) }))).toEqual([
      { path: 'settings.json: org', message: 'is longer than 64 characters' },
    ]);
  });

  it.each(['example.com', 'a.b-c.example', 'xn--bcher-kva.example'])(
    'may bind codes to the site %s',
    (autofillDomain) => {
      expect(settingsOf({ autofillDomain }).autofillDomain).toBe(autofillDomain);
    },
  );

  it.each([
    'localhost',
    'https://example.com',
    'example.com/',
    'Example.com',
    'example.com.',
    '@example.com',
    'a.b #1',
    'a.b\n',
  ])('bind codes to no site that is written as %j', (autofillDomain) => {
    expect(problemsIn(of({ autofillDomain }))).toEqual([
      { path: 'settings.json: autofillDomain', message: 'must be a domain such as example.com' },
    ]);
  });

  it('bind codes to a site of at most 253 characters', () => {
    const longest = `${'a'.repeat(249)}.com`;
    expect(settingsOf({ autofillDomain: longest }).autofillDomain).toBe(longest);
    expect(problemsIn(of({ autofillDomain: `a${longest}` }))).toEqual([
      { path: 'settings.json: autofillDomain', message: 'is longer than 253 characters' },
    ]);
  });

  it('are refused with everything that is wrong with them', () => {
    const written = {
      defaultLocale: 'english, please',
      org: '',
      enabled: 'no',
      otherChannel: null,
      region: 'eu-west-1',
    };
    expect(problemsIn(of(written))).toEqual([
      { path: 'settings.json: region', message: 'is not a known setting' },
      { path: 'settings.json: defaultLocale', message: 'must be a BCP 47 tag such as es or pt-BR' },
      { path: 'settings.json: org', message: 'is empty' },
      { path: 'settings.json: enabled', message: 'must be true or false' },
      { path: 'settings.json: otherChannel', message: 'must be true or false' },
    ]);
  });
});

describe('the files of a catalog', () => {
  const file = (path: string, content: unknown): CatalogFile => ({ path, text: JSON.stringify(content) });
  const language = (locale: string) => ({
    locale,
    reviewed: true,
    sms: { text: `${locale} general {{otp}}` },
    voice: { voiceId: 'JOANNA', ssml: `<speak>${locale} {{otp}}</speak>` },
  });
  const whole = [
    file('numbers.json', { allow: [marked.phone], deny: ['+34*'] }),
    file('originationIdentities.json', { FR: 'ACME' }),
    file('settings.json', { org: 'Example' }),
    file('templates/en.json', language('en')),
    file('templates/pt-BR.json', { ...language('pt-BR'), voice: null }),
  ];

  it('make one catalog, in whatever order they come', () => {
    const parsed = valueIn(parseCatalog(whole));
    expect(parsed.settings).toEqual(settings);
    expect(parsed.numbers).toEqual({ allow: [marked.phone], deny: ['+34*'] });
    expect(parsed.originationIdentities['FR']?.sms.identities.map(({ value }) => value)).toEqual(['ACME']);
    expect(parsed.templates).toEqual([sms('en'), voice('en'), sms('pt-BR')]);
    expect(valueIn(parseCatalog(whole.toReversed())).templates).toEqual([sms('pt-BR'), sms('en'), voice('en')]);
  });

  it('may all be absent', () => {
    expect(valueIn(parseCatalog([]))).toEqual({
      settings: { ...settings, org: 'your organization' },
      originationIdentities: {},
      numbers: { allow: [], deny: [] },
      templates: [],
    });
  });

  it('may each name the schema that an editor goes by', () => {
    const named = whole.map(({ path, text }) => file(path, { $schema: `schemas/${path}`, ...JSON.parse(text) }));
    const parsed = valueIn(parseCatalog(named));
    expect(parsed.settings).toMatchObject({ org: 'Example' });
    expect(parsed.numbers).toMatchObject({ deny: ['+34*'] });
    expect(Object.keys(parsed.originationIdentities)).toEqual(['FR']);
    expect(parsed.templates).toHaveLength(3);
  });

  it('are refused with every problem of every file, by file and path', () => {
    const broken = [
      file('templates/es.json', { ...language('es'), sms: { text: 'Hola' } }),
      file('originationIdentities.json', { fr: 'ACME' }),
      file('settings.json', { enabled: 1 }),
      file('numbers.json', { deny: [marked.phone, '112'] }),
      file('templates/en.json', language('en')),
    ];
    expect(problemsIn(parseCatalog(broken))).toEqual([
      { path: 'settings.json: enabled', message: 'must be true or false' },
      { path: 'originationIdentities.json: fr', message: 'must be a country such as FR, or *' },
      {
        path: 'numbers.json: deny[1]',
        message: 'must be a number in E.164 form, or the start of one with * behind it',
      },
      { path: 'templates/es.json: sms.text', message: 'lacks {{otp}}' },
    ]);
  });

  it.each(['settings.json', 'originationIdentities.json', 'numbers.json', 'templates/es.json'])(
    'are refused when %s is no JSON, or no object',
    (path) => {
      expect(problemsIn(parseCatalog([{ path, text: '{"a":' }]))).toEqual([{ path, message: 'is not valid JSON' }]);
      expect(problemsIn(parseCatalog([{ path, text: '' }]))).toEqual([{ path, message: 'is not valid JSON' }]);
      expect(problemsIn(parseCatalog([{ path, text: '[]' }]))).toEqual([{ path, message: 'must be an object' }]);
    },
  );

  it('are refused when one is named after another locale than its own', () => {
    const problem = (path: string) => ({
      path: `${path}: locale`,
      message: 'must be the one that the file is named after',
    });
    const paths = ['templates/es.json', 'templates/en.JSON', 'templates/more/en.json'];
    expect(problemsIn(parseCatalog(paths.map((path) => file(path, language('en')))))).toEqual(paths.map(problem));
  });

  it.each(['templates/pt_br.json', 'templates/PT-BR.json', 'templates/pt-br'])(
    'are told the canonical name where they have another form of it, as %s',
    (path) => {
      expect(problemsIn(parseCatalog([file(path, language('pt_br'))]))).toEqual([
        { path, message: "must be named pt-BR.json, by the canonical form of its language's tag" },
      ]);
    },
  );

  it('may begin with a byte order mark', () => {
    const { path, text } = file('templates/en.json', language('en'));
    expect(valueIn(parseCatalog([{ path, text: `\uFEFF${text}` }])).templates).not.toEqual([]);
  });

  it('are found by the canonical form of a locale, however it is written within', () => {
    expect(valueIn(parseCatalog([file('templates/pt-BR.json', language('pt_br'))])).templates[0]?.locale).toBe('pt-BR');
    expect(problemsIn(parseCatalog([file('templates/pt_br.json', language('pt_br'))]))).toHaveLength(1);
  });

  it.each(['setting.json', 'catalog.json', 'en.json', './settings.json', 'sample/settings.json', ''])(
    'are refused when one is none of a catalog: "%s"',
    (path) => {
      expect(problemsIn(parseCatalog([...whole, file(path, language('en'))]))).toEqual([
        { path, message: 'is no file of a catalog' },
      ]);
    },
  );
});

describe('choosing a template', () => {
  it('falls back from es-MX to es to the default', () => {
    const [mexican, spanish, english] = [sms('es-MX'), sms('es'), sms('en')];
    const chosen = (templates: readonly Template[]) => finderOf(templates)('sms', undefined, 'es-MX');
    expect(chosen([english, spanish, mexican])).toEqual({ locale: 'es-MX', match: 'exact', template: mexican });
    expect(chosen([english, spanish])).toEqual({ locale: 'es', match: 'less-specific', template: spanish });
    expect(chosen([english])).toEqual({ locale: 'en', match: 'default', template: english });
    expect(chosen([])).toBeUndefined();
  });

  it('takes the text for the request type before the general one', () => {
    const find = finderOf([sms('en'), sms('en', 'password-reset')]);
    expect(find('sms', 'password-reset', 'en')?.template).toEqual(sms('en', 'password-reset'));
    expect(find('sms', 'mfa-verification', 'en')?.template).toEqual(sms('en'));
    expect(find('sms', undefined, 'en')?.template).toEqual(sms('en'));
  });

  it('takes the user’s language before the request type', () => {
    const find = finderOf([sms('es'), sms('en'), sms('en', 'password-reset')]);
    expect(find('sms', 'password-reset', 'es-MX')?.template).toEqual(sms('es'));
  });

  it('does not take the text of one request type for another', () => {
    const find = finderOf([sms('es', 'password-reset'), sms('en')]);
    expect(find('sms', 'account-unlock', 'es')?.template).toEqual(sms('en'));
    expect(find('sms', undefined, 'es')?.template).toEqual(sms('en'));
  });

  it('passes over a language that lacks the channel', () => {
    const find = finderOf([sms('es-MX'), sms('es'), voice('es'), voice('en')]);
    expect(find('voice', undefined, 'es-MX')).toEqual({ locale: 'es', match: 'less-specific', template: voice('es') });
    expect(finderOf([sms('es')])('voice', undefined, 'es')).toBeUndefined();
  });

  // The AWS guidance kept the language of a user for the next one who had none.
  it('for a user without a language is the default, whoever was served before', () => {
    const find = finderOf([sms('es'), sms('en')]);
    expect(find('sms', undefined, 'es')?.locale).toBe('es');
    expect(find('sms', undefined, undefined)).toEqual({ locale: 'en', match: 'default', template: sms('en') });
  });

  it('chooses the same again, also after more locales than it remembers', () => {
    const find = finderOf([sms('es'), sms('en')]);
    const many = Array.from({ length: 2100 }, (_, index) => `es-v${String(index).padStart(4, '0')}`);
    for (const wanted of [...many, ...many]) {
      expect(find('sms', undefined, wanted)).toEqual({ locale: 'es', match: 'less-specific', template: sms('es') });
    }
    expect(find('sms', undefined, 'fr')?.locale).toBe('en');
  });
});
