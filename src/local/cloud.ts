import type { KeyObject } from 'node:crypto';
import { generateKeyPair, randomBytes, randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createDynamoDb } from '../aws/dynamodb.ts';
import { publishCatalog } from '../aws/publish-catalog.ts';
import type { CatalogFile } from '../core/catalog.ts';
import type { Clock } from '../core/clock.ts';
import { isObject, parseJson } from '../core/decode.ts';
import { createHttp } from '../net/http.ts';
import { startDynamoDb } from './dynamodb.ts';
import type { Account } from './end-user-messaging/account.ts';
import type { EndUserMessaging } from './end-user-messaging.ts';
import { createEndUserMessaging } from './end-user-messaging.ts';
import type { Fault } from './fault.ts';
import type { FunctionPool } from './function-pool.ts';
import { createFunctionPool } from './function-pool.ts';
import type { Hop } from './gateway.ts';
import { createGateway } from './gateway.ts';
import { createLeakSink } from './leak-sink.ts';
import type { OktaAuthorizationServer } from './okta-authorization-server.ts';
import { createOktaAuthorizationServer } from './okta-authorization-server.ts';
import type { PhoneInbox } from './phone.ts';
import { createPhoneInbox } from './phone.ts';
import type { QueueServer } from './queue.ts';
import { createQueueServer } from './queue.ts';
import type { RunningServer, Serve } from './serve.ts';
import { serve } from './serve.ts';
import { catalogTable, createTables, ledgerTable } from './tables.ts';

export interface LocalCloudOptions {
  readonly clock: Clock;
  /** The bundles that a deployment zips. */
  readonly bundles: { readonly sender: string; readonly authorizer: string };
  /** Published as the first version. */
  readonly catalog: readonly CatalogFile[];
  /** Settings of the sender beside those that point it to the local cloud. */
  readonly senderEnv?: Readonly<Record<string, string>>;
  readonly authorizerEnv?: Readonly<Record<string, string>>;
  readonly account?: Account;
  /** How many messages and requests are remembered, and for how many of those the leak sink watches; all unless given. */
  readonly kept?: number;
  /** How many execution environments each function may have; Lambda's concurrency. */
  readonly environments?: number;
  /** Every line that the functions print, once it has passed the leak sink. */
  readonly onLine?: (line: string, printed: Printed) => void;
  readonly onHop?: (hop: Hop) => void;
  readonly onExchange?: (exchange: Exchange) => void;
  /** The time as Okta sees it, milliseconds since the epoch; the clock's unless given. */
  readonly oktaNow?: () => number;
  /** Port of the gateway, for whoever points Okta at it; any that is free unless given. */
  readonly gatewayPort?: number;
}

/** By which whoever posts a request tells it from others; taken off before the gateway sees it. */
export const attemptHeader = 'x-okta-otp-attempt';

/** Where a line of the functions comes from. */
export interface Printed {
  readonly by: 'sender' | 'authorizer';
  /** The gateway's id of the request that was served; undefined for an invocation past the gateway. */
  readonly requestId: string | undefined;
}

/** One request of the gateway with its answer. The body holds a code and a number: for the phone's side, not for logs. */
export interface Exchange {
  /** The answer's `x-amzn-RequestId`; undefined when the gateway did not get as far. */
  readonly requestId: string | undefined;
  /** What its sender called it by `attemptHeader`. */
  readonly attempt: string | undefined;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly ms: number;
  readonly status: number;
  readonly body: string;
  readonly reply: string;
}

/** What a client needs to get a token that the hook accepts. */
export interface HookClient {
  readonly clientId: string;
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly scope: string;
  readonly tokenUrl: string;
}

export interface LocalCloud {
  /** Where Okta would post to. */
  readonly hookUrl: string;
  readonly client: HookClient;
  readonly inbox: PhoneInbox;
  readonly okta: OktaAuthorizationServer;
  readonly messaging: EndUserMessaging;
  readonly queue: QueueServer;
  readonly functions: { readonly sender: FunctionPool; readonly authorizer: FunctionPool };
  readonly dynamodb: DynamoDBClient;
  readonly urls: {
    readonly gateway: string;
    readonly okta: string;
    readonly messaging: string;
    readonly dynamodb: string;
    readonly queue: string;
  };
  setGatewayFault(fault: Fault | undefined): void;
  /** Lets the gateway ask the authorizer anew for every token. */
  forgetPolicies(): void;
  /** What kinds of secrets stood in lines that the functions printed; empty unless something is broken. */
  leaks(): readonly string[];
  close(): Promise<void>;
}

const region = 'us-east-1';
const accountId = '000000000000';
const access = { region, credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
/** Token, code and number. */
const secretsOfRequest = 3;
const queueName = 'okta-otp-failures';
const clientId = '0oalocalhookclient00';
const scope = 'telephony.hook';
const audience = 'api://default';

/** As in the stack: a JWT, and nothing else, reaches the authorizer. */
export const jwtShaped = 'Bearer [A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+';

/** As in the stack. */
export const timeouts = { authorizerMs: 3_000, senderMs: 5_000 };
/** The shortest that the stack can be set to, whose default is 300: what is cached shows, and is over soon. */
const policyTtlSeconds = 60;

/** Starts the whole chain on 127.0.0.1: Okta's authorization server, gateway, both functions, tables, queue, phones. */
export async function startLocalCloud(options: LocalCloudOptions): Promise<LocalCloud> {
  const running: RunningServer[] = [];
  try {
    return await start(options, running);
  } catch (error) {
    // A port is taken: what was started before goes down again.
    await Promise.all(running.map((server) => server.close()));
    throw error;
  }
}

async function start(options: LocalCloudOptions, running: RunningServer[]): Promise<LocalCloud> {
  const { clock } = options;
  const { now } = clock;
  const up = async (handle: Serve, port?: number) => {
    const server = await serve(handle, port);
    running.push(server);
    return server.url;
  };

  const { kept } = options;
  const inbox = createPhoneInbox(kept);
  const messaging = createEndUserMessaging({
    inbox,
    now,
    kept,
    ...(options.account ? { account: options.account } : {}),
  });
  const queue = createQueueServer({ now, queueNames: [queueName], accountId, region });
  const key = await createClientKey();
  const [okta, database] = await Promise.all([
    createOktaAuthorizationServer({
      now: options.oktaNow ?? now,
      clients: [{ clientId, jwks: [key.jwk], scopes: [scope] }],
      audience,
    }),
    startDynamoDb(),
  ]);
  running.push(database);
  const [messagingUrl, queueBase, oktaBase] = await Promise.all([up(messaging.serve), up(queue.serve), up(okta.serve)]);

  const dynamodb = createDynamoDb(access, createHttp(now), database.url);
  await createTables(dynamodb);
  await publishCatalog(dynamodb, catalogTable, {
    files: options.catalog,
    author: 'local',
    now: now(),
    id: randomUUID(),
    against: undefined,
  });

  const sink = createLeakSink(kept === undefined ? {} : { watchesMost: kept * secretsOfRequest });
  const leaks: string[] = [];
  const onLine = (line: string, printed: Printed) => {
    try {
      sink.check(line);
      options.onLine?.(line, printed);
    } catch (error) {
      leaks.push(error instanceof Error ? error.message : 'output holds a secret');
    }
  };

  const issuer = okta.issuerAt(oktaBase);
  const pool = (name: 'sender' | 'authorizer', timeoutMs: number, env: Readonly<Record<string, string>>) =>
    createFunctionPool({
      clock,
      name: `okta-otp-${name}`,
      bundle: options.bundles[name],
      timeoutMs,
      onLine: (line, requestId) => onLine(line, { by: name, requestId }),
      env,
      ...(options.environments === undefined ? {} : { size: options.environments }),
    });
  const functions = {
    authorizer: pool('authorizer', timeouts.authorizerMs, {
      OKTA_ISSUER: issuer,
      OKTA_AUDIENCE: audience,
      OKTA_CLIENT_IDS: clientId,
      OKTA_SCOPE: scope,
      ...options.authorizerEnv,
    }),
    sender: pool('sender', timeouts.senderMs, {
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: access.credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: access.credentials.secretAccessKey,
      AWS_ENDPOINT_URL_DYNAMODB: database.url,
      AWS_ENDPOINT_URL_PINPOINT_SMS_VOICE_V2: messagingUrl,
      AWS_ENDPOINT_URL_SQS: queueBase,
      OKTA_OTP_CATALOG_TABLE: catalogTable,
      OKTA_OTP_LEDGER_TABLE: ledgerTable,
      OKTA_OTP_FAILURES_QUEUE_URL: queue.queueUrlAt(queueBase, queueName),
      OKTA_OTP_NUMBER_HASH_KEY: randomBytes(32).toString('base64url'),
      ...options.senderEnv,
    }),
  };

  const api = { region, accountId, apiId: 'local', stage: 'prod', path: '/mfa', method: 'POST' };
  const gateway = createGateway({
    ...api,
    clock,
    authorizer: {
      invoke: functions.authorizer.invoke,
      identityValidationExpression: jwtShaped,
      resultTtlSeconds: policyTtlSeconds,
    },
    integration: functions.sender,
    ...(options.onHop ? { onHop: options.onHop } : {}),
  });
  const gatewayUrl = await up(async (request, connection) => {
    const attempt = request.headers.get(attemptHeader) ?? undefined;
    request.headers.delete(attemptHeader);
    await watchSecretsOf(request, sink.watch);
    if (options.onExchange === undefined) return await gateway.serve(request, connection);
    const [at, body] = [now(), await request.clone().text()];
    const response = await gateway.serve(request, connection);
    const requestId = response.headers.get('x-amzn-requestid') ?? undefined;
    const ms = now() - at;
    const reply = await response.clone().text();
    options.onExchange({ requestId, attempt, at, ms, status: response.status, body, reply });
    return response;
  }, options.gatewayPort);

  return {
    hookUrl: `${gatewayUrl}/${api.stage}${api.path}`,
    client: { clientId, kid: key.jwk.kid, privateKey: key.privateKey, scope, tokenUrl: `${issuer}/v1/token` },
    inbox,
    okta,
    messaging,
    queue,
    functions,
    dynamodb,
    urls: { gateway: gatewayUrl, okta: oktaBase, messaging: messagingUrl, dynamodb: database.url, queue: queueBase },
    setGatewayFault: gateway.setFault,
    forgetPolicies: gateway.clearAuthorizerCache,
    leaks: () => [...leaks],
    async close() {
      dynamodb.destroy();
      await Promise.all([functions.sender.close(), functions.authorizer.close()]);
      await Promise.all(running.map((server) => server.close()));
    },
  };
}

/** What of a hook request the functions must never print. */
async function watchSecretsOf(request: Request, watch: ReturnType<typeof createLeakSink>['watch']): Promise<void> {
  const token = request.headers.get('authorization');
  if (token !== null) watch('token', token.replace(/^Bearer /i, ''));
  const json = parseJson(await request.clone().text());
  const data = json.ok && isObject(json.value) ? json.value['data'] : undefined;
  const message = isObject(data) ? data['messageProfile'] : undefined;
  if (!isObject(message)) return;
  const { otpCode, phoneNumber } = message;
  if (typeof otpCode === 'string' || typeof otpCode === 'number') watch('code', String(otpCode));
  if (typeof phoneNumber === 'string' || typeof phoneNumber === 'number') watch('number', String(phoneNumber));
}

async function createClientKey() {
  const { privateKey, publicKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  const { n = '', e = '' } = publicKey.export({ format: 'jwk' });
  return { privateKey, jwk: { kty: 'RSA', kid: randomUUID(), n, e } };
}
