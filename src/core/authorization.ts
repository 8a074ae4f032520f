import { isObject, parseJson } from './decode.ts';

/** Whose tokens are accepted: an issuer, and what it must have put into them. */
export interface Trust {
  readonly issuer: string;
  readonly audience: string;
  /** Of the apps that may call; with none configured nobody may. */
  readonly clientIds: readonly string[];
  readonly scope: string;
}

export const refusalReasons = [
  'not-configured',
  'not-a-bearer-token',
  'not-a-jwt',
  'unsupported-algorithm',
  'unknown-issuer',
  'unknown-key',
  'bad-signature',
  'expired',
  'without-expiry',
  'not-yet-valid',
  'wrong-audience',
  'wrong-client',
  'wrong-scope',
] as const;
export type RefusalReason = (typeof refusalReasons)[number];

/** Whether a request may reach the sender. `unavailable`: the keys could not be had, which is no fault of the token. */
export type Authorization =
  | { readonly kind: 'allow'; readonly clientId: string }
  | { readonly kind: 'refuse'; readonly reason: RefusalReason }
  | { readonly kind: 'unavailable' };

export const refuse = (reason: RefusalReason): Authorization => ({ kind: 'refuse', reason });

/** What a token says of itself before anything of it is believed. */
export interface TokenPreview {
  readonly kid: string;
  readonly trust: Trust;
}

/** The token of an `Authorization` header. https://www.rfc-editor.org/rfc/rfc6750#section-2.1 */
export const bearerTokenOf = (header: string): string | undefined => /^Bearer +([\w.~+/=-]+)$/i.exec(header)?.[1];

/**
 * Looks at a token's claim to be one of ours, which costs nothing: its form, algorithm, key id and issuer.
 *
 * Only what passes may cause a key to be fetched or a signature to be checked.
 */
export function previewToken(token: string, trusts: readonly Trust[]): TokenPreview | RefusalReason {
  const [head, body, signature = '', ...rest] = token.split('.');
  const header = decodePart(head);
  const claims = decodePart(body);
  if (header === undefined || claims === undefined || rest.length > 0) return 'not-a-jwt';
  // Of extensions that a verifier must understand we understand none. https://www.rfc-editor.org/rfc/rfc7515#section-4.1.11
  if (header['alg'] !== 'RS256' || header['crit'] !== undefined) return 'unsupported-algorithm';
  // On an empty signature the verifier throws from a callback, where nobody can catch it: the whole function would end.
  if (!/^[\w-]+$/.test(signature)) return 'not-a-jwt';
  const { kid } = header;
  if (typeof kid !== 'string' || kid === '') return 'unknown-key';
  const trust = trusts.find(({ issuer }) => issuer === claims['iss']);
  return trust === undefined ? 'unknown-issuer' : { kid, trust };
}

/** Decides on the claims of a token whose signature holds: those that the verifier leaves unchecked, and who calls. */
export function decideOnClaims(claims: Readonly<Record<string, unknown>>, trust: Trust): Authorization {
  const { exp, nbf, scp, cid, uid } = claims;
  // The verifier takes a token whose `exp` is no date for one that never ends, and a `nbf` that is none for long past.
  if (!isInstant(exp)) return refuse('without-expiry');
  if (nbf !== undefined && !isInstant(nbf)) return refuse('not-yet-valid');
  if (!Array.isArray(scp) || !scp.includes(trust.scope)) return refuse('wrong-scope');
  // A token with a user in it was not got by client credentials, whatever app it was got through.
  if (typeof cid !== 'string' || !trust.clientIds.includes(cid) || uid !== undefined) return refuse('wrong-client');
  return { kind: 'allow', clientId: cid };
}

/** In seconds, no date is further from 1970. https://tc39.es/ecma262/#sec-time-values-and-time-range */
const lastInstant = 8.64e12;

const isInstant = (claim: unknown): claim is number => typeof claim === 'number' && Math.abs(claim) <= lastInstant;

/** Whether a trust can accept anything at all. */
export const isConfigured = ({ clientIds, scope }: Trust): boolean => clientIds.length > 0 && scope !== '';

function decodePart(part: string | undefined): Record<string, unknown> | undefined {
  // No base64 has one character over: `atob` would throw.
  if (part === undefined || !/^[\w-]+$/.test(part) || part.length % 4 === 1) return undefined;
  const text = atob(part.replaceAll('-', '+').replaceAll('_', '/'));
  const parsed = parseJson(isAscii(text) ? text : fromUtf8(text));
  if (!parsed.ok || !isObject(parsed.value)) return undefined;
  // The verifier copies members by assignment, which makes this one a prototype, and then throws from a callback as well.
  return Object.hasOwn(parsed.value, '__proto__') ? undefined : parsed.value;
}

/** As nearly every token is; and then each byte is a character. */
const isAscii = (bytes: string) => !/[\u0080-\u00ff]/.test(bytes);

const fromUtf8 = (bytes: string) => new TextDecoder().decode(Uint8Array.from(bytes, (byte) => byte.charCodeAt(0)));
