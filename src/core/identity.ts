import type { Decoded } from './decode.ts';

export const identityKinds = [
  'phone-number',
  'phone-number-id',
  'phone-number-arn',
  'sender-id',
  'sender-id-arn',
  'pool-id',
  'pool-arn',
] as const;
export type IdentityKind = (typeof identityKinds)[number];

/** Whom a message comes from, in any of the seven ways in which the service lets one name it. */
export interface OriginationIdentity {
  readonly kind: IdentityKind;
  /** What is sent to the service. */
  readonly value: string;
  /** The Region of an ARN. */
  readonly region: string | undefined;
}

const forms: readonly (readonly [IdentityKind, RegExp])[] = [
  ['phone-number-arn', /^arn:aws[\w-]*:sms-voice:([a-z0-9-]+):\d{12}:phone-number\/phone-[A-Za-z0-9]+$/],
  ['sender-id-arn', /^arn:aws[\w-]*:sms-voice:([a-z0-9-]+):\d{12}:sender-id\/[A-Za-z0-9_-]{1,11}\/[A-Z]{2}$/],
  ['pool-arn', /^arn:aws[\w-]*:sms-voice:([a-z0-9-]+):\d{12}:pool\/pool-[A-Za-z0-9]+$/],
  ['phone-number', /^\+[1-9]\d{1,14}$/],
  ['phone-number-id', /^phone-[A-Za-z0-9]{12,}$/],
  ['pool-id', /^pool-[A-Za-z0-9]{12,}$/],
  // At least one letter, as carriers demand of an alphanumeric sender.
  ['sender-id', /^(?=.*[A-Za-z])[A-Za-z0-9_-]{1,11}$/],
];

/**
 * Recognises an origination identity.
 * @see https://docs.aws.amazon.com/pinpoint/latest/apireference_smsvoicev2/API_SendTextMessage.html
 */
export function parseIdentity(value: string): Decoded<OriginationIdentity> {
  for (const [kind, form] of forms) {
    const match = form.exec(value);
    if (match) return { ok: true, value: { kind, value, region: match[1] } };
  }
  return {
    ok: false,
    problems: [{ path: '', message: 'must be a phone number, sender ID or pool, by its name, id or ARN' }],
  };
}

/** A sender ID is a name on a text message: nothing can call from it. */
export const canCall = (identity: OriginationIdentity): boolean => !identity.kind.startsWith('sender-id');

/** An identity as a log line may show it: of a phone number only the ends. */
export function identityLabel(identity: OriginationIdentity): string {
  return identity.kind === 'phone-number'
    ? `${identity.value.slice(0, 3)}…${identity.value.slice(-2)}`
    : identity.value;
}
