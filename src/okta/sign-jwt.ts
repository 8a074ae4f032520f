import type { KeyObject } from 'node:crypto';
import { sign } from 'node:crypto';
import { promisify } from 'node:util';

const signAsync = promisify(sign);

/**
 * Signs a JWT with RS256 (RFC 7515); a header or claim that is `undefined` is left out.
 *
 * The header's `alg` can be overridden, which makes a token that no verifier may accept.
 */
export async function signJwt(
  privateKey: KeyObject,
  header: Readonly<Record<string, unknown>>,
  claims: object,
): Promise<string> {
  const content = `${encoded({ alg: 'RS256', ...header })}.${encoded(claims)}`;
  // RS256 is RSASSA-PKCS1-v1_5 with SHA-256, which is what node calls RSA-SHA256. https://www.rfc-editor.org/rfc/rfc7518#section-3.3
  const signature = await signAsync('RSA-SHA256', Buffer.from(content), privateKey);
  return `${content}.${signature.toString('base64url')}`;
}

const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
