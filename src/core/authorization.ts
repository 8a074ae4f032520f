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
  if (header['alg'] !== 'RS256') return 'unsupported-algorithm';
  // On an empty signature the verifier throws from a callback, where nobody can catch it: the whole function would end.
  if (!/^[\w-]+$/.test(signature)) return 'not-a-jwt';
  const { kid } = header;
  if (typeof kid !== 'string' || kid === '') return 'unknown-key';
  const trust = trusts.find(({ issuer }) => issuer === claims['iss']);
  return trust === undefined ? 'unknown-issuer' : { kid, trust };
}

/** Decides on the claims of a token whose signature holds: those that the verifier leaves unchecked, and who calls. */
export function decideOnClaims(claims: Readonly<Record<string, unknown>>, trust: Trust): Authorization {
  const { exp, scp, cid } = claims;
  // The verifier takes a token without `exp` for one that never ends, and finds a scope within another one's name.
  if (typeof exp !== 'number' || !Number.isFinite(exp)) return refuse('without-expiry');
  if (!Array.isArray(scp) || !scp.includes(trust.scope)) return refuse('wrong-scope');
  if (typeof cid !== 'string' || !trust.clientIds.includes(cid)) return refuse('wrong-client');
  return { kind: 'allow', clientId: cid };
}

/** Whether a trust can accept anything at all. */
export const isConfigured = ({ clientIds, scope }: Trust): boolean => clientIds.length > 0 && scope !== '';

function decodePart(part: string | undefined): Record<string, unknown> | undefined {
  // No base64 has one character over: `atob` would throw.
  if (part === undefined || !/^[\w-]+$/.test(part) || part.length % 4 === 1) return undefined;
  const bytes = Uint8Array.from(atob(part.replaceAll('-', '+').replaceAll('_', '/')), (byte) => byte.charCodeAt(0));
  const parsed = parseJson(new TextDecoder().decode(bytes));
  return parsed.ok && isObject(parsed.value) ? parsed.value : undefined;
}
