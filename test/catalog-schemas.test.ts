import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { identitiesPath, numbersPath, parseCatalog, settingsPath } from '../src/core/catalog.ts';
import { countries } from '../src/core/countries.ts';
import { lintCatalog } from '../src/core/lint.ts';
import { requestTypes } from '../src/core/request-type.ts';
import { placeholders, voices } from '../src/core/template.ts';

const root = join(import.meta.dirname, '..');
const read = (...path: readonly string[]): unknown => JSON.parse(readFileSync(join(root, ...path), 'utf8'));
const ajv = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true });
const schemas = {
  [settingsPath]: ajv.compile(Object(read('schemas', 'settings.schema.json'))),
  [identitiesPath]: ajv.compile(Object(read('schemas', 'origination-identities.schema.json'))),
  [numbersPath]: ajv.compile(Object(read('schemas', 'numbers.schema.json'))),
  template: ajv.compile(Object(read('schemas', 'template.schema.json'))),
};
const template = 'templates/en.json';
const schemaOf = (path: string) =>
  path === settingsPath || path === identitiesPath || path === numbersPath ? schemas[path] : schemas.template;

/** What a file may be: as the schema says, and as the decoders and the list of countries do. */
function verdicts(path: string, value: unknown) {
  const file = { path, text: JSON.stringify(value) };
  const countriesExist = lintCatalog([file]).every(({ rule }) => rule !== 'unknown-country');
  return { schema: schemaOf(path)(value), code: parseCatalog([file]).ok && countriesExist };
}

const pool = 'pool-0123456789abcdef';
const arn = (what: string) => `arn:aws:sms-voice:eu-west-1:123456789012:${what}`;
const en = (parts: object) => ({ locale: 'en', reviewed: true, sms: { text: '{{otp}}' }, voice: null, ...parts });
const voice = { voiceId: 'JOANNA', ssml: '<speak>{{ otp }} {{minutes}}</speak>' };

const accepted: readonly (readonly [path: string, value: unknown])[] = [
  [settingsPath, {}],
  [settingsPath, { $schema: '../schemas/settings.schema.json', defaultLocale: 'pt_BR', org: 'Acme', enabled: false }],
  [settingsPath, { otherChannel: false, autofillDomain: 'login.example.com' }],
  [settingsPath, { autofillDomain: null }],
  [numbersPath, {}],
  [numbersPath, { $schema: 'x', allow: ['+34600000000', '+3*'], deny: [] }],
  [identitiesPath, {}],
  [identitiesPath, { $schema: 'x', FR: '+33987654321', DE: arn('sender-id/ABCDEF/DE'), '*': [pool, 'ACME'] }],
  [identitiesPath, { GB: 'phone-0123456789abcdef', US: arn('phone-number/phone-1'), IT: arn('pool/pool-1') }],
  [identitiesPath, { US: { sms: [pool, 'ACME'], voice: '+18005550123', enabled: 'blocked' } }],
  [identitiesPath, { US: { sms: { identities: 'ACME', enabled: false, maxPrice: '.25' }, voice: null } }],
  [identitiesPath, { IN: { sms: 'ACME', parameters: { IN_ENTITY_ID: '1', IN_TEMPLATE_ID: null } }, KP: {} }],
  [identitiesPath, { XK: [], AC: { voice: { enabled: true } } }],
  [template, en({})],
  [template, en({ $schema: 'x', locale: 'EN', voice })],
  [template, en({ sms: { text: '{{otp}} {{org}}', variants: { 'password-reset': '{{firstName}} {{otp}}' } } })],
  [template, en({ voice: { ...voice, variants: { 'account-unlock': null } } })],
  [template, en({ sms: { text: '{{{otp}}} { {x}', variants: null } })],
];

const refused: readonly (readonly [path: string, value: unknown])[] = [
  [settingsPath, []],
  [settingsPath, { org: '' }],
  [settingsPath, { org: 'x'.repeat(65) }],
  [settingsPath, { org: null }],
  [settingsPath, { enabled: 'yes' }],
  [settingsPath, { otherChannel: null }],
  [settingsPath, { defaultLocale: 'not a tag' }],
  [settingsPath, { autofillDomain: 'https://example.com' }],
  [settingsPath, { colour: 'red' }],
  [numbersPath, { allow: ['34600000000'] }],
  [numbersPath, { deny: ['+34*60'] }],
  [numbersPath, { deny: '+34600000000' }],
  [numbersPath, { other: [] }],
  [identitiesPath, { UK: 'ACME' }],
  [identitiesPath, { fr: 'ACME' }],
  [identitiesPath, { France: 'ACME' }],
  [identitiesPath, { FR: 'Thirteen-letters' }],
  [identitiesPath, { FR: '123456' }],
  [identitiesPath, { FR: 5 }],
  [identitiesPath, { FR: null }],
  [identitiesPath, { FR: ['ACME', ''] }],
  [identitiesPath, { FR: { sms: { identity: 'ACME' } } }],
  [identitiesPath, { FR: { voice: 'ACME' } }],
  [identitiesPath, { FR: { voice: { identities: [pool, arn('sender-id/ACME/FR')] } } }],
  [identitiesPath, { FR: { enabled: 'off' } }],
  [identitiesPath, { FR: { sms: { maxPrice: 0.25 } } }],
  [identitiesPath, { FR: { sms: { maxPrice: '5' } } }],
  [identitiesPath, { FR: { parameters: { IN_ENTITY_ID: 'a b' } } }],
  [identitiesPath, { FR: { parameters: { OTHER: 'a' } } }],
  [template, { locale: 'en', reviewed: true, sms: { text: '{{otp}}' } }],
  [template, en({ reviewed: 'yes' })],
  [template, en({ sms: { text: 'no code' } })],
  [template, en({ sms: { text: '{{otp}} {{name}}' } })],
  [template, en({ sms: { text: '{{otp}} {{}}' } })],
  [template, en({ sms: { text: `{{otp}}${'x'.repeat(1600)}` } })],
  [template, en({ sms: { text: '{{otp}}', variants: { login: '{{otp}}' } } })],
  [template, en({ sms: { text: '{{otp}}', variants: { 'password-reset': 'no code' } } })],
  [template, en({ sms: null })],
  [template, en({ voice: { ...voice, voiceId: 'NOBODY' } })],
  [template, en({ voice: { voiceId: 'JOANNA' } })],
];

describe('the schemas of a catalog', () => {
  it.each(accepted)('accept what the sender reads: %s %j', (path, value) => {
    expect(verdicts(path, value)).toEqual({ schema: true, code: true });
  });

  it.each(refused)('refuse what cannot be published: %s %j', (path, value) => {
    expect(verdicts(path, value)).toEqual({ schema: false, code: false });
  });

  it('accept every file that ships with the package', () => {
    const languages = readdirSync(join(root, 'templates')).filter((name) => name.endsWith('.json'));
    expect(languages.length).toBeGreaterThan(30);
    for (const name of languages) expect(schemas.template(read('templates', name)), name).toBe(true);
    for (const path of [settingsPath, identitiesPath]) {
      expect(schemaOf(path)(read('templates', 'sample', path)), path).toBe(true);
    }
  });

  it('agree with the decoder about any origination identities', () => {
    const identity = fc.oneof(
      fc.constantFrom('+33987654321', pool, 'ACME', arn('sender-id/ACME/FR'), arn('pool/pool-1'), 'phone-0123456789ab'),
      fc.constantFrom('', '+0', 'a b', 'Thirteen-letters', arn('role/x'), 'pool-1', 7, null),
    );
    const written = fc.oneof(identity, fc.array(identity, { maxLength: 3 }));
    const enabled = fc.constantFrom(true, false, 'blocked', 'off', null);
    const maxPrice = fc.constantFrom('0.25', '.5', '1', '123.4', 0.5, null);
    const channel = fc.oneof(
      written,
      fc.record({ identities: written, enabled, maxPrice, more: fc.constant(1) }, { requiredKeys: [] }),
    );
    const registration = fc.constantFrom('1', '', 'a b', 'x'.repeat(65), null);
    const parameters = fc.record({ IN_ENTITY_ID: registration, IN_TEMPLATE_ID: registration }, { requiredKeys: [] });
    const entry = fc.oneof(
      written,
      fc.record({ sms: channel, voice: channel, enabled, parameters }, { requiredKeys: [] }),
    );
    const country = fc.constantFrom('FR', 'DE', 'IN', '*', 'XK', 'UK', 'QQ', 'fr');
    let sound = 0;
    fc.assert(
      fc.property(fc.dictionary(country, entry, { maxKeys: 2 }), (value) => {
        const { schema, code } = verdicts(identitiesPath, { ...value });
        if (code) sound += 1;
        expect(schema).toBe(code);
      }),
      { numRuns: 1500 },
    );
    // Else it would have agreed about nonsense only.
    expect(sound).toBeGreaterThan(100);
  });

  it('know the words that the code knows, and no other', () => {
    const identities = Object(read('schemas', 'origination-identities.schema.json'));
    expect(identities.propertyNames.enum).toEqual(['$schema', '*', ...countries]);
    const { properties, $defs } = Object(read('schemas', 'template.schema.json'));
    expect(properties.voice.properties.voiceId.enum).toEqual(Object.keys(voices));
    expect(Object.keys(properties.sms.properties.variants.properties)).toEqual([...requestTypes]);
    expect(JSON.stringify($defs.text)).toContain(`(?:${placeholders.join('|')})`);
  });
});
