import { readFile, writeFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openEditor } from '../../src/cli/editor.ts';
import type { TemplatesFolder } from '../support/templates-command.ts';
import { createTemplatesFolder, english } from '../support/templates-command.ts';

let folder: TemplatesFolder;
beforeEach(async () => {
  folder = await createTemplatesFolder();
  await folder.write('templates/en.json', english);
});
afterEach(() => folder.close());

const parsed = async (locale: string): Promise<unknown> => JSON.parse(await folder.text(locale));

describe('templates edit, by options', () => {
  it('changes what is named and no other character of the file', async () => {
    const before = await folder.text('en');
    const { code, out, err } = await folder.run(['edit', 'EN', '--sms', '{{otp}} is it']);
    expect({ code, out }).toEqual({ code: 0, out: '' });
    expect(err).toContain('Wrote templates/en.json.\nTo publish it: okta-otp catalog push\n');
    expect(await folder.text('en')).toBe(before.replace('{{otp}} is your code', '{{otp}} is it'));
  });

  it('changes voice, text and review', async () => {
    const args = ['edit', 'en', '--voice-id', 'matthew', '--voice', 'Hi & {{otp}}', '--no-reviewed', '--json'];
    const { code, out, err } = await folder.run(args);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(JSON.parse(out)).toMatchObject({
      file: 'templates/en.json',
      written: true,
      findings: [{ rule: 'not-reviewed' }],
    });
    expect(await parsed('en')).toEqual({
      ...english,
      reviewed: false,
      voice: { voiceId: 'MATTHEW', ssml: '<speak>Hi &amp; {{otp}}</speak>' },
    });
  });

  it('changes the text of one request type, and takes one away', async () => {
    await folder.run([
      'edit',
      'en',
      '--request-type',
      'password-reset',
      '--sms',
      '{{otp}} resets',
      '--voice',
      'Reset: {{otp}}',
    ]);
    expect(await parsed('en')).toMatchObject({
      sms: { text: english.sms.text, variants: { 'password-reset': '{{otp}} resets' } },
      voice: { ssml: english.voice.ssml, variants: { 'password-reset': '<speak>Reset: {{otp}}</speak>' } },
    });
    await folder.run(['edit', 'en', '--request-type', 'password-reset', '--no-voice']);
    expect(await parsed('en')).toMatchObject({ voice: { ssml: english.voice.ssml, variants: {} } });
  });

  it('takes calls away, and gives them back with a voice of the language', async () => {
    await folder.run(['edit', 'en', '--no-voice']);
    expect(await parsed('en')).toMatchObject({ voice: null });
    await folder.run(['edit', 'en', '--voice', '{{otp}}']);
    expect(await parsed('en')).toMatchObject({ voice: { voiceId: 'JOANNA', ssml: '<speak>{{otp}}</speak>' } });
  });

  it('writes nothing where nothing changes', async () => {
    const { code, out } = await folder.run(['edit', 'en', '--reviewed', '--json']);
    expect({ code, written: JSON.parse(out).written }).toEqual({ code: 0, written: false });
  });

  it('may leave what was wrong before, but adds nothing to it', async () => {
    await folder.write('templates/en.json', { ...english, sms: { text: `{{otp}}${'x'.repeat(160)}` } });
    const { code, err } = await folder.run(['edit', 'en', '--voice-id', 'MATTHEW']);
    expect({ code, told: err.includes('error sms-parts') }).toEqual({ code: 0, told: true });
    expect((await folder.run(['edit', 'en', '--voice-id', 'HANS'])).code).toBe(2);
  });

  it.each([
    ['a language that is not there', ['edit', 'fr', '--reviewed'], 'template-not-found'],
    ['a locale that is none', ['edit', '12', '--reviewed'], 'locale-invalid'],
    ['nothing to change where nobody can answer', ['edit', 'en'], 'edit-missing'],
    ['a text without the code', ['edit', 'en', '--sms', ''], 'template-refused'],
    ['SSML that is broken', ['edit', 'en', '--voice', '<speak>{{otp}}</p></speak>'], 'template-refused'],
    ['a voice that is none', ['edit', 'en', '--voice-id', 'SIRI'], 'voice-id-invalid'],
    ['a file that cannot be read', ['edit', 'de', '--reviewed'], 'catalog-invalid'],
  ])('refuses %s, and leaves the files as they are', async (_, args, code) => {
    await folder.write('templates/de.json', '{"locale": "de"');
    const before = await folder.everything();
    const ran = await folder.run([...args, '--json']);
    expect({ code: ran.code, out: ran.out, error: JSON.parse(ran.err).error.code }).toEqual({
      code: 2,
      out: '',
      error: code,
    });
    expect(await folder.everything()).toEqual(before);
  });
});

describe('templates edit, in an editor', () => {
  const copies: string[] = [];
  beforeEach(() => {
    copies.length = 0;
  });
  /** An editor that writes one text after the other. */
  const editing = (...texts: readonly string[]) => ({
    env: { EDITOR: 'nano', VISUAL: 'code --wait' },
    services: {
      async openEditor(editor: string, file: string) {
        expect([editor, basename(file)]).toEqual(['code --wait', 'en.json']);
        const text = texts[copies.length];
        copies.push(file);
        if (text !== undefined) await writeFile(file, text);
        return 0;
      },
    },
  });
  const better = JSON.stringify({ ...english, sms: { text: '{{otp}} it is' } });
  const areGone = async () =>
    expect(
      await Promise.all(
        copies.map((copy) =>
          readFile(copy).then(
            () => copy,
            () => 'gone',
          ),
        ),
      ),
    ).toEqual(copies.map(() => 'gone'));

  it('writes what was written on the copy, as it was written', async () => {
    expect((await folder.run(['edit', 'en'], { typed: [], ...editing(better) })).code).toBe(0);
    expect(await folder.text('en')).toBe(better);
    expect(dirname(copies[0] ?? '')).not.toContain(folder.cwd);
    await areGone();
  });

  it('asks again while it is not sound, and leaves the file as it is meanwhile', async () => {
    const { code, err, asked } = await folder.run(['edit', 'en'], { typed: ['', 'y'], ...editing('{', '{}', better) });
    expect({ code, asked: asked.length }).toEqual({ code: 0, asked: 2 });
    expect(err).toContain('error undecodable is not valid JSON');
    expect(err).toContain('sms is missing');
    expect(await folder.text('en')).toBe(better);
  });

  it.each([
    ['the person gives up', ['n']],
    ['Ctrl-C comes', []],
  ])('changes nothing when %s', async (_, typed) => {
    const before = await folder.everything();
    expect((await folder.run(['edit', 'en'], { typed, ...editing('{') })).code).toBe(130);
    expect(await folder.everything()).toEqual(before);
    await areGone();
  });

  it('opens a file that cannot be read, too', async () => {
    await folder.write('templates/en.json', '{');
    expect((await folder.run(['edit', 'en'], { typed: [], ...editing(better) })).code).toBe(0);
  });

  it('says that nothing changed', async () => {
    const { code, err } = await folder.run(['edit', 'en'], { typed: [], ...editing() });
    expect(code).toBe(0);
    expect(err).toContain('Nothing to change');
  });

  it('needs to know an editor, and one that works', async () => {
    expect((await folder.run(['edit', 'en'], { typed: [] })).err).toContain('no editor is known');
    const services = { openEditor: async () => 127 };
    const { code, err } = await folder.run(['edit', 'en'], { typed: [], env: { EDITOR: 'nope' }, services });
    expect({ code, told: err.includes('the editor ended with 127') }).toEqual({ code: 1, told: true });
  });
});

describe('an editor', () => {
  it('is a command that may have arguments, and gets the file as it is named', async () => {
    const file = `${folder.cwd}/a $b "c'.txt`;
    await writeFile(file, 'old');
    expect(await openEditor(`${process.execPath} -e 'fs.writeFileSync(process.argv[1], "new")'`, file)).toBe(0);
    expect(await readFile(file, 'utf8')).toBe('new');
    expect(await openEditor(`${process.execPath} -e 'process.exit(3)'`, file)).toBe(3);
  });
});
