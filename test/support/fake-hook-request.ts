import { renderProblems } from '../../src/core/decode.ts';
import type { HookRequest } from '../../src/core/hook-request.ts';
import { parseHookRequest } from '../../src/core/hook-request.ts';
import { marked } from './marked.ts';

/** What a test wants to be different in a request; a field that is `undefined` is left out. */
export interface HookBodyParts {
  readonly eventId?: unknown;
  readonly requestType?: unknown;
  readonly firstName?: unknown;
  readonly url?: string | undefined;
  readonly requestId?: string | undefined;
  readonly msgTemplate?: unknown;
  readonly phoneNumber?: unknown;
  readonly otpExpires?: unknown;
  readonly deliveryChannel?: unknown;
  readonly otpCode?: unknown;
  readonly locale?: unknown;
}

/** Where the Admin Console's preview comes from. */
export const previewUrl = '/api/internal/v1/inlineHooks/com.okta.telephony.provider/generatePreview';

/** The body of a telephony inline hook request, as Okta sends it. */
export function hookBody(parts: HookBodyParts = {}): Record<string, unknown> {
  const given = {
    eventId: 'uS5871kJThSsU8qlA1LTcg',
    requestType: 'com.okta.user.telephony.mfa-verification',
    firstName: marked.firstName,
    url: '/api/v1/authn/factors/sms/verify',
    requestId: 'reqRgSk8IBBRhuo0YdlEDTmUw',
    msgTemplate: `(HOOK)Your code is ${marked.otp}`,
    phoneNumber: marked.phone,
    otpExpires: '2026-01-28T21:48:40.000Z',
    deliveryChannel: 'SMS',
    otpCode: marked.otp,
    locale: 'EN-US',
    ...parts,
  };
  return {
    eventId: given.eventId,
    eventTime: '2026-01-28T21:43:40.000Z',
    eventType: 'com.okta.telephony.provider',
    eventTypeVersion: '1.0',
    contentType: 'application/json',
    cloudEventVersion: '0.1',
    source: 'https://acme.okta.example/api/v1/inlineHooks/calz6lVQA77AwFeEe0g3',
    requestType: given.requestType,
    data: {
      context: {
        request: { id: given.requestId, method: 'POST', url: { value: given.url }, ipAddress: '127.0.0.1' },
      },
      userProfile: { firstName: given.firstName, lastName: 'user', login: 'user@acme.example', userId: '00uyxx' },
      messageProfile: {
        msgTemplate: given.msgTemplate,
        phoneNumber: given.phoneNumber,
        otpExpires: given.otpExpires,
        deliveryChannel: given.deliveryChannel,
        otpCode: given.otpCode,
        locale: given.locale,
      },
    },
  };
}

/** The same, decoded. */
export function createHookRequest(parts: HookBodyParts = {}): HookRequest {
  const parsed = parseHookRequest(hookBody(parts));
  if (!parsed.ok) throw new Error(renderProblems(parsed.problems, 'the request of a test'));
  return parsed.value;
}
