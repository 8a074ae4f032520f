import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { main } from '../../src/cli/main.ts';
import type { FakeContextOptions } from '../support/fake-context.ts';
import { createFakeContext } from '../support/fake-context.ts';
import { marked } from '../support/marked.ts';

/** Runs a command line and gives what it left behind. */
async function run(args: readonly string[], options: FakeContextOptions = {}) {
  const context = createFakeContext(options);
  const code = await main(args, context);
  return { code, out: context.out(), err: context.err() };
}

const phone = marked.phone;

describe('help', () => {
  it.each([
    [['--help'], 'Usage: okta-otp [options] [command]'],
    [['-h'], 'Usage: okta-otp [options] [command]'],
    [['help'], 'Usage: okta-otp [options] [command]'],
    [['test-call', '--help'], 'Usage: okta-otp test-call [options] [phone]'],
    [['help', 'test-call'], 'Usage: okta-otp test-call [options] [phone]'],
  ])('that %j asks for is the result: on stdout, exit 0', async (args, first) => {
    const { code, out, err } = await run(args);
    expect(code).toBe(0);
    expect(out.split('\n')[0]).toBe(first);
    expect(err).toBe('');
  });

  it.each([[[]], [['--no-color']], [['help', 'nothing-like-this']]])(
    'that %j did not ask for goes to stderr, and the command line was wrong',
    async (args) => {
      const { code, out, err } = await run(args);
      expect(code).toBe(2);
      expect(out).toBe('');
      expect(err).toMatch(/^Usage: okta-otp /);
      expect(err).toContain('test-call');
    },
  );

  it('says which output holds codes and numbers', async () => {
    const { out } = await run(['dev', '--help'], { columns: 200 });
    expect(out).toMatch(/^ +--json .*messages are in it with their codes and full numbers$/m);
  });

  it('is as wide as the terminal', async () => {
    const widest = async (columns: number) => {
      const { out } = await run(['test-call', '--help'], { columns });
      return Math.max(...out.split('\n').map((line) => line.length));
    };
    expect(await widest(80)).toBeLessThanOrEqual(80);
    expect(await widest(200)).toBeGreaterThan(100);
  });
});

it('prints the version of the package', async () => {
  const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '..', '..', 'package.json'), 'utf8'));
  expect(await run(['--version'])).toEqual({ code: 0, out: `${version}\n`, err: '' });
});

/** Command lines that are wrong, with the error's code, its words and what to type next. */
const wrong: readonly [readonly string[], string, RegExp, string][] = [
  [['test-cal'], 'usage', /^unknown command 'test-cal' \(Did you mean test-call\?\)$/, 'okta-otp --help'],
  [['--bogus'], 'usage', /^unknown option '--bogus'$/, 'okta-otp --help'],
  [['test-call'], 'phone-missing', /^there is no number to send to$/, 'okta-otp test-call +34612345678'],
  [['test-call', phone, '--otp'], 'usage', /^option '--otp <code>' argument missing$/, 'okta-otp test-call --help'],
  [['test-call', phone, 'more'], 'usage', /^too many arguments for 'test-call'/, 'okta-otp test-call --help'],
  [
    ['test-call', phone, '--channel', 'pigeon'],
    'usage',
    /'pigeon' is invalid. Allowed choices are sms, voice/,
    'okta-otp test-call --help',
  ],
  [
    ['test-call', phone, '--request-type', 'login'],
    'usage',
    /Allowed choices are pre-enrollment, mfa-verification, account-unlock, password-reset/,
    'okta-otp test-call --help',
  ],
  [
    ['test-call', phone, '--repeat', '9999999'],
    'usage',
    /^option '--repeat <times>' argument '…' is invalid\. It must be a number from 1 to 10000\.$/,
    'okta-otp test-call --help',
  ],
  [
    ['test-call', phone, '--repeat', '3 is invalid. 123456'],
    'usage',
    /argument '3 is invalid\. …' is invalid\. It must be/,
    'okta-otp test-call --help',
  ],
  [
    ['test-call', '12'],
    'phone-invalid',
    /^the phone is not a telephone number in E.164 form$/,
    'okta-otp test-call +34',
  ],
  [['test-call', 'home'], 'phone-invalid', /^the phone is not a telephone number/, 'okta-otp test-call +34'],
  [['test-call', '+34912345678;ext=12'], 'phone-invalid', /^the phone has an extension/, 'okta-otp test-call +34'],
  [
    ['test-call', phone, '--locale', '1'],
    'locale-invalid',
    /^"--locale" must be a BCP 47 tag$/,
    'for example --locale',
  ],
  [['test-call', phone, '--otp', '123'], 'otp-invalid', /^"--otp" must be 4 to 10 digits$/, 'for example --otp'],
  [
    ['test-call', phone, '--otp', '12345678901'],
    'otp-invalid',
    /^"--otp" must be 4 to 10 digits$/,
    'for example --otp',
  ],
  [['test-call', phone, '--otp', '12a4'], 'otp-invalid', /^"--otp" must be 4 to 10 digits$/, 'for example --otp'],
];

describe('a command line that is wrong', () => {
  it.each(wrong)('%j exits with 2, one line of what is wrong and one of what to type', async (args, _, words, hint) => {
    const { code, out, err } = await run(args);
    expect(code).toBe(2);
    expect(out).toBe('');
    const [first = '', second = '', ...rest] = err.split('\n');
    expect(first).toMatch(/^error: /);
    expect(first.slice('error: '.length)).toMatch(words);
    expect(second).toMatch(/^hint: /);
    expect(second.slice('hint: '.length)).toContain(hint);
    expect(rest).toEqual(['']);
  });

  it.each(wrong)('%j with --json says the same as JSON, on stderr', async (args, name, words, hint) => {
    // In front of what is wrong: an option that lacks its value would take it for one.
    const { code, out, err } = await run([...args.slice(0, 1), '--json', ...args.slice(1)]);
    expect(code).toBe(2);
    expect(out).toBe('');
    const isKnown = args[0] === 'test-call';
    expect(JSON.parse(err)).toEqual({
      error: {
        code: name,
        message: expect.stringMatching(isKnown ? words : /^unknown (command|option) /),
        hint: expect.stringContaining(hint),
      },
    });
  });

  it.each<[readonly string[]]>([
    [['test-call', phone, `--opt=${marked.otp}`]],
    [['test-call', phone, '--opt', marked.otp]],
    [['test-call', phone, `-o${marked.otp}`]],
    [['test-call', phone, marked.otp]],
    [['test-call', phone, '--channel', marked.otp]],
    [['test-call', marked.otp]],
    [['test-call', phone, '--locale', marked.otp]],
    [['test-call', phone, '--otp', `${marked.otp}x`]],
    [[marked.otp]],
    [[phone]],
    [['test-call', '--otp', marked.otp, phone, phone]],
    [['test-call', '34', '612', '345', '678', '--otp', marked.otp]],
  ])('%# never shows the code or the number again', async (args) => {
    for (const more of [[], ['--json']]) {
      const { code, out, err } = await run([...args, ...more]);
      expect(code).toBe(2);
      expect(out).toBe('');
      expect(err).not.toBe('');
      expect(err).not.toContain(marked.otp);
      expect(err.replace(/hint: .*|"hint":.*/, '').replace(/\D/g, '')).not.toContain(phone.slice(1));
    }
  });
});

describe('a failure', () => {
  const failing = (error: unknown) => ({
    services: {
      startLocalCloud: async () => {
        throw error;
      },
    },
  });

  it('that nobody foresaw exits with 1 and says where to go from here', async () => {
    const { code, out, err } = await run(['test-call', phone], failing(new TypeError('no such thing')));
    expect(code).toBe(1);
    expect(out).toBe('');
    expect(err).toMatch(/^error: something unexpected failed: no such thing\nhint: run the command again/m);
    expect(err).not.toContain('    at ');
  });

  it('that nobody foresaw shows no run of digits, whatever its words quote', async () => {
    const { err } = await run(['test-call', phone], failing(new TypeError(`${marked.otp} to ${marked.phone} is odd`)));
    expect(err).toMatch(/^error: something unexpected failed: … to … is odd$/m);
  });

  it('that is no error at all exits with 1, too', async () => {
    const { code, err } = await run(['test-call', phone, '--json'], failing('nothing'));
    expect(code).toBe(1);
    expect(JSON.parse(err)).toMatchObject({
      error: { code: 'unexpected', message: expect.stringContaining('no error') },
    });
  });

  it('after Ctrl-C exits with 130 and says nothing more', async () => {
    const context = createFakeContext({
      services: {
        startLocalCloud: async () => {
          context.interrupt();
          throw new Error('aborted');
        },
      },
    });
    expect(await main(['test-call', phone, '--json'], context)).toBe(130);
    expect(context.out()).toBe('');
    expect(context.err()).toBe('');
  });
});

it.each([
  [['failures', 'show'], 'okta-otp failures show --help'],
  [['catalog', 'rollback', 'x', '--table', 'okta'], 'okta-otp catalog rollback --help'],
  [['failures', 'lst'], 'okta-otp failures --help'],
  [['bogus'], 'okta-otp --help'],
])('the hint for %j names the help of the command that was meant', async (args, hint) => {
  const { code, err } = await run(args);
  expect(code).toBe(2);
  expect(err).toContain(`hint: ${hint}\n`);
});
