import { VoiceId } from '@aws-sdk/client-pinpoint-sms-voice-v2';
import { describe, expect, it } from 'vitest';
import { decode } from '../../src/core/decode.ts';
import { requestTypes } from '../../src/core/request-type.ts';
import {
  fillPlaceholders,
  languageTemplates,
  locale,
  placeholders,
  placeholdersOf,
  voices,
} from '../../src/core/template.ts';
import { problemsIn, valueIn } from '../support/decoded.ts';

describe('placeholders', () => {
  it('are found in order, known or not, with or without space', () => {
    expect(placeholdersOf('{{otp}} {{ minutes }} {{otp}} {{otp2}} {{}} {otp} {{ {{org}} }}')).toEqual([
      'otp',
      'minutes',
      'otp',
      'otp2',
      '',
      'org',
    ]);
  });

  // The AWS guidance replaced `@otp` before `@otp2`, and only the first of each.
  it('are all replaced, whatever name begins like another', () => {
    expect(fillPlaceholders('{{otp2}}, {{otp}}, {{ otp }}', (name) => (name === 'otp' ? '1' : '2'))).toBe('2, 1, 1');
  });

  it('are replaced in one pass: what comes in for one is not read again', () => {
    expect(fillPlaceholders('{{a}}{{b}}', (name) => (name === 'a' ? '{{b}}' : '$&'))).toBe('{{b}}$&');
  });
});

describe('the voices', () => {
  it('are those of the service, each once', () => {
    expect(Object.keys(voices).toSorted()).toEqual(Object.keys(VoiceId).toSorted());
  });

  it('speak languages that have a locale', () => {
    for (const language of Object.values(voices)) expect(decode(locale, language).ok).toBe(true);
  });
});

describe('a locale in a file', () => {
  it('gets its canonical form', () => {
    expect(valueIn(decode(locale, 'pt_br'))).toBe('pt-BR');
  });

  it.each(['spanish language', 'und', 'es.json'])('is refused when it is "%s"', (written) => {
    expect(problemsIn(decode(locale, written))).toEqual([
      { path: '', message: 'must be a BCP 47 tag such as es or pt-BR' },
    ]);
  });

  it('has at most 35 characters', () => {
    const longest = 'de-Latn-DE-1901-abcdef-bcdefg-cdefg';
    expect(valueIn(decode(locale, longest))).toHaveLength(35);
    expect(problemsIn(decode(locale, `${longest}h`))).toEqual([{ path: '', message: 'is longer than 35 characters' }]);
  });
});

describe('the file of a language', () => {
  const file = {
    $schema: '../schemas/templates.json',
    locale: 'es',
    reviewed: true,
    sms: { text: '{{otp}} general' },
    voice: { voiceId: 'LUCIA', ssml: '<speak>{{otp}} general</speak>' },
  };

  it('gives one template for each channel', () => {
    expect(valueIn(decode(languageTemplates, file))).toEqual({
      locale: 'es',
      reviewed: true,
      templates: [
        { locale: 'es', requestType: undefined, channel: 'sms', text: '{{otp}} general' },
        {
          locale: 'es',
          requestType: undefined,
          channel: 'voice',
          ssml: '<speak>{{otp}} general</speak>',
          voiceId: 'LUCIA',
        },
      ],
    });
  });

  it('gives one more for each request type that has a text of its own', () => {
    const written = {
      ...file,
      sms: { ...file.sms, variants: { 'password-reset': '{{otp}} reset', 'account-unlock': '{{otp}} unlock' } },
      voice: { ...file.voice, variants: { 'pre-enrollment': '<speak>{{otp}} enrol</speak>' } },
    };
    const { templates } = valueIn(decode(languageTemplates, written));
    expect(
      templates.map((entry) => [entry.channel, entry.requestType, entry.channel === 'sms' ? entry.text : entry.ssml]),
    ).toEqual([
      ['sms', undefined, '{{otp}} general'],
      ['sms', 'account-unlock', '{{otp}} unlock'],
      ['sms', 'password-reset', '{{otp}} reset'],
      ['voice', undefined, '<speak>{{otp}} general</speak>'],
      ['voice', 'pre-enrollment', '<speak>{{otp}} enrol</speak>'],
    ]);
  });

  it('may have a text for every request type', () => {
    const variants = Object.fromEntries(requestTypes.map((type) => [type, `{{otp}} ${type}`]));
    const { templates } = valueIn(decode(languageTemplates, { ...file, sms: { ...file.sms, variants }, voice: null }));
    expect(templates.map((entry) => entry.requestType)).toEqual([undefined, ...requestTypes]);
  });

  it('says "voice": null where the service has no voice for the language', () => {
    const { templates } = valueIn(decode(languageTemplates, { ...file, voice: null }));
    expect(templates.map((entry) => entry.channel)).toEqual(['sms']);
  });

  it('has the canonical locale on all its templates', () => {
    const { locale: of, templates } = valueIn(decode(languageTemplates, { ...file, locale: 'ES_mx' }));
    expect([of, ...templates.map((entry) => entry.locale)]).toEqual(['es-MX', 'es-MX', 'es-MX']);
  });

  it('may use every known placeholder', () => {
    const text = placeholders.map((name) => `{{${name}}}`).join(' ');
    expect(valueIn(decode(languageTemplates, { ...file, sms: { text } })).templates[0]).toMatchObject({ text });
  });

  it.each([
    ['an SMS of 1600 characters', { ...file, sms: { text: '{{otp}}'.padEnd(1600, 'a') } }],
    ['SSML of 6000 characters', { ...file, voice: { ...file.voice, ssml: '{{otp}}'.padEnd(6000, 'a') } }],
  ])('may have %s', (_, written) => {
    expect(decode(languageTemplates, written).ok).toBe(true);
  });

  it.each<[string, object, string, string]>([
    ['an SMS without the code', { sms: { text: 'Hola' } }, 'sms.text', 'lacks {{otp}}'],
    [
      'a placeholder that nobody knows',
      { sms: { text: '{{otp}} {{otp2}}' } },
      'sms.text',
      'has a placeholder that is none of {{otp}}, {{minutes}}, {{firstName}}, {{org}}',
    ],
    [
      'a placeholder in another case',
      { sms: { text: '{{OTP}}' } },
      'sms.text',
      'has a placeholder that is none of {{otp}}, {{minutes}}, {{firstName}}, {{org}}',
    ],
    [
      'an SMS that the service finds too long',
      { sms: { text: '{{otp}}'.padEnd(1601, 'a') } },
      'sms.text',
      'is longer than 1600 characters',
    ],
    [
      'SSML that the service finds too long',
      { voice: { ...file.voice, ssml: '{{otp}}'.padEnd(6001, 'a') } },
      'voice.ssml',
      'is longer than 6000 characters',
    ],
    ['a locale that is none', { locale: '*' }, 'locale', 'must be a BCP 47 tag such as es or pt-BR'],
    [
      'a text for an unknown request type',
      { sms: { ...file.sms, variants: { login: '{{otp}}' } } },
      'sms.variants.login',
      'is not a known setting',
    ],
    ['an SMS with a voice', { sms: { ...file.sms, voiceId: 'LUCIA' } }, 'sms.voiceId', 'is not a known setting'],
    ['no SMS', { sms: null }, 'sms', 'must be an object'],
    ['nothing about a voice', { voice: undefined }, 'voice', 'is missing (null says that there is none)'],
    ['no voice in other words', { voice: false }, 'voice', 'must be an object'],
  ])('is refused when it has %s', (_, parts, path, message) => {
    expect(problemsIn(decode(languageTemplates, { ...file, ...parts }))).toEqual([{ path, message }]);
  });

  it('is refused when its voice is none of the service’s', () => {
    const written = { ...file, voice: { ...file.voice, voiceId: 'Lucia' } };
    expect(problemsIn(decode(languageTemplates, written)).map(({ path }) => path)).toEqual(['voice.voiceId']);
  });

  it.each([null, 'a text', [file]])('is refused when it is no object: %j', (written) => {
    expect(problemsIn(decode(languageTemplates, written))).toEqual([{ path: '', message: 'must be an object' }]);
  });

  it('is refused with everything that is wrong with it', () => {
    const written = {
      locale: 'es',
      sms: { text: 'Hola', variants: { 'password-reset': 'Hola', login: '{{otp}}' } },
      voice: { voiceId: 'LUCIA', ssml: '{{code}}' },
      author: 'me',
    };
    expect(problemsIn(decode(languageTemplates, written)).map(({ path }) => path)).toEqual([
      'author',
      'reviewed',
      'sms.text',
      'sms.variants.login',
      'sms.variants.password-reset',
      'voice.ssml',
    ]);
  });
});
