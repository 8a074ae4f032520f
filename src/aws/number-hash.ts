import { createHmac } from 'node:crypto';
import type { Secret } from '../core/secret.ts';

/** The key under which numbers are hashed, with the name by which a hash says which key made it. */
export interface NumberHashKey {
  readonly id: string;
  readonly key: Secret;
}

/**
 * Makes the keyed hash of a telephone number, `<key id>:<HMAC-SHA-256>`, that stands wherever a number has to be
 * recognised at rest: there are so few numbers that a hash without a key is no secret.
 */
export function createNumberHash({ id, key }: NumberHashKey): (e164: Secret) => string {
  return (e164) => `${id}:${createHmac('sha256', key.reveal()).update(e164.reveal()).digest('base64url')}`;
}
