import type {
  AccessDeniedExceptionReason,
  ConflictExceptionReason,
  ServiceQuotaExceededExceptionReason,
  ValidationExceptionReason,
} from '@aws-sdk/client-pinpoint-sms-voice-v2';
import type { Cause } from '../core/failure-policy.ts';

type Causes<Reason extends string> = Readonly<Record<Reason, Cause>>;

// Every reason of the SDK is named in these tables, so that one that a new version brings fails the type check. Most can
// only come from administration: met at a send they are unexpected.
// https://docs.aws.amazon.com/pinpoint/latest/apireference_smsvoicev2/API_SendTextMessage.html#API_SendTextMessage_Errors

const access: Causes<AccessDeniedExceptionReason> = {
  ACCOUNT_DISABLED: 'account-disabled',
  INSUFFICIENT_ACCOUNT_REPUTATION: 'account-disabled',
};

const conflict: Causes<ConflictExceptionReason> = {
  CREATE_REGISTRATION_VERSION_NOT_ALLOWED: 'unexpected-refusal',
  DELETION_PROTECTION_ENABLED: 'unexpected-refusal',
  DESTINATION_COUNTRY_BLOCKED_BY_PROTECT_CONFIGURATION: 'protect-country-blocked',
  DESTINATION_PHONE_NUMBER_BLOCKED_BY_PROTECT_NUMBER_OVERRIDE: 'protect-number-blocked',
  DESTINATION_PHONE_NUMBER_NOT_VERIFIED: 'sandbox-unverified',
  DESTINATION_PHONE_NUMBER_OPTED_OUT: 'opted-out',
  DISASSOCIATE_REGISTRATION_NOT_ALLOWED: 'unexpected-refusal',
  DISCARD_REGISTRATION_VERSION_NOT_ALLOWED: 'unexpected-refusal',
  EDIT_REGISTRATION_FIELD_VALUES_NOT_ALLOWED: 'unexpected-refusal',
  EVENT_DESTINATION_MISMATCH: 'unexpected-refusal',
  KEYWORD_MISMATCH: 'identity-mismatch',
  LAST_PHONE_NUMBER: 'unexpected-refusal',
  MESSAGE_TYPE_MISMATCH: 'identity-mismatch',
  NOTIFY_CONFIGURATION_NOT_ACTIVE: 'unexpected-refusal',
  NO_ORIGINATION_IDENTITIES_FOUND: 'no-identity-found',
  NUMBER_CAPABILITIES_MISMATCH: 'identity-lacks-capability',
  OPT_OUT_LIST_MISMATCH: 'identity-mismatch',
  PHONE_NUMBER_ASSOCIATED_TO_POOL: 'unexpected-refusal',
  PHONE_NUMBER_ASSOCIATED_TO_REGISTRATION: 'unexpected-refusal',
  PHONE_NUMBER_NOT_ASSOCIATED_TO_POOL: 'unexpected-refusal',
  PHONE_NUMBER_NOT_IN_REGISTRATION_REGION: 'identity-not-for-country',
  POOL_ASSOCIATED_TO_NOTIFY_CONFIGURATION: 'unexpected-refusal',
  PROTECT_CONFIGURATION_ASSOCIATED_WITH_CONFIGURATION_SET: 'unexpected-refusal',
  PROTECT_CONFIGURATION_IS_ACCOUNT_DEFAULT: 'unexpected-refusal',
  PROTECT_CONFIGURATION_NOT_ASSOCIATED_WITH_CONFIGURATION_SET: 'unexpected-refusal',
  RCS_AGENT_ALREADY_ASSOCIATED_TO_REGISTRATION_TYPE: 'unexpected-refusal',
  RCS_AGENT_ASSOCIATED_TO_POOL: 'unexpected-refusal',
  REGISTRATION_ALREADY_SUBMITTED: 'unexpected-refusal',
  REGISTRATION_NOT_COMPLETE: 'sender-id-not-registered',
  RESOURCE_ALREADY_ASSOCIATED: 'unexpected-refusal',
  RESOURCE_ALREADY_EXISTS: 'unexpected-refusal',
  RESOURCE_DELETION_NOT_ALLOWED: 'unexpected-refusal',
  RESOURCE_MODIFICATION_NOT_ALLOWED: 'unexpected-refusal',
  RESOURCE_NOT_ACTIVE: 'identity-not-active',
  RESOURCE_NOT_EMPTY: 'unexpected-refusal',
  SELF_MANAGED_OPT_OUTS_MISMATCH: 'identity-mismatch',
  SENDER_ID_ASSOCIATED_TO_POOL: 'unexpected-refusal',
  SUBMIT_REGISTRATION_VERSION_NOT_ALLOWED: 'unexpected-refusal',
  TWO_WAY_CONFIG_MISMATCH: 'unexpected-refusal',
  VERIFICATION_ALREADY_COMPLETE: 'unexpected-refusal',
  VERIFICATION_CODE_EXPIRED: 'unexpected-refusal',
};

const quota: Causes<ServiceQuotaExceededExceptionReason> = {
  ASSOCIATIONS_PER_REGISTRATION: 'quota-exceeded',
  CONFIGURATION_SETS_PER_ACCOUNT: 'quota-exceeded',
  DAILY_DESTINATION_CALL_LIMIT: 'daily-call-limit',
  DAILY_NOTIFY_TIER_MESSAGE_LIMIT: 'quota-exceeded',
  EVENT_DESTINATIONS_PER_CONFIGURATION_SET: 'quota-exceeded',
  KEYWORDS_PER_PHONE_NUMBER: 'quota-exceeded',
  KEYWORDS_PER_POOL: 'quota-exceeded',
  MONTHLY_SPEND_LIMIT_REACHED_FOR_MEDIA: 'spend-limit',
  MONTHLY_SPEND_LIMIT_REACHED_FOR_NOTIFY: 'spend-limit',
  MONTHLY_SPEND_LIMIT_REACHED_FOR_RCS: 'spend-limit',
  MONTHLY_SPEND_LIMIT_REACHED_FOR_TEXT: 'spend-limit',
  MONTHLY_SPEND_LIMIT_REACHED_FOR_VOICE: 'spend-limit',
  NOTIFY_CONFIGURATIONS_PER_ACCOUNT: 'quota-exceeded',
  OPT_OUT_LISTS_PER_ACCOUNT: 'quota-exceeded',
  ORIGINATION_IDENTITIES_PER_POOL: 'quota-exceeded',
  PHONE_NUMBERS_PER_ACCOUNT: 'quota-exceeded',
  PHONE_NUMBERS_PER_REGISTRATION: 'quota-exceeded',
  POOLS_PER_ACCOUNT: 'quota-exceeded',
  PROTECT_CONFIGURATIONS_PER_ACCOUNT: 'quota-exceeded',
  RCS_AGENTS_PER_ACCOUNT: 'quota-exceeded',
  REGISTRATIONS_PER_ACCOUNT: 'quota-exceeded',
  REGISTRATION_ATTACHMENTS_CREATED_PER_DAY: 'quota-exceeded',
  REGISTRATION_ATTACHMENTS_PER_ACCOUNT: 'quota-exceeded',
  REGISTRATION_VERSIONS_CREATED_PER_DAY: 'quota-exceeded',
  SENDER_IDS_PER_ACCOUNT: 'quota-exceeded',
  TAGS_PER_RESOURCE: 'quota-exceeded',
  VERIFICATION_ATTEMPTS_PER_DAY: 'quota-exceeded',
  VERIFIED_DESTINATION_NUMBERS_PER_ACCOUNT: 'quota-exceeded',
};

const validation: Causes<ValidationExceptionReason> = {
  ATTACHMENT_TYPE_NOT_SUPPORTED: 'unexpected-refusal',
  CANNOT_ADD_OPTED_OUT_NUMBER: 'unexpected-refusal',
  CANNOT_PARSE: 'request-refused',
  CHANNEL_NOT_ENABLED: 'country-not-enabled',
  COUNTRY_CODE_MISMATCH: 'identity-not-for-country',
  COUNTRY_NOT_ENABLED: 'country-not-enabled',
  DESTINATION_COUNTRY_BLOCKED: 'destination-country-blocked',
  FIELD_VALIDATION_FAILED: 'request-refused',
  INTERNATIONAL_SENDING_NOT_SUPPORTED: 'identity-not-for-country',
  INVALID_ARN: 'identity-not-found',
  INVALID_FILTER_VALUES: 'unexpected-refusal',
  INVALID_IDENTITY_FOR_DESTINATION_COUNTRY: 'identity-not-for-country',
  INVALID_NEXT_TOKEN: 'unexpected-refusal',
  INVALID_PARAMETER: 'request-refused',
  INVALID_REGISTRATION_ASSOCIATION: 'unexpected-refusal',
  INVALID_REQUEST: 'request-refused',
  MAXIMUM_SIZE_EXCEEDED: 'message-refused',
  MEDIA_TYPE_NOT_SUPPORTED: 'unexpected-refusal',
  MISSING_PARAMETER: 'request-refused',
  OTHER: 'request-refused',
  PARAMETERS_CANNOT_BE_USED_TOGETHER: 'request-refused',
  PHONE_NUMBER_CANNOT_BE_OPTED_IN: 'unexpected-refusal',
  PHONE_NUMBER_CANNOT_BE_RELEASED: 'unexpected-refusal',
  PRICE_OVER_THRESHOLD: 'price-over-threshold',
  REGISTRATION_FIELD_CANNOT_BE_DELETED: 'unexpected-refusal',
  REQUESTED_SPEND_LIMIT_HIGHER_THAN_SERVICE_LIMIT: 'unexpected-refusal',
  RESOURCE_NOT_ACCESSIBLE: 'access-denied',
  SENDER_ID_NOT_REGISTERED: 'sender-id-not-registered',
  SENDER_ID_NOT_SUPPORTED: 'sender-id-not-registered',
  SENDER_ID_REQUIRES_REGISTRATION: 'sender-id-not-registered',
  TWO_WAY_CHANNEL_NOT_PRESENT: 'unexpected-refusal',
  TWO_WAY_NOT_ENABLED: 'unexpected-refusal',
  TWO_WAY_NOT_SUPPORTED_IN_COUNTRY: 'unexpected-refusal',
  TWO_WAY_NOT_SUPPORTED_IN_REGION: 'unexpected-refusal',
  TWO_WAY_TOPIC_NOT_PRESENT: 'unexpected-refusal',
  UNKNOWN_OPERATION: 'unexpected-refusal',
  UNKNOWN_REGISTRATION_FIELD: 'unexpected-refusal',
  UNKNOWN_REGISTRATION_SECTION: 'unexpected-refusal',
  UNKNOWN_REGISTRATION_TYPE: 'unexpected-refusal',
  UNKNOWN_REGISTRATION_VERSION: 'unexpected-refusal',
  UNSPECIFIED_PARAMETER_NOT_SUPPORTED: 'request-refused',
  VERIFICATION_CODE_MISMATCH: 'unexpected-refusal',
  VOICE_CAPABILITY_NOT_AVAILABLE: 'identity-lacks-capability',
};

/** What an exception is called, and the words that come with it, as far as they decide. */
export interface Refusal {
  readonly name: string;
  readonly reason?: string | undefined;
  /** The request's members that a ValidationException complains of. */
  readonly fields?: readonly string[] | undefined;
}

/**
 * The cause behind an exception of the service; undefined for a name that is none of its exceptions.
 *
 * A reason that the SDK does not know yet counts as the mildest of its exception.
 */
export function causeOf({ name, reason = '', fields = [] }: Refusal): Cause | undefined {
  switch (name) {
    case 'AccessDeniedException':
      return lookUp(access, reason) ?? 'access-denied';
    case 'ConflictException':
      return lookUp(conflict, reason) ?? 'unexpected-refusal';
    case 'ServiceQuotaExceededException':
      return lookUp(quota, reason) ?? 'quota-exceeded';
    case 'ValidationException': {
      const cause = lookUp(validation, reason) ?? 'request-refused';
      return cause === 'request-refused' && fields.includes('MessageBody') ? 'message-refused' : cause;
    }
    case 'ResourceNotFoundException':
      return 'identity-not-found';
    case 'ThrottlingException':
      return 'throttled';
    case 'InternalServerException':
      return 'service-error';
    default:
      return undefined;
  }
}

const lookUp = (table: Readonly<Record<string, Cause>>, reason: string): Cause | undefined =>
  Object.hasOwn(table, reason) ? table[reason] : undefined;

/** The reasons by which a send can be refused, exception by exception; those that only administration meets are left out. */
export const sendRefusals: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  Object.entries({
    AccessDeniedException: access,
    ConflictException: conflict,
    ServiceQuotaExceededException: quota,
    ValidationException: validation,
  }).map(([exception, reasons]) => [
    exception,
    Object.entries(reasons)
      .filter(([, cause]) => cause !== 'unexpected-refusal')
      .map(([reason]) => reason),
  ]),
);
