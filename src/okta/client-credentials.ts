import { createPrivateKey, KeyObject } from 'node:crypto';
import { decode, number, object, oneOf, optional, parseJson, string } from '../core/decode.ts';
import { Secret } from '../core/secret.ts';
import { signJwt } from './sign-jwt.ts';

interface Client {
  /** `{issuer}/v1/token`, spelled as Okta publishes it: it is also the audience of the assertion. */
  readonly tokenUrl: string;
  readonly clientId: string;
  /** Space-separated. */
  readonly scope: string;
}

/** For `private_key_jwt`. */
export interface KeyCredentials extends Client {
  /** A key, or the text of one as PEM or JWK. */
  readonly privateKey: KeyObject | Secret;
  /** Okta needs it as soon as the client has two keys. */
  readonly kid: string;
}

/** For `client_secret_post`, the other way that Okta's hook knows. */
export interface SecretCredentials extends Client {
  readonly clientSecret: Secret;
}

export type ClientCredentials = KeyCredentials | SecretCredentials;

export interface TokenRequestDeps {
  readonly fetch: typeof globalThis.fetch;
  readonly now: () => number;
  readonly signal: AbortSignal;
  /** An id that was never given before: Okta takes an assertion once. */
  readonly newId: () => string;
}

export type TokenAnswer =
  | { readonly kind: 'token'; readonly accessToken: Secret; readonly expiresInSeconds: number }
  /** `error` is OAuth's code, such as `invalid_client`; `description` is Okta's sentence. */
  | { readonly kind: 'refused'; readonly status: number; readonly error: string; readonly description: string }
  /** No answer, or none that says anything about the client: worth another try. `status` is absent without an answer. */
  | { readonly kind: 'unavailable'; readonly status?: number; readonly cause?: unknown };

/** The key cannot be used; the message shows nothing of it. */
export class PrivateKeyUnreadableError extends Error {
  override readonly name = 'PrivateKeyUnreadableError';
}

/**
 * Okta refuses more than an hour; five minutes leave room for a clock that is wrong.
 * @see https://developer.okta.com/docs/guides/build-self-signed-jwt/
 */
const assertionSeconds = 300;

const jwtBearer = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

const granted = object({ access_token: string(), token_type: oneOf(['Bearer']), expires_in: number({ min: 1 }) });

// Okta answers most refusals in OAuth's shape and some, as for an unknown client, in that of its own APIs.
const refused = object({
  error: optional(string()),
  error_description: optional(string()),
  errorCode: optional(string()),
  errorSummary: optional(string()),
});

/**
 * Gets an access token as Okta's hook does: client credentials, authenticated by a signed assertion (`private_key_jwt`)
 * or by a secret in the form (`client_secret_post`).
 *
 * Throws `PrivateKeyUnreadableError` for a key that cannot sign RS256.
 */
export async function requestAccessToken(
  credentials: ClientCredentials,
  { fetch, now, signal, newId }: TokenRequestDeps,
): Promise<TokenAnswer> {
  const { tokenUrl, scope } = credentials;
  const authentication =
    'clientSecret' in credentials
      ? { client_id: credentials.clientId, client_secret: credentials.clientSecret.reveal() }
      : await assertionOf(credentials, now(), newId());
  try {
    const response = await fetch(tokenUrl, {
      method: 'POST',
      headers: { accept: 'application/json' },
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        scope,
        ...authentication,
      }),
      redirect: 'error',
      signal,
    });
    return toAnswer(response.status, await response.text());
  } catch (cause) {
    return { kind: 'unavailable', cause };
  }
}

async function assertionOf({ tokenUrl, clientId, privateKey, kid }: KeyCredentials, now: number, jti: string) {
  const exp = Math.floor(now / 1000) + assertionSeconds;
  // No `iat`: Okta does without, and one from a clock that is fast would be refused.
  const claims = { iss: clientId, sub: clientId, aud: tokenUrl, exp, jti };
  return { client_assertion_type: jwtBearer, client_assertion: await signJwt(toKey(privateKey), { kid }, claims) };
}

function toAnswer(status: number, body: string): TokenAnswer {
  const json = parseJson(body);
  if (!json.ok || status >= 500 || status === 429) return { kind: 'unavailable', status };
  if (status === 200) {
    const decoded = decode(granted, json.value);
    if (!decoded.ok) return { kind: 'unavailable', status };
    const { access_token, expires_in } = decoded.value;
    return { kind: 'token', accessToken: new Secret(access_token), expiresInSeconds: expires_in };
  }
  const decoded = decode(refused, json.value);
  const answer = decoded.ok ? decoded.value : undefined;
  const error = answer?.error ?? answer?.errorCode;
  if (error === undefined) return { kind: 'unavailable', status };
  return { kind: 'refused', status, error, description: answer?.error_description ?? answer?.errorSummary ?? '' };
}

function toKey(privateKey: KeyObject | Secret): KeyObject {
  const key = privateKey instanceof KeyObject ? privateKey : parseKey(privateKey.reveal());
  if (key?.type === 'private' && key.asymmetricKeyType === 'rsa') return key;
  throw new PrivateKeyUnreadableError('the private key is not an RSA key, as PEM or JWK');
}

function parseKey(text: string): KeyObject | undefined {
  const json = parseJson(text);
  try {
    if (!json.ok) return createPrivateKey(text);
    const jwk = decode(privateJwk, json.value);
    return jwk.ok ? createPrivateKey({ key: jwk.value, format: 'jwk' }) : undefined;
  } catch {
    // The error of node:crypto is left behind: it may show part of the key.
    return undefined;
  }
}

const privateJwk = object({
  kty: oneOf(['RSA']),
  n: string(),
  e: string(),
  d: string(),
  p: string(),
  q: string(),
  dp: string(),
  dq: string(),
  qi: string(),
});
