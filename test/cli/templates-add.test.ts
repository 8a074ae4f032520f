import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CatalogStoreOptions } from '../../src/aws/catalog-store.ts';
import type { TemplatesFolder } from '../support/templates-command.ts';
import { createTemplatesFolder, english } from '../support/templates-command.ts';

let folder: TemplatesFolder;
beforeEach(async () => {
  folder = await createTemplatesFolder();
});
afterEach(() => folder.close());

const parsed = async (locale: string): Promise<unknown> => JSON.parse(await folder.text(locale));

describe('templates add, by options', () => {
  it('starts from the text that the package ships in this language, not reviewed', async () => {
    const { code, out, err } = await folder.run(['add', 'es_mx']);
    expect({ code, out }).toEqual({ code: 0, out: '' });
    expect(err).toContain('SMS · GSM-7, 1 part\n╭');
    expect(err).toContain('Call · voice MIA\n');
    expect(err).toContain(
      'Wrote templates/es-MX.json.\nThe folder lacks its default language: okta-otp templates add en\n',
    );
    expect((await folder.run(['add', 'en'])).err).toMatch(
      /Wrote templates\/en.json.\nTo publish it: okta-otp catalog push\n$/,
    );
    expect(await parsed('es-MX')).toMatchObject({ locale: 'es-MX', reviewed: false, voice: { voiceId: 'MIA' } });
    expect((await folder.run(['validate'])).out).not.toContain('es-MX.json:5');
  });

  it('starts from the nearest language, of the folder before that of the package', async () => {
    await folder.write('templates/es.json', {
      ...english,
      locale: 'es',
      sms: { text: '{{otp}} nuestra clave' },
      voice: null,
    });
    expect((await folder.run(['add', 'es-CO'])).code).toBe(0);
    expect(await parsed('es-CO')).toMatchObject({
      locale: 'es-CO',
      sms: { text: '{{otp}} nuestra clave' },
      voice: null,
    });
  });

  it('takes the texts that are given, as words or as SSML', async () => {
    const args = [
      'add',
      'German',
      '--sms',
      '{{otp}} ist Ihr Code',
      '--voice',
      'Code & mehr: {{otp}}',
      '--voice-id',
      'hans',
    ];
    expect((await folder.run([...args, '--reviewed'])).code).toBe(0);
    expect(await parsed('de')).toMatchObject({
      reviewed: true,
      sms: { text: '{{otp}} ist Ihr Code' },
      voice: { voiceId: 'HANS', ssml: '<speak>Code &amp; mehr: {{otp}}</speak>' },
    });
  });

  it('has no calls where that is said', async () => {
    expect((await folder.run(['add', 'de', '--no-voice'])).err).toContain('de has no text for calls');
    expect(await parsed('de')).toMatchObject({ voice: null });
  });

  it('does not pass one language off as another, unless told to', async () => {
    const refused = await folder.run(['add', 'sw', '--json']);
    expect(refused.code).toBe(2);
    expect(JSON.parse(refused.err).error).toMatchObject({
      code: 'text-missing',
      hint: expect.stringContaining('--sms'),
    });
    expect(await folder.everything()).toEqual({});
    expect((await folder.run(['add', 'sw', '--from', 'en'])).code).toBe(0);
    const file = await parsed('sw');
    expect(file).toMatchObject({ locale: 'sw', voice: null });
    expect(file).not.toHaveProperty('sms.variants');
  });

  it('adds a text for one request type, and leaves the rest of the file as it is', async () => {
    const before = '\uFEFF{\r\n\t"locale": "en",   "reviewed": true,\r\n\t"sms": {\r\n\t\t"text": "{{otp}} code"';
    const after = '\r\n\t},\r\n\t"voice"  : null\r\n}\r\n';
    await folder.write('templates/en.json', before + after);
    const { code, err } = await folder.run([
      'add',
      'en',
      '--request-type',
      'password-reset',
      '--sms',
      '{{otp}} resets',
    ]);
    expect({ code, err: err.includes('123456 resets') }).toEqual({ code: 0, err: true });
    const written = await folder.text('en');
    expect(written.startsWith(before)).toBe(true);
    expect(written.endsWith(after)).toBe(true);
    expect(JSON.parse(written.slice(1)).sms.variants).toEqual({ 'password-reset': '{{otp}} resets' });
    expect(written.replaceAll('\r\n', '')).not.toContain('\n');
  });

  it('gives one document for a program', async () => {
    const { out, err } = await folder.run(['add', 'en', '--json']);
    expect(err).toBe('');
    expect(JSON.parse(out)).toMatchObject({
      file: 'templates/en.json',
      locale: 'en',
      written: true,
      messages: [
        { message: { channel: 'sms', parts: 1, encoding: 'GSM-7' } },
        { message: { channel: 'voice', voiceId: 'JOANNA' } },
      ],
      findings: [{ rule: 'not-reviewed', line: 3 }],
    });
  });

  it.each([
    ['no language', ['add'], 'locale-missing'],
    ['a language that is none', ['add', 'klingonese'], 'locale-invalid'],
    ['one that is there', ['add', 'en'], 'template-exists'],
    ['one to start from that is not there', ['add', 'de', '--from', 'sw'], 'template-not-found'],
    ['a text without the code', ['add', 'de', '--sms', 'Hallo'], 'template-refused'],
    ['a text with an unknown placeholder', ['add', 'de', '--sms', '{{otp}} {{who}}'], 'template-refused'],
    ['a text of two parts', ['add', 'de', '--sms', `{{otp}}${'x'.repeat(160)}`], 'template-refused'],
    ['SSML that is not closed', ['add', 'de', '--voice', '<speak>{{otp}}'], 'template-refused'],
    ['a voice of another language', ['add', 'de', '--voice-id', 'JOANNA'], 'template-refused'],
    ['a voice that is none', ['add', 'de', '--voice-id', 'SIRI'], 'voice-id-invalid'],
    ['a voice for a language without calls', ['add', 'ht', '--voice-id', 'JOANNA'], 'voice-missing'],
    ['no text for a request type', ['add', 'en', '--request-type', 'password-reset'], 'text-missing'],
    ['a request type that is none', ['add', 'en', '--request-type', 'x'], 'usage'],
  ])('refuses %s, and leaves the files as they are', async (_, args, code) => {
    await folder.write('templates/en.json', english);
    const before = await folder.everything();
    const ran = await folder.run([...args, '--json']);
    expect({ code: ran.code, out: ran.out, error: JSON.parse(ran.err).error.code }).toEqual({
      code: 2,
      out: '',
      error: code,
    });
    expect(await folder.everything()).toEqual(before);
  });

  it('names every error at once, with its line and fix', async () => {
    const { err } = await folder.run([
      'add',
      'fr',
      '--sms',
      '{{otp}} bit.ly',
      '--voice',
      '<speak>{{otp}}',
      '--voice-id',
      'joanna',
    ]);
    for (const rule of ['voice-language', 'url-shortener', 'ssml-malformed']) {
      expect(err).toMatch(new RegExp(`templates/fr\\.json:\\d+ error ${rule} .*\\n {4}fix: `));
    }
  });

  it('is not kept from it by what is wrong with other files', async () => {
    await folder.write('templates/es.json', '{');
    expect((await folder.run(['add', 'en'])).code).toBe(0);
    const broken = await folder.run(['add', 'es', '--request-type', 'password-reset', '--sms', '{{otp}}']);
    expect(broken.err).toContain('hint: okta-otp templates validate');
  });
});

describe('templates add, by questions', () => {
  it('asks for everything, and again for what is not sound', async () => {
    const typed = [
      '',
      'klingonese',
      'es-AR',
      'sin clave',
      '{{otp}} es tu clave',
      'perhaps',
      'both',
      'JOANNA',
      'lupe',
      '<speak>',
      '{{otp}}, adiós',
      'y',
      'y',
    ];
    const { code, err, asked } = await folder.run(['add'], { typed });
    expect({ code, asked: asked.length }).toEqual({ code: 0, asked: typed.length });
    expect(err).toContain('lacks {{otp}}');
    expect(err).toContain('Texts of es, to start with.');
    expect(asked.at(-1)).toBe('Write templates/es-AR.json? (y/N)');
    expect(err.indexOf('╭')).toBeLessThan(err.indexOf('Wrote'));
    expect(await parsed('es-AR')).toMatchObject({
      reviewed: true,
      sms: { text: '{{otp}} es tu clave' },
      voice: { voiceId: 'LUPE', ssml: '<speak>{{otp}}, adiós</speak>' },
    });
  });

  it('keeps with Enter what it starts from', async () => {
    expect((await folder.run(['add', 'es-MX'], { typed: ['', '', '', '', '', 'y'] })).code).toBe(0);
    const asked = await folder.text('es-MX');
    await folder.run(['add', 'es-MX', '--dir', 'other']);
    const { readFile } = await import('node:fs/promises');
    expect(asked).toBe(await readFile(`${folder.cwd}/other/templates/es-MX.json`, 'utf8'));
  });

  it('has no call where SMS alone is wanted, or where the service has no voice', async () => {
    expect((await folder.run(['add', 'de'], { typed: ['', 'sms', 'n', 'y'] })).code).toBe(0);
    expect(await parsed('de')).toMatchObject({ voice: null });
    const foreign = await folder.run(['add', 'sw'], { typed: ['', '{{otp}} ni nambari yako', 'n', 'y'] });
    expect(foreign.err).toContain('in another language, and has to be translated');
    expect(foreign.err).toContain('The service has no voice for sw');
    expect(await parsed('sw')).toMatchObject({ sms: { text: '{{otp}} ni nambari yako' }, voice: null });
  });

  it('asks for the request type where the language is there', async () => {
    await folder.write('templates/en.json', english);
    const typed = ['en', 'reset', 'password-reset', '', '{{otp}} resets it', 'both', '', 'It is {{otp}}', 'n', 'y'];
    const { code, asked } = await folder.run(['add'], { typed });
    expect({ code, asked: asked.length }).toEqual({ code: 0, asked: typed.length });
    expect(await parsed('en')).toMatchObject({
      reviewed: true,
      sms: { variants: { 'password-reset': '{{otp}} resets it' } },
      voice: { voiceId: 'JOANNA', variants: { 'password-reset': '<speak>It is {{otp}}</speak>' } },
    });
  });

  it('asks nothing with --yes', async () => {
    expect(await folder.run(['add', 'de', '--yes'], { typed: [] })).toMatchObject({ code: 0, asked: [] });
  });

  it.each([0, 1, 2, 3, 4, 5])('writes nothing when Ctrl-C comes after %d answers', async (count) => {
    const { code } = await folder.run(['add', 'es-MX'], { typed: ['', '', '', '', ''].slice(0, count) });
    expect(code).toBe(130);
    expect(await folder.everything()).toEqual({});
  });

  it('writes nothing when the person says no', async () => {
    expect((await folder.run(['add', 'es-MX'], { typed: ['', '', '', '', '', 'n'] })).code).toBe(130);
    expect(await folder.everything()).toEqual({});
  });

  describe('offers to publish where the table is known', () => {
    const env = { OKTA_OTP_CATALOG_TABLE: 'okta-otp-catalog' };
    const kept = ['', '', '', '', '', 'y'];
    const opened: CatalogStoreOptions[] = [];
    const openCatalogStore = async (options: CatalogStoreOptions) => {
      opened.push(options);
      return {
        active: async () => undefined,
        versions: async () => [],
        files: async () => [],
        publish: async () => ({ number: 1, id: 'a', count: 1, sha256: '' }),
        activate: async () => {},
        prune: async () => 0,
        close() {},
      };
    };
    const services = { openCatalogStore, gitAuthor: async () => 'ann' };
    beforeEach(() => {
      opened.length = 0;
    });

    it('and does when the person says so, after the diff', async () => {
      const { code, err, asked } = await folder.run(['add', 'en'], { typed: [...kept, 'y', 'y'], env, services });
      expect(code).toBe(0);
      expect(asked.slice(-2)).toEqual(['Publish the catalog now? (y/N)', 'Publish this in place of nothing? (y/N)']);
      expect(err).toContain('Published version 1');
      expect(opened).toEqual([{ table: 'okta-otp-catalog', region: undefined, profile: undefined }]);
    });

    it.each([['n'], ['y', 'n']])(
      'and has added the language all the same when the person says %s',
      async (...answers) => {
        const { code } = await folder.run(['add', 'en'], { typed: [...kept, ...answers], env, services });
        expect(code).toBe(0);
        expect(await parsed('en')).toMatchObject({ locale: 'en' });
      },
    );
  });
});
