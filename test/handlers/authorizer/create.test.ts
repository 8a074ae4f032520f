import { UnsecuredJWT } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Trust } from '../../../src/core/authorization.ts';
import { createAuthorizer } from '../../../src/handlers/authorizer/create.ts';
import { createLeakSink } from '../../../src/local/leak-sink.ts';
import { createKeyStore } from '../../../src/okta/key-store.ts';
import { createTokenVerifier } from '../../../src/okta/verify-token.ts';
import { createFakeIssuer, createIssuerKey } from '../../support/fake-issuer.ts';
import type { VirtualClock } from '../../support/virtual-clock.ts';
import { createVirtualClock } from '../../support/virtual-clock.ts';

type IssuerKey = Awaited<ReturnType<typeof createIssuerKey>>;

let keys: readonly [IssuerKey, IssuerKey, IssuerKey];

beforeAll(async () => {
  keys = await Promise.all([createIssuerKey('key-1'), createIssuerKey('key-2'), createIssuerKey('key-3')]);
});

/** Lets time pass in small steps until it is judged; between them there is room for the verifier, which takes none. */
async function passTime<T>(clock: VirtualClock, judged: Promise<T>): Promise<T> {
  let settled = false;
  const settle = () => {
    settled = true;
  };
  judged.then(settle, settle);
  while (!settled) {
    for (let turn = 0; turn < 20 && !settled; turn += 1) await clock.advance(0);
    if (!settled) await clock.advance(10);
  }
  return await judged;
}

const methodArn = 'arn:aws:execute-api:eu-west-1:000000000000:api/prod/POST/mfa';

function createScene(change: Partial<Trust> = {}) {
  const clock = createVirtualClock();
  const issuer = createFakeIssuer(clock, 'https://acme.okta.example/oauth2/default', keys[0]);
  const next = createFakeIssuer(clock, 'https://next.okta.example/oauth2/default', keys[2]);
  const stores = [issuer, next].map(({ trust, fetchKeys }) => ({
    trust: { ...trust, ...change },
    keys: createKeyStore(clock, fetchKeys),
  }));
  const sink = createLeakSink();
  const lines: Record<string, unknown>[] = [];
  let dropped = 0;
  const start = () =>
    createAuthorizer({
      clock,
      keyStores: stores.map((store) => store.keys),
      verify: createTokenVerifier(stores),
      dropIdleConnections: () => {
        dropped += 1;
      },
      log: (line) => {
        sink.check(line);
        lines.push(JSON.parse(line));
      },
    });
  let handler: ReturnType<typeof start> | undefined;
  /** `allow 0oaHook`, `Unauthorized: wrong scope` or `KeySetUnavailable`. */
  const judge = async (authorizationToken: unknown) => {
    handler ??= start();
    const event = { type: 'TOKEN', authorizationToken, methodArn };
    const judged = handler(event).then(
      ({ principalId }) => `allow ${principalId}`,
      (error: unknown) => (error instanceof Error ? error.message : 'no error'),
    );
    const outcome = await passTime(clock, judged);
    const reason = lines.at(-1)?.['reason'];
    return reason === undefined ? outcome : `${outcome}: ${String(reason)}`;
  };
  const bearer = async (token: string | Promise<string>) => await judge(`Bearer ${await token}`);
  /** Starts the authorizer, as Lambda's init phase does. */
  const init = () => {
    handler = start();
    return handler;
  };
  return { clock, issuer, next, judge, bearer, init, lines, dropped: () => dropped };
}

describe('a good token', () => {
  it("is allowed the hook's one method", async () => {
    const { issuer, init, clock } = createScene();
    const handler = init();
    const event = { authorizationToken: `Bearer ${await issuer.sign()}`, methodArn };
    expect(await passTime(clock, handler(event))).toEqual({
      principalId: '0oaHook',
      policyDocument: {
        Version: '2012-10-17',
        Statement: [{ Action: 'execute-api:Invoke', Effect: 'Allow', Resource: methodArn }],
      },
    });
  });

  it('is counted in one line of log that shows nothing of it', async () => {
    const { issuer, bearer, lines, dropped } = createScene();
    issuer.fetches.always({ ms: 80 });
    expect(await bearer(issuer.sign())).toBe('allow 0oaHook');
    expect(lines).toMatchObject([
      {
        type: 'authorization',
        outcome: 'allow',
        Authorizations: 1,
        AuthorizationsRefused: 0,
        KeySetUnavailable: 0,
        AuthorizerMs: 80,
      },
    ]);
    expect(dropped()).toBe(1);
  });

  it('may come from any of the clients, with more scopes, for more audiences', async () => {
    const { issuer, bearer } = createScene();
    expect(await bearer(issuer.sign({ cid: '0oaOther' }))).toBe('allow 0oaOther');
    expect(await bearer(issuer.sign({ scp: ['a', 'otp.send'] }))).toBe('allow 0oaHook');
    expect(await bearer(issuer.sign({ aud: ['api://x', 'api://otp'] }))).toBe('allow 0oaHook');
  });

  it('may come from either of two issuers, with the keys of its own', async () => {
    const { issuer, next, bearer } = createScene();
    expect(await bearer(next.sign())).toBe('allow 0oaHook');
    expect(await bearer(issuer.sign())).toBe('allow 0oaHook');
    expect(await bearer(next.sign({ iss: issuer.trust.issuer }, { kid: 'key-1' }))).toBe('Unauthorized: bad signature');
    expect(await bearer(next.sign({ iss: issuer.trust.issuer }))).toBe('Unauthorized: unknown key');
  });
});

describe('a bad token', () => {
  const seconds = () => Math.floor(Date.now() / 1000);

  it.each([
    ['expired', () => ({ exp: seconds() - 1 })],
    ['without expiry', () => ({ exp: undefined })],
    ['not yet valid', () => ({ nbf: seconds() + 600 })],
    ['unknown issuer', () => ({ iss: 'https://evil.example/oauth2/default' })],
    ['unknown issuer', () => ({ iss: undefined })],
    ['wrong audience', () => ({ aud: 'api://else' })],
    ['wrong audience', () => ({ aud: undefined })],
    ['wrong client', () => ({ cid: '0oaEvil' })],
    ['wrong client', () => ({ cid: undefined })],
    ['wrong scope', () => ({ scp: ['otp.read'] })],
    ['wrong scope', () => ({ scp: 'otp.send' })],
    ['wrong scope', () => ({ scp: undefined })],
  ])('is refused as %s', async (reason, change) => {
    const { issuer, bearer, lines } = createScene();
    expect(await bearer(issuer.sign(change()))).toBe(`Unauthorized: ${reason}`);
    expect(lines).toMatchObject([{ outcome: 'refuse', AuthorizationsRefused: 1, KeySetUnavailable: 0 }]);
  });

  it('is refused when a claim was changed after signing', async () => {
    const { issuer, bearer } = createScene();
    const [header, , signature] = (await issuer.sign()).split('.');
    const claims = Buffer.from(JSON.stringify({ ...issuer.claims(), cid: '0oaOther' })).toString('base64url');
    expect(await bearer(`${header}.${claims}.${signature}`)).toBe('Unauthorized: bad signature');
  });

  it('is refused when it was signed by another key under the id of ours', async () => {
    const { next, issuer, bearer } = createScene();
    expect(await bearer(next.sign({ iss: issuer.trust.issuer }, { kid: 'key-1' }))).toBe('Unauthorized: bad signature');
  });

  it('is refused without a signature', async () => {
    const { issuer, bearer } = createScene();
    const unsecured = new UnsecuredJWT(issuer.claims()).encode();
    expect(await bearer(unsecured)).toBe('Unauthorized: unsupported algorithm');
    const [header, claims] = (await issuer.sign()).split('.');
    expect(await bearer(`${header}.${claims}.`)).toBe('Unauthorized: not a jwt');
  });

  it('is refused with a symmetric signature made with our public key', async () => {
    const { issuer, bearer } = createScene();
    const { SignJWT } = await import('jose');
    const forged = new SignJWT(issuer.claims())
      .setProtectedHeader({ alg: 'HS256', kid: 'key-1' })
      .sign(Buffer.from(keys[0].published.n));
    expect(await bearer(forged)).toBe('Unauthorized: unsupported algorithm');
  });

  it.each(['a.b.c', 'not-a-jwt', 'e30.e30.e30', 'a', '...'])('is refused that is no JWT: %s', async (token) => {
    const { issuer, bearer } = createScene();
    expect(await bearer(token)).toMatch(/^Unauthorized: (not a jwt|unsupported algorithm)$/);
    expect(issuer.fetches.made()).toBe(1);
  });

  it.each(['', undefined, 'Basic YTpi', 'Bearer', 7])('is refused that is not there: %j', async (header) => {
    const { judge } = createScene();
    expect(await judge(header)).toBe('Unauthorized: not a bearer token');
  });

  it('is refused under a key that nobody knows', async () => {
    const { issuer, bearer } = createScene();
    expect(await bearer(issuer.sign({}, { kid: 'key-9' }))).toBe('Unauthorized: unknown key');
    expect(await bearer(issuer.sign({}, { kid: undefined }))).toBe('Unauthorized: unknown key');
  });
});

describe('an authorizer that is not configured', () => {
  it.each([{ clientIds: [] }, { scope: '' }])('refuses all and says so: %j', async (change) => {
    const { issuer, bearer, lines } = createScene(change);
    expect(await bearer(issuer.sign())).toBe('Unauthorized: not configured');
    expect(await bearer('garbage')).toBe('Unauthorized: not configured');
    expect(lines).toMatchObject([{ outcome: 'refuse' }, { outcome: 'refuse' }]);
  });
});

describe('a key set that cannot be had', () => {
  it('is no fault of the token', async () => {
    const { issuer, bearer, lines } = createScene();
    issuer.fetches.always({ fails: true });
    expect(await bearer(issuer.sign())).toBe('KeySetUnavailable');
    expect(lines).toMatchObject([{ outcome: 'unavailable', KeySetUnavailable: 1, AuthorizationsRefused: 0 }]);
    issuer.fetches.always({});
    expect(await bearer(issuer.sign())).toBe('allow 0oaHook');
  });

  it('is waited for no longer than 0.6 s', async () => {
    const { clock, issuer, bearer, lines } = createScene();
    issuer.fetches.always({ hangs: true });
    expect(await bearer(issuer.sign())).toBe('KeySetUnavailable');
    expect(lines).toMatchObject([{ AuthorizerMs: 600 }]);
    await clock.advance(3000);
    expect(issuer.fetches.unsettled()).toBe(0);
    expect(clock.pending()).toBe(0);
  });

  it('does not keep the other issuer from being heard', async () => {
    const { issuer, next, bearer } = createScene();
    issuer.fetches.always({ hangs: true });
    expect(await bearer(next.sign())).toBe('allow 0oaHook');
  });

  it('is asked for again when the prefetch lay frozen with a dead connection', async () => {
    const { clock, issuer, init, bearer, lines } = createScene();
    issuer.fetches.next({ hangs: true });
    init();
    await clock.advance(2900);
    expect(await bearer(issuer.sign())).toBe('allow 0oaHook');
    expect(lines).toMatchObject([{ AuthorizerMs: 100 }]);
  });
});

describe('key ids that nobody knows', () => {
  it('cause no more than two fetches, however many there are, and hurt nobody beside them', async () => {
    const { clock, issuer, bearer } = createScene();
    expect(await bearer(issuer.sign())).toBe('allow 0oaHook');
    for (const round of ['a', 'b']) {
      const judged = await Promise.all(
        Array.from({ length: 500 }, async (_, index) => await bearer(issuer.sign({}, { kid: `${round}-${index}` }))),
      );
      expect(new Set(judged)).toEqual(new Set(['Unauthorized: unknown key']));
      expect(await bearer(issuer.sign())).toBe('allow 0oaHook');
      await clock.advance(10_000);
    }
    expect(issuer.fetches.made()).toBe(2);
  });
});

describe('a new key', () => {
  it('is known once the cool-down is over', async () => {
    const { clock, issuer, bearer } = createScene();
    expect(await bearer(issuer.sign())).toBe('allow 0oaHook');
    issuer.rotateTo(keys[1]);
    expect(await bearer(issuer.sign())).toBe('Unauthorized: unknown key');
    await clock.advance(10_000);
    expect(await bearer(issuer.sign())).toBe('allow 0oaHook');
    expect(issuer.fetches.made()).toBe(2);
  });

  it('that cannot be looked up is no fault of the token', async () => {
    const { clock, issuer, bearer } = createScene();
    await bearer(issuer.sign());
    issuer.rotateTo(keys[1]);
    await clock.advance(10_000);
    issuer.fetches.always({ fails: true });
    expect(await bearer(issuer.sign())).toBe('KeySetUnavailable');
  });
});

describe('keys that have grown old', () => {
  const minutes = 60_000;

  it('are refreshed before they are too old', async () => {
    const { clock, issuer, bearer } = createScene();
    await bearer(issuer.sign());
    await clock.advance(44 * minutes);
    await bearer(issuer.sign());
    expect(issuer.fetches.made()).toBe(1);
    await clock.advance(minutes);
    expect(await bearer(issuer.sign())).toBe('allow 0oaHook');
    expect(issuer.fetches.made()).toBe(2);
  });

  it.each([
    { name: 'is down', trouble: { fails: true } },
    { name: 'hangs', trouble: { hangs: true } },
  ])('are used on while the issuer $name', async ({ trouble }) => {
    const { clock, issuer, bearer } = createScene();
    await bearer(issuer.sign());
    issuer.fetches.always(trouble);
    for (const wait of [46 * minutes, 1000, 23 * 60 * minutes]) {
      await clock.advance(wait);
      expect(await bearer(issuer.sign())).toBe('allow 0oaHook');
    }
    expect(clock.pending() + issuer.fetches.unsettled()).toBe(0);
  });

  it('are asked for no more often than every ten seconds while the issuer is down', async () => {
    const { clock, issuer, bearer } = createScene();
    await bearer(issuer.sign());
    issuer.fetches.always({ fails: true });
    await clock.advance(46 * minutes);
    await bearer(issuer.sign());
    await clock.advance(9000);
    await bearer(issuer.sign());
    expect(issuer.fetches.made()).toBe(2);
    await clock.advance(1000);
    await bearer(issuer.sign());
    expect(issuer.fetches.made()).toBe(3);
  });

  it('do not hold a good token up for longer than the budget while the issuer hangs', async () => {
    const { clock, issuer, bearer, lines } = createScene();
    await bearer(issuer.sign());
    issuer.fetches.always({ hangs: true });
    await clock.advance(46 * minutes);
    await bearer(issuer.sign());
    expect(lines.at(-1)?.['AuthorizerMs']).toBeLessThanOrEqual(600);
  });

  it('are no longer believed after a day', async () => {
    const { clock, issuer, bearer } = createScene();
    await bearer(issuer.sign());
    issuer.fetches.always({ fails: true });
    await clock.advance(24 * 60 * minutes);
    expect(await bearer(issuer.sign())).toBe('KeySetUnavailable');
  });
});

it('counts a verifier that breaks as unavailable, never as allowed', async () => {
  const clock = createVirtualClock();
  const handler = createAuthorizer({
    clock,
    keyStores: [],
    verify: () => Promise.reject(new TypeError('a bug')),
    dropIdleConnections: () => {},
    log: () => {},
  });
  await expect(passTime(clock, handler({ authorizationToken: 'Bearer a', methodArn }))).rejects.toThrow(
    'KeySetUnavailable',
  );
});
