import { Buffer } from 'node:buffer';
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, exportJWK, jwtVerify, SignJWT } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OktaAuthorizationServer } from '../../src/local/okta-authorization-server.ts';
import { createOktaAuthorizationServer } from '../../src/local/okta-authorization-server.ts';
import type { RunningServer } from '../../src/local/serve.ts';
import { serve } from '../../src/local/serve.ts';

const now = Date.UTC(2026, 0, 15, 12);
const nowSeconds = now / 1000;

const hookKey = generateKeyPairSync('rsa', { modulusLength: 2048 });
const strangerKey = generateKeyPairSync('rsa', { modulusLength: 2048 });
const { n = '', e = '' } = await exportJWK(hookKey.publicKey);
const { n: strangerN = '' } = await exportJWK(strangerKey.publicKey);

const hook = {
  clientId: '0oahook',
  jwks: [{ kty: 'RSA', kid: 'hook-key', n, e }],
  scopes: ['telephony.hook'],
};
const twoKeys = {
  clientId: '0oatwokeys',
  jwks: [...hook.jwks, { kty: 'RSA', kid: 'second-key', n: strangerN, e }],
  scopes: ['other'],
};

let server: OktaAuthorizationServer;
let running: RunningServer;
let issuer: string;

beforeEach(async () => {
  server = await createOktaAuthorizationServer({ now: () => now, clients: [hook, twoKeys], audience: 'api://default' });
  running = await serve(server.serve);
  issuer = server.issuerAt(running.url);
});

afterEach(() => running.close());

interface Assertion {
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly alg?: string;
  readonly kid?: string | undefined;
  readonly key?: typeof hookKey.privateKey;
}

function assertion({ claims, key = hookKey.privateKey, ...header }: Assertion = {}): Promise<string> {
  const { clientId } = hook;
  return (
    new SignJWT({
      iss: clientId,
      sub: clientId,
      aud: `${issuer}/v1/token`,
      exp: nowSeconds + 300,
      jti: randomUUID(),
      ...claims,
    })
      // An `undefined` is left out of the JSON.
      .setProtectedHeader(Object.assign({ alg: 'RS256', kid: 'hook-key' }, header))
      .sign(key)
  );
}

/** A form field that is `undefined` is left out. */
function requestToken(fields: Readonly<Record<string, string | undefined>>): Promise<Response> {
  const all = {
    grant_type: 'client_credentials',
    scope: 'telephony.hook',
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    ...fields,
  };
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(all)) if (value !== undefined) form.set(name, value);
  return fetch(`${issuer}/v1/token`, { method: 'POST', body: form });
}

const json = async (response: Response): Promise<Record<string, unknown>> => Object(await response.json());

const accessToken = async (): Promise<string> => {
  const { access_token } = await json(await requestToken({ client_assertion: await assertion() }));
  return `${access_token}`;
};

const publishedKids = async (): Promise<unknown[]> => {
  const { keys } = await json(await fetch(`${issuer}/v1/keys`));
  return Array.isArray(keys) ? keys.map(({ kid }) => kid) : [];
};

describe('a token', () => {
  it('is granted for a signed assertion, with exactly the claims that Okta puts in', async () => {
    const response = await requestToken({ client_assertion: await assertion() });
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toContain('no-store');
    const { access_token, ...rest } = await json(response);
    expect(rest).toEqual({ token_type: 'Bearer', expires_in: 3600, scope: 'telephony.hook' });
    expect(decodeProtectedHeader(`${access_token}`)).toEqual({ alg: 'RS256', kid: (await publishedKids())[0] });
    expect(decodeJwt(`${access_token}`)).toEqual({
      ver: 1,
      jti: expect.stringMatching(/^AT\./),
      iss: `${running.url}/oauth2/default`,
      aud: 'api://default',
      iat: nowSeconds,
      exp: nowSeconds + 3600,
      cid: '0oahook',
      scp: ['telephony.hook'],
      sub: '0oahook',
    });
  });

  it('is verified by the published keys', async () => {
    const keySet = createRemoteJWKSet(new URL(`${issuer}/v1/keys`));
    const checks = { issuer, audience: 'api://default', algorithms: ['RS256'], currentDate: new Date(now) };
    const { payload } = await jwtVerify(await accessToken(), keySet, checks);
    expect(payload['cid']).toBe('0oahook');
    const [head, , signature] = (await accessToken()).split('.');
    const forged = Buffer.from(JSON.stringify({ ...payload, scp: ['admin'] })).toString('base64url');
    await expect(jwtVerify(`${head}.${forged}.${signature}`, keySet, checks)).rejects.toMatchObject({
      code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED',
    });
  });

  it('has an id of its own', async () => {
    expect(decodeJwt(await accessToken()).jti).not.toBe(decodeJwt(await accessToken()).jti);
  });

  it('is issued in the name, and for the time, that is configured', async () => {
    const named = await createOktaAuthorizationServer({
      now: () => now,
      clients: [hook],
      audience: 'api://otp',
      authorizationServerId: 'aus1',
      tokenLifetimeSeconds: 300,
      issuer: 'https://login.example.com/oauth2/aus1',
    });
    expect(named.issuerAt(running.url)).toBe('https://login.example.com/oauth2/aus1');
    expect(named.claimsAt(running.url, hook)).toMatchObject({
      iss: 'https://login.example.com/oauth2/aus1',
      aud: 'api://otp',
      exp: nowSeconds + 300,
    });
    const aud = 'https://login.example.com/oauth2/aus1/v1/token';
    const body = new URLSearchParams({
      grant_type: 'client_credentials',
      scope: 'telephony.hook',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: await assertion({ claims: { aud } }),
    });
    const request = new Request('http://127.0.0.1:1/oauth2/aus1/v1/token', { method: 'POST', body });
    const response = await named.serve(request, { requestNumber: 1 });
    expect(await json(response)).toMatchObject({ expires_in: 300 });
  });
});

describe('a client assertion', () => {
  const clients = {
    stranger: { iss: '0oastranger', sub: '0oastranger' },
    twoKeys: { iss: '0oatwokeys', sub: '0oatwokeys' },
  };

  it.each<[string, Assertion, string]>([
    ['signed by another key', { key: strangerKey.privateKey }, 'The client_assertion signature is invalid.'],
    ['signed with another algorithm', { alg: 'PS256' }, 'The client_assertion signature is invalid.'],
    ['naming an unknown key', { kid: 'unknown' }, 'The client_assertion JWT kid is invalid.'],
    [
      'of a client with two keys that names none',
      { claims: clients.twoKeys, kid: undefined },
      'The client_assertion JWT kid is invalid.',
    ],
    [
      'for another endpoint',
      { claims: { aud: 'https://example.okta.com/oauth2/v1/token' } },
      'The audience claim for client_assertion must be the endpoint invoked for the request.',
    ],
    ['that has expired', { claims: { exp: nowSeconds } }, 'The client_assertion token is expired.'],
    [
      'that lives longer than an hour',
      { claims: { exp: nowSeconds + 3601 } },
      'The client_assertion token has an expiration too far into the future.',
    ],
    ['that never expires', { claims: { exp: undefined } }, 'The client_assertion token must contain an expiration.'],
    [
      'issued by somebody else',
      { claims: { iss: '0oatwokeys' } },
      'The issuer and subject claims for client_assertion must be the client_id.',
    ],
  ])('%s is refused', async (_, change, description) => {
    const response = await requestToken({ client_assertion: await assertion(change) });
    expect(response.status).toBe(401);
    expect(await json(response)).toEqual({ error: 'invalid_client', error_description: description });
  });

  it('of an unknown client is refused in the shape of the Okta APIs', async () => {
    const response = await requestToken({ client_assertion: await assertion({ claims: clients.stranger }) });
    expect(response.status).toBe(401);
    expect(await json(response)).toMatchObject({
      errorCode: 'invalid_client',
      errorSummary: "Invalid value for 'client_id' parameter.",
    });
  });

  it('may live for an hour', async () => {
    const client_assertion = await assertion({ claims: { exp: nowSeconds + 3600 } });
    expect((await requestToken({ client_assertion })).status).toBe(200);
  });

  it('needs no key id when the client has one key', async () => {
    const client_assertion = await assertion({ kid: undefined });
    expect((await requestToken({ client_assertion })).status).toBe(200);
  });

  it('is taken once', async () => {
    const client_assertion = await assertion();
    expect((await requestToken({ client_assertion })).status).toBe(200);
    const again = await requestToken({ client_assertion });
    expect(again.status).toBe(401);
    expect(await json(again)).toEqual({
      error: 'invalid_client',
      error_description: 'The client_assertion token has already been used.',
    });
  });

  it('is not used up by a request that was refused for another reason', async () => {
    const claims = { jti: 'same' };
    const wrong = await assertion({ claims: { ...claims, exp: nowSeconds } });
    expect((await requestToken({ client_assertion: wrong })).status).toBe(401);
    expect((await requestToken({ client_assertion: await assertion({ claims }) })).status).toBe(200);
  });

  it('without an id is taken again and again', async () => {
    const client_assertion = await assertion({ claims: { jti: undefined } });
    await requestToken({ client_assertion });
    expect((await requestToken({ client_assertion })).status).toBe(200);
  });

  it.each(['', 'abc', 'a.b.c', 'e30.e30.e30.e30'])('"%s" is refused as no JWT', async (client_assertion) => {
    const response = await requestToken({ client_assertion });
    expect(response.status).toBe(401);
    expect(await json(response)).toMatchObject({ error: 'invalid_client' });
  });
});

describe('the token endpoint', () => {
  it.each<[string, Readonly<Record<string, string | undefined>>, number, string]>([
    ['without a grant type', { grant_type: undefined }, 400, 'invalid_request'],
    ['with another grant type', { grant_type: 'password' }, 400, 'unsupported_grant_type'],
    ['without a scope', { scope: undefined }, 400, 'invalid_scope'],
    ['with a scope that nobody has', { scope: 'telephony.hook unheard.of' }, 400, 'invalid_scope'],
    ['with the scope of another client', { scope: 'telephony.hook other' }, 400, 'access_denied'],
    ['with another type of assertion', { client_assertion_type: 'jwt' }, 401, 'invalid_client'],
    ['in the name of another client', { client_id: '0oatwokeys' }, 401, 'invalid_client'],
  ])('refuses a request %s', async (_, fields, status, error) => {
    const response = await requestToken({ client_assertion: await assertion(), ...fields });
    expect(response.status).toBe(status);
    expect(await json(response)).toMatchObject({ error, error_description: expect.any(String) });
  });

  it('refuses a request without client authentication', async () => {
    expect(await json(await requestToken({}))).toEqual({
      error: 'invalid_client',
      error_description: 'A client_id must be provided in the request.',
    });
    const withSecret = await requestToken({ client_id: hook.clientId, client_secret: 'guessed' });
    expect(withSecret.status).toBe(401);
    expect(await json(withSecret)).toMatchObject({ error: 'invalid_client' });
  });

  it('refuses a request that is not a form', async () => {
    const response = await fetch(`${issuer}/v1/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
    expect(response.status).toBe(400);
    expect(await json(response)).toMatchObject({ error: 'invalid_request' });
  });

  it('takes a client that was added later', async () => {
    const clients = [twoKeys];
    const growing = await createOktaAuthorizationServer({ now: () => now, clients, audience: 'api://default' });
    const ask = async () => {
      const body = new URLSearchParams({
        grant_type: 'client_credentials',
        scope: 'telephony.hook',
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: await assertion(),
      });
      return await growing.serve(new Request(`${issuer}/v1/token`, { method: 'POST', body }), { requestNumber: 1 });
    };
    expect((await ask()).status).toBe(401);
    clients.push(hook);
    expect((await ask()).status).toBe(200);
  });
});

describe('the metadata', () => {
  it.each([
    '/oauth2/default/.well-known/oauth-authorization-server',
    '/.well-known/oauth-authorization-server/oauth2/default',
    '/oauth2/default/.well-known/openid-configuration',
  ])('names the endpoints at %s', async (path) => {
    const response = await fetch(`${running.url}${path}`);
    expect(await json(response)).toMatchObject({
      issuer,
      token_endpoint: `${issuer}/v1/token`,
      jwks_uri: `${issuer}/v1/keys`,
      scopes_supported: ['telephony.hook', 'other'],
      token_endpoint_auth_methods_supported: ['private_key_jwt'],
    });
  });

  it('ends at this authorization server', async () => {
    const elsewhere = await fetch(`${running.url}/oauth2/aus2/v1/keys`);
    expect(elsewhere.status).toBe(404);
    expect(await json(elsewhere)).toMatchObject({ errorCode: 'E0000007' });
    expect((await fetch(`${issuer}/v1/token`)).status).toBe(405);
    expect(server.keyFetches()).toBe(0);
  });
});

describe('the key set', () => {
  it('holds public RS256 signing keys and nothing private, and may be cached', async () => {
    const response = await fetch(`${issuer}/v1/keys`);
    expect(response.headers.get('cache-control')).toBe('max-age=3600, must-revalidate');
    expect(await json(response)).toEqual({
      keys: [
        {
          kty: 'RSA',
          alg: 'RS256',
          use: 'sig',
          kid: expect.stringMatching(/^[\w-]{43}$/),
          e: 'AQAB',
          // 2048 bits in base64url.
          n: expect.stringMatching(/^[\w-]{342}$/),
        },
      ],
    });
  });

  it('counts how often it is asked for', async () => {
    await publishedKids();
    server.setFault({ kind: 'outage' });
    await publishedKids();
    expect(server.keyFetches()).toBe(2);
  });

  it('keeps the old key after a rotation, until it is retired', async () => {
    const before = await accessToken();
    const [oldKid] = await publishedKids();
    await server.rotateKeys();
    const newKid = decodeProtectedHeader(await accessToken()).kid;
    expect(newKid).not.toBe(oldKid);
    expect(await publishedKids()).toEqual([newKid, oldKid]);
    const keySet = createRemoteJWKSet(new URL(`${issuer}/v1/keys`));
    const { protectedHeader } = await jwtVerify(before, keySet, { currentDate: new Date(now) });
    expect(protectedHeader.kid).toBe(oldKid);
    server.retireOldKeys();
    expect(await publishedKids()).toEqual([newKid]);
  });

  it('shows the next key before it signs', async () => {
    const [activeKid] = await publishedKids();
    await server.publishNextKey();
    const [stillActive, nextKid] = await publishedKids();
    expect(stillActive).toBe(activeKid);
    expect(decodeProtectedHeader(await accessToken()).kid).toBe(activeKid);
    await server.rotateKeys();
    expect(decodeProtectedHeader(await accessToken()).kid).toBe(nextKid);
    expect(await publishedKids()).toEqual([nextKid, activeKid]);
  });
});

describe('a forged token', () => {
  it('says what it is told to, and leaves out what is undefined', async () => {
    const claims = server.claimsAt(running.url, hook);
    const token = await server.sign({ ...claims, exp: undefined, iss: 'https://evil.example', scp: 'telephony.hook' });
    const { exp: _, ...rest } = claims;
    expect(decodeJwt(token)).toEqual({ ...rest, iss: 'https://evil.example', scp: 'telephony.hook' });
    const keySet = createRemoteJWKSet(new URL(`${issuer}/v1/keys`));
    await expect(jwtVerify(token, keySet)).resolves.toMatchObject({ payload: { cid: '0oahook' } });
  });

  it('can be signed by another key under the id of the real one, or under another id', async () => {
    const [activeKid] = await publishedKids();
    const claims = server.claimsAt(running.url, hook);
    const stolen = await server.sign(claims, { privateKey: strangerKey.privateKey });
    expect(decodeProtectedHeader(stolen).kid).toBe(activeKid);
    const keySet = createRemoteJWKSet(new URL(`${issuer}/v1/keys`));
    await expect(jwtVerify(stolen, keySet)).rejects.toMatchObject({ code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED' });
    const renamed = await server.sign(claims, { header: { kid: 'unknown' } });
    expect(decodeProtectedHeader(renamed)).toEqual({ alg: 'RS256', kid: 'unknown' });
  });
});

describe('an outage of Okta', () => {
  it('shows as HTTP 500 with an Okta error', async () => {
    server.setFault({ kind: 'outage' });
    const response = await requestToken({ client_assertion: await assertion() });
    expect(response.status).toBe(500);
    expect(await json(response)).toMatchObject({ errorCode: 'E0000009' });
    server.setFault(undefined);
    expect((await requestToken({ client_assertion: await assertion() })).status).toBe(200);
  });

  it('shows as a connection that is reset', async () => {
    server.setFault({ kind: 'reset' });
    await expect(fetch(`${issuer}/v1/keys`)).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } });
    expect(server.keyFetches()).toBeGreaterThan(0);
  });
});
