import type { Channel } from './channel.ts';
import { hookEventType } from './hook-request.ts';
import type { RequestType } from './request-type.ts';
import { requestTypePrefix } from './request-type.ts';

export interface SimulatedRequest {
  readonly eventId: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly channel: Channel;
  readonly requestType: RequestType;
  readonly phoneNumber: string;
  readonly otp: string;
  readonly locale: string;
}

/** Okta's codes live five minutes. https://help.okta.com/oie/en-us/content/topics/identity-engine/authenticators/configure-phone.htm */
const lifetimeMs = 300_000;

/** When a request that is made now says that it was made, and until when its code is good. */
export const timesOf = (now: number) => ({
  eventTime: new Date(now).toISOString(),
  otpExpires: new Date(now + lifetimeMs).toISOString(),
});

/** The channel in Okta's spelling. */
export const oktaChannel = (channel: Channel): string => (channel === 'sms' ? 'SMS' : 'voice call');

/**
 * Spells a telephony inline hook request out exactly as Okta documents it, field for field.
 * @see https://developer.okta.com/docs/api/openapi/okta-management/management/tag/InlineHook/
 */
export function simulateRequest(of: SimulatedRequest) {
  const { eventTime, otpExpires } = timesOf(of.now);
  return {
    eventId: of.eventId,
    eventTime,
    eventType: hookEventType,
    eventTypeVersion: '1.0',
    contentType: 'application/json',
    cloudEventVersion: '0.1',
    source: 'https://example.okta.com/api/v1/inlineHooks/calz6lVQA77AwFeEe0g3',
    requestType: `${requestTypePrefix}${of.requestType}`,
    data: {
      context: {
        request: {
          id: 'reqRgSk8IBBRhuo0YdlEDTmUw',
          method: 'POST',
          url: { value: '/api/v1/authn/factors/verify' },
          ipAddress: '127.0.0.1',
        },
      },
      userProfile: {
        firstName: 'Test',
        lastName: 'User',
        login: 'test.user@example.com',
        userId: '00uyxxSknGtK8022w0g3',
      },
      messageProfile: {
        msgTemplate: of.channel === 'sms' ? `Your verification code is ${of.otp}.` : '',
        phoneNumber: of.phoneNumber,
        otpExpires,
        deliveryChannel: oktaChannel(of.channel),
        otpCode: of.otp,
        locale: of.locale,
      },
    },
  };
}
