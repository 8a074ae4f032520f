import { createHmac, KeyObject, sign } from 'node:crypto';
import type { createIssuerKey } from './fake-issuer.ts';

export type IssuerKey = Awaited<ReturnType<typeof createIssuerKey>>;

/** Signs what stands before the second dot. */
export type Signer = (content: string) => Buffer;

/** A part of a token: an object as JSON, or any text as it is. */
export type TokenPart = string | Readonly<Record<string, unknown>>;

export const encodePart = (part: TokenPart): string =>
  Buffer.from(typeof part === 'string' ? part : JSON.stringify(part)).toString('base64url');

/** A compact token of any parts, which no library would make. */
export function forgeToken(header: TokenPart, claims: TokenPart, signer: Signer): string {
  const content = `${encodePart(header)}.${encodePart(claims)}`;
  return `${content}.${signer(content).toString('base64url')}`;
}

const keyOf = ({ privateKey }: IssuerKey): KeyObject => KeyObject.from(privateKey);

/** RSASSA-PKCS1-v1_5, by SHA-256 unless said otherwise. */
export const rsa =
  (key: IssuerKey, hash = 'RSA-SHA256'): Signer =>
  (content) =>
    sign(hash, Buffer.from(content), keyOf(key));

export const rsaPss =
  (key: IssuerKey): Signer =>
  (content) =>
    // RSASSA-PSS padding, as PS256 asks for.
    sign('RSA-SHA256', Buffer.from(content), { key: keyOf(key), padding: 6, saltLength: 32 });

export const ec =
  (key: KeyObject): Signer =>
  (content) =>
    sign('sha256', Buffer.from(content), { key, dsaEncoding: 'ieee-p1363' });

export const hmac =
  (secret: string | Buffer): Signer =>
  (content) =>
    createHmac('sha256', secret).update(content).digest();

/** Bytes that were not made for this content. */
export const fixed =
  (signature: Buffer | string): Signer =>
  () =>
    typeof signature === 'string' ? Buffer.from(signature, 'base64url') : signature;
