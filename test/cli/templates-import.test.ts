import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OktaOtpError } from '../../src/core/error.ts';
import type { TemplatesFolder } from '../support/templates-command.ts';
import { createTemplatesFolder, english } from '../support/templates-command.ts';

let folder: TemplatesFolder;
beforeEach(async () => {
  folder = await createTemplatesFolder();
});
afterEach(() => folder.close());

const item = (language: string, messagetype: string, message: string, voiceid?: string) => ({
  id: { S: '1' },
  messagetype: { S: messagetype },
  language: { S: language },
  message: { S: message },
  ...(voiceid === undefined ? {} : { voiceid: { S: voiceid } }),
});
const spanish = item('es', 'sms', 'Su código de acceso de un solo uso del servicio AWS End User Messaging es @otp');
const items = [
  item('en', 'voice call', '<speak>It is <emphasis>@otp</emphasis>, again @otp2</speak>', 'MATTHEW'),
  item('en', 'sms', 'Your code is @otp'),
  spanish,
];
/** As the guidance's sample data are laid out. */
const sampleText = items
  .map((one, index) => `Sample ${index}\n\n${JSON.stringify(one, undefined, 2)}\n\n`)
  .join('------------\n');

async function importText(text: string | Uint8Array, args: readonly string[] = [], typed?: readonly string[]) {
  await writeFile(join(folder.cwd, 'data.txt'), text);
  return await folder.run(['import', 'data.txt', ...args], typed === undefined ? {} : { typed });
}

const parsed = async (locale: string): Promise<unknown> => JSON.parse(await folder.text(locale));

describe('templates import', () => {
  it('turns the guidance’s sample data into languages, and flags the Spanish SMS with its character', async () => {
    const { code, out, err } = await importText(sampleText);
    expect(code).toBe(0);
    expect(out).toContain('+ templates/en.json\n');
    expect(out).toContain("+ templates/es.json\n    voice was missing, and is the package's own of es\n");
    expect(out).toMatch(
      /templates\/es\.json:5 error sms-parts sms\.text is 2 message parts .*\n {2}fix: .*ó \(U\+00F3\) → o\n/,
    );
    expect(err).toBe('With --gsm7 these characters are replaced.\nFiles written: 2.\n');
    expect(await parsed('en')).toEqual({
      locale: 'en',
      reviewed: false,
      sms: { text: 'Your code is {{otp}}' },
      voice: { voiceId: 'MATTHEW', ssml: '<speak>It is <emphasis>{{otp}}</emphasis>, again {{otp}}</speak>' },
    });
    expect(await parsed('es')).toMatchObject({ voice: { voiceId: 'LUCIA' } });
  });

  it('writes what costs half as much, where that is wanted', async () => {
    const { code, out } = await importText(sampleText, ['--gsm7', '--reviewed', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      written: true,
      languages: [
        { locale: 'en', kind: 'added' },
        {
          locale: 'es',
          improvements: [{ path: 'sms.text', message: 'was written in GSM-7: ó (U+00F3) → o' }, { path: 'voice' }],
        },
      ],
      findings: [],
    });
    expect(await parsed('es')).toMatchObject({
      reviewed: true,
      sms: { text: expect.stringContaining('codigo de acceso') },
    });
  });

  it('reads what PowerShell writes', async () => {
    const utf16 = Buffer.concat([
      Buffer.from([0xff, 0xfe]),
      Buffer.from(sampleText.replaceAll('\n', '\r\n'), 'utf16le'),
    ]);
    expect((await importText(utf16)).code).toBe(0);
  });

  it('takes what is missing from the package, and says when there is none', async () => {
    expect((await importText(JSON.stringify(item('fr', 'voice', '<speak>@otp</speak>', 'LEA')))).out).toContain(
      "sms.text was missing, and is the package's own of fr",
    );
    expect((await importText(JSON.stringify(item('sw', 'sms', '@otp')))).out).toContain(
      'voice has none: calls take the default',
    );
    const refused = await importText(JSON.stringify(item('gl', 'call', '<speak>@otp</speak>', 'LUCIA')));
    expect(refused.code).toBe(2);
    expect(refused.err).toContain('gl has a call and no SMS');
  });

  it('writes nothing when it is only to be shown', async () => {
    const { code, out, err } = await importText(sampleText, ['--dry-run']);
    expect({ code, shown: out.includes('+ templates/en.json') }).toEqual({ code: 0, shown: true });
    expect(err).toContain('Nothing was written.');
    expect(await folder.everything()).toEqual({});
  });

  describe('into a folder that has the language', () => {
    const own = { ...english, sms: { text: '{{otp}} is ours', variants: { 'password-reset': '{{otp}} resets' } } };
    beforeEach(() => folder.write('templates/en.json', own));

    it('overwrites nothing unasked', async () => {
      const before = await folder.everything();
      const piped = await importText(sampleText, ['--json', '--dir', 'catalog']);
      expect({ code: piped.code, out: piped.out }).toEqual({ code: 2, out: '' });
      expect(JSON.parse(piped.err).error).toMatchObject({
        code: 'confirmation-missing',
        hint: 'okta-otp templates import data.txt --dir catalog --yes',
      });
      for (const typed of [['n'], []]) expect((await importText(sampleText, [], typed)).code).toBe(130);
      expect(await folder.everything()).toEqual(before);
    });

    it.each([
      ['--yes', ['--yes'], undefined],
      ['an answer', [], ['y']],
    ])('overwrites with %s, and keeps what the items do not say', async (_, args, typed) => {
      const { code, out } = await importText(sampleText, args, typed);
      expect({ code, shown: out.includes('~ templates/en.json') }).toEqual({ code: 0, shown: true });
      expect(await parsed('en')).toMatchObject({
        reviewed: false,
        sms: { text: 'Your code is {{otp}}', variants: { 'password-reset': '{{otp}} resets' } },
        voice: { voiceId: 'MATTHEW' },
      });
      const after = await folder.everything();
      expect(await importText(sampleText)).toMatchObject({
        code: 0,
        err: expect.stringContaining('Nothing was written.'),
      });
      expect(await folder.everything()).toEqual(after);
    });

    it('takes a text for the same however it is escaped', async () => {
      const escaped = '{"locale": "es", "reviewed": true, "sms": {"text": "c\\u00f3digo {{otp}}"}, "voice": null}';
      await folder.write('templates/es.json', escaped);
      const { code, out } = await importText(JSON.stringify(item('es', 'sms', 'código @otp')));
      expect({ code, same: out.includes('= templates/es.json') }).toEqual({ code: 0, same: true });
      expect(await folder.text('es')).toBe(escaped);
    });

    it('gives calls to a language that had none, and leaves a channel alone that no item is for', async () => {
      await folder.write('templates/en.json', { ...own, voice: null });
      await importText(JSON.stringify(items[0]), ['--yes']);
      expect(await parsed('en')).toMatchObject({ sms: own.sms, voice: { voiceId: 'MATTHEW' } });
    });

    it('asks for a file to be corrected that cannot be read', async () => {
      await folder.write('templates/en.json', '{');
      const { code, err } = await importText(sampleText, ['--yes']);
      expect(code).toBe(2);
      expect(err).toContain('templates/en.json is in the folder and cannot be read');
    });
  });

  it.each([
    ['an item that is no JSON', 'x\n{"a": }\n', 'item 1, line 2 is not valid JSON'],
    ['no item at all', 'nothing', 'the file has no item'],
    ['bytes that are no text', Uint8Array.of(0x7b, 0xff, 0x7d), 'is neither UTF-8 nor UTF-16'],
    [
      'SSML that the service refuses',
      JSON.stringify(item('en', 'call', '<speak>@otp', 'JOEY')),
      'error ssml-malformed',
    ],
    [
      'an element that voices do not know',
      JSON.stringify(item('en', 'call', '<speak>@otp<audio/></speak>', 'JOEY')),
      'error ssml-element',
    ],
    ['a text that is too long', JSON.stringify(item('en', 'sms', `@otp${'x'.repeat(1600)}`)), 'error undecodable'],
  ])('refuses %s, and writes nothing', async (_, text, words) => {
    await folder.write('templates/en.json', english);
    const before = await folder.everything();
    const { code, out, err } = await importText(text, ['--yes']);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(words);
    expect(await folder.everything()).toEqual(before);
  });

  it('tells all problems of all items at once', async () => {
    const bad = [item('Klingonese', 'fax', 'no code'), item('en', 'call', '<speak>@otp</speak>', 'SIRI'), spanish];
    const { code, err } = await importText(JSON.stringify(bad), ['--json']);
    expect(code).toBe(2);
    const { message } = JSON.parse(err).error;
    for (const place of ['item 1: messagetype', 'item 1: language', 'item 1: message', 'item 2: voiceid']) {
      expect(message).toContain(place);
    }
    expect(await folder.everything()).toEqual({});
  });

  it.each([
    ['neither a file nor a table', [], 'import-source'],
    ['both', ['data.txt', '--from-table', 'messages'], 'import-source'],
    ['a file that is not there', ['nowhere.txt'], 'file-unreadable'],
    ['a table whose name none has', ['--from-table', 'a b'], 'table-invalid'],
  ])('refuses %s', async (_, args, code) => {
    const ran = await folder.run(['import', ...args, '--json']);
    expect({ code: ran.code, error: JSON.parse(ran.err).error.code }).toEqual({ code: 2, error: code });
  });
});

describe('templates import --from-table', () => {
  const table = (read: () => Promise<typeof items>) => {
    const closed: string[] = [];
    const openGuidanceTable = async (options: unknown) => ({
      items: read,
      close: () => closed.push(JSON.stringify(options)),
    });
    return { closed, services: { openGuidanceTable } };
  };

  it('takes the items of the table', async () => {
    const { services, closed } = table(async () => items);
    const args = ['import', '--from-table', 'Messages', '--region', 'us-east-1', '--profile', 'okta'];
    expect((await folder.run(args, { services })).code).toBe(0);
    expect(await parsed('en')).toMatchObject({ sms: { text: 'Your code is {{otp}}' } });
    expect(closed).toEqual(['{"table":"Messages","region":"us-east-1","profile":"okta"}']);
  });

  it('says that there are none', async () => {
    const { services } = table(async () => []);
    const { code, err } = await folder.run(['import', '--from-table', 'Messages', '--json'], { services });
    expect({ code, error: JSON.parse(err).error.code }).toEqual({ code: 2, error: 'import-empty' });
  });

  it('closes the table when it could not be read', async () => {
    const { services, closed } = table(async () => {
      throw new OktaOtpError('aws-throttled', 'AWS is throttling requests');
    });
    expect((await folder.run(['import', '--from-table', 'Messages'], { services })).code).toBe(1);
    expect(closed).toHaveLength(1);
  });
});
