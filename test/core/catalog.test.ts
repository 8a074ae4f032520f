import { describe, expect, it } from 'vitest';
import { catalog, catalogSettings, createTemplateFinder } from '../../src/core/catalog.ts';
import { decode } from '../../src/core/decode.ts';
import type { RequestType } from '../../src/core/request-type.ts';
import type { Template } from '../../src/core/template.ts';
import { problemsIn, valueIn } from '../support/decoded.ts';

const settings = { defaultLocale: 'en', org: 'Example', enabled: true, otherChannel: true };

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
  createTemplateFinder({ settings: { ...settings, defaultLocale }, templates, originationIdentities: {} });

describe('the settings of a catalog', () => {
  it('have defaults', () => {
    expect(valueIn(decode(catalogSettings, {}))).toEqual({ ...settings, org: 'your organization' });
  });

  it('are what the operator says', () => {
    const written = { defaultLocale: 'pt_br', org: 'ACME', enabled: false, otherChannel: false };
    expect(valueIn(decode(catalogSettings, written))).toEqual({ ...written, defaultLocale: 'pt-BR' });
  });

  it('name the organization in at most 64 characters', () => {
    expect(valueIn(decode(catalogSettings, { org: 'a'.repeat(64) })).org).toHaveLength(64);
    expect(problemsIn(decode(catalogSettings, { org: 'a'.repeat(65) }))).toEqual([
      { path: 'org', message: 'is longer than 64 characters' },
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
    expect(problemsIn(decode(catalogSettings, written))).toEqual([
      { path: 'region', message: 'is not a known setting' },
      { path: 'defaultLocale', message: 'must be a BCP 47 tag such as es or pt-BR' },
      { path: 'org', message: 'is empty' },
      { path: 'enabled', message: 'must be true or false' },
      { path: 'otherChannel', message: 'must be true or false' },
    ]);
  });
});

describe('a whole catalog', () => {
  it('is one document', () => {
    const written = { settings, templates: [sms('en'), voice('en')], originationIdentities: { FR: 'ACME' } };
    const decoded = valueIn(decode(catalog, JSON.parse(JSON.stringify(written))));
    expect(decoded.settings).toEqual(settings);
    expect(decoded.templates).toEqual([sms('en'), voice('en')]);
    expect(decoded.originationIdentities['FR']?.sms.identities.map(({ value }) => value)).toEqual(['ACME']);
  });

  it('is refused with every problem at its path', () => {
    const written = {
      settings: { enabled: 1 },
      templates: [sms('en'), { ...sms('es'), text: 'Hola' }],
      originationIdentities: { fr: 'ACME' },
    };
    expect(problemsIn(decode(catalog, written)).map(({ path }) => path)).toEqual([
      'settings.enabled',
      'templates[1].text',
      'originationIdentities.fr',
    ]);
  });
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
    const letters = [...'abcdefghijklmnopqrstuvwxyz'];
    const regions = letters.flatMap((a) => letters.map((b) => `es-${a}${b}`));
    for (const wanted of [...regions, ...regions]) {
      expect(find('sms', undefined, wanted)).toEqual({ locale: 'es', match: 'less-specific', template: sms('es') });
    }
    expect(find('sms', undefined, 'fr')?.locale).toBe('en');
  });
});
