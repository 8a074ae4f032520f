import { isObject } from '../core/decode.ts';
import { OktaOtpError, UsageError } from '../core/error.ts';

/** The service's reason for a refusal, one of its enums' words; undefined for anything else. */
export function reasonOf(error: unknown): string | undefined {
  const reason = isObject(error) || error instanceof Error ? Reflect.get(error, 'Reason') : undefined;
  return typeof reason === 'string' && /^[A-Z_]{3,80}$/.test(reason) ? reason : undefined;
}

const refused = new Set(['ConflictException', 'ServiceQuotaExceededException', 'ValidationException']);

/** What only End User Messaging can say, in words for a person; undefined for what any service says. */
export function messagingRefusal(cause: unknown, what: string): OktaOtpError | undefined {
  if (!(cause instanceof Error)) return undefined;
  const reason = reasonOf(cause);
  const type: unknown = Reflect.get(cause, 'ResourceType');
  if (cause.name === 'ResourceNotFoundException' && type === 'protect-configuration') {
    const hint = 'compare --protect-configuration, --region and --profile with what is deployed';
    return new OktaOtpError('protect-configuration-not-found', 'the protect configuration does not exist', {
      hint,
      cause,
    });
  }
  if (cause.name === 'ResourceNotFoundException') {
    const hint = 'it was deleted meanwhile, or is in another account or Region: compare --region and --profile';
    return new OktaOtpError('messaging-not-found', `${what} names something that does not exist`, { hint, cause });
  }
  switch (reason) {
    case 'VERIFICATION_CODE_MISMATCH': {
      const hint = 'type the code of the last message; each new one makes those before it void';
      return new UsageError('verification-code-wrong', 'that is not the code which was sent', { hint, cause });
    }
    case 'VERIFICATION_CODE_EXPIRED': {
      const hint = 'okta-otp sandbox verify <phone> sends a new one';
      return new OktaOtpError('verification-code-expired', 'the verification code has expired', { hint, cause });
    }
    case 'VERIFICATION_ATTEMPTS_PER_DAY': {
      const hint = 'try again tomorrow, or verify another number';
      return new OktaOtpError('verification-attempts-used', 'this number has had its verification codes of today', {
        hint,
        cause,
      });
    }
    case 'VERIFIED_DESTINATION_NUMBERS_PER_ACCOUNT': {
      const hint =
        'delete one in the console (a day after it was added), or leave the sandbox: okta-otp sandbox request';
      return new OktaOtpError('verified-destinations-full', 'the account has as many verified numbers as it may have', {
        hint,
        cause,
      });
    }
    case 'NO_ORIGINATION_IDENTITIES_FOUND': {
      const hint =
        'okta-otp identities discover shows what the account has; a country needs an identity that reaches it';
      return new OktaOtpError('messaging-no-identity', 'the account has no identity that can send this message', {
        hint,
        cause,
      });
    }
  }
  if (!refused.has(cause.name)) return undefined;
  const hint =
    'https://docs.aws.amazon.com/pinpoint/latest/apireference_smsvoicev2/API_Operations.html explains the reason';
  return new OktaOtpError('messaging-refused', `End User Messaging refused ${what} (${reason ?? 'no reason'})`, {
    hint,
    cause,
  });
}
