import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { marked } from '../support/marked.ts';
import { checkout, runBin } from '../support/run-bin.ts';

const toPhone = ['test-call', marked.phone, '--otp', marked.otp];

describe('okta-otp test-call in a pipe', () => {
  it('shows an SMS with its code on stdout, and nothing secret on stderr', async () => {
    const { code, out, err } = await runBin([...toPhone, '--locale', 'es-MX']);
    expect(code).toBe(0);
    expect(out).toContain(`${marked.otp} es tu clave`);
    expect(out.split('\n').filter((line) => line.includes(marked.otp) && !line.startsWith('│'))).toEqual([]);
    expect(out).not.toContain(marked.phone.slice(1));
    expect(err).toBe('Starting the local cloud: nothing leaves this machine.\n');
  });

  it('shows a call on stdout, its code digit by digit', async () => {
    const { code, out, err } = await runBin([...toPhone, '--channel', 'voice']);
    expect(code).toBe(0);
    expect(out).toContain('Call from');
    expect(out.replace(/ *│\n│/g, '')).toContain([...marked.otp].join(', '));
    expect(out + err).not.toContain(marked.otp);
    expect(err).toBe('Starting the local cloud: nothing leaves this machine.\n');
  });

  it.each(['sms', 'voice'])('prints one JSON document for %s, and nothing on stderr', async (channel) => {
    const { code, out, err } = await runBin([...toPhone, '--channel', channel, '--json']);
    expect(code).toBe(0);
    expect(err).toBe('');
    const { phone, ...rest } = JSON.parse(out);
    expect(rest).toMatchObject({ gateway: { status: 200 }, verdict: { codeTakenForSent: true } });
    expect(phone).toMatchObject([{ channel, to: marked.phone }]);
    expect(JSON.stringify(rest)).not.toContain(marked.otp);
  });

  it('has no colours there', async () => {
    const { out, err } = await runBin(toPhone, { env: { TERM: 'xterm-256color', FORCE_COLOR: '1' } });
    expect(out + err).not.toContain(String.fromCharCode(27));
  });

  it('leaves nothing on stdout when it fails, and says on stderr what to type', async () => {
    const { code, out, err } = await runBin(['test-call', 'home']);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(/^error: .*\nhint: okta-otp test-call \+34612345678\n$/);
  });

  it('ends with 130 on Ctrl-C, without a result', async () => {
    let pressed = false;
    const { code, out, err } = await runBin(toPhone, {
      onStderr(text, child) {
        if (!pressed && text.includes('Starting')) pressed = child.kill('SIGINT');
      },
    });
    expect({ code, out, pressed }).toEqual({ code: 130, out: '', pressed: true });
    expect(err).toBe('Starting the local cloud: nothing leaves this machine.\n');
  });
});

describe('bin/okta-otp.js on another Node', () => {
  const on = (version: string, args: readonly string[]) =>
    runBin(args, {
      nodeOptions: ['--require', join(checkout, 'test', 'fixtures', 'node-version.cjs')],
      env: { PRETENDED_NODE_VERSION: version },
    });

  it.each(['20.0.0', '18.20.4', '22.12.0'])('%s says which one is needed and ends with 1', async (version) => {
    const { code, out, err } = await on(version, ['--version']);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(/^error: okta-otp needs Node\.js 22\.13 or newer, and this is /);
    expect(err).toContain(version);
    expect(err).toMatch(/^hint: /m);
  });

  it.each(['22.13.0', '23.0.0', '24.0.0', '100.1.0'])('%s runs', async (version) => {
    const { code, out, err } = await on(version, ['--version']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

it('tests run on the Node of the functions in Lambda, 24', () => {
  expect(process.versions.node).toMatch(/^24\./);
});
