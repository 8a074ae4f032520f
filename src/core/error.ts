/** What went wrong for the person at the command line, and what to type next. */
export class OktaOtpError extends Error {
  override readonly name: string = 'OktaOtpError';
  /** Stable; `docs/errors.md` lists them all. */
  readonly code: string;
  /** The next command, or what to look at. */
  readonly hint: string | undefined;
  readonly exitCode: number = 1;

  constructor(code: string, message: string, options: { readonly hint?: string; readonly cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
  }
}

/** The command line, the configuration or a file of the catalog is wrong. */
export class UsageError extends OktaOtpError {
  override readonly name = 'UsageError';
  override readonly exitCode = 2;
}

/** Credentials are missing, expired, or not allowed to do this. */
export class CredentialsError extends OktaOtpError {
  override readonly name = 'CredentialsError';
  override readonly exitCode = 4;
}
