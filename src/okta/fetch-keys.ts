import { createPublicKey } from 'node:crypto';
import { array, decode, object, optional, parseJson, string } from '../core/decode.ts';
import type { Http } from '../net/http.ts';

/** An RSA key that signs tokens, as a JWK that can be imported. */
export interface SigningKey {
  readonly kty: string;
  readonly kid: string;
  readonly n: string;
  readonly e: string;
}

/** The issuer did not answer with a key set; says nothing about any token. */
export class KeySetUnavailableError extends Error {
  override readonly name = 'KeySetUnavailableError';
}

const keySet = object({
  keys: array(
    object({
      kty: string(),
      kid: optional(string()),
      n: optional(string()),
      e: optional(string()),
      use: optional(string()),
      alg: optional(string()),
    }),
  ),
});

/**
 * Fetches an issuer's key set and keeps what can verify RS256.
 * @see https://developer.okta.com/docs/api/openapi/okta-oauth/oauth/tag/CustomAS/
 */
export async function fetchKeys(http: Http, issuer: string, signal: AbortSignal): Promise<readonly SigningKey[]> {
  const url = new URL(`${issuer}/v1/keys`);
  const response = await http.request({ url, method: 'GET', headers: { accept: 'application/json' } }, signal);
  if (response.status !== 200)
    throw new KeySetUnavailableError(`the key set was answered with HTTP ${response.status}`);
  const json = parseJson(new TextDecoder().decode(response.body));
  const decoded = json.ok ? decode(keySet, json.value) : json;
  if (!decoded.ok) throw new KeySetUnavailableError('the key set is not a JSON Web Key Set');
  const keys = decoded.value.keys.flatMap(({ kty, kid, n, e, use, alg }) =>
    kty === 'RSA' &&
    kid !== undefined &&
    n !== undefined &&
    e !== undefined &&
    (use === undefined || use === 'sig') &&
    (alg === undefined || alg === 'RS256')
      ? [{ kty, kid, n, e }]
      : [],
  );
  const usable = keys.filter(isImportable);
  if (usable.length === 0) throw new KeySetUnavailableError('the key set holds no RS256 key');
  return usable;
}

/** The verifier skips a key that it cannot import, and then fetches by itself: none such may reach it. */
function isImportable({ kty, n, e }: SigningKey): boolean {
  try {
    const { asymmetricKeyDetails } = createPublicKey({ key: { kty, n, e }, format: 'jwk' });
    // https://www.rfc-editor.org/rfc/rfc7518#section-3.3
    return (asymmetricKeyDetails?.modulusLength ?? 0) >= 2048;
  } catch {
    return false;
  }
}
