import type { CryptoKey, JWTPayload } from 'jose';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { Trust } from '../../src/core/authorization.ts';
import type { Clock } from '../../src/core/clock.ts';
import type { SigningKey } from '../../src/okta/fetch-keys.ts';
import { createFakeCalls } from './fake-calls.ts';

interface IssuerKey {
  readonly kid: string;
  readonly privateKey: CryptoKey;
  readonly published: SigningKey;
}

/** A key pair under an id; slow to make, so that tests share them. */
export async function createIssuerKey(kid: string): Promise<IssuerKey> {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
  const { n = '', e = '' } = await exportJWK(publicKey);
  return { kid, privateKey, published: { kty: 'RSA', kid, n, e } };
}

/** An authorization server in memory: it signs with the first of its keys, and publishes all. */
export function createFakeIssuer(clock: Clock, issuer: string, first: IssuerKey) {
  const fetches = createFakeCalls(clock);
  let keys: readonly IssuerKey[] = [first];
  const trust: Trust = { issuer, audience: 'api://otp', clientIds: ['0oaHook', '0oaOther'], scope: 'otp.send' };

  /** Seconds, by the machine's clock: the verifier reads no other. */
  const claims = (): JWTPayload => {
    const now = Math.floor(Date.now() / 1000);
    return {
      iss: issuer,
      aud: trust.audience,
      cid: '0oaHook',
      sub: '0oaHook',
      scp: ['otp.send'],
      iat: now,
      exp: now + 600,
    };
  };

  return {
    fetches,
    trust,
    fetchKeys: (signal: AbortSignal) => fetches.call(signal, () => keys.map(({ published }) => published)),
    rotateTo(key: IssuerKey) {
      keys = [key, ...keys];
    },
    /** Signs a token whose claims and header differ in these; `undefined` leaves one out. */
    sign(
      change: Readonly<Record<string, unknown>> = {},
      header: Readonly<Record<string, unknown>> = {},
    ): Promise<string> {
      const [{ kid, privateKey }] = [keys[0] ?? first];
      return new SignJWT({ ...claims(), ...change })
        .setProtectedHeader({ alg: 'RS256', kid, ...header })
        .sign(privateKey);
    },
    claims,
  };
}
