import type { AwsAccess } from '../../aws/client-settings.ts';
import type { NumberHashKey } from '../../aws/number-hash.ts';
import { defaultAnswerWithinMs } from '../../core/deadline.ts';
import { decode, exactObject, object, oneOf, optional, renderProblems, string } from '../../core/decode.ts';
import type { AnswerOverrides } from '../../core/failure-policy.ts';
import { answers, causeNames } from '../../core/failure-policy.ts';
import { Secret } from '../../core/secret.ts';
import { awsEnv, toAwsAccess } from '../aws-env.ts';
import type { Env } from '../env.ts';
import { ConfigError, endpoint, json, setting, wholeNumber } from '../env.ts';

export interface SenderConfig {
  readonly access: AwsAccess;
  readonly catalogTable: string;
  readonly ledgerTable: string | undefined;
  readonly failuresQueueUrl: string | undefined;
  readonly configurationSet: string | undefined;
  readonly protectConfiguration: string | undefined;
  /** Stands in Okta's System Log as who delivered. */
  readonly provider: string;
  readonly answers: AnswerOverrides;
  /** From API Gateway's time of the request to the answer. */
  readonly answerWithinMs: number;
  /** A send is not started with less left. */
  readonly sendFloorMs: number;
  readonly numberHashKey: NumberHashKey | undefined;
  /** The stack's name; a dimension of all metrics. */
  readonly stack: string | undefined;
  /** Where AWS is, for the local cloud; undefined for AWS itself. */
  readonly endpoints: {
    readonly dynamodb: string | undefined;
    readonly messaging: string | undefined;
    readonly sqs: string | undefined;
  };
}

const overrides = exactObject(Object.fromEntries(causeNames.map((cause) => [cause, optional(oneOf(answers))])));

const senderEnv = object({
  ...awsEnv,
  OKTA_OTP_CATALOG_TABLE: string({ max: 1024 }),
  OKTA_OTP_LEDGER_TABLE: setting(string({ max: 1024 })),
  OKTA_OTP_FAILURES_QUEUE_URL: setting(endpoint),
  OKTA_OTP_CONFIGURATION_SET: setting(string({ max: 256 })),
  OKTA_OTP_PROTECT_CONFIGURATION: setting(string({ max: 256 })),
  OKTA_OTP_PROVIDER: setting(string({ max: 64 })),
  OKTA_OTP_ANSWERS: setting(json(overrides)),
  OKTA_OTP_ANSWER_WITHIN_MS: setting(wholeNumber({ min: 500, max: 2900 })),
  OKTA_OTP_SEND_FLOOR_MS: setting(wholeNumber({ min: 50, max: 2000 })),
  OKTA_OTP_NUMBER_HASH_KEY: setting(string({ max: 256 })),
  OKTA_OTP_NUMBER_HASH_KEY_ID: setting(string({ max: 32, pattern: /^[\w-]+$/, expected: 'letters and digits' })),
  OKTA_OTP_STACK: setting(string({ max: 128 })),
  AWS_ENDPOINT_URL_DYNAMODB: setting(endpoint),
  AWS_ENDPOINT_URL_PINPOINT_SMS_VOICE_V2: setting(endpoint),
  AWS_ENDPOINT_URL_SQS: setting(endpoint),
});

/** Enough for a send that is answered as quickly as most are, and for telling Okta. */
const defaultSendFloorMs = 300;

/** Reads the sender's settings; throws a `ConfigError` that names everything that is wrong with them. */
export function parseConfig(env: Env): SenderConfig {
  const decoded = decode(senderEnv, env);
  if (!decoded.ok) throw new ConfigError(renderProblems(decoded.problems, 'the environment'));
  const found = decoded.value;
  const key = found.OKTA_OTP_NUMBER_HASH_KEY;
  return {
    access: toAwsAccess(found),
    catalogTable: found.OKTA_OTP_CATALOG_TABLE,
    ledgerTable: found.OKTA_OTP_LEDGER_TABLE,
    failuresQueueUrl: found.OKTA_OTP_FAILURES_QUEUE_URL,
    configurationSet: found.OKTA_OTP_CONFIGURATION_SET,
    protectConfiguration: found.OKTA_OTP_PROTECT_CONFIGURATION,
    provider: found.OKTA_OTP_PROVIDER ?? 'AWS End User Messaging',
    answers: found.OKTA_OTP_ANSWERS ?? {},
    answerWithinMs: found.OKTA_OTP_ANSWER_WITHIN_MS ?? defaultAnswerWithinMs,
    sendFloorMs: found.OKTA_OTP_SEND_FLOOR_MS ?? defaultSendFloorMs,
    numberHashKey:
      key === undefined ? undefined : { id: found.OKTA_OTP_NUMBER_HASH_KEY_ID ?? '1', key: new Secret(key) },
    stack: found.OKTA_OTP_STACK,
    endpoints: {
      dynamodb: found.AWS_ENDPOINT_URL_DYNAMODB,
      messaging: found.AWS_ENDPOINT_URL_PINPOINT_SMS_VOICE_V2,
      sqs: found.AWS_ENDPOINT_URL_SQS,
    },
  };
}
