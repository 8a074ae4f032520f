import { CredentialsError, OktaOtpError, UsageError } from '../core/error.ts';
import { quoted } from '../core/quoted.ts';

/** What was asked of AWS, for the words of a refusal. */
export interface Attempted {
  /** `the failures queue`. */
  readonly what: string;
  /** The permission that it takes: `sqs:ReceiveMessage`. */
  readonly action: string;
  /** Of the AWS configuration files, where one was named. */
  readonly profile?: string | undefined;
}

// The names under which SQS, STS and their like say the same things: some by the older query protocol, some by the newer.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/CommonErrors.html

const denied = new Set(['AccessDenied', 'AccessDeniedException', 'KmsAccessDenied']);
const expired = new Set(['ExpiredToken', 'ExpiredTokenException', 'RequestExpired']);
const unknown = new Set([
  'UnrecognizedClientException',
  'InvalidClientTokenId',
  'InvalidSecurity',
  'InvalidSignatureException',
  'SignatureDoesNotMatch',
  'IncompleteSignature',
  'MissingAuthenticationToken',
  'NotAuthorized',
  'OptInRequired',
]);
const throttling = new Set([
  'ThrottlingException',
  'Throttling',
  'RequestThrottled',
  'KmsThrottled',
  'TooManyRequestsException',
]);

const again = 'run the command again in a minute';

const signInTo = (profile: string | undefined) =>
  profile === undefined
    ? 'aws sso login, or name a profile with --profile'
    : `aws sso login --profile ${quoted(profile)}, or name another profile with --profile`;

/**
 * Says for a person what an SDK error means and what to do about it; what is no error of the SDK comes back as it is.
 * None of the service's own words are kept: they quote account ids, ARNs and at times the request.
 */
export function translateSdkError(error: unknown, { what, action, profile }: Attempted): unknown {
  if (!(error instanceof Error) || error instanceof OktaOtpError) return error;
  const cause = error;
  const { name, message } = error;
  const signIn = signInTo(profile);
  if (name === 'CredentialsProviderError' || name === 'TokenProviderError') {
    return /\bexpired\b/i.test(message)
      ? new CredentialsError('credentials-expired', 'the AWS credentials have expired', { hint: signIn, cause })
      : new CredentialsError('credentials-missing', 'no AWS credentials were found', { hint: signIn, cause });
  }
  if (expired.has(name)) {
    return new CredentialsError('credentials-expired', 'the AWS credentials have expired', { hint: signIn, cause });
  }
  if (unknown.has(name)) {
    const as = profile === undefined ? '' : ` --profile ${quoted(profile)}`;
    const hint = `aws sts get-caller-identity${as} says whose they are; compare --profile and --region`;
    return new CredentialsError('credentials-refused', 'AWS does not accept these credentials', { hint, cause });
  }
  if (denied.has(name)) {
    const hint = name === 'KmsAccessDenied' ? 'they need kms:Decrypt for its key' : `they need ${action}`;
    return new CredentialsError('access-denied', `these credentials may not use ${what}`, { hint, cause });
  }
  if (message === 'Region is missing') {
    const hint = 'name it with --region, for example --region eu-west-1';
    return new UsageError('region-missing', 'no AWS Region is configured', { hint, cause });
  }
  if (name === 'QueueDoesNotExist') {
    const hint = 'compare the account, the Region and the name in its URL';
    return new OktaOtpError('queue-not-found', `${what} does not exist`, { hint, cause });
  }
  if (name === 'PurgeQueueInProgress') {
    const hint = 'a queue can be purged once a minute: wait that long';
    return new OktaOtpError('purge-in-progress', `${what} is being purged already`, { hint, cause });
  }
  if (throttling.has(name)) {
    return new OktaOtpError('aws-throttled', 'AWS is throttling requests', { hint: again, cause });
  }
  return translateByShape(error);
}

/** For what has no name of its own here: whether a connection failed, the service failed, or it refused. */
function translateByShape(error: Error): unknown {
  const cause = error;
  const { code, status } = shapeOf(error);
  if (status !== undefined && status >= 500) {
    return new OktaOtpError('aws-failed', `AWS failed internally (HTTP ${status})`, { hint: again, cause });
  }
  if (status !== undefined) {
    const hint = 'compare the options with what the command expects: --help';
    return new OktaOtpError('aws-refused', `AWS refused the request (${wordOf(error.name)})`, { hint, cause });
  }
  if (code !== undefined || error.name === 'TimeoutError') {
    const hint = 'check the network, a VPN and the Region, then run the command again';
    return new OktaOtpError('aws-unreachable', `AWS could not be reached (${wordOf(code ?? error.name)})`, {
      hint,
      cause,
    });
  }
  return error;
}

/** The system's code of a failed connection (Node's own `ERR_…` are bugs), and the HTTP status of an answer. */
function shapeOf(error: Error): { readonly code: string | undefined; readonly status: number | undefined } {
  const { code } = 'code' in error ? error : { code: undefined };
  const metadata = '$metadata' in error ? error.$metadata : undefined;
  const status =
    typeof metadata === 'object' && metadata !== null && 'httpStatusCode' in metadata
      ? metadata.httpStatusCode
      : undefined;
  return {
    code: typeof code === 'string' && !code.startsWith('ERR_') ? code : undefined,
    status: typeof status === 'number' ? status : undefined,
  };
}

/** A name or code as it may be shown: one word of letters. */
const wordOf = (name: string) => /^[A-Za-z][\w.-]{0,63}$/.exec(name)?.[0] ?? 'no name';
