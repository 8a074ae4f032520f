import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Trust } from '../../src/core/authorization.ts';
import {
  bearerTokenOf,
  decideOnClaims,
  isConfigured,
  previewToken,
  refusalReasons,
} from '../../src/core/authorization.ts';

const trust: Trust = {
  issuer: 'https://acme.okta.example/oauth2/default',
  audience: 'api://otp',
  clientIds: ['0oa1', '0oa2'],
  scope: 'otp.send',
};
const other: Trust = { ...trust, issuer: 'https://next.okta.example/oauth2/default', scope: 'otp.next' };

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const token = (header: unknown, claims: unknown) => `${part(header)}.${part(claims)}.c2lnbmF0dXJl`;
const header = { alg: 'RS256', kid: 'key-1' };

describe('the token of a header', () => {
  it.each(['Bearer abc.def.ghi', 'bearer abc.def.ghi', 'BEARER   abc.def.ghi'])('is read from %j', (value) => {
    expect(bearerTokenOf(value)).toBe('abc.def.ghi');
  });

  it.each(['', 'Bearer', 'Bearer ', 'abc.def.ghi', 'Basic YTpi', 'Bearer a b', 'Bearer a\nb', ' Bearer a'])(
    'is not there in %j',
    (value) => {
      expect(bearerTokenOf(value)).toBeUndefined();
    },
  );
});

describe('a look at a token', () => {
  it('finds its key and whom to trust for it', () => {
    expect(previewToken(token(header, { iss: trust.issuer }), [trust, other])).toEqual({ kid: 'key-1', trust });
    expect(previewToken(token(header, { iss: other.issuer }), [trust, other])).toEqual({ kid: 'key-1', trust: other });
  });

  it.each([
    ['is empty', ''],
    ['has one part', 'abc'],
    ['has two parts', `${part(header)}.${part({})}`],
    ['has no signature', `${part(header)}.${part({ iss: trust.issuer })}.`],
    ['has a signature that is no base64url', `${part(header)}.${part({ iss: trust.issuer })}.a/b`],
    ['has four parts', `${token(header, {})}.more`],
    ['has a header that is no base64url', `a+b.${part({})}.c`],
    ['has a header of an impossible length', `a.${part({})}.c`],
    ['has a header that is no JSON', `${Buffer.from('nope').toString('base64url')}.${part({})}.c`],
    ['has a header that is no object', token(['RS256'], {})],
    ['has claims that are no object', token(header, 'claims')],
    ['has claims of an impossible length', `${part(header)}.${'a'.repeat(9)}.c`],
  ])('refuses one that %s', (_, text) => {
    expect(previewToken(text, [trust])).toBe('not-a-jwt');
  });

  it.each(['none', 'HS256', 'RS512', 'rs256', undefined, 7])('refuses the algorithm %s', (alg) => {
    expect(previewToken(token({ ...header, alg }, { iss: trust.issuer }), [trust])).toBe('unsupported-algorithm');
  });

  it.each([undefined, '', 7, null])('refuses the key id %s', (kid) => {
    expect(previewToken(token({ ...header, kid }, { iss: trust.issuer }), [trust])).toBe('unknown-key');
  });

  it.each([undefined, '', `${trust.issuer}/`, 'https://evil.example', [trust.issuer]])(
    'refuses the issuer %s',
    (iss) => {
      expect(previewToken(token(header, { iss }), [trust])).toBe('unknown-issuer');
    },
  );

  it('never throws, whatever comes', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(fc.base64String(), { maxLength: 4 }).map((all) => all.join('.')),
        ),
        (text) => {
          expect(refusalReasons).toContain(previewToken(text, [trust]));
        },
      ),
    );
  });
});

describe('the claims of a token', () => {
  const claims = { exp: 2_000_000_000, scp: ['openid', 'otp.send'], cid: '0oa2' };

  it('allow a client of ours with the scope', () => {
    expect(decideOnClaims(claims, trust)).toEqual({ kind: 'allow', clientId: '0oa2' });
  });

  it.each([
    ['without-expiry', { exp: undefined }],
    ['without-expiry', { exp: '2000000000' }],
    ['without-expiry', { exp: Number.NaN }],
    ['wrong-scope', { scp: undefined }],
    ['wrong-scope', { scp: 'otp.send' }],
    ['wrong-scope', { scp: ['otp.send.all'] }],
    ['wrong-scope', { scp: [] }],
    ['wrong-client', { cid: undefined }],
    ['wrong-client', { cid: '0oa' }],
    ['wrong-client', { cid: ['0oa1'] }],
    ['wrong-client', { uid: '00u1' }],
    ['without-expiry', { exp: 1e300 }],
    ['not-yet-valid', { nbf: 'soon' }],
    ['not-yet-valid', { nbf: null }],
  ] as const)('refuse for %s: %j', (reason, change) => {
    expect(decideOnClaims({ ...claims, ...change }, trust)).toEqual({ kind: 'refuse', reason });
  });
});

it.each([
  [true, trust],
  [false, { ...trust, clientIds: [] }],
  [false, { ...trust, scope: '' }],
] as const)('counts as configured (%s) with clients and a scope', (configured, given) => {
  expect(isConfigured(given)).toBe(configured);
});
