import * as sdk from '@aws-sdk/client-pinpoint-sms-voice-v2';
import {
  AccessDeniedExceptionReason,
  ConflictExceptionReason,
  PinpointSMSVoiceV2ServiceException,
  ServiceQuotaExceededExceptionReason,
  ValidationExceptionReason,
} from '@aws-sdk/client-pinpoint-sms-voice-v2';
import { describe, expect, it } from 'vitest';
import { causeOf } from '../../src/aws/refusals.ts';
import type { Cause } from '../../src/core/failure-policy.ts';
import { answerFor, causeNames, nextStepAfter } from '../../src/core/failure-policy.ts';

const reasons = [
  ...Object.values(AccessDeniedExceptionReason).map((reason) => ({ name: 'AccessDeniedException', reason })),
  ...Object.values(ConflictExceptionReason).map((reason) => ({ name: 'ConflictException', reason })),
  ...Object.values(ServiceQuotaExceededExceptionReason).map((reason) => ({
    name: 'ServiceQuotaExceededException',
    reason,
  })),
  ...Object.values(ValidationExceptionReason).map((reason) => ({ name: 'ValidationException', reason })),
];

describe('a refusal of the service', () => {
  it('has a cause for every exception that the SDK knows', () => {
    const exceptions = Object.entries(sdk)
      .filter(
        ([, value]) => typeof value === 'function' && value.prototype instanceof PinpointSMSVoiceV2ServiceException,
      )
      .map(([name]) => name);
    expect(exceptions.length).toBeGreaterThanOrEqual(7);
    for (const name of exceptions) expect(causeNames).toContain(causeOf({ name }));
  });

  it('has a cause for every reason that the SDK knows', () => {
    expect(reasons.length).toBeGreaterThan(100);
    for (const refusal of reasons) expect(causeNames).toContain(causeOf(refusal));
  });

  it.each<{ name: string; reason?: string; cause: Cause }>([
    { name: 'ConflictException', reason: 'DESTINATION_PHONE_NUMBER_OPTED_OUT', cause: 'opted-out' },
    {
      name: 'ConflictException',
      reason: 'DESTINATION_COUNTRY_BLOCKED_BY_PROTECT_CONFIGURATION',
      cause: 'protect-country-blocked',
    },
    {
      name: 'ConflictException',
      reason: 'DESTINATION_PHONE_NUMBER_BLOCKED_BY_PROTECT_NUMBER_OVERRIDE',
      cause: 'protect-number-blocked',
    },
    { name: 'ConflictException', reason: 'DESTINATION_PHONE_NUMBER_NOT_VERIFIED', cause: 'sandbox-unverified' },
    { name: 'ConflictException', reason: 'NO_ORIGINATION_IDENTITIES_FOUND', cause: 'no-identity-found' },
    { name: 'ConflictException', reason: 'NUMBER_CAPABILITIES_MISMATCH', cause: 'identity-lacks-capability' },
    { name: 'ConflictException', reason: 'RESOURCE_NOT_ACTIVE', cause: 'identity-not-active' },
    { name: 'ValidationException', reason: 'DESTINATION_COUNTRY_BLOCKED', cause: 'destination-country-blocked' },
    { name: 'ValidationException', reason: 'SENDER_ID_REQUIRES_REGISTRATION', cause: 'sender-id-not-registered' },
    { name: 'ValidationException', reason: 'PRICE_OVER_THRESHOLD', cause: 'price-over-threshold' },
    { name: 'ValidationException', reason: 'MAXIMUM_SIZE_EXCEEDED', cause: 'message-refused' },
    { name: 'ServiceQuotaExceededException', reason: 'DAILY_DESTINATION_CALL_LIMIT', cause: 'daily-call-limit' },
    {
      name: 'ServiceQuotaExceededException',
      reason: 'MONTHLY_SPEND_LIMIT_REACHED_FOR_TEXT',
      cause: 'spend-limit',
    },
    { name: 'AccessDeniedException', reason: 'ACCOUNT_DISABLED', cause: 'account-disabled' },
    { name: 'AccessDeniedException', cause: 'access-denied' },
    { name: 'ResourceNotFoundException', cause: 'identity-not-found' },
    { name: 'ThrottlingException', cause: 'throttled' },
    { name: 'InternalServerException', cause: 'service-error' },
  ])('is understood: $name $reason', ({ cause, ...refusal }) => {
    expect(causeOf(refusal)).toBe(cause);
  });

  it('for a reason of tomorrow counts as the mildest of its exception', () => {
    const reason = 'REASON_OF_TOMORROW';
    expect(
      ['AccessDenied', 'Conflict', 'ServiceQuotaExceeded', 'Validation'].map((name) =>
        causeOf({ name: `${name}Exception`, reason }),
      ),
    ).toEqual(['access-denied', 'unexpected-refusal', 'quota-exceeded', 'request-refused']);
    expect(causeOf({ name: 'ConflictException', reason: 'constructor' })).toBe('unexpected-refusal');
  });

  it('of the text asks for another text, of anything else does not', () => {
    const invalid = { name: 'ValidationException', reason: 'FIELD_VALIDATION_FAILED' };
    expect(causeOf({ ...invalid, fields: ['MessageBody'] })).toBe('message-refused');
    expect(causeOf({ ...invalid, fields: ['VoiceId'] })).toBe('request-refused');
    expect(causeOf({ ...invalid, reason: 'COUNTRY_NOT_ENABLED', fields: ['MessageBody'] })).toBe('country-not-enabled');
  });

  it('of an unknown name has no cause: nobody knows what became of the message', () => {
    expect(causeOf({ name: 'TimeoutError' })).toBeUndefined();
    expect(causeOf({ name: '' })).toBeUndefined();
  });

  it('is answered by suppression for blocks alone, and then ends the delivery', () => {
    const suppressed = reasons.filter((refusal) => answerFor(causeOf(refusal) ?? 'internal', {}) === 'suppress');
    expect(suppressed.map(({ reason }) => reason).toSorted()).toEqual([
      'DESTINATION_COUNTRY_BLOCKED',
      'DESTINATION_COUNTRY_BLOCKED_BY_PROTECT_CONFIGURATION',
      'DESTINATION_PHONE_NUMBER_BLOCKED_BY_PROTECT_NUMBER_OVERRIDE',
    ]);
    for (const refusal of suppressed) expect(nextStepAfter(causeOf(refusal) ?? 'network')).toBe('stop');
  });
});
