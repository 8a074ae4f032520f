import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { shippedCatalog } from '../../../src/cli/paths.ts';
import { placeOf } from '../../../src/core/lint.ts';
import { readLanguage } from '../../../src/dev/page/preview.ts';
import { fieldsOf, withValue } from '../../../src/dev/page/template-fields.ts';

const english = JSON.stringify({
  locale: 'en',
  sms: { text: '{{otp}} is it', variants: { 'password-reset': '{{otp}} resets' } },
  voice: { voiceId: 'JOANNA', variants: { 'account-unlock': '<speak>unlock</speak>' }, ssml: '<speak>it</speak>' },
});

describe('the texts of a language file', () => {
  it('come in the order of their places, the general one first', () => {
    expect(fieldsOf(english).map(({ path, text }) => `${path.join('.')} = ${text}`)).toEqual([
      'sms.text = {{otp}} is it',
      'sms.variants.password-reset = {{otp}} resets',
      'voice.ssml = <speak>it</speak>',
      'voice.variants.account-unlock = <speak>unlock</speak>',
    ]);
  });

  it.each(['{"sms": ', '[]', 'null', '{"sms":{"text":1},"voice":null}'])('are none of %s', (file) => {
    expect(fieldsOf(file)).toEqual([]);
  });

  it('are all of those that the catalog reads, by the names that findings use', () => {
    const folder = join(shippedCatalog, 'templates');
    const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
    expect(files.length).toBeGreaterThan(30);
    for (const name of files) {
      const text = readFileSync(join(folder, name), 'utf8');
      const places = readLanguage(text)?.templates.map((template) => placeOf(template));
      expect(new Set(fieldsOf(text).map(({ path }) => path.join('.')))).toEqual(new Set(places));
    }
  });
});

describe('a text that is edited', () => {
  it('changes alone, and the file is written as the shipped ones are', () => {
    const edited = withValue(english, ['sms', 'variants', 'password-reset'], '{{otp}} anew');
    expect(JSON.parse(edited)).toEqual({
      ...JSON.parse(english),
      sms: { text: '{{otp}} is it', variants: { 'password-reset': '{{otp}} anew' } },
    });
    expect(edited).toMatch(/^\{\n {2}"locale": "en",\n[\s\S]*\n\}\n$/);
  });

  it('leaves a shipped file byte for byte when it is what it was', () => {
    const text = readFileSync(join(shippedCatalog, 'templates', 'en.json'), 'utf8');
    for (const field of fieldsOf(text)) expect(withValue(text, field.path, field.text)).toBe(text);
  });

  it('makes its place where there is none', () => {
    expect(JSON.parse(withValue('{"voice": null}', ['voice', 'ssml'], '<speak/>'))).toEqual({
      voice: { ssml: '<speak/>' },
    });
  });

  it('leaves a file that is no JSON as it stands', () => {
    expect(withValue('{"sms": ', ['sms', 'text'], 'new')).toBe('{"sms": ');
  });
});
