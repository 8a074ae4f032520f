import { describe, expect, it } from 'vitest';
import { findingsOf, previewTemplate, readLanguage, settingsOf, textFor } from '../../../src/dev/page/preview.ts';

const settings = { path: 'settings.json', text: JSON.stringify({ org: 'Brass & Sons' }) };
const language = {
  locale: 'en',
  reviewed: true,
  sms: { text: '{{otp}} for {{org}}', variants: { 'password-reset': '{{otp}} resets' } },
  voice: {
    voiceId: 'JOANNA',
    ssml: '<speak>Hello {{firstName}}, {{org}} says <break/> {{otp}}</speak>',
  },
};
const file = (text: unknown) => ({ path: 'templates/en.json', text: JSON.stringify(text) });
const templatesOf = (text: unknown) => {
  const read = readLanguage(JSON.stringify(text));
  if (read === undefined) throw new Error('the file cannot be read');
  return read;
};
const preview = (channel: 'sms' | 'voice', values: Parameters<typeof previewTemplate>[1]) => {
  const template = textFor(templatesOf(language), channel, 'mfa-verification');
  return template === undefined ? undefined : previewTemplate(template, values);
};

describe('a previewed text', () => {
  it('is filled in as the sender does it, and counted in parts', () => {
    expect(preview('sms', { settings: settingsOf([settings]), firstName: undefined })).toEqual({
      channel: 'sms',
      requestType: undefined,
      body: '123456 for Brass & Sons',
      encoding: 'GSM-7',
      parts: 1,
    });
  });

  it('of a call is what is spoken, and what a listener writes down', () => {
    expect(preview('voice', { settings: settingsOf([settings]), firstName: 'Ana' })).toEqual({
      channel: 'voice',
      requestType: undefined,
      voiceId: 'JOANNA',
      ssml: expect.stringMatching(/^<speak>Hello Ana, Brass &amp; Sons says <break\/> .*<\/speak>$/),
      transcript: 'Hello Ana, Brass & Sons says, 1, 2, 3, 4, 5, 6',
    });
  });

  it('has an organization also without settings', () => {
    expect(preview('sms', { settings: undefined, firstName: undefined })).toMatchObject({
      body: expect.stringMatching(/^123456 for \S/),
    });
  });
});

describe('the text for a request', () => {
  it("is its type's own where there is one, else the general one of the channel", () => {
    const read = templatesOf(language);
    expect(textFor(read, 'sms', 'password-reset')).toMatchObject({ text: '{{otp}} resets' });
    expect(textFor(read, 'sms', 'account-unlock')).toMatchObject({ text: '{{otp}} for {{org}}' });
    expect(textFor(read, 'voice', 'password-reset')).toMatchObject({ channel: 'voice', requestType: undefined });
    expect(textFor(templatesOf({ ...language, voice: null }), 'voice', 'password-reset')).toBeUndefined();
  });
});

describe('a file in the editor', () => {
  it('is no language where it cannot be read', () => {
    expect(readLanguage('{"locale": ')).toBeUndefined();
    expect(readLanguage('{"locale": "en"}')).toBeUndefined();
  });

  it('has findings of its own alone', () => {
    const other = { path: 'templates/fr.json', text: '{' };
    expect(findingsOf(file(language), [settings, other])).toEqual([]);
    const broken = file({ ...language, sms: { text: 'nothing' } });
    const found = findingsOf(broken, [settings, other]);
    expect(found.map(({ file: of, severity }) => [of, severity])).toEqual([[broken.path, 'error']]);
  });

  it('is looked at as it stands there, not as it was saved', () => {
    expect(findingsOf({ ...settings, text: '{' }, [settings])).not.toEqual([]);
  });

  it('takes the settings also while another file is broken', () => {
    expect(settingsOf([{ path: 'templates/fr.json', text: '{' }, settings])).toMatchObject({
      org: 'Brass & Sons',
    });
    expect(settingsOf([{ ...settings, text: '{' }])).toBeUndefined();
  });
});
