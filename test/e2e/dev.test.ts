import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importJWK } from 'jose';
import * as client from 'openid-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isObject } from '../../src/core/decode.ts';
import { ofType, placesOf, startDevProcess, stopDevProcesses } from '../support/dev-process.ts';
import { hookBody } from '../support/local-cloud.ts';
import { marked } from '../support/marked.ts';
import { checkout, runBin } from '../support/run-bin.ts';

let folder = '';
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'okta-otp-dev-')));
});
afterEach(async () => {
  await stopDevProcesses();
  await rm(folder, { recursive: true, force: true });
});

describe('okta-otp dev', () => {
  it('takes a delivery of a client that is none of ours, which gets its token by discovery', async () => {
    const dev = startDevProcess(folder, '--client-key', 'client-key.json');
    const { hook = '', issuer = '', clientId = '', scope = '' } = await placesOf(dev);
    const file = join(folder, 'client-key.json');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const jwk: client.JWK = JSON.parse(await readFile(file, 'utf8'));
    const key = await importJWK(jwk, 'RS256');
    if (!(key instanceof CryptoKey)) throw new Error('the key is none');
    const configuration = await client.discovery(
      new URL(issuer),
      clientId,
      undefined,
      client.PrivateKeyJwt(
        { key, kid: jwk.kid ?? '' },
        {
          // As Okta asks for it. https://developer.okta.com/docs/guides/build-self-signed-jwt/
          [client.modifyAssertion](_, claims) {
            claims['aud'] = `${issuer}/v1/token`;
          },
        },
      ),
      { execute: [client.allowInsecureRequests], algorithm: 'oauth2' },
    );
    const { access_token } = await client.clientCredentialsGrant(configuration, { scope });
    const response = await fetch(hook, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${access_token}` },
      body: JSON.stringify(hookBody()),
    });
    expect(await response.json()).toMatchObject({ commands: [{ value: [{ status: 'SUCCESSFUL' }] }] });
    expect(await dev.next(ofType('message'))).toMatchObject({ message: { to: marked.phone } });
    const { delivery } = await dev.next(ofType('delivery'));
    expect(delivery).toMatchObject({ from: 'outside', verdict: { codeTakenForSent: true } });

    dev.interrupt();
    expect(await dev.ended).toBe(130);
    expect(existsSync(file)).toBe(false);
    await expect(fetch(hook)).rejects.toThrow();
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('leaves nothing behind when it is ended by %s', async (signal) => {
    const dev = startDevProcess(folder, '--client-key', 'client-key.json');
    const { hook = '', page = '', issuer = '' } = await placesOf(dev);
    // A page that is open does not hold it.
    const stream = await fetch(page.replace('/?', '/events?'));
    expect(await readdir(folder)).toContain('client-key.json');
    dev.interrupt(signal);
    expect(await dev.ended).toBe(130);
    await stream.text().catch(() => '');
    // Node keeps the compiled command line for the next run, of whatever command.
    expect((await readdir(folder)).filter((name) => name !== 'node-compile-cache')).toEqual([]);
    for (const url of [hook, page, issuer]) await expect(fetch(url)).rejects.toThrow();
  });

  it.each(['catalog', 'texts'])('follows the files of the folder, %s', async (name) => {
    const okta = { issuer: 'https://example.okta.com/oauth2/default' };
    const environments = { prod: { region: 'eu-west-1', okta, catalog: name } };
    if (name !== 'catalog') await writeFile(join(folder, 'okta-otp.json'), JSON.stringify({ environments }));
    await mkdir(join(folder, name, 'templates'), { recursive: true });
    const write = (text: string) =>
      writeFile(
        join(folder, name, 'templates', 'en.json'),
        JSON.stringify({ locale: 'en', reviewed: true, sms: { text }, voice: null }),
      );
    await write('{{otp}} first');
    const dev = startDevProcess(folder);
    const { page = '' } = await placesOf(dev);
    await write('{{otp}} second');
    await dev.next((event) => isObject(event['catalog']) && event['catalog']['version'] === 2);
    const call = new URL(page);
    call.pathname = '/calls';
    await fetch(call, { method: 'POST', body: JSON.stringify({ phoneNumber: marked.phone, otp: marked.otp }) });
    expect(await dev.next(ofType('message'))).toMatchObject({ message: { body: `${marked.otp} second` } });
  });

  it('begins with the addresses, also where a file is broken', async () => {
    await mkdir(join(folder, 'catalog', 'templates'), { recursive: true });
    await writeFile(join(folder, 'catalog', 'templates', 'xx.json'), '{');
    const dev = startDevProcess(folder);
    expect(await dev.next(() => true)).toMatchObject({ type: 'started' });
    expect(await dev.next(() => true)).toMatchObject({
      type: 'catalog',
      catalog: { problems: [expect.stringContaining('templates/xx.json')] },
    });
  });

  it('says that the folder is gone, serves on, and follows it when it is back', async () => {
    const templates = join(folder, 'catalog', 'templates');
    const write = async (text: string) => {
      await mkdir(templates, { recursive: true });
      const file = { locale: 'en', reviewed: true, sms: { text }, voice: null };
      await writeFile(join(templates, 'en.json'), JSON.stringify(file));
    };
    await write('{{otp}} first');
    const dev = startDevProcess(folder);
    await placesOf(dev);
    const catalogOf = async (matches: (catalog: Record<string, unknown>) => boolean) =>
      await dev.next(({ catalog }) => isObject(catalog) && matches(catalog));
    await rm(join(folder, 'catalog'), { recursive: true });
    expect(await catalogOf(({ problems }) => String(problems).includes('is gone'))).toMatchObject({
      catalog: { version: 1 },
    });
    await write('{{otp}} second');
    await catalogOf(({ version }) => version === 2);
    await write('{{otp}} third');
    await catalogOf(({ version }) => version === 3);
  });

  it('ends when nobody reads any more, as in dev --json | head', async () => {
    const bin = join(checkout, 'bin', 'okta-otp.js');
    const shell = spawn('sh', ['-c', '"$0" "$1" dev --json | head -n 1', process.execPath, bin], {
      cwd: folder,
      env: { ...process.env, TMPDIR: folder },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    shell.stdout.resume();
    expect(await new Promise((resolve) => shell.once('close', resolve))).toBe(0);
  });

  it('names whose tokens it trusts, and says no more how to', async () => {
    const issuer = 'https://example.okta.com/oauth2/default';
    const args = ['dev', '--issuer', issuer, '--client-id', '0oaexample', '--scope', 'telephony.hook'];
    let pressed = false;
    const ran = await runBin(args, {
      onStderr(text, child) {
        if (!pressed && text.includes('Ctrl-C ends it.')) pressed = child.kill('SIGINT');
      },
    });
    expect(ran.err).toContain(`${issuer} (client 0oaexample, scope telephony.hook)`);
    expect(ran.err).not.toContain('--issuer');
  });

  it.each([
    [['--port', '70000'], 'usage'],
    [['--issuer', 'https://example.okta.com/oauth2/default'], 'dev-trust-incomplete'],
    [['--issuer', 'http://example.okta.com', '--client-id', 'a', '--scope', 'b'], 'issuer-invalid'],
    [['--dir', 'nowhere'], 'folder-missing'],
    [['--dir', 'package.json'], 'folder-missing'],
  ])('refuses %j', async (args, code) => {
    const ran = await runBin(['dev', '--json', ...args]);
    expect({ code: ran.code, out: ran.out }).toEqual({ code: 2, out: '' });
    expect(JSON.parse(ran.err)).toMatchObject({ error: { code, hint: expect.any(String) } });
  });

  it('does not write the key over a file that is there', async () => {
    const ran = await runBin(['dev', '--json', '--client-key', join(checkout, 'package.json')]);
    expect(ran).toMatchObject({ code: 2, out: '' });
    expect(JSON.parse(ran.err)).toMatchObject({ error: { code: 'client-key-unwritable' } });
    expect(existsSync(join(checkout, 'package.json'))).toBe(true);
  });

  it.each(['--port', '--hook-port'])('says which option to use when a port is taken, and ends: %s', async (option) => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = isObject(address) ? String(address['port']) : '';
    try {
      const ran = await runBin(['dev', option, port]);
      expect(ran.code).toBe(1);
      expect(ran.err).toContain('choose another one with --port or --hook-port');
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
  });

  it('ends with Ctrl-C also where a person looks on', async () => {
    let pressed = false;
    const ran = await runBin(['dev'], {
      onStderr(text, child) {
        if (!pressed && text.includes('Ctrl-C ends it.')) pressed = child.kill('SIGINT');
      },
    });
    expect(ran).toMatchObject({ code: 130, out: '' });
    expect(ran.err).toMatch(/Stopped; nothing is left behind\.\n$/);
  });
});
