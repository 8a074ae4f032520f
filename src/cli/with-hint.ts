import type { OktaOtpError } from '../core/error.ts';

/** The same error, of the same kind, with another hint. */
export const withHint = (error: OktaOtpError, hint: string): OktaOtpError =>
  Object.create(error, { hint: { value: hint, enumerable: true } });
