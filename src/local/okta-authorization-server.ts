import type { KeyObject } from 'node:crypto';
import { randomBytes } from 'node:crypto';
import type { Clock } from '../core/clock.ts';
import { signJwt } from '../okta/sign-jwt.ts';
import type { Fault } from './fault.ts';
import { withFaults } from './fault.ts';
import type { OktaClient } from './okta-authorization-server/client-assertion.ts';
import { metadataOf, openIdMetadataOf } from './okta-authorization-server/metadata.ts';
import { createSigningKeys } from './okta-authorization-server/signing-keys.ts';
import { decideTokenRequest } from './okta-authorization-server/token-request.ts';
import type { Serve } from './serve.ts';

export interface OktaAuthorizationServerOptions {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Passes the time of a latency fault; the machine's timers unless given. */
  readonly after?: Clock['after'];
  /** Read anew at every request, so its owner may add to it. */
  readonly clients: readonly OktaClient[];
  readonly audience: string;
  readonly authorizationServerId?: string;
  readonly tokenLifetimeSeconds?: number;
  /** For a server that is reached under another name than it issues for. */
  readonly issuer?: string;
}

/** The claims that Okta puts in a token for client credentials: no `uid`, and `sub` is the client. */
export interface AccessTokenClaims {
  readonly ver: 1;
  readonly jti: string;
  readonly iss: string;
  readonly aud: string;
  /** Seconds since the epoch. */
  readonly iat: number;
  /** Seconds since the epoch. */
  readonly exp: number;
  readonly cid: string;
  readonly scp: readonly string[];
  readonly sub: string;
}

export interface OktaAuthorizationServer {
  readonly serve: Serve;
  issuerAt(baseUrl: string): string;
  /** The claims that the server itself would sign for a client. */
  claimsAt(
    baseUrl: string,
    client: { readonly clientId: string; readonly scopes: readonly string[] },
  ): AccessTokenClaims;
  /** Signs any claims: with the active key and its id, unless told otherwise. What is `undefined` is left out. */
  sign(
    claims: object,
    options?: { readonly header?: Readonly<Record<string, unknown>>; readonly privateKey?: KeyObject },
  ): Promise<string>;
  /** Publishes the key that the next rotation will sign with. */
  publishNextKey(): Promise<void>;
  /** Signs with the published next key, or else with one that nobody has fetched yet; old keys stay published. */
  rotateKeys(): Promise<void>;
  /** Takes the keys that no longer sign out of the key set. */
  retireOldKeys(): void;
  /** How often the key set was asked for, answered or not. */
  keyFetches(): number;
  setFault(fault: Fault | undefined): void;
  /** What is wrong with the key set alone, for whoever fetches it from now on; tokens are issued as ever. */
  setKeySet(state: KeySetState): void;
}

/** `expired`: it has none of the keys that tokens are signed with. `unreachable`: it is answered with HTTP 500. */
export type KeySetState = 'sound' | 'expired' | 'unreachable';

/**
 * Okta's custom authorization server, as far as a hook's token needs it: metadata, key set and token endpoint below
 * `/oauth2/{authorizationServerId}`. Resolves once there is a key to sign with.
 */
export async function createOktaAuthorizationServer(
  options: OktaAuthorizationServerOptions,
): Promise<OktaAuthorizationServer> {
  // An access policy's default is an hour. https://developer.okta.com/docs/guides/configure-access-policy/
  const { now, audience, authorizationServerId = 'default', tokenLifetimeSeconds = 3600 } = options;
  const keys = await createSigningKeys();
  const usedIds = new Map<string, number>();
  let keyFetches = 0;
  let keySetState: KeySetState = 'sound';

  const nowSeconds = () => Math.floor(now() / 1000);
  const root = `/oauth2/${authorizationServerId}`;
  const issuerAt = (baseUrl: string) => options.issuer ?? `${baseUrl}${root}`;

  const claimsAt: OktaAuthorizationServer['claimsAt'] = (baseUrl, { clientId, scopes }) => ({
    ver: 1,
    jti: `AT.${randomBytes(32).toString('base64url')}`,
    iss: issuerAt(baseUrl),
    aud: audience,
    iat: nowSeconds(),
    exp: nowSeconds() + tokenLifetimeSeconds,
    cid: clientId,
    scp: scopes,
    sub: clientId,
  });

  const sign: OktaAuthorizationServer['sign'] = async (claims, { header, privateKey } = {}) => {
    const { kid, privateKey: own } = keys.active();
    return await signJwt(privateKey ?? own, { kid, ...header }, claims);
  };

  const useOnce = (id: string, exp: number) => {
    for (const [used, expired] of usedIds) if (expired <= nowSeconds()) usedIds.delete(used);
    if (usedIds.has(id)) return false;
    usedIds.set(id, exp);
    return true;
  };

  const issueToken = async (request: Request, baseUrl: string) => {
    const tokenUrl = `${issuerAt(baseUrl)}/v1/token`;
    const check = { clients: options.clients, nowSeconds: nowSeconds(), tokenUrl, useOnce };
    const grant = await decideTokenRequest(request, check);
    if (grant instanceof Response) return grant;
    const { client, scopes } = grant;
    const accessToken = await sign(claimsAt(baseUrl, { clientId: client.clientId, scopes }));
    return Response.json(
      { token_type: 'Bearer', expires_in: tokenLifetimeSeconds, access_token: accessToken, scope: scopes.join(' ') },
      { headers: { 'cache-control': 'no-cache, no-store' } },
    );
  };

  const keySet = async () => {
    if (keySetState === 'unreachable') return oktaError(500, 'E0000009', 'Internal Server Error');
    const published = keySetState === 'sound' ? keys.published() : [await keys.stranger()];
    return Response.json(
      { keys: published.map(({ publicJwk }) => publicJwk) },
      { headers: { 'cache-control': 'max-age=3600, must-revalidate' } },
    );
  };

  const scopes = () => [...new Set(options.clients.flatMap((client) => client.scopes))];
  const metadata = (_: Request, baseUrl: string) => Response.json(metadataOf(issuerAt(baseUrl), scopes()));
  const routes = new Map<string, (request: Request, baseUrl: string) => Response | Promise<Response>>([
    [`GET ${root}/.well-known/oauth-authorization-server`, metadata],
    [`GET /.well-known/oauth-authorization-server${root}`, metadata],
    [
      `GET ${root}/.well-known/openid-configuration`,
      (_, baseUrl) => Response.json(openIdMetadataOf(issuerAt(baseUrl), scopes())),
    ],
    [`GET ${root}/v1/keys`, keySet],
    [`POST ${root}/v1/token`, issueToken],
  ]);

  const faulty = withFaults(
    async (request) => {
      const { origin, pathname } = new URL(request.url);
      const route = routes.get(`${request.method} ${pathname}`);
      if (route !== undefined) return await route(request, origin);
      const isKnown = [...routes.keys()].some((known) => known.endsWith(` ${pathname}`));
      return isKnown
        ? oktaError(405, 'E0000022', 'The endpoint does not support the provided HTTP method')
        : oktaError(404, 'E0000007', 'Not found: Resource not found');
    },
    {
      outage: () => oktaError(500, 'E0000009', 'Internal Server Error'),
      throttling: () => oktaError(429, 'E0000047', 'API call exceeded rate limit due to too many requests.'),
      after: options.after,
    },
  );

  return {
    async serve(request, connection) {
      if (new URL(request.url).pathname === `${root}/v1/keys`) keyFetches += 1;
      return await faulty.serve(request, connection);
    },
    issuerAt,
    claimsAt,
    sign,
    publishNextKey: keys.publishNext,
    rotateKeys: keys.rotate,
    retireOldKeys: keys.retireOld,
    keyFetches: () => keyFetches,
    setFault: faulty.setFault,
    setKeySet(state) {
      keySetState = state;
    },
  };
}

/** An error in the shape of Okta's own APIs. https://developer.okta.com/docs/reference/error-codes/ */
const oktaError = (status: number, errorCode: string, errorSummary: string): Response =>
  Response.json({ errorCode, errorSummary, errorLink: errorCode, errorId: 'oae-local', errorCauses: [] }, { status });
