import { decode, isObject, object, optional, string } from '../../core/decode.ts';
import { OktaOtpError } from '../../core/error.ts';
import { causes } from '../../core/failure-policy.ts';
import type { HookVerdict } from '../../core/hook-verdict.ts';
import { oktaWaitsMs } from '../../core/hook-verdict.ts';
import type { TokenAnswer } from '../../okta/client-credentials.ts';
import type { HopFailure } from '../call-report.ts';
import { readReply } from '../call-report.ts';
import { causeAdvice } from '../cause-advice.ts';
import type { DeployedHook, TokenClaims } from './deployed-hook.ts';
import { logCommand, whyRefused } from './deployed-hook.ts';

/** Why nobody answered: names, certificates, connections. `hop` is `the token endpoint`. */
export function unreachable(hop: string, error: unknown): OktaOtpError {
  const code = codeOf(error);
  if (tlsCodes.test(code)) {
    const [, why, hint] = tlsWords.find(([codes]) => codes.test(code)) ?? noTls;
    return new OktaOtpError('hop-tls', `TLS with ${hop} failed: ${why} (${code})`, { hint, cause: error });
  }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return new OktaOtpError('hop-unreachable', `${hop} could not be reached: its name does not resolve (${code})`, {
      hint: 'compare the host in the URL with the stack and with DNS; a custom domain takes minutes to appear',
      cause: error,
    });
  }
  const why = connectionWords.get(code) ?? 'the connection failed';
  return new OktaOtpError('hop-unreachable', `${hop} could not be reached: ${why} (${code})`, {
    hint: 'compare host and port in the URL, and look for a firewall, a VPN or a proxy in between; then run it again',
    cause: error,
  });
}

const connectionWords: ReadonlyMap<string, string> = new Map([
  ['ECONNREFUSED', 'nothing listens there'],
  ['ECONNRESET', 'the connection was reset'],
  ['UND_ERR_SOCKET', 'the connection was closed'],
  ['ETIMEDOUT', 'the connection took too long'],
  ['UND_ERR_ABORTED', 'the proxy of HTTPS_PROXY did not connect'],
  ['UND_ERR_CONNECT_TIMEOUT', 'the connection took too long'],
]);

const tlsCodes = /^(CERT_|ERR_TLS_|ERR_SSL_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_MISMATCH|EPROTO)/;

const noTls = [
  tlsCodes,
  'it does not speak TLS as this machine does',
  'compare scheme, host and port of the URL; Okta needs TLS 1.2 or newer there',
] as const;

/** Why Node refuses a certificate, in words, and what to do. https://nodejs.org/api/tls.html#x509-certificate-error-codes */
const tlsWords: readonly (readonly [codes: RegExp, why: string, next: string])[] = [
  [
    /^(DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|CERT_UNTRUSTED)/,
    'its certificate is not trusted',
    "Okta takes one of a public authority alone: put such a one there; where your own network's proxy opens TLS, trust its authority with NODE_EXTRA_CA_CERTS=<file.pem>",
  ],
  [
    /^CERT_(HAS_EXPIRED|NOT_YET_VALID)$/,
    'its certificate has expired, or is not valid yet',
    "renew it, and compare this machine's clock",
  ],
  [
    /^(ERR_TLS_CERT_ALTNAME_INVALID|HOSTNAME_MISMATCH)$/,
    'its certificate is for another name',
    'compare the host of the URL with the names in the certificate',
  ],
  [/^CERT_/, 'its certificate is not valid', 'replace it by one of a public authority, which Okta needs'],
];

/** Node's or the resolver's own code; `fetch` hides it in the cause. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'no code';
  const { code } = 'code' in error ? error : { code: undefined };
  if (typeof code === 'string' && /^[A-Z][A-Z0-9_]{2,63}$/.test(code)) return code;
  return error.cause === undefined ? 'no code' : codeOf(error.cause);
}

/** Why there is no token. */
export function tokenFailure(answer: Exclude<TokenAnswer, { readonly kind: 'token' }>): OktaOtpError {
  if (answer.kind === 'refused') {
    const word = /^\w{1,64}$/.exec(answer.error)?.[0] ?? 'an error without a name';
    const [means, hint] = refusals.get(word) ?? refusals.get('invalid_client') ?? ['', ''];
    const message = `the token endpoint refused: HTTP ${answer.status} ${word}, ${means}`;
    return new OktaOtpError('token-refused', message, { hint });
  }
  if (answer.status === undefined && answer.cause !== undefined) return unreachable('the token endpoint', answer.cause);
  const status = answer.status === undefined ? 'no answer' : `HTTP ${answer.status}`;
  return new OktaOtpError('token-unavailable', `the token endpoint is unavailable: ${status}, and no token`, {
    hint: 'compare --issuer with the "Issuer URI" of the authorization server; if it is right, see status.okta.com and run it again',
  });
}

/** OAuth's and Okta's words for a refusal, what they mean here, and what to do next. */
const refusals: ReadonlyMap<string, readonly [means: string, next: string]> = new Map([
  [
    'invalid_client',
    [
      'it does not take the client for who it says: wrong client id, or a key or secret that the app does not have',
      "compare --client-id, and --key-id with the public keys of the hook's app in Okta; a new key has to be saved there first",
    ],
  ],
  [
    'invalid_scope',
    [
      'the authorization server does not have this scope',
      "compare --scope with the authorization server's scopes (Security > API), and --issuer with the server that has it",
    ],
  ],
  [
    'access_denied',
    [
      'no rule of an access policy gives this client the scope',
      'add a rule for this client, client credentials and the scope to an access policy of the authorization server',
    ],
  ],
  [
    'unauthorized_client',
    ['the app may not use client credentials', 'make the app a service app (API Services) with client credentials'],
  ],
  [
    'invalid_dpop_proof',
    [
      "the app demands proof of possession, which Okta's hook cannot give",
      'uncheck "Require Demonstrating Proof of Possession (DPoP)" in the app',
    ],
  ],
]);

/** An answer over HTTP, or of the function in its place. */
export interface HookAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** The body as JSON; undefined for what is none. */
  readonly reply: unknown;
  readonly verdict: HookVerdict;
  readonly tookMs: number;
  /** Of the token that it was called with. */
  readonly claims?: TokenClaims | undefined;
  /** Where `--env` has found the hook. */
  readonly deployed?: DeployedHook | undefined;
}

const message = object({ message: optional(string()) });

/** Which hop went wrong or stopped the code, what it answered, what that means and what to do; undefined when none did. */
export function explainAnswer(answer: HookAnswer): HopFailure | undefined {
  const failure = failureOf(answer);
  if (failure === undefined || answer.deployed === undefined) return failure;
  const log = logCommand(failure.hop, answer.deployed);
  return log === undefined ? failure : { ...failure, next: `${failure.next}; its log: ${log}` };
}

function failureOf(answer: HookAnswer): HopFailure | undefined {
  const { status, verdict, tookMs } = answer;
  if (status !== 200) return explainStatus(answer);
  const { cause } = readReply(answer.reply);
  if (tookMs >= oktaWaitsMs && !verdict.codeTakenForSent) {
    return {
      hop: 'gateway',
      answered: `HTTP 200 after ${Math.round(tookMs)} ms`,
      means: `Okta waits ${oktaWaitsMs} ms, its own request for the token included: it had sent the code itself by then, and the user may get two`,
      next: 'run it again: the second call is warm; if it stays, see the milliseconds of each hop in the log line, and keep environments ready (provisionedConcurrency)',
    };
  }
  // A block is answered with a success, so that Okta does not undo it: still nobody gets the code.
  if (cause !== undefined) {
    return {
      hop: hopOfCause(cause),
      answered: `cause ${cause}`,
      means: causes[cause].words,
      next: causeAdvice[cause],
    };
  }
  if (verdict.codeTakenForSent) return undefined;
  return {
    hop: 'sender',
    answered: isObject(answer.reply) && answer.reply['error'] !== undefined ? 'an error object' : 'HTTP 200',
    means: verdict.reason,
    next: "compare the URL with the hook's own; if it is right, look for the log line of this event",
  };
}

const decided: readonly string[] = [
  'kill-switch',
  'number-denied',
  'country-blocked',
  'country-off',
  'country-unlisted',
  'no-catalog',
  'no-template',
];

const own: readonly string[] = ['expired-code', 'too-late', 'duplicate-in-flight', 'internal', 'landline'];

function hopOfCause(cause: string): HopFailure['hop'] {
  if (decided.includes(cause)) return 'catalog';
  return own.includes(cause) ? 'sender' : 'End User Messaging';
}

/** API Gateway names its own answers in a header, so that a 403 of the firewall is told from one of the authorizer. */
function explainStatus({ status, headers, reply, claims, deployed }: HookAnswer): HopFailure {
  const type = /^[A-Za-z]{1,64}/.exec(headers.get('x-amzn-errortype') ?? '')?.[0];
  const answered = `HTTP ${status}${type === undefined ? '' : ` ${type}`}`;
  const decoded = decode(message, reply);
  const isForbidden = type === 'ForbiddenException' || (decoded.ok && decoded.value.message === 'Forbidden');
  if (status === 401 && claims !== undefined && deployed !== undefined) {
    return { hop: 'authorizer', answered, ...whyRefused(claims, deployed) };
  }
  const [hop, means, next] = reasonOf(status, type, isForbidden);
  return { hop, answered, means, next };
}

type Reason = readonly [hop: HopFailure['hop'], means: string, next: string];

function reasonOf(status: number, type: string | undefined, isForbidden: boolean): Reason {
  if (status >= 300 && status < 400) {
    return [
      'gateway',
      'it redirects, which Okta does not follow',
      'give the URL that it redirects to, here and in Okta',
    ];
  }
  if (status === 400) {
    return [
      'sender',
      'it cannot read the request',
      'the reply names the fields; see them with --print, and compare with --set and --from',
    ];
  }
  if (status === 401) {
    return [
      'authorizer',
      'it does not trust the token (or the header had none)',
      "the authorizer's log line has the reason; compare issuer, audience, client id and scope with its settings",
    ];
  }
  if (status === 403 && type === 'MissingAuthenticationTokenException') {
    return [
      'gateway',
      'it has nothing at this path and method',
      'compare stage and path of --url with the deployed ones',
    ];
  }
  if (status === 403 && isForbidden) {
    return [
      'firewall',
      'AWS WAF blocks the request: its address, or how many came from it',
      "compare this machine's address with the allowed ones (allowedAddresses), and see the web ACL's sampled requests",
    ];
  }
  if (status === 403) {
    return [
      'authorizer',
      'it knows the token and does not allow this method, or a resource policy denies it',
      "the authorizer's log line has the reason; a policy may be cached for up to five minutes",
    ];
  }
  if (status === 404) return ['gateway', 'there is no such API or path', 'compare --url with the deployed one'];
  if (status === 413) return ['gateway', 'the request is too large', "Okta's are a few kilobytes: see it with --print"];
  if (status === 429) {
    return ['gateway', 'it throttles', 'send fewer at once (--concurrency), or raise the throttling of the stage'];
  }
  if (status === 502) {
    return [
      'sender',
      'the function failed, or gave no reply that the gateway can read',
      "look into the sender's log for this minute; its configuration may name something that is missing",
    ];
  }
  if (status === 504) {
    return ['sender', 'the function did not answer the gateway in time', "look into the sender's log for this minute"];
  }
  if (status === 500 && type === 'AuthorizerConfigurationException') {
    return ['authorizer', 'the function failed', "look into the authorizer's log for this minute"];
  }
  if (status >= 500) {
    return [
      'gateway',
      'it could not invoke a function: throttled, or without the permission',
      "compare the function's concurrency and its resource policy, then run it again",
    ];
  }
  return ['gateway', 'nothing of ours answers so', 'compare --url with the deployed one'];
}
