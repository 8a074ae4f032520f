import { CredentialsError, OktaOtpError, UsageError } from '../core/error.ts';
import { exit } from './exit.ts';

/** The same error with another hint. */
export function withHint(error: OktaOtpError, hint: string): OktaOtpError {
  const { code, message, exitCode } = error;
  const options = { hint, cause: error };
  if (exitCode === exit.usage) return new UsageError(code, message, options);
  if (exitCode === exit.credentials) return new CredentialsError(code, message, options);
  return new OktaOtpError(code, message, options);
}
