import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { smsSize } from '../../src/core/message-parts.ts';
import type { RenderValues } from '../../src/core/render.ts';
import { renderMessage } from '../../src/core/render.ts';
import { Secret } from '../../src/core/secret.ts';
import type { Template } from '../../src/core/template.ts';
import { placeholders, placeholdersOf } from '../../src/core/template.ts';
import { marked } from '../support/marked.ts';

const values: RenderValues = {
  otp: new Secret(marked.otp),
  minutes: 5,
  firstName: new Secret(marked.firstName),
  org: 'Example',
  autofillDomain: undefined,
};
const named = (name: string): RenderValues => ({ ...values, firstName: new Secret(name) });
const nameless: RenderValues = { ...values, firstName: undefined };

const key = { locale: 'en', requestType: undefined };
const sms = (text: string, given = values) => renderMessage({ ...key, channel: 'sms', text }, given).body.reveal();
const ssml = (text: string, given = values) =>
  renderMessage({ ...key, channel: 'voice', ssml: text, voiceId: 'JOANNA' }, given).body.reveal();

/** Every way in which an XML document of plain elements can be broken by what is put into it. */
function brokenXml(document: string): string | undefined {
  // https://www.w3.org/TR/xml/#charsets
  if (!/^[\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]*$/u.test(document))
    return 'a character that no XML may hold';
  const open: string[] = [];
  for (const piece of document.match(/<[^>]*>|[^<]+|</g) ?? []) {
    const [, close, tag, , empty] = /^<(\/?)([a-z-]+)((?: [a-z-]+="[^"<&]*")*)(\/?)>$/.exec(piece) ?? [];
    if (tag === undefined) {
      if (piece.startsWith('<')) return 'a < that begins no tag';
      if (/[>"']/.test(piece)) return 'a reserved character in a text';
      if (/&(?!(?:amp|lt|gt|quot|apos);)/.test(piece)) return 'an & that begins no entity';
    } else if (close === '/') {
      if (open.pop() !== tag) return `a </${tag}> too many`;
    } else if (empty !== '/') open.push(tag);
  }
  return open.length === 0 ? undefined : 'an element that is not closed';
}

/** Texts of letters and placeholders; the code's digits stand in none of them. */
const texts = fc
  .array(
    fc.oneof(
      fc.string({ unit: fc.constantFrom(...'abc ,.!é€ж😀{}$&\\') }),
      fc.constantFrom(...placeholders.map((name) => `{{${name}}}`)),
    ),
    {
      maxLength: 12,
    },
  )
  .map((pieces) => pieces.join(' '));
const letters = fc.string({ unit: fc.constantFrom(...'abcXYZ é\'-<>&"$ж'), maxLength: 30 });
/** Names as an attacker would choose them, beside those of chance. */
const names = fc.oneof(
  fc.string({ unit: 'binary' }),
  letters,
  fc.constantFrom(
    "O'Brien <b>&",
    '{{otp}}',
    '{{firstName}}',
    '$&',
    '$1',
    '$`',
    '</speak>',
    ']]>',
    '<!--',
    '&amp;',
    '\u0000',
    '\ud800',
    '\uffff',
  ),
);

describe('an SMS', () => {
  it('says the code, the minutes, the name and the organization', () => {
    expect(sms('Hi {{firstName}}, {{ otp }} is your code for {{org}}. It expires in {{minutes}} min.')).toBe(
      `Hi ${marked.firstName}, ${marked.otp} is your code for Example. It expires in 5 min.`,
    );
  });

  it('is a secret, since it holds the code', () => {
    const message = renderMessage({ ...key, channel: 'sms', text: '{{otp}}' }, values);
    expect(JSON.stringify(message)).toBe('{"channel":"sms","body":"[secret]"}');
  });

  // The AWS guidance filled the first `@otp` only, and that within `@otp2` too.
  it('says the code wherever its template does', () => {
    expect(sms('Code {{otp}}. Again {{otp}}.')).toBe(`Code ${marked.otp}. Again ${marked.otp}.`);
  });

  it.each(["O'Brien <b>&", '{{otp}}', '{{firstName}}', '$&', '$1', '$$', '&amp;', '\\1'])(
    'takes the name %s literally',
    (name) => {
      expect(sms('Hi {{firstName}}, {{otp}}', named(name))).toBe(`Hi ${name}, ${marked.otp}`);
    },
  );

  it('takes the organization literally', () => {
    expect(sms('{{org}}: {{otp}}', { ...values, org: 'A&B {{otp}} $&' })).toBe(`A&B {{otp}} $&: ${marked.otp}`);
  });

  it.each([
    ['absent', undefined],
    ['empty', new Secret('')],
  ])('closes the gap of a name that is %s', (_, firstName) => {
    const given = { ...values, firstName };
    expect(sms('Hi {{firstName}}, your code is {{otp}}', given)).toBe(`Hi, your code is ${marked.otp}`);
    expect(sms('Hi  {{ firstName }}! {{otp}} ({{firstName}})', given)).toBe(`Hi! ${marked.otp} ()`);
  });

  it.each([
    ['{{firstName}}, your code is {{otp}}', 'your code is 0'],
    ['{{firstName}}您好，{{otp}}', '您好，0'],
    ['{{firstName}}，您好：{{otp}}', '您好：0'],
    ['您好，{{firstName}}。{{otp}}', '您好。0'],
    ['こんにちは、{{firstName}}。{{otp}}', 'こんにちは。0'],
    ['مرحبًا، {{firstName}}. {{otp}}', 'مرحبًا. 0'],
    ['{{ firstName }}، {{otp}}', '0'],
    ['Hello. {{firstName}}, {{otp}}', 'Hello. 0'],
    ['One\n{{firstName}}, {{otp}}', 'One\n0'],
    ['Hello {{firstName}}, {{otp}}, bye', 'Hello, 0, bye'],
  ])('closes the gap in "%s" whatever its comma is', (text, expected) => {
    expect(sms(text, { ...nameless, otp: new Secret('0') })).toBe(expected);
  });

  it('leaves out a name that would cost one more part', () => {
    const text = `Hi {{firstName}}, {{otp}} ${'a'.repeat(160 - 'Hi, 000000 '.length - 5)}`;
    expect(sms(text, named('Anna'))).toContain('Hi Anna, ');
    expect(smsSize(sms(text, named('Anna')))).toEqual({ encoding: 'GSM-7', parts: 1 });
    expect(sms(text, named('Annas'))).toContain('Hi, ');
    // Short enough, yet a single letter outside GSM-7 halves what a part holds.
    expect(sms(text, named('Łu'))).toContain('Hi, ');
  });

  it('keeps a name that makes a part fuller, or another encoding, at no cost', () => {
    expect(sms('Hi {{firstName}}, {{otp}}', named('Łukasz'))).toBe(`Hi Łukasz, ${marked.otp}`);
  });

  describe('for the site that the code is for', () => {
    const bound = { ...values, otp: new Secret('123456'), autofillDomain: 'example.com' };
    const lastLine = '@example.com #123456';

    // https://wicg.github.io/sms-one-time-codes/: the last line, and nothing else on it.
    it('ends with a line of its own that binds the code to it', () => {
      expect(sms('Your code is {{otp}}.', bound).split('\n')).toEqual(['Your code is 123456.', lastLine]);
      expect(sms('Hi {{firstName}}: {{otp}}\nBye\n', bound).split('\n').at(-1)).toBe(lastLine);
    });

    it('has no such line where there is no site', () => {
      expect(sms('Your code is {{otp}}.', { ...bound, autofillDomain: undefined })).toBe('Your code is 123456.');
    });

    it('counts the line in its parts: a name that fits without it is left out', () => {
      const fullWithName = `Hi {{firstName}}, {{otp}} ${'a'.repeat(160 - 'Hi Anna, 123456 '.length)}`;
      const given = { ...bound, firstName: new Secret('Anna') };
      expect(sms(fullWithName, { ...given, autofillDomain: undefined })).toContain('Hi Anna, ');
      // Two parts with the line anyway, name or not: it is no further one.
      expect(sms(fullWithName, given)).toContain('Hi Anna, ');

      const text = `Hi {{firstName}}, {{otp}} ${'a'.repeat(160 - 'Hi, 123456 '.length - `\n${lastLine}`.length)}`;
      expect(sms(text, { ...given, autofillDomain: undefined })).toContain('Hi Anna, ');
      const body = sms(text, given);
      expect(body).toMatch(/^Hi, 123456 a+\n@example\.com #123456$/);
      expect(body).toHaveLength(160);
      expect(smsSize(body)).toEqual({ encoding: 'GSM-7', parts: 1 });
    });

    it('says nothing of it in a call', () => {
      expect(ssml('<speak>{{otp}}</speak>', bound)).not.toContain('example.com');
    });
  });

  it('leaves no placeholder, and says the code exactly as often as its template', () => {
    fc.assert(
      fc.property(texts, fc.option(letters), (text, name) => {
        const given = name === null ? nameless : named(name);
        const body = sms(text, given);
        const known = placeholdersOf(text).filter((found) => placeholders.some((one) => one === found));
        expect(placeholdersOf(body).filter((found) => placeholders.some((one) => one === found))).toEqual([]);
        expect(body.split(marked.otp).length - 1).toBe(known.filter((found) => found === 'otp').length);
      }),
      { numRuns: 500 },
    );
  });

  it('costs no more parts for any name than without one', () => {
    fc.assert(
      fc.property(fc.nat(200), names, (length, name) => {
        const text = `{{otp}} {{firstName}} ${'a'.repeat(length)}`;
        expect(smsSize(sms(text, named(name))).parts).toBeLessThanOrEqual(smsSize(sms(text, nameless)).parts);
      }),
    );
  });

  it('holds any name that fits just as it is', () => {
    fc.assert(
      fc.property(
        names.filter((name) => name !== ''),
        (name) => {
          expect(sms('{{firstName}}|{{otp}}', named(name))).toBe(`${name}|${marked.otp}`);
        },
      ),
    );
  });
});

describe('a call', () => {
  const template = '<speak>Hello {{firstName}}. Your code for {{org}} is {{otp}}.</speak>';
  const digit = (value: string) => `<say-as interpret-as="characters">${value}</say-as>`;
  const spoken = [...marked.otp].map(digit).join('<break time="600ms"/>');

  it('speaks the code digit by digit, with a pause between', () => {
    expect(ssml('<speak>{{otp}}</speak>')).toBe(`<speak>${spoken}</speak>`);
    expect(ssml('<speak>{{otp}}. Again: {{otp}}</speak>')).toBe(`<speak>${spoken}. Again: ${spoken}</speak>`);
  });

  it('never says the code as one number', () => {
    expect(ssml(template)).not.toContain(marked.otp);
  });

  it('has the voice of its template', () => {
    expect(renderMessage({ ...key, channel: 'voice', ssml: template, voiceId: 'MIA' }, values)).toMatchObject({
      channel: 'voice',
      voiceId: 'MIA',
    });
  });

  it('says the minutes, the name and the organization', () => {
    expect(ssml('<speak>{{firstName}}, {{org}}, {{minutes}}</speak>')).toBe(
      `<speak>${marked.firstName}, Example, 5</speak>`,
    );
  });

  it.each([
    ["O'Brien <b>&", 'O&apos;Brien &lt;b&gt;&amp;'],
    ['"A"', '&quot;A&quot;'],
    ['{{otp}}', '{{otp}}'],
    ['$&', '$&amp;'],
    ['$1', '$1'],
    ['&lt;', '&amp;lt;'],
    ['</speak>', '&lt;/speak&gt;'],
    ['A\u0000B\u001bC', 'ABC'],
    ['half a pair: \ud83d', 'half a pair: '],
    ['a whole pair: 😀', 'a whole pair: 😀'],
    ['\ufffe\uffff', ''],
    ['two\tlines\n', 'two\tlines\n'],
  ])('takes the name %j for text, not for markup', (name, escaped) => {
    expect(ssml('<speak>{{firstName}}</speak>', named(name))).toBe(`<speak>${escaped}</speak>`);
  });

  it('escapes the organization too', () => {
    expect(ssml('<speak>{{org}}</speak>', { ...values, org: 'A & B' })).toBe('<speak>A &amp; B</speak>');
  });

  it('closes the gap of an absent name', () => {
    expect(ssml('<speak>Hello {{firstName}}. {{minutes}}</speak>', nameless)).toBe('<speak>Hello. 5</speak>');
  });

  it('stays well-formed for any name and organization', () => {
    expect(brokenXml(template)).toBeUndefined();
    fc.assert(
      fc.property(fc.option(names), names, (name, org) => {
        const body = ssml(template, { ...(name === null ? nameless : named(name)), org });
        expect(brokenXml(body)).toBeUndefined();
        expect(body.split(spoken).length - 1).toBe(1);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    '<speak>a & b</speak>',
    '<speak>a < b</speak>',
    '<speak><b></speak>',
    '</speak>',
    '<speak>\u0000</speak>',
    '<speak>"</speak>',
  ])('would be seen to break: %j', (document) => {
    expect(brokenXml(document)).toBeDefined();
  });
});

it('leaves a first name out of a call that it would make too long for the service', () => {
  const template: Template = {
    locale: 'en',
    requestType: undefined,
    channel: 'voice',
    voiceId: 'JOANNA',
    ssml: '<speak>Hello {{firstName}}, {{otp}}</speak>',
  };
  const spoken = renderMessage(template, { ...values, firstName: new Secret('&'.repeat(2000)) }).body.reveal();
  expect(spoken.startsWith('<speak>Hello, <say-as')).toBe(true);
});
