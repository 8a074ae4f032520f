import { createPublicKey, verify } from 'node:crypto';
import { promisify } from 'node:util';
import { decode, isObject, object, optional, parseJson, string } from '../../core/decode.ts';
import { oauthError } from './oauth-error.ts';

/** A service app: it authenticates with `private_key_jwt`, or with a secret where it has one. */
export interface OktaClient {
  readonly clientId: string;
  /** Its public keys. */
  readonly jwks: readonly PublicJwk[];
  /** Taken as `client_secret_post`. */
  readonly secret?: string | undefined;
  /** What the access policy lets it ask for. */
  readonly scopes: readonly string[];
}

export interface PublicJwk {
  readonly kty: string;
  readonly kid?: string | undefined;
  readonly n: string;
  readonly e: string;
}

export interface AssertionCheck {
  readonly clients: readonly OktaClient[];
  readonly nowSeconds: number;
  readonly tokenUrl: string;
  /** Remembers an id until it expires; false for one that was used. */
  readonly useOnce: (jti: string, exp: number) => boolean;
}

/** Okta takes no assertion that would live longer. https://developer.okta.com/docs/guides/build-self-signed-jwt/ */
const longestSeconds = 3600;

const header = object({ alg: string(), kid: optional(string()) });

const verifyAsync = promisify(verify);

const refuse = (description: string) => oauthError(401, 'invalid_client', description);

/** Finds out which client signed an assertion, or how Okta refuses it. */
export async function clientOf(assertion: string, check: AssertionCheck): Promise<OktaClient | Response> {
  const [head = '', body = '', signature = '', ...rest] = assertion.split('.');
  const parsedHeader = decode(header, jsonOf(head));
  const claims = jsonOf(body);
  if (!parsedHeader.ok || !isObject(claims) || rest.length > 0) {
    return refuse('The client_assertion token is not a valid JWT.');
  }
  const { iss, sub, aud, exp, jti } = claims;
  const client = check.clients.find(({ clientId }) => clientId === sub);
  // Recorded: here Okta answers in the shape of its own APIs.
  if (client === undefined) return unknownClient();

  const key = keyOf(client, parsedHeader.value.kid);
  if (key === undefined) return refuse('The client_assertion JWT kid is invalid.');
  const signed =
    parsedHeader.value.alg === 'RS256' &&
    (await verifyAsync(
      'RSA-SHA256',
      Buffer.from(`${head}.${body}`),
      createPublicKey({ key: { kty: key.kty, n: key.n, e: key.e }, format: 'jwk' }),
      Buffer.from(signature, 'base64url'),
    ));
  if (!signed) return refuse('The client_assertion signature is invalid.');
  if (iss !== sub) return refuse('The issuer and subject claims for client_assertion must be the client_id.');
  if (aud !== check.tokenUrl) {
    return refuse('The audience claim for client_assertion must be the endpoint invoked for the request.');
  }
  if (typeof exp !== 'number') return refuse('The client_assertion token must contain an expiration.');
  if (exp <= check.nowSeconds) return refuse('The client_assertion token is expired.');
  if (exp > check.nowSeconds + longestSeconds) {
    return refuse('The client_assertion token has an expiration too far into the future.');
  }
  // Optional with Okta, and single use if there is one.
  if (typeof jti === 'string' && !check.useOnce(`${client.clientId} ${jti}`, exp)) {
    return refuse('The client_assertion token has already been used.');
  }
  return client;
}

/** A key id may only be left out by a client with a single key. https://github.com/okta/okta-sdk-java/issues/504 */
const keyOf = ({ jwks }: OktaClient, kid: string | undefined): PublicJwk | undefined =>
  kid === undefined && jwks.length === 1 ? jwks[0] : jwks.find((key) => kid !== undefined && key.kid === kid);

function unknownClient(): Response {
  return Response.json(
    {
      errorCode: 'invalid_client',
      errorSummary: "Invalid value for 'client_id' parameter.",
      errorLink: 'invalid_client',
      errorId: 'oae-local',
      errorCauses: [],
    },
    { status: 401 },
  );
}

function jsonOf(part: string): unknown {
  const json = parseJson(Buffer.from(part, 'base64url').toString());
  return json.ok ? json.value : undefined;
}
