import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { inspect } from 'node:util';
import { decodeJwt, exportJWK } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Secret } from '../../src/core/secret.ts';
import type { OktaAuthorizationServer } from '../../src/local/okta-authorization-server.ts';
import { createOktaAuthorizationServer } from '../../src/local/okta-authorization-server.ts';
import type { RunningServer, Serve } from '../../src/local/serve.ts';
import { serve } from '../../src/local/serve.ts';
import type { ClientCredentials, TokenRequestDeps } from '../../src/okta/client-credentials.ts';
import { PrivateKeyUnreadableError, requestAccessToken } from '../../src/okta/client-credentials.ts';

const now = Date.UTC(2026, 0, 15, 12);
const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const { n = '', e = '' } = await exportJWK(publicKey);
const ecPem = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString();
const hook = { clientId: '0oahook', jwks: [{ kty: 'RSA', kid: 'hook-key', n, e }], scopes: ['telephony.hook'] };

let server: OktaAuthorizationServer;
let running: RunningServer;

beforeEach(async () => {
  server = await createOktaAuthorizationServer({ now: () => now, clients: [hook], audience: 'api://default' });
  running = await serve((request, connection) => server.serve(request, connection));
});

afterEach(() => running.close());

const ask = (change: Partial<ClientCredentials> = {}, deps: Partial<TokenRequestDeps> = {}) =>
  requestAccessToken(
    {
      tokenUrl: `${server.issuerAt(running.url)}/v1/token`,
      clientId: hook.clientId,
      privateKey,
      kid: 'hook-key',
      scope: 'telephony.hook',
      ...change,
    },
    { fetch, now: () => now, signal: new AbortController().signal, newId: randomUUID, ...deps },
  );

/** Asks a server that answers every request alike. */
async function askOne(answer: Serve) {
  const other = await serve(answer);
  try {
    return await ask({ tokenUrl: `${other.url}/v1/token` });
  } finally {
    await other.close();
  }
}

describe('a token request', () => {
  it('gets a token that cannot be printed', async () => {
    const answer = await ask();
    expect(answer).toMatchObject({ kind: 'token', expiresInSeconds: 3600 });
    if (answer.kind !== 'token') return;
    const token = answer.accessToken.reveal();
    expect(decodeJwt(token)).toMatchObject({ cid: '0oahook', scp: ['telephony.hook'] });
    for (const printed of [inspect(answer, { depth: 9 }), JSON.stringify(answer), `${answer.accessToken}`]) {
      expect(printed).toContain('[secret]');
      expect(printed).not.toContain(token);
    }
  });

  it('takes the private key as PEM or as JWK', async () => {
    const pem = new Secret(privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
    const jwk = new Secret(JSON.stringify({ ...privateKey.export({ format: 'jwk' }), kid: 'hook-key', use: 'sig' }));
    expect(await ask({ privateKey: pem })).toMatchObject({ kind: 'token' });
    expect(await ask({ privateKey: jwk })).toMatchObject({ kind: 'token' });
  });

  it.each([
    ['no key', 'not a key at all'],
    ['a public key', JSON.stringify({ kty: 'RSA', n, e })],
    ['a key that is not RSA', ecPem],
    ['a broken JWK', JSON.stringify({ ...privateKey.export({ format: 'jwk' }), n: '!', d: '!' })],
  ])('refuses %s without showing it', async (_, text) => {
    const error: unknown = await ask({ privateKey: new Secret(text) }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(PrivateKeyUnreadableError);
    expect(error).toMatchObject({ message: 'the private key is not an RSA key, as PEM or JWK' });
    expect(inspect(error)).not.toContain(text);
  });

  it('makes a new assertion every time', async () => {
    expect(await ask()).toMatchObject({ kind: 'token' });
    expect(await ask()).toMatchObject({ kind: 'token' });
    const newId = () => 'the same';
    expect(await ask({}, { newId })).toMatchObject({ kind: 'token' });
    expect(await ask({}, { newId })).toEqual({
      kind: 'refused',
      status: 401,
      error: 'invalid_client',
      description: 'The client_assertion token has already been used.',
    });
  });

  it.each([-299, 3300])('works with a clock that is off by %i s', async (seconds) => {
    expect(await ask({}, { now: () => now + seconds * 1000 })).toMatchObject({ kind: 'token' });
  });

  it('says why it was refused', async () => {
    expect(await ask({ scope: 'unheard.of' })).toMatchObject({ kind: 'refused', status: 400, error: 'invalid_scope' });
    expect(await ask({ clientId: '0oaother' })).toEqual({
      kind: 'refused',
      status: 401,
      error: 'invalid_client',
      description: "Invalid value for 'client_id' parameter.",
    });
    const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 });
    expect(await ask({ privateKey: stranger.privateKey })).toMatchObject({
      kind: 'refused',
      description: 'The client_assertion signature is invalid.',
    });
  });

  it('does not take an outage for a refusal', async () => {
    server.setFault({ kind: 'outage' });
    expect(await ask()).toEqual({ kind: 'unavailable', status: 500 });
    server.setFault({ kind: 'reset' });
    expect(await ask()).toMatchObject({ kind: 'unavailable', cause: { cause: { code: 'ECONNRESET' } } });
  });

  it('gives up on its signal', async () => {
    const giveUp = new AbortController();
    const reached = Promise.withResolvers<void>();
    const other = await serve(() => {
      reached.resolve();
      return new Promise<Response>(() => {});
    });
    const asking = ask({ tokenUrl: `${other.url}/v1/token` }, { signal: giveUp.signal });
    await reached.promise;
    giveUp.abort();
    expect(await asking).toMatchObject({ kind: 'unavailable', cause: { name: 'AbortError' } });
    await other.close();
  });

  it.each<[string, () => Response]>([
    ['a rate limit', () => Response.json({ errorCode: 'E0000047' }, { status: 429 })],
    ['a page of a proxy', () => new Response('<html>', { status: 403 })],
    ['a token without an expiry', () => Response.json({ access_token: 'a', token_type: 'Bearer' })],
    ['another type of token', () => Response.json({ access_token: 'a', token_type: 'DPoP', expires_in: 60 })],
    ['an error without a code', () => Response.json({}, { status: 400 })],
  ])('takes %s for no answer', async (_, response) => {
    const { status } = response();
    expect(await askOne(response)).toEqual({ kind: 'unavailable', status });
  });

  it('follows no redirect, which would hand the assertion on', async () => {
    const answer = await askOne(() => new Response(null, { status: 307, headers: { location: running.url } }));
    expect(answer).toMatchObject({ kind: 'unavailable', cause: { name: 'TypeError' } });
  });
});
