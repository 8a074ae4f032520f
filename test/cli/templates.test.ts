import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLineFinder } from '../../src/cli/json-lines.ts';
import { main } from '../../src/cli/main.ts';
import type { FakeContextOptions } from '../support/fake-context.ts';
import { createFakeContext } from '../support/fake-context.ts';

let cwd = '';
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'okta-otp-'));
});
afterEach(() => rm(cwd, { recursive: true }));

const folder = () => join(cwd, 'catalog', 'templates');

async function write(locale: string, sms = '{{otp}} is your code', voiceId: string | null = 'JOANNA') {
  await mkdir(folder(), { recursive: true });
  const voice = voiceId === null ? null : { voiceId, ssml: '<speak>Hello {{firstName}}. {{otp}}</speak>' };
  const written = { locale, reviewed: true, sms: { text: sms, variants: { 'password-reset': `${sms}!` } }, voice };
  await writeFile(join(folder(), `${locale}.json`), JSON.stringify(written, undefined, 2));
}

async function run(line: string, options: FakeContextOptions = {}) {
  const context = { ...createFakeContext(options), cwd };
  const code = await main(['templates', ...line.split(' ')], context);
  return { code, out: context.out(), err: context.err() };
}

describe('templates validate', () => {
  it('says that all is well', async () => {
    await write('en');
    expect(await run('validate')).toEqual({ code: 0, out: '1 file: 0 errors, 0 warnings, 0 notes\n', err: '' });
  });

  it('names file, line, rule and fix of everything that is wrong', async () => {
    await write('en');
    await write('es', `{{otp}} ó ${'a'.repeat(90)}`, 'JOANNA');
    await writeFile(join(folder(), 'fr.json'), '{');
    const { code, out } = await run('validate');
    expect(code).toBe(3);
    expect(out).toContain('templates/es.json:5 error sms-parts sms.text is 2 message parts');
    expect(out).toContain('  fix: shorten it, or write it in GSM-7: ó (U+00F3) → o\n');
    expect(out).toContain('templates/es.json:11 error voice-language voice.voiceId JOANNA speaks en-US');
    expect(out).toContain('templates/fr.json:1 error undecodable is not valid JSON');
    expect(out).toMatch(/\n3 files: 4 errors, 2 warnings, 0 notes\n$/);
  });

  it('says by which name a file is found that is named otherwise', async () => {
    await write('en');
    await write('pt_br', '{{otp}}', null);
    const { code, out } = await run('validate');
    expect(code).toBe(3);
    expect(out).toContain('templates/pt_br.json:1 error undecodable must be named pt-BR.json, by the canonical form');
  });

  it('passes over a byte order mark, and finds the lines behind it', async () => {
    await write('en', `{{otp}}${'x'.repeat(160)}`);
    const plain = await readFile(join(folder(), 'en.json'), 'utf8');
    const before = (await run('validate')).out;
    await writeFile(join(folder(), 'en.json'), `\uFEFF${plain}`);
    expect(before).toContain('templates/en.json:5 error sms-parts');
    expect((await run('validate')).out).toBe(before);
    expect((await run('show en')).code).toBe(0);
  });

  it('gives one document for a program', async () => {
    await write('es', '{{otp}} clave', 'LUCIA');
    const { code, out } = await run('validate --json');
    expect(code).toBe(3);
    const found = { file: 'settings.json', line: 1, path: 'defaultLocale', rule: 'default-language' };
    expect(JSON.parse(out)).toMatchObject({
      findings: [found, found],
      summary: { files: 1, errors: 2, warnings: 0, notes: 0 },
    });
  });

  it('has nothing to check in a folder without a catalog', async () => {
    const { code, err } = await run('validate --dir elsewhere');
    expect(code).toBe(2);
    expect(err).toContain('the folder has no files of a catalog');
  });
});

describe('templates list', () => {
  it('lists what is in the folder', async () => {
    await write('en');
    const { code, out, err } = await run('list');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out.split('\n')).toEqual([
      'LOCALE  CHANNEL  FOR             PARTS  ENCODING  VOICE   REVIEWED',
      'en      sms      all             1      GSM-7     -       yes',
      'en      sms      password-reset  1      GSM-7     -       yes',
      'en      voice    all             -      -         JOANNA  yes',
      '',
    ]);
  });

  it('lists what the package ships where the folder has nothing, and says so', async () => {
    expect((await run('list')).err).toContain('has no templates: these are the ones of the package');
    const { code, out, err } = await run('list --json');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const rows: unknown = JSON.parse(out);
    expect(rows).toContainEqual({ locale: 'en', channel: 'sms', parts: 1, encoding: 'GSM-7', reviewed: true });
    expect(rows).toContainEqual({ locale: 'es', channel: 'voice', reviewed: false, voiceId: 'LUCIA' });
  });

  it('sends to validate where a file cannot be read', async () => {
    await write('en', 'no code');
    const { code, err } = await run('list');
    expect(code).toBe(2);
    expect(err).toContain('hint: okta-otp templates validate');
  });
});

describe('templates preview', () => {
  it('draws what the phone shows, and says why this text was chosen', async () => {
    const { code, out } = await run('preview pt-AO --org Acme');
    expect(code).toBe(0);
    expect(out).toContain('SMS · GSM-7, 1 part\n╭');
    expect(out).toMatch(/│ 123456 .*Acme/);
    expect(out).toMatch(/template: pt-PT for pt-AO \(its parent in CLDR\), for every request type\n$/);
  });

  it.each([0, 1, 12])('draws something on a terminal of %d columns, too', async (columns) => {
    const { code, out } = await run('preview', { columns });
    expect(code).toBe(0);
    expect(out).toContain('│ 123456');
  });

  it('lets one read what the voice says', async () => {
    await write('en');
    const { out } = await run('preview --channel voice --first-name Ana --json');
    expect(JSON.parse(out)).toMatchObject({
      wanted: 'en',
      template: { locale: 'en', match: 'default' },
      message: { channel: 'voice', voiceId: 'JOANNA', transcript: 'Hello Ana. 1, 2, 3, 4, 5, 6' },
    });
    expect((await run('preview --channel voice')).out).toContain('Call · voice JOANNA\n');
  });

  it('takes the text for the request type', async () => {
    await write('en');
    const { out } = await run('preview en-GB --request-type password-reset');
    expect(out).toContain('123456 is your code!');
    expect(out).toContain('en for en-GB (less specific), for password-reset');
  });

  it.each([
    ['a locale that is none', 'preview 12', 'the locale must be a BCP 47 tag'],
    ['a channel without any text', 'preview --channel voice', 'no text for voice serves this locale'],
  ])('refuses %s', async (_, line, words) => {
    await write('en', '{{otp}} is your code', null);
    const { code, err, out } = await run(line);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(words);
  });
});

describe('templates show', () => {
  it('shows the texts as they are written', async () => {
    await write('en');
    const { code, out } = await run('show EN');
    expect(code).toBe(0);
    expect(out).toContain('templates/en.json reviewed\n\nsms for every request type\n{{otp}} is your code\n');
    expect(out).toContain('voice for every request type, voice JOANNA\n<speak>');
    expect(JSON.parse((await run('show en --json')).out)).toMatchObject({ file: 'templates/en.json', locale: 'en' });
  });

  it('says what there is where there is none', async () => {
    await write('en');
    const { code, err } = await run('show fr');
    expect(code).toBe(2);
    expect(err).toContain('hint: okta-otp templates list');
  });
});

describe('templates remove', () => {
  const left = () => readdir(folder());

  it('deletes a language once its name was typed', async () => {
    await write('en');
    await write('es', '{{otp}} clave', 'LUCIA');
    expect((await run('remove es', { typed: 'no' })).code).toBe(130);
    expect(await left()).toEqual(['en.json', 'es.json']);
    expect((await run('remove es', { typed: 'es' })).code).toBe(0);
    expect(await left()).toEqual(['en.json']);
  });

  it('deletes nothing unasked where nobody can answer', async () => {
    await write('en');
    const { code, err } = await run('remove en');
    expect(code).toBe(2);
    expect(err).toContain('hint: okta-otp templates remove en --yes');
    expect(await left()).toEqual(['en.json']);
  });

  it('warns when it was the default language', async () => {
    await write('en');
    const { code, out, err } = await run('remove en --yes --json');
    expect(code).toBe(0);
    const finding = {
      rule: 'default-language',
      message: expect.stringContaining('names en, which has no text for sms'),
    };
    expect(JSON.parse(out)).toMatchObject({
      removed: 'templates/en.json',
      findings: expect.arrayContaining([expect.objectContaining(finding)]),
    });
    expect(err).toBe('');
    await write('en');
    expect((await run('remove en --yes')).err).toContain('names en, which has no text for sms');
  });

  it('never deletes what the package ships, and says that the folder has none', async () => {
    const { code, err } = await run('remove en --yes');
    expect(code).toBe(2);
    expect(err).toContain("error: the folder has no languages: those that list shows are the package's own\n");
    expect(JSON.parse((await run('remove en --yes --json')).err).error.code).toBe('template-shipped');
  });
});

describe('the line of a place', () => {
  const lineOf = createLineFinder('{\n  "a": {\n    "b-c":\n      [\n        1,\n        2\n      ]\n  }\n}\n');

  it.each([
    ['', 1],
    ['a', 2],
    ['a.b-c', 3],
    ['a.b-c[1]', 6],
    ['a.missing', 2],
    ['missing', 1],
  ])('%s is %d', (path, line) => {
    expect(lineOf(path)).toBe(line);
  });

  it('is the first in a text that is nothing', () => {
    expect(createLineFinder('')('a')).toBe(1);
  });
});
