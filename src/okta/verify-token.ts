import type { KeyObject } from 'node:crypto';
import { createPublicKey } from 'node:crypto';
import OktaJwtVerifier from '@okta/jwt-verifier';
import type { Authorization, RefusalReason, Trust } from '../core/authorization.ts';
import { decideOnClaims, isConfigured, previewToken, refuse } from '../core/authorization.ts';
import type { Deadline } from '../core/deadline.ts';
import { isObject } from '../core/decode.ts';
import type { SigningKey } from './fetch-keys.ts';
import type { KeyStore } from './key-store.ts';

export type VerifyToken = (token: string, deadline: Deadline) => Promise<Authorization>;

/** Verifies Okta access tokens with `@okta/jwt-verifier`, handing it only keys of our own store. */
export function createTokenVerifier(
  trusts: readonly { readonly trust: Trust; readonly keys: KeyStore }[],
): VerifyToken {
  const configured = trusts.filter(({ trust }) => isConfigured(trust));
  const verifiers = new WeakMap<SigningKey, OktaJwtVerifier>();

  const verifierFor = (key: SigningKey, { issuer }: Trust) => {
    const known = verifiers.get(key);
    if (known !== undefined) return known;
    const verifier = createVerifier(key, issuer);
    verifiers.set(key, verifier);
    return verifier;
  };

  return async (token, deadline) => {
    if (configured.length === 0) return refuse('not-configured');
    const preview = previewToken(
      token,
      configured.map(({ trust }) => trust),
    );
    if (typeof preview === 'string') return refuse(preview);
    const { kid, trust } = preview;
    const keys = configured.find((candidate) => candidate.trust === trust)?.keys;
    const lookup = await keys?.find(kid, deadline);
    if (lookup === undefined || lookup.kind === 'unavailable') return { kind: 'unavailable' };
    if (lookup.kind === 'unknown') return refuse('unknown-key');
    try {
      const { claims } = await verifierFor(lookup.key, trust).verifyAccessToken(token, trust.audience);
      return decideOnClaims(claims, trust);
    } catch (error) {
      return refuse(reasonOf(error));
    }
  };
}

/**
 * One verifier a key: it holds that key alone, so it never has a reason to fetch (which it would do for 30 s, ten times
 * a minute).
 */
function createVerifier({ kty, kid, n, e }: SigningKey, issuer: string): OktaJwtVerifier {
  const verifier = new OktaJwtVerifier({
    issuer,
    getKeysInterceptor: async () => [{ kty, kid, n, e, use: 'sig', alg: 'RS256' }],
    // Its limiter counts the interceptor's calls too.
    jwksRequestsPerMinute: Number.MAX_SAFE_INTEGER,
    testing: { disableHttpsCheck: issuer.startsWith('http:') },
  });
  // On the way through the interceptor the key is written as PEM and read again for every token, which takes longer than
  // the signature. Where a version of the verifier does not look here, the interceptor gives it the same key.
  const publicKey = createPublicKey({ key: { kty, n, e }, format: 'jwk' });
  return Object.assign(verifier, {
    jwksClient: { getSigningKey: (_: string, give: GiveKey) => give(null, { publicKey }) },
  });
}

type GiveKey = (error: null, key: { readonly publicKey: KeyObject }) => void;

/** Told by `userMessage`, never by class (minified) and never by `message`, which quotes the token's claims. */
function reasonOf(error: unknown): RefusalReason {
  const words = isObject(error) ? error['userMessage'] : undefined;
  switch (words) {
    case 'Jwt is expired':
      return 'expired';
    case 'Jwt not active':
      return 'not-yet-valid';
    case 'Signature verification failed':
      return 'bad-signature';
    case 'Unexpected signature algorithm':
      return 'unsupported-algorithm';
    case 'Jwt cannot be parsed':
      return 'not-a-jwt';
    default:
      return 'wrong-audience';
  }
}
