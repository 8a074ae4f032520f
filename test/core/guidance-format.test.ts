import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCatalog } from '../../src/core/catalog.ts';
import { renderProblems } from '../../src/core/decode.ts';
import { findGuidanceItems } from '../../src/core/guidance-file.ts';
import { convertGuidanceItems } from '../../src/core/guidance-format.ts';
import { parseLanguage } from '../../src/core/language-names.ts';
import { lintCatalog } from '../../src/core/lint.ts';
import { renderMessage } from '../../src/core/render.ts';
import { sampleValues } from '../../src/core/sample-values.ts';
import { hear } from '../../src/local/end-user-messaging/speech.ts';
import { problemsIn, valueIn } from '../support/decoded.ts';

const item = (fields: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(fields).map(([name, S]) => [name, { S }]));
const smsItem = (message: string, language = 'en') => item({ id: '1', messagetype: 'sms', language, message });
const call = (message: string, more: Readonly<Record<string, string>> = { voiceid: 'JOANNA' }) =>
  item({ id: '2', messagetype: 'voice call', language: 'en', message, ...more });

const convert = (items: readonly unknown[], gsm7 = false) =>
  convertGuidanceItems(
    items.map((value, index) => ({ place: `item ${index + 1}`, value })),
    { gsm7 },
  );
const only = (value: unknown, gsm7 = false) => {
  const [language] = valueIn(convert([value], gsm7));
  if (language === undefined) throw new Error('nothing was converted');
  return language;
};
const notes = (value: unknown, gsm7 = false) =>
  only(value, gsm7).improvements.map(({ path, message }) => `${path} ${message}`);

/** Words of our own in the layout of the guidance's sample file: titles, dashed lines, objects over many lines. */
const sampleFile = [
  'English Voice Sample',
  '',
  JSON.stringify(
    call("<speak>Your code is <emphasis>@otp</emphasis>. <break time='0.5s'/> Again: @otp2</speak>"),
    null,
    2,
  ),
  '',
  '------------------------',
  'Spanish SMS Sample',
  '',
  '',
  JSON.stringify(
    smsItem('Su código de acceso de un solo uso del servicio AWS End User Messaging es @otp', 'es'),
    null,
    2,
  ),
  '',
].join('\n');

describe('the items of a file', () => {
  const values = (text: string) => valueIn(findGuidanceItems(text)).map(({ value }) => value);

  it('are found between titles and dashed lines, each with its line', () => {
    expect(valueIn(findGuidanceItems(sampleFile)).map(({ place }) => place)).toEqual([
      'item 1, line 3',
      'item 2, line 25',
    ]);
  });

  it.each([
    ['with a byte order mark and CRLF', `\uFEFF${sampleFile.replaceAll('\n', '\r\n')}`],
    ['right after a byte order mark', `\uFEFF${sampleFile.replace('English Voice Sample\n\n', '')}`],
    ['without titles', sampleFile.replace(/^[A-Z].*$/gm, '')],
    ['indented', sampleFile.replaceAll('\n', '\n  ')],
  ])('are the same %s', (_, text) => {
    expect(values(text)).toEqual(values(sampleFile));
  });

  it.each([
    ['a list', '[{"a":1},{"b":2}]'],
    ['what a scan prints', '{"Count":2,"Items":[{"a":1},{"b":2}]}'],
    ['a batch of puts', '{"table":[{"PutRequest":{"Item":{"a":1}}},{"PutRequest":{"Item":{"b":2}}}]}'],
    ['one a line', '{"a":1}\n{"b":2}\n'],
    ['an export', '{"Item":{"a":1}}\n{"Item":{"b":2}}'],
    ['one after the other', 'two: \n{"a":1}, {"b":2}'],
    ['two lists', 'one\n{"Items":[{"a":1}]}\n---\n{"Items":[{"b":2}]}'],
  ])('may be %s', (_, text) => {
    expect(values(text)).toEqual([{ a: 1 }, { b: 2 }]);
  });

  it('are what stands there, even where that is no object', () => {
    expect(values('["text", 5]')).toEqual(['text', 5]);
  });

  it('may hold braces and quotation marks in their texts', () => {
    expect(values('x\n{"a":"} \\" {"}\ny {no item} z\n{"b":"{"}')).toEqual([{ a: '} " {' }, { b: '{' }]);
  });

  it('are all looked at, however many of them cannot be read', () => {
    const text = '{"a": 1,}\n---\n{"b": {"S": "x"}\n---\n{"c": 1}\n---\n{"d": "\n';
    expect(problemsIn(findGuidanceItems(text))).toEqual([
      { path: 'item 1, line 1', message: 'is not valid JSON' },
      { path: 'item 2, line 3', message: 'is not closed' },
      { path: 'item 4, line 7', message: 'is not closed' },
    ]);
  });

  it.each(['', '\n', 'title only\n-----\n', '[]', '{"Items":[]}'])('are missing in %j', (text) => {
    expect(problemsIn(findGuidanceItems(text))[0]?.message).toMatch(/^has no item/);
  });
});

describe('a language as people write it', () => {
  it.each([
    ['es', 'es'],
    ['es_MX', 'es-MX'],
    ['EN-us', 'en-US'],
    ['spa', 'es'],
    ['Spanish', 'es'],
    [' ENGLISH ', 'en'],
    ['Español', 'es'],
    ['Norwegian Bokmål', 'nb'],
    ['Brazilian Portuguese', 'pt-BR'],
    ['Portuguese (Brazil)', 'pt-BR'],
    ['Traditional  Chinese', 'zh-Hant'],
    ['Latin American Spanish', 'es-419'],
    ['日本語', 'ja'],
  ])('%s is %s', (written, locale) => {
    expect(parseLanguage(written)).toBe(locale);
  });

  it.each(['', 'Klingonese', 'klingon', 'x', 'und'])('%s is none', (written) => {
    expect(parseLanguage(written)).toBeUndefined();
  });
});

describe('an item', () => {
  it('becomes a text with {{otp}}, of DynamoDB’s JSON or of plain JSON, its names however spelt', () => {
    const language = { locale: 'en', sms: 'Code {{otp}}', improvements: [] };
    expect(only(smsItem('Code @otp'))).toEqual(language);
    expect(only({ Language: 'English', message_type: 'SMS', MESSAGE: 'Code @otp', id: { N: '4' } })).toEqual(language);
  });

  it('becomes a call with its voice', () => {
    expect(only(call('<speak>@otp, @otp2</speak>', { voiceid: ' matthew' })).voice).toEqual({
      voiceId: 'MATTHEW',
      ssml: '<speak>{{otp}}, {{otp}}</speak>',
    });
    expect(notes(call('<speak>@otp</speak>'))).toEqual([
      'voice.ssml says the code digit by digit with a pause after each, on every spelling of the channel',
    ]);
  });

  it('joins the other channel of its language', () => {
    const languages = valueIn(convert([smsItem('A @otp'), call('<speak>@otp</speak>'), smsItem('B @otp', 'de')]));
    expect(languages.map(({ locale, sms, voice }) => [locale, sms, voice?.voiceId])).toEqual([
      ['en', 'A {{otp}}', 'JOANNA'],
      ['de', 'B {{otp}}', undefined],
    ]);
  });

  it('may be there twice, if both are the same', () => {
    expect(valueIn(convert([smsItem('A @otp'), smsItem('A @otp', 'english')]))).toHaveLength(1);
  });

  it('gets a voice of its language where it has none', () => {
    const spanish = (more: Readonly<Record<string, string>>) =>
      only(call('<speak>@otp</speak>', { language: 'es-MX', ...more }));
    for (const more of [{}, { voiceid: '' }]) {
      const { voice, improvements } = spanish(more);
      expect(voice?.voiceId).toBe('MIA');
      expect(improvements.map(({ path }) => path)).toEqual(['voice.ssml', 'voice.voiceId']);
    }
    expect(spanish({ voiceid: 'lupe' }).voice?.voiceId).toBe('LUPE');
  });

  it('is put into <speak> where it is plain words, and what XML reserves is written as XML wants it', () => {
    expect(only(call('Tom & Ann <3: @otp')).voice?.ssml).toBe('<speak>Tom &amp; Ann &lt;3: {{otp}}</speak>');
    expect(only(call('<speak>A & B &amp; C &#38; @otp</speak>')).voice?.ssml).toBe(
      '<speak>A &amp; B &amp; C &#38; {{otp}}</speak>',
    );
    expect(notes(call('a & b @otp'))).toHaveLength(2);
    expect(notes(call('<speak>a & b @otp</speak>'))[0]).toContain('&amp;');
  });

  it('loses a <say-as> around the code, which would be one within another', () => {
    const { voice, improvements } = only(call('<speak><say-as interpret-as="digits"> @otp </say-as>.</speak>'));
    expect(voice?.ssml).toBe('<speak>{{otp}}.</speak>');
    expect(improvements[0]?.message).toContain('<say-as>');
  });

  it.each([
    ['@otp2 then @otp', true],
    ['@otp @otp', true],
    ['@otp @otp2', false],
    ['@otp', false],
    ['@otp2', true],
  ])('says of "%s" whether the guidance filled it wrongly: %s', (message, wrongly) => {
    expect(notes(smsItem(message)).some((note) => note.includes('stray 2'))).toBe(wrongly);
  });

  it('is written in GSM-7 where that is wanted, as far as its language can be', () => {
    const spanish = smsItem('Su código – @otp', 'es');
    expect(only(spanish).sms).toBe('Su código – {{otp}}');
    expect(only(spanish, true).sms).toBe('Su codigo - {{otp}}');
    expect(notes(spanish, true)).toEqual(['sms.text was written in GSM-7: ó (U+00F3) → o, – (U+2013) → -']);
    expect(only(smsItem('Ваш код – @otp', 'ru'), true).sms).toBe('Ваш код – {{otp}}');
    expect(only(smsItem('código 🔑 @otp', 'es'), true).sms).toBe('codigo 🔑 {{otp}}');
  });

  it('tells everything that is wrong with it and the others at once, and quotes nothing', () => {
    const problems = problemsIn(
      convert([
        'text',
        {},
        item({ messagetype: 'fax', language: 'Klingonese', message: 'no code' }),
        call('<speak>@otp</speak>', { voiceid: 'SIRI' }),
        call('<speak>@otp</speak>', { language: 'sw' }),
        smsItem('{{org}}: @otp'),
        smsItem('A @otp', 'es'),
        smsItem('B @otp', 'es_ES'),
        smsItem('B @otp', 'Spanish'),
        { messagetype: { S: 'sms' }, language: { BOOL: true }, message: { S: '@otp' } },
      ]),
    );
    expect(problems.map(({ path, message }) => `${path} ${message}`)).toEqual([
      'item 1 must be an object',
      'item 2: messagetype is missing',
      'item 2: language is missing',
      'item 2: message is missing',
      'item 3: messagetype must be "sms" or "voice call"',
      'item 3: language must be a tag such as es-MX, or the name of a language',
      'item 3: message must be a text with @otp',
      "item 4: voiceid must be one of the service's VoiceIds, such as JOANNA",
      'item 5: voiceid is missing, and the service has no voice for this language: leave the item out',
      'item 6: message has {{…}}, which was sent as it stands and would be a placeholder now: write it otherwise',
      'item 9 is another text for the same language and channel: leave one of them',
      'item 10: language must be a tag such as es-MX, or the name of a language',
    ]);
    expect(renderProblems(problems, '')).not.toContain('SIRI');
  });
});

describe('what an imported item renders to', () => {
  const words = fc.array(
    fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom('@otp', '@otp2') },
      fc.constantFrom('Code ', ' ', '. ', 'é', '@', '$&', '$1', '2', '{', '}', '&', '@ot', 'otp', '-', '\n'),
    ),
    { minLength: 1, maxLength: 12 },
  );
  const withCode = words
    .map((list) => list.join(''))
    .filter(
      (text) => /@otp/.test(text) && !/\{\{[^{}]*\}\}/.test(text) && !/@otp2?2/.test(text.replace(/@otp2/g, '@otp')),
    );
  const values = sampleValues({ otp: '654321' });

  it('is the SMS that it was written for, in any order of @otp and @otp2', () => {
    fc.assert(
      fc.property(withCode, (message) => {
        const { sms } = only(smsItem(message));
        const body = renderMessage(
          { locale: 'en', requestType: undefined, channel: 'sms', text: sms ?? '' },
          values,
        ).body;
        // By hand, character by character: not by the expression that is under test.
        const pieces = message
          .split('@otp')
          .map((piece, index) => (index > 0 && piece.startsWith('2') ? piece.slice(1) : piece));
        expect(body.reveal()).toBe(pieces.join('654321'));
      }),
      { numRuns: 500 },
    );
  });

  it('is the call that it was written for: as it sounds with the digits one by one', () => {
    fc.assert(
      fc.property(withCode, (message) => {
        const safe = message.replaceAll('&', ' and ');
        const { voice } = only(call(`<speak>${safe}</speak>`));
        const body = renderMessage(
          { locale: 'en', requestType: undefined, channel: 'voice', voiceId: 'JOANNA', ssml: voice?.ssml ?? '' },
          values,
        ).body.reveal();
        const pieces = safe
          .split('@otp')
          .map((piece, index) => (index > 0 && piece.startsWith('2') ? piece.slice(1) : piece));
        const meant = hear({ kind: 'ssml', value: `<speak>${pieces.join(' 6, 5, 4, 3, 2, 1 ')}</speak>` });
        expect(hear({ kind: 'ssml', value: body })).toBe(meant);
      }),
      { numRuns: 300 },
    );
  });
});

describe('the guidance’s Spanish SMS', () => {
  it('is flagged as two parts, with the character that makes them and what to write in its place', () => {
    const languages = valueIn(convertGuidanceItems(valueIn(findGuidanceItems(sampleFile)), { gsm7: false }));
    const files = languages.flatMap(({ locale, sms }) =>
      sms === undefined
        ? []
        : [
            {
              path: `templates/${locale}.json`,
              text: JSON.stringify({ locale, reviewed: false, sms: { text: sms }, voice: null }),
            },
          ],
    );
    expect(parseCatalog(files).ok).toBe(true);
    expect(lintCatalog(files)).toContainEqual(
      expect.objectContaining({
        rule: 'sms-parts',
        file: 'templates/es.json',
        path: 'sms.text',
        message: 'is 2 message parts with a code of 8 digits (UCS-2), each of which is charged for',
        fix: 'shorten it, or write it in GSM-7: ó (U+00F3) → o',
      }),
    );
  });
});
