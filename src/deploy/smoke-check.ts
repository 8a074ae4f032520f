import type { Functions } from '../aws/function-alias.ts';
import type { Clock } from '../core/clock.ts';
import { isObject, parseJson } from '../core/decode.ts';
import { CredentialsError, OktaOtpError } from '../core/error.ts';
import type { Cause } from '../core/failure-policy.ts';
import { dryRunPrefix } from '../core/hook-request.ts';
import { judgeHookResponse } from '../core/hook-verdict.ts';
import { pause } from '../core/pause.ts';
import { simulateRequest } from '../core/simulated-request.ts';
import { usSimulatorNumber } from '../core/simulator-numbers.ts';

export interface SmokeDeps {
  readonly functions: Pick<Functions, 'alias' | 'invoke'>;
  /** Posts an empty request without a token and gives the status; rejects when no answer comes. */
  readonly post: (url: string, signal: AbortSignal) => Promise<number>;
  readonly clock: Clock;
  readonly newId: () => string;
}

/** What a stack gives away of itself, as far as it is tried here. */
export interface SmokeTarget {
  readonly hookUrl: string;
  readonly senderAlias: string;
  readonly authorizerAlias: string;
  /** The firewall lets only certain addresses in, and this one may be none of them. */
  readonly hasAllowList: boolean;
}

/** One thing that was tried; `warning` is for what works and yet would not bring a code to this number. */
export interface SmokeResult {
  readonly check: 'hook-url' | 'authorizer-alias' | 'sender-alias' | 'dry-run';
  readonly result: 'good' | 'warning' | 'bad';
  readonly words: string;
}

/** A stage that is new answers after seconds, not at once. */
const attempts = 6;
const betweenAttemptsMs = 5_000;

/** Tries a deployment without a token and without sending: the door is closed, and what is behind it works. */
export async function smokeCheck(
  deps: SmokeDeps,
  target: SmokeTarget,
  signal: AbortSignal,
): Promise<readonly SmokeResult[]> {
  return [
    await checkUrl(deps, target, signal),
    await tried('authorizer-alias', (check) => checkAlias(deps, check, target.authorizerAlias, signal)),
    await tried('sender-alias', (check) => checkAlias(deps, check, target.senderAlias, signal)),
    await tried('dry-run', (check) => checkSender(deps, check, target.senderAlias, signal)),
  ];
}

type Check = SmokeResult['check'];

/** What AWS refuses is a result like others: the stack stands, and the rest is still worth knowing. */
async function tried(check: Check, work: (check: Check) => Promise<SmokeResult>): Promise<SmokeResult> {
  try {
    return await work(check);
  } catch (error) {
    if (!(error instanceof OktaOtpError)) throw error;
    const result = error instanceof CredentialsError ? 'warning' : 'bad';
    return { check, result, words: `could not be tried: ${error.message}` };
  }
}

/**
 * Only a 401 says that the method is there and its authorizer asked for a token. 403 is what API Gateway answers where a path
 * or a method is not there ("Missing Authentication Token"), and what the firewall answers to whatever it blocks.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
 */
async function checkUrl({ post, clock }: SmokeDeps, target: SmokeTarget, signal: AbortSignal): Promise<SmokeResult> {
  const check = 'hook-url';
  for (let left = attempts; ; left -= 1) {
    const status = await post(target.hookUrl, signal).catch(() => undefined);
    signal.throwIfAborted();
    if (status === 401) return { check, result: 'good', words: 'answers 401 without a token' };
    if (status === 403 && target.hasAllowList) {
      const words = 'answers 403: blocked by the firewall from here, as the allow-list says, so that it was not tried';
      return { check, result: 'warning', words };
    }
    // Let in without a token: waiting makes that no better.
    if (left === 1 || (status !== undefined && status < 400)) {
      const given = status === undefined ? 'no answer' : `HTTP ${status}${status === 403 ? forbidden : ''}`;
      return { check, result: 'bad', words: `should refuse what has no token, and gives ${given}` };
    }
    await pause({ clock, ms: betweenAttemptsMs }, signal);
  }
}

const forbidden = ': the firewall blocks it, or the path or method is not there';

async function checkAlias(
  { functions }: SmokeDeps,
  check: Check,
  arn: string,
  signal: AbortSignal,
): Promise<SmokeResult> {
  const alias = await functions.alias(arn, signal);
  return alias === undefined
    ? { check, result: 'bad', words: 'does not exist' }
    : { check, result: 'good', words: `leads to version ${alias.version}` };
}

/** Causes for which no number at all would get a code. */
const ofTheSender: ReadonlySet<string> = new Set<Cause>(['access-denied', 'internal', 'network', 'no-catalog']);

async function checkSender(deps: SmokeDeps, check: Check, arn: string, signal: AbortSignal): Promise<SmokeResult> {
  const invoked = await deps.functions.invoke(arn, dryRunEvent(deps), signal);
  if (invoked.failed) return { check, result: 'bad', words: 'the sender failed; see its log' };
  const reply = parseJson(invoked.payload);
  const { statusCode: status, body: text } = reply.ok && isObject(reply.value) ? reply.value : {};
  if (typeof status !== 'number' || typeof text !== 'string') {
    return { check, result: 'bad', words: 'the sender gave no answer' };
  }
  const body = parseJson(text);
  const verdict = judgeHookResponse({ status, body: body.ok ? body.value : undefined, tookMs: 0 });
  const cause = /cause=([a-z-]+)/.exec(text)?.[1];
  if (cause !== undefined && ofTheSender.has(cause)) {
    return { check, result: 'bad', words: `the sender does not work: ${cause}; see its log` };
  }
  if (cause !== undefined) {
    return { check, result: 'warning', words: `the sender works; a code to a US number would not go out: ${cause}` };
  }
  return verdict.codeTakenForSent
    ? { check, result: 'good', words: 'the sender would have sent a code' }
    : { check, result: 'bad', words: verdict.reason };
}

/** As API Gateway hands a request over; the code is none that anybody waits for. */
function dryRunEvent({ clock, newId }: SmokeDeps): unknown {
  const now = clock.now();
  const request = simulateRequest({
    eventId: `${dryRunPrefix}${newId()}`,
    now,
    channel: 'sms',
    requestType: 'mfa-verification',
    // Nobody has this number, and a dry run sends nothing anyway.
    phoneNumber: usSimulatorNumber,
    otp: '000000',
    locale: 'en-US',
  });
  return { body: JSON.stringify(request), isBase64Encoded: false, requestContext: { requestTimeEpoch: now } };
}
