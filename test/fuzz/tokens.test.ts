import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { refusalReasons } from '../../src/core/authorization.ts';
import { createAuthorizer } from '../../src/handlers/authorizer/create.ts';
import { createLeakSink } from '../../src/local/leak-sink.ts';
import type { RunningServer } from '../../src/local/serve.ts';
import { serve } from '../../src/local/serve.ts';
import { createKeyStore } from '../../src/okta/key-store.ts';
import { createTokenVerifier } from '../../src/okta/verify-token.ts';
import type { Random } from '../simulator/random.ts';
import { createRandom } from '../simulator/random.ts';
import type { CrashWatch } from '../support/crash-watch.ts';
import { watchCrashes } from '../support/crash-watch.ts';
import { createFakeIssuer, createIssuerKey } from '../support/fake-issuer.ts';
import type { IssuerKey, Signer, TokenPart } from '../support/forge-token.ts';
import { ec, encodePart, fixed, forgeToken, hmac, rsa, rsaPss } from '../support/forge-token.ts';
import { mutate, randomText, toWritten, write } from '../support/hostile-json.ts';
import { createVirtualClock } from '../support/virtual-clock.ts';

/** The slow tier tries a hundred thousand: `npm run test:slow`. */
const runs = Number(process.env['FUZZ_TOKENS'] ?? 1000);
/** To look at one token that was accepted: its seed, and `FUZZ_TOKENS=1`. */
const firstSeed = Number(process.env['FUZZ_SEED'] ?? 1);

const methodArn = 'arn:aws:execute-api:eu-west-1:000000000000:api/prod/POST/mfa';

let ours: IssuerKey;
let theirs: IssuerKey;
/** Where a token may say that its key is. */
let lure: RunningServer;
let lured = 0;
let crashes: CrashWatch;

beforeAll(async () => {
  [ours, theirs] = await Promise.all([createIssuerKey('key-1'), createIssuerKey('key-1')]);
  lure = await serve(() => {
    lured += 1;
    return Response.json({ keys: [theirs.published] });
  });
  crashes = watchCrashes();
});

afterAll(async () => {
  crashes.stop();
  await lure.close();
});

function createScene() {
  const clock = createVirtualClock();
  const issuer = createFakeIssuer(clock, 'https://acme.okta.example/oauth2/default', ours);
  const keys = createKeyStore(clock, issuer.fetchKeys);
  const sink = createLeakSink();
  let reason = '';
  const handler = createAuthorizer({
    clock,
    keyStores: [keys],
    verify: createTokenVerifier([{ trust: issuer.trust, keys }]),
    dropIdleConnections: () => {},
    log(line) {
      sink.check(line);
      reason = JSON.parse(line).reason ?? '';
    },
  });
  /** `allow 0oaHook`, `Unauthorized: wrong scope`, `crashed: TypeError`. */
  const judgeHeader = async (authorizationToken: unknown): Promise<string> => {
    reason = '';
    try {
      const { principalId } = await crashes.guard(handler({ type: 'TOKEN', authorizationToken, methodArn }));
      return `allow ${principalId}`;
    } catch (error) {
      const said = error instanceof Error ? error.message : 'no error';
      return reason === '' ? said : `${said}: ${reason}`;
    }
  };
  /** A token of ours with parts of it changed; a string is the whole part as it is written. */
  const token = (header: TokenPart = {}, claims: TokenPart = {}, signer: Signer = rsa(ours)) =>
    forgeToken(
      typeof header === 'string' ? header : { alg: 'RS256', kid: 'key-1', ...header },
      typeof claims === 'string' ? claims : { ...issuer.claims(), ...claims },
      signer,
    );
  return { clock, issuer, judgeHeader, judge: (text: string) => judgeHeader(`Bearer ${text}`), token };
}

let scene: ReturnType<typeof createScene>;

beforeEach(async () => {
  scene = createScene();
  expect(await scene.judge(scene.token())).toBe('allow 0oaHook');
});

type Forgery = () => string;

/** Refused, without a crash, and with no more than the one fetch that an unknown key id is worth in ten seconds. */
function refuses(reason: string | undefined, forgeries: Readonly<Record<string, Forgery>>) {
  it.each(Object.entries(forgeries))('%s', async (_, forge) => {
    const { clock, issuer, judge, token } = scene;
    const forged = forge();
    await clock.advance(10_000);
    const before = issuer.fetches.made();
    const expected = reason === undefined ? /^Unauthorized: / : new RegExp(`^Unauthorized: ${reason}$`);
    expect(await judge(forged)).toMatch(expected);
    expect(await judge(forged)).toMatch(expected);
    expect(issuer.fetches.made() - before).toBeLessThanOrEqual(reason === 'unknown key' ? 1 : 0);
    expect(lured).toBe(0);
    expect(await judge(token()), 'a good token after it').toBe('allow 0oaHook');
  });
}

/** A table of forgeries from the values that make them. */
const each = <T>(values: readonly T[], forge: (value: T) => string, where = ''): Record<string, Forgery> =>
  Object.fromEntries(
    values.map((value) => [`${where}${(JSON.stringify(value) ?? 'absent').slice(0, 60)}`, () => forge(value)]),
  );

const parts = (token: string) => {
  const [header = '', claims = '', signature = ''] = token.split('.');
  return { header, claims, signature, bytes: Buffer.from(signature, 'base64url') };
};
const nowSeconds = () => Math.floor(Date.now() / 1000);

describe('a token with an algorithm of its own choice is refused', () => {
  const foreign = ['none', 'None', 'NONE', 'nOnE', '', 'RS384', 'RS512', 'PS256', 'ES256', 'ES384', 'EdDSA', 'HS256'];
  refuses('unsupported algorithm', {
    ...each([...foreign, 'HS512', 'rs256', 'RS256 ', 'RS256\u0000', 'ＲＳ256'], (alg) => scene.token({ alg })),
    ...each([['RS256'], { RS256: 1 }, null, 1, true, undefined], (alg) => scene.token({ alg })),
    'none, and no signature': () => `${scene.token({ alg: 'none' }).split('.').slice(0, 2).join('.')}.`,
    'RS384 that is one': () => scene.token({ alg: 'RS384' }, {}, rsa(ours, 'RSA-SHA384')),
    'PS256 that is one': () => scene.token({ alg: 'PS256' }, {}, rsaPss(ours)),
    'ES256 that is one': () =>
      scene.token({ alg: 'ES256' }, {}, ec(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey)),
    'extensions that must be understood': () => scene.token({ crit: ['exp'] }),
    'no extension that must be understood': () => scene.token({ crit: [] }),
    'an unencoded payload': () => scene.token({ crit: ['b64'], b64: false }),
  });
});

describe('a token signed with our public key as if that were a secret is refused', () => {
  const publicKey = () => createPublicKey({ key: { ...ours.published }, format: 'jwk' });
  const pem = () => publicKey().export({ type: 'spki', format: 'pem' }).toString();
  const secrets: Readonly<Record<string, () => string | Buffer>> = {
    PEM: pem,
    'PEM without its last line break': () => pem().trim(),
    'PKCS#1 PEM': () => publicKey().export({ type: 'pkcs1', format: 'pem' }).toString(),
    DER: () => publicKey().export({ type: 'spki', format: 'der' }),
    'the modulus': () => ours.published.n,
    'the bytes of the modulus': () => Buffer.from(ours.published.n, 'base64url'),
    JWK: () => JSON.stringify(ours.published),
    nothing: () => '',
  };
  const forgeries = (alg: string) =>
    Object.fromEntries(
      Object.entries(secrets).map(([name, secret]) => [
        `${name}, as ${alg}`,
        () => scene.token({ alg }, {}, hmac(secret())),
      ]),
    );
  refuses('unsupported algorithm', forgeries('HS256'));
  refuses('bad signature', forgeries('RS256'));
});

describe('a token that brings its own key is refused', () => {
  const keyHeaders: Readonly<Record<string, () => Record<string, unknown>>> = {
    jwk: () => ({ jwk: theirs.published }),
    jku: () => ({ jku: `${lure.url}/keys` }),
    x5u: () => ({ x5u: `${lure.url}/certificate` }),
    x5c: () => ({ x5c: [Buffer.from(theirs.published.n, 'base64url').toString('base64')] }),
    x5t: () => ({ x5t: 'a', 'x5t#S256': 'b' }),
    all: () => ({ jwk: theirs.published, jku: lure.url, x5u: lure.url, x5c: ['a'] }),
  };
  const forgeries = (how: string, more: Readonly<Record<string, unknown>>) =>
    Object.fromEntries(
      Object.entries(keyHeaders).map(([name, header]) => [
        `${name}, ${how}`,
        () => scene.token({ ...header(), ...more }, {}, rsa(theirs)),
      ]),
    );
  refuses('bad signature', forgeries('under the id of ours', {}));
  refuses('unknown key', forgeries('under an id of its own', { kid: 'theirs' }));
  refuses('unknown key', forgeries('under no id', { kid: undefined }));
});

describe('a token whose key id is not that of a key is refused', () => {
  const ids = ['../../key-1', '/dev/null', "key-1' OR '1'='1", '; DROP TABLE keys', 'KEY-1', ' key-1', 'key-1 '];
  const odd = ['key-1\u0000', 'key-1\n', 'ｋey-1', '__proto__', 'constructor', 'toString', '', ' ', 'k'.repeat(9000)];
  const kinds: readonly unknown[] = [['key-1'], { kid: 'key-1' }, { toString: 1 }, 1, 0, true, null, [], undefined];
  refuses(
    'unknown key',
    each<unknown>([...ids, ...odd, ...kinds], (kid) => scene.token({ kid })),
  );
  refuses('unknown key', { 'an id that was never seen': () => scene.token({ kid: crypto.randomUUID() }) });
});

describe('a token whose JSON is a trap is refused', () => {
  const claimsWith = (text: string) => JSON.stringify(scene.issuer.claims()).replace('{', `{${text},`);
  const headerWith = (text: string) => `{"alg":"RS256","kid":"key-1",${text}}`;
  const stolen = () => fixed(parts(scene.token()).bytes);
  const members = [
    'hasOwnProperty',
    'constructor',
    'toString',
    'valueOf',
    'toJSON',
    'compact',
    'then',
    'typ',
    'length',
  ];
  const values = ['1', 'null', '{}', '[]', '"x"', '{"hasOwnProperty":1}', '{"__proto__":null}'];
  const traps = members.flatMap((name) => values.map((value) => `"${name}":${value}`));

  const inClaims = (signer?: () => Signer) => (text: string) => scene.token({}, claimsWith(text), signer?.());
  const inHeader = (text: string) => scene.token(headerWith(text), {}, stolen());
  const prototypes = values.map((value) => `"__proto__":${value}`);
  const shadowed = prototypes.map((text) => `${text},"toJSON":1`);

  refuses('not a jwt', {
    ...each(prototypes, inHeader, 'in the header: '),
    ...each(shadowed, inClaims(stolen), 'in the claims: '),
    ...each(prototypes, inClaims(), 'in claims of ours: '),
    'an escaped __proto__': () => inHeader('"\\u005f_proto__":null'),
  });
  refuses(undefined, {
    ...each(traps, inHeader, 'in the header: '),
    ...each(traps, inClaims(stolen), 'in the claims: '),
  });
  refuses('bad signature', {
    'the same claim twice, ours last': () => scene.token({}, claimsWith('"cid":"0oaEvil"'), stolen()),
    'deeply nested': () => scene.token({}, claimsWith(`"x":${'['.repeat(3000)}${']'.repeat(3000)}`), stolen()),
  });
  refuses('unsupported algorithm', { 'alg twice, none last': () => scene.token(headerWith('"alg":"none"')) });
  refuses('unknown key', {
    'kid twice, theirs last': () => scene.token(headerWith('"kid":"theirs"'), {}, rsa(theirs)),
  });
  refuses('wrong client', {
    'cid twice, theirs last': () =>
      scene.token({}, JSON.stringify(scene.issuer.claims()).replace(/}$/, ',"cid":"0oaEvil"}')),
  });
  refuses(
    'not a jwt',
    each(['', 'null', '7', '"text"', '[]', '[{}]', '{', '{}}', '{},', 'undefined', '\u0000'], (text) =>
      scene.token({}, text),
    ),
  );
  refuses(
    'not a jwt',
    each(['{"alg":"RS256"', 'null', '[]', ''], (text) => scene.token(text)),
  );
  refuses(undefined, {
    'a byte order mark before the header': () => scene.token(`\ufeff${headerWith('"typ":"JWT"')}`),
    'a byte order mark before the claims': () => scene.token({}, `\ufeff${claimsWith('"x":1')}`),
  });
});

describe('a token that was written anew is refused', () => {
  const rewritten = (change: (part: string) => string, of: 'header' | 'claims') => () => {
    const { header, claims, signature } = parts(scene.token({}, { x: '>>>???~~~ÿÿÿ' }));
    const changed = { header, claims, [of]: change(of === 'header' ? header : claims) };
    return `${changed.header}.${changed.claims}.${signature}`;
  };
  const decoded = (part: string) => Buffer.from(part, 'base64url').toString('utf8');
  const json = (part: string): unknown => JSON.parse(decoded(part));
  for (const of of ['header', 'claims'] as const) {
    refuses('bad signature', {
      [`${of} with white space`]: rewritten((part) => encodePart(JSON.stringify(json(part), null, 1)), of),
      [`${of} with a space at the end`]: rewritten((part) => encodePart(`${decoded(part)} `), of),
      [`${of} with its keys in another order`]: rewritten(
        (part) => encodePart(JSON.stringify(Object.fromEntries(Object.entries(Object(json(part))).toReversed()))),
        of,
      ),
      [`${of} with an escape`]: rewritten(
        (part) => encodePart(decoded(part).replace('key-1', 'key\\u002d1').replace('cid', 'c\\u0069d')),
        of,
      ),
    });
    refuses('not a jwt', {
      [`${of} with padding`]: rewritten((part) => `${part}==`, of),
      [`${of} that is empty`]: rewritten(() => '', of),
    });
  }
  refuses('not a jwt', {
    'claims in standard base64': () => {
      const token = rewritten((part) => Buffer.from(part, 'base64url').toString('base64'), 'claims')();
      expect(token).toMatch(/[+/]/);
      return token;
    },
  });
  refuses('bad signature', {
    'for another client': () => {
      const { header, signature } = parts(scene.token());
      return `${header}.${encodePart({ ...scene.issuer.claims(), cid: '0oaOther', sub: '0oaOther' })}.${signature}`;
    },
    'for longer': () => {
      const { header, signature } = parts(scene.token());
      return `${header}.${encodePart({ ...scene.issuer.claims(), exp: nowSeconds() + 1_000_000 })}.${signature}`;
    },
  });
});

describe('a token whose signature is not that of our key is refused', () => {
  const signedBy = (change: (signature: Buffer) => Buffer) => () => {
    const { header, claims, bytes } = parts(scene.token());
    return `${header}.${claims}.${change(bytes).toString('base64url')}`;
  };
  const ofModulus = (change: (s: bigint, n: bigint) => bigint) =>
    signedBy((bytes) => {
      const s = BigInt(`0x${bytes.toString('hex')}`);
      const n = BigInt(`0x${Buffer.from(ours.published.n, 'base64url').toString('hex')}`);
      const hex = change(s, n).toString(16);
      return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
    });
  refuses('bad signature', {
    'of somebody else': () => scene.token({}, {}, rsa(theirs)),
    'of another token': () => scene.token({}, { jti: 'one' }, fixed(parts(scene.token({}, { jti: 'two' })).bytes)),
    'of another digest': () => scene.token({}, {}, rsa(ours, 'RSA-SHA512')),
    'of another padding': () => scene.token({}, {}, rsaPss(ours)),
    'one byte short': signedBy((bytes) => bytes.subarray(0, -1)),
    'one byte long': signedBy((bytes) => Buffer.concat([bytes, Buffer.of(0)])),
    'with a zero before it': signedBy((bytes) => Buffer.concat([Buffer.of(0), bytes])),
    'of its first byte': signedBy((bytes) => bytes.subarray(0, 1)),
    'of zeros': signedBy((bytes) => Buffer.alloc(bytes.length)),
    'of ones': signedBy((bytes) => Buffer.alloc(bytes.length, 0xff)),
    'of a one': signedBy((bytes) => Buffer.concat([Buffer.alloc(bytes.length - 1), Buffer.of(1)])),
    'with a bit flipped': signedBy((bytes) => Buffer.from(bytes.map((byte, at) => (at === 100 ? byte ^ 1 : byte)))),
    backwards: signedBy((bytes) => Buffer.from(bytes).reverse()),
    twice: signedBy((bytes) => Buffer.concat([bytes, bytes])),
    'with the modulus added': ofModulus((s, n) => s + n),
    'taken from the modulus': ofModulus((s, n) => n - s),
    'of a letter': () => `${scene.token().split('.').slice(0, 2).join('.')}.A`,
  });
  const without = () => scene.token().split('.').slice(0, 2).join('.');
  refuses('not a jwt', {
    'that is not there': () => `${without()}.`,
    'that is not there, nor its dot': without,
    'with padding': () => `${scene.token()}==`,
    'in standard base64': () => `${without()}.${Buffer.alloc(256, 0xfb).toString('base64')}`,
  });
});

describe('what is more or less than one token is refused', () => {
  refuses('not a jwt', {
    'two joined by a dot': () => `${scene.token()}.${scene.token()}`,
    'five parts': () => `${scene.token()}.a.b`,
    'a dot at the end': () => `${scene.token()}.`,
    'a dot before it': () => `.${scene.token()}`,
    'dots alone': () => '..',
    'a token within a token': () => scene.token({ cty: 'JWT' }, scene.token()),
    'two thousand dots': () => '.'.repeat(2000),
  });
  refuses('not a bearer token', {
    'two joined by a comma': () => `${scene.token()},${scene.token()}`,
    'two joined by a space': () => `${scene.token()} ${scene.token()}`,
    'JSON instead of dots': () =>
      JSON.stringify({ protected: 'a', payload: 'b', signature: parts(scene.token()).signature }),
    'a dot of another alphabet': () => scene.token().replace('.', '\u2024'),
    'a letter of another alphabet': () => `${scene.token()}\u0430`,
    'a letter of no width': () => scene.token().replace('.', '.\u200b'),
    'a line break within': () => scene.token().replace('.', '\n.'),
    'a NUL at the end': () => `${scene.token()}\u0000`,
    'half of a surrogate pair': () => `${scene.token()}\ud800`,
    'a megabyte of claims': () => scene.token({}, { x: 'x'.repeat(1_048_576) }),
    'a megabyte of key id': () => scene.token({ kid: 'k'.repeat(1_048_576) }),
    'a megabyte of signature': () => `${scene.token()}${'A'.repeat(1_048_576)}`,
    'a megabyte of dots': () => '.'.repeat(1_048_576),
  });
});

describe('a token that our key signed for something else is refused', () => {
  const signed = (claims: Readonly<Record<string, unknown>>) => scene.token({}, claims);
  const written = (claim: string, value: string) =>
    scene.token(
      {},
      JSON.stringify({ ...scene.issuer.claims(), [claim]: 0 }).replace(`"${claim}":0`, `"${claim}":${value}`),
    );
  const later = nowSeconds() + 3600;

  describe('by its expiry', () => {
    const none = [String(later), 'never', [later], { at: later }, undefined, 1e300, 8.64e12 + 1];
    refuses(
      'without expiry',
      each(none, (exp) => signed({ exp })),
    );
    refuses('without expiry', { '1e400': () => written('exp', '1e400') });
    refuses(
      'expired',
      each([0, -1, -1e12, 1.5, true, null, nowSeconds() - 1, nowSeconds() - 0.5], (exp) => signed({ exp })),
    );
    refuses('not a jwt', { NaN: () => written('exp', 'NaN'), Infinity: () => written('exp', 'Infinity') });
    refuses(undefined, {
      '-1e400': () => written('exp', '-1e400'),
      'without a primitive': () => written('exp', '{"valueOf":1,"toString":1}'),
    });
  });

  describe('by its start', () => {
    refuses(
      'not yet valid',
      each([later, later + 0.5, 'soon', String(later), {}, [later], ['a'], true, null, 1e300], (nbf) =>
        signed({ nbf }),
      ),
    );
    refuses('not yet valid', { '1e400': () => written('nbf', '1e400'), '-1e400': () => written('nbf', '-1e400') });
  });

  describe('by its audience', () => {
    const near = ['api://otp2', 'api://ot', 'api://otp ', 'API://OTP', 'api://otp/', 'x api://otp', 'ａpi://otp', ''];
    refuses(
      'wrong audience',
      each<unknown>([...near, ['api://otp2'], [['api://otp']], [], { 0: 'api://otp' }, null, 1, undefined], (aud) =>
        signed({ aud }),
      ),
    );
  });

  describe('by its issuer', () => {
    const issuer = 'https://acme.okta.example/oauth2/default';
    const near = [`${issuer}/`, issuer.toUpperCase(), issuer.replace('https', 'http'), `${issuer}?`, ` ${issuer}`];
    const alike = [issuer.replace('okta', 'оkta'), issuer.replace('acme', 'acme\u200b'), `${issuer}2`, `${issuer}#`];
    const other = [
      issuer.replace('default', 'aus1'),
      'https://acme.okta.example',
      issuer.replace('.example', '.example:443'),
    ];
    refuses(
      'unknown issuer',
      each<unknown>([...near, ...alike, ...other, '', [issuer], { issuer }, null, 1, undefined], (iss) =>
        signed({ iss }),
      ),
    );
  });

  describe('by its client', () => {
    const near = ['0oaEvil', '0oahook', '0oaHook ', ' 0oaHook', '0oaHook,0oaOther', '0oaHook\u0000', '0oa', '', '*'];
    refuses(
      'wrong client',
      each<unknown>([...near, ['0oaHook'], { cid: '0oaHook' }, null, 0, true, undefined], (cid) => signed({ cid })),
    );
    refuses('wrong client', {
      'as its subject alone': () => signed({ cid: '0oaEvil', sub: '0oaHook' }),
      'as its client_id alone': () => signed({ cid: undefined, client_id: '0oaHook', azp: '0oaHook' }),
    });
  });

  describe('by its scope', () => {
    const near = [['otp.send.all'], ['OTP.SEND'], ['otp.send '], ['otp.send otp.read'], ['otp'], ['*'], [['otp.send']]];
    refuses(
      'wrong scope',
      each<unknown>(
        [
          ...near,
          'otp.send',
          'otp.send.all',
          [{ 0: 'otp.send' }],
          { 0: 'otp.send', length: 1 },
          [],
          null,
          true,
          undefined,
        ],
        (scp) => signed({ scp }),
      ),
    );
    refuses('wrong scope', { 'in another claim': () => signed({ scp: undefined, scope: 'otp.send' }) });
  });

  describe('by what it is', () => {
    refuses('wrong audience', {
      'an ID token of the same server': () =>
        signed({ aud: '0oaHook', cid: undefined, scp: undefined, sub: '00uUser', nonce: 'n', amr: ['pwd'] }),
    });
  });
});

describe('an Authorization header', () => {
  it.each([
    ['Basic', (token: string) => `Basic ${token}`],
    ['DPoP', (token: string) => `DPoP ${token}`],
    ['Token', (token: string) => `Token ${token}`],
    ['no scheme', (token: string) => token],
    ['no space', (token: string) => `Bearer${token}`],
    ['a tab', (token: string) => `Bearer\t${token}`],
    ['a line break', (token: string) => `Bearer\r\n ${token}`],
    ['a space of another kind', (token: string) => `Bearer\u00a0${token}`],
    ['letters of another alphabet', (token: string) => `Веаrеr ${token}`],
    ['a space before', (token: string) => ` Bearer ${token}`],
    ['a space after', (token: string) => `Bearer ${token} `],
    ['the scheme twice', (token: string) => `Bearer Bearer ${token}`],
    ['a comma', (token: string) => `Bearer ${token},`],
    ['two, joined by a comma', (token: string) => `Bearer ${token}, Bearer ${token}`],
    ['Basic and Bearer', (token: string) => `Basic YTpi, Bearer ${token}`],
    ['quotes', (token: string) => `Bearer "${token}"`],
    ['a parameter', (token: string) => `Bearer token=${token};x`],
    ['a list', (token: string) => [`Bearer ${token}`]],
    ['an object', (token: string) => ({ 0: `Bearer ${token}`, length: 1 })],
    ['nothing', () => null],
  ])('with %s is refused', async (_, header) => {
    expect(await scene.judgeHeader(header(scene.token()))).toBe('Unauthorized: not a bearer token');
  });

  it.each(['bearer', 'BEARER', 'Bearer '])('may spell the scheme %j, as HTTP has it', async (scheme) => {
    // https://www.rfc-editor.org/rfc/rfc9110#section-11.4; API Gateway lets none of these through.
    expect(await scene.judgeHeader(`${scheme} ${scene.token()}`)).toBe('allow 0oaHook');
  });

  it.each<unknown>([null, undefined, 7, 'x', [], {}, { authorizationToken: 'Bearer a.b.c' }, { methodArn }])(
    'in an event that is none is refused: %j',
    async (event) => {
      const { clock, issuer } = scene;
      const keys = createKeyStore(clock, issuer.fetchKeys);
      const verify = createTokenVerifier([{ trust: issuer.trust, keys }]);
      const handler = createAuthorizer({ clock, keyStores: [], verify, dropIdleConnections: () => {}, log: () => {} });
      await expect(crashes.guard(handler(event))).rejects.toThrow(/^Unauthorized$/);
    },
  );
});

describe('a good token that was changed by chance', () => {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const letter = (random: Random) => alphabet.charAt(random.below(alphabet.length));

  const changed = (good: string, other: string, random: Random): string => {
    const at = random.below(good.length);
    const [before, after] = [good.slice(0, at), good.slice(at + 1)];
    switch (random.below(8)) {
      case 0:
        return before + letter(random) + after;
      case 1:
        return before + after;
      case 2:
        return before + letter(random) + good.slice(at);
      case 3:
        return before + randomText(random, 1 + random.below(3)) + after;
      case 4:
        return before;
      case 5:
        return before + other.slice(at);
      case 6: {
        const [one, two] = [parts(good), parts(other)];
        return `${random.pick([one, two]).header}.${random.pick([one, two]).claims}.${random.pick([one, two]).signature}`;
      }
      default: {
        // What only a decoder sees: one of its JSON documents is no longer what it was.
        const { header, claims, signature } = parts(good);
        const which = random.pick([header, claims]);
        const json = toWritten(JSON.parse(Buffer.from(which, 'base64url').toString('utf8')));
        for (let made = 0; made <= random.below(3); made += 1) mutate(json, random);
        const anew = encodePart(write(json));
        return which === header ? `${anew}.${claims}.${signature}` : `${header}.${anew}.${signature}`;
      }
    }
  };

  /** Whether it still says what was signed: unused bits at the end of base64url make no other signature. */
  const says = (token: string, good: string) => {
    const [one, two] = [parts(token), parts(good)];
    const wellFormed = /^[\w-]+\.[\w-]+\.[\w-]+$/.test(token);
    return wellFormed && one.header === two.header && one.claims === two.claims && one.bytes.equals(two.bytes);
  };

  it(`is refused, ${runs} times`, { timeout: 3_600_000 }, async () => {
    const { clock, issuer, judge, token } = scene;
    const [good, other] = [token({}, { jti: 'one' }), token({}, { jti: 'two' })];
    const seen = new Map<string, number>();
    const before = issuer.fetches.made();
    let rounds = 0;
    for (let seed = firstSeed; seed < firstSeed + runs; seed += 1) {
      const forged = changed(good, other, createRandom(seed));
      if (says(forged, good) || says(forged, other)) continue;
      const verdict = await judge(forged);
      if (!verdict.startsWith('Unauthorized: ')) expect.fail(`seed ${seed}: ${verdict}`);
      seen.set(verdict, (seen.get(verdict) ?? 0) + 1);
      if (seed % 1000 !== 0) continue;
      await clock.advance(10_000);
      rounds += 1;
    }
    expect(issuer.fetches.made() - before).toBeLessThanOrEqual(rounds + 1);
    expect(await judge(good)).toBe('allow 0oaHook');
    if (runs < 1000) return;
    // Refused for many reasons, and none of them unknown.
    expect(seen.size).toBeGreaterThan(4);
    expect(seen.get('Unauthorized: bad signature')).toBeGreaterThan(runs / 10);
    const known = refusalReasons.map((reason) => `Unauthorized: ${reason.replaceAll('-', ' ')}`);
    expect([...seen.keys()].filter((verdict) => !known.includes(verdict))).toEqual([]);
  });
});
