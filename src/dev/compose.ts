import type { Channel } from '../core/channel.ts';
import { channels } from '../core/channel.ts';
import type { Decoder } from '../core/decode.ts';
import { embedded, exactObject, oneOf, optional, refine, string, withDefault } from '../core/decode.ts';
import { parseLocale } from '../core/locale.ts';
import { parsePhone } from '../core/phone.ts';
import type { RequestType } from '../core/request-type.ts';
import { requestTypes } from '../core/request-type.ts';

/** A hook request as somebody composes it on the page. */
export interface Composed {
  readonly channel: Channel;
  readonly requestType: RequestType;
  readonly locale: string;
  /** E.164. */
  readonly phoneNumber: string;
  readonly firstName: string | undefined;
  readonly lastName: string | undefined;
  /** 4 to 10 digits; made up where none is given. */
  readonly otp: string | undefined;
  /** Given twice, Okta's repetition of an event. */
  readonly eventId: string | undefined;
}

const name = optional(string({ max: 50 }));

export const composed: Decoder<Composed> = exactObject({
  channel: withDefault(oneOf(channels), 'sms'),
  requestType: withDefault(oneOf(requestTypes), 'mfa-verification'),
  locale: refine(withDefault(string({ max: 35 }), 'en-US'), (tag, refuse) =>
    parseLocale(tag) === undefined ? refuse('must be a BCP 47 tag') : tag,
  ),
  phoneNumber: embedded(string({ max: 32 }), (typed) => {
    const parsed = parsePhone(typed);
    return parsed.ok ? { ok: true, value: parsed.value.e164.reveal() } : parsed;
  }),
  firstName: name,
  lastName: name,
  otp: optional(string({ max: 10, pattern: /^\d{4,10}$/, expected: '4 to 10 digits' })),
  eventId: optional(string({ max: 128, pattern: /^[\w-]+$/, expected: 'letters, digits and hyphens' })),
});
