import type { KeyObject } from 'node:crypto';
import { generateKeyPair, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';

export interface SigningKeyPair {
  readonly kid: string;
  readonly privateKey: KeyObject;
  /** As it stands in the key set. */
  readonly publicJwk: Readonly<Record<string, unknown>>;
}

/** The keys of an authorization server: `old` ones and the `next` one are published, the `active` one signs. */
export interface SigningKeys {
  active(): SigningKeyPair;
  published(): readonly SigningKeyPair[];
  /** Publishes the key that the next rotation will sign with, as Okta does weeks ahead. */
  publishNext(): Promise<void>;
  /** Signs with the published next key from now on, or with one that nobody has seen yet; the old one stays published. */
  rotate(): Promise<void>;
  retireOld(): void;
  /** One that never signs anything, the same each time. */
  stranger(): Promise<SigningKeyPair>;
}

/** @see https://developer.okta.com/docs/concepts/key-rotation/ */
export async function createSigningKeys(): Promise<SigningKeys> {
  let active = await newKeyPair();
  let next: SigningKeyPair | undefined;
  let old: readonly SigningKeyPair[] = [];
  let stranger: Promise<SigningKeyPair> | undefined;
  return {
    active: () => active,
    published: () => [active, ...(next === undefined ? [] : [next]), ...old],
    async publishNext() {
      next = await newKeyPair();
    },
    async rotate() {
      const successor = next ?? (await newKeyPair());
      old = [active, ...old];
      active = successor;
      next = undefined;
    },
    retireOld() {
      old = [];
    },
    stranger() {
      stranger ??= newKeyPair();
      return stranger;
    },
  };
}

const generate = promisify(generateKeyPair);

async function newKeyPair(): Promise<SigningKeyPair> {
  const { publicKey, privateKey } = await generate('rsa', { modulusLength: 2048 });
  // Okta's key ids have 43 characters, which 32 bytes make in base64url.
  const kid = randomBytes(32).toString('base64url');
  const { n, e } = publicKey.export({ format: 'jwk' });
  return { kid, privateKey, publicJwk: { kty: 'RSA', alg: 'RS256', kid, use: 'sig', e, n } };
}
