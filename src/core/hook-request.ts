import type { Channel } from './channel.ts';
import { parseChannel } from './channel.ts';
import type { Decoded } from './decode.ts';
import { choose, decode, embedded, object, oneOf, optional, refine, string } from './decode.ts';
import type { Phone } from './phone.ts';
import { parsePhone } from './phone.ts';
import type { RequestType } from './request-type.ts';
import { requestTypePrefix, requestTypes } from './request-type.ts';
import { Secret } from './secret.ts';

export const hookEventType = 'com.okta.telephony.provider';

/** An event id that begins so asks for everything but the message: the service is called with `DryRun`. */
export const dryRunPrefix = 'dryrun-';

/** Okta's telephony inline hook request, decoded. */
export interface HookRequest {
  readonly eventId: string;
  /** undefined for a type that Okta has not documented yet: such a request is delivered like any other. */
  readonly requestType: RequestType | undefined;
  /** Okta's `data.context.request.id`, which its System Log shows as the transaction. */
  readonly requestId: string | undefined;
  /** Okta's own preview in the Admin Console: its `otpExpires` and `eventId` are made up. */
  readonly isPreview: boolean;
  readonly isDryRun: boolean;
  readonly firstName: Secret | undefined;
  readonly channel: Channel;
  readonly phone: Phone;
  readonly otp: Secret;
  /** When the code stops working, in milliseconds since the epoch; undefined when Okta did not say. */
  readonly expiresAt: number | undefined;
  /** The BCP 47 tag as it came. */
  readonly locale: string | undefined;
  /** The message as Okta itself would send it, code included; undefined for calls. */
  readonly oktaText: Secret | undefined;
}

/** A JSON number where the contract has a string (as in Okta's own sample) is read as its digits. */
const digits = choose((value) =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
    ? () => String(value)
    : string({ max: 64, pattern: /^\S(.*\S)?$/, expected: 'a string of digits' }),
);

const otp = refine(digits, (value, refuse) =>
  /^[0-9A-Za-z]{1,32}$/.test(value) ? new Secret(value) : refuse('must be a code of digits'),
);

const phone = embedded(digits, parsePhone);

const channel = refine(
  string({ max: 64 }),
  (value, refuse) => parseChannel(value) ?? refuse('must be SMS or voice call'),
);

/** The form is asked for, since `Date.parse` takes nearly anything for a year. */
const instant = refine(
  string({ max: 64, pattern: /^\d{4}-\d{2}-\d{2}T/, expected: 'an ISO 8601 time' }),
  (value, refuse) => {
    const ms = Date.parse(value);
    return Number.isNaN(ms) ? refuse('must be an ISO 8601 time') : ms;
  },
);

/** Okta sends an empty string where it has nothing to say, and a name of one space is none. */
const text = choose((value) =>
  typeof value === 'string' && value.trim() === '' ? () => undefined : optional(string({ max: 4096 })),
);

/** One that nobody knows is delivered like any other. */
const requestType = refine(text, (value) => requestTypes.find((known) => requestTypePrefix + known === value));

const eventId = string({ max: 256, pattern: /^\S+$/, expected: 'free of white space' });

/** How single fields are read; `hook-contract.ts` accepts by them what a person sets. */
export const hookFields = { eventId, otp, phone, channel, instant } as const;

const hookRequest = object({
  eventId,
  eventType: optional(oneOf([hookEventType])),
  requestType,
  data: object({
    context: optional(
      object({
        request: optional(object({ id: text, url: optional(object({ value: text })) })),
      }),
    ),
    userProfile: optional(object({ firstName: text })),
    messageProfile: object({
      msgTemplate: text,
      phoneNumber: phone,
      otpExpires: choose((value) => (value === '' ? () => undefined : optional(instant))),
      deliveryChannel: channel,
      otpCode: otp,
      locale: text,
    }),
  }),
});

/**
 * Decodes the body of a telephony inline hook request; every problem is reported by its path, none by its value.
 * @see https://developer.okta.com/docs/api/openapi/okta-management/management/tag/InlineHook/
 */
export function parseHookRequest(body: unknown): Decoded<HookRequest> {
  const decoded = decode(hookRequest, body);
  if (!decoded.ok) return decoded;
  const { eventId, requestType: type, data } = decoded.value;
  const { messageProfile: message, userProfile: user } = data;
  const request = data.context?.request;
  return {
    ok: true,
    value: {
      eventId,
      requestType: type,
      requestId: request?.id,
      isPreview: request?.url?.value?.endsWith('generatePreview') ?? false,
      isDryRun: eventId.startsWith(dryRunPrefix),
      firstName: user?.firstName === undefined ? undefined : new Secret(user.firstName),
      channel: message.deliveryChannel,
      phone: message.phoneNumber,
      otp: message.otpCode,
      expiresAt: message.otpExpires,
      locale: message.locale,
      oktaText: message.msgTemplate === undefined ? undefined : new Secret(message.msgTemplate),
    },
  };
}
