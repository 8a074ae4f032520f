import { generateKeyPairSync } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { functionBundle } from '../../src/cli/paths.ts';
import { parseConfig } from '../../src/handlers/authorizer/config.ts';
import { createAuthorizer } from '../../src/handlers/authorizer/create.ts';
import { systemClock } from '../../src/handlers/system-clock.ts';
import { jwtShaped } from '../../src/local/cloud.ts';
import { createEndUserMessaging } from '../../src/local/end-user-messaging.ts';
import type { FunctionPool, Invocable } from '../../src/local/function-pool.ts';
import { createFunctionPool } from '../../src/local/function-pool.ts';
import { createGateway } from '../../src/local/gateway.ts';
import type { OktaAuthorizationServer } from '../../src/local/okta-authorization-server.ts';
import { createOktaAuthorizationServer } from '../../src/local/okta-authorization-server.ts';
import { createPhoneInbox } from '../../src/local/phone.ts';
import type { Serve } from '../../src/local/serve.ts';
import { serve } from '../../src/local/serve.ts';
import { createHttp } from '../../src/net/http.ts';
import { fetchKeys } from '../../src/okta/fetch-keys.ts';
import { createKeyStore } from '../../src/okta/key-store.ts';
import { createTokenVerifier } from '../../src/okta/verify-token.ts';
import type { SelfSigned } from './certificate.ts';
import type { DeployWorld } from './deploy-world.ts';
import { stackName } from './deploy-world.ts';
import type { Ran } from './run-bin.ts';
import { runBin } from './run-bin.ts';
import { startTlsNames } from './tls-names.ts';

/** What stands behind the hook URL of a stack, and Okta beside it; `test-call` runs against it as a process. */
export interface DeployedChain {
  /** The hook's own authorization server, which signs for `issuer`. */
  readonly okta: OktaAuthorizationServer;
  /** What arrived at phones, oldest first. */
  received(): readonly { readonly to: string; readonly messageId: string }[];
  /** What the functions printed. */
  readonly lines: readonly string[];
  /** Answers in the gateway's place; with `undefined` it is the gateway's turn. */
  intercept(answer: Serve | undefined): void;
  /** Runs the command in the operator's folder. */
  call(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Ran>;
  close(): Promise<void>;
}

export const issuer = 'https://example.okta.com/oauth2/default';
export const otherIssuer = 'https://example.okta.com/oauth2/other';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const { n = '', e = '' } = publicKey.export({ format: 'jwk' });

/** The app of the hook, with an operator's key beside the hook's own; another app, and another scope. */
export const hookApp = {
  clientId: '0oahookclient',
  kid: 'operator-key',
  pem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  secret: 'secret-of-the-hook-app-0123456789',
  scope: 'telephony.hook',
  otherScope: 'other.scope',
} as const;
export const otherApp = { clientId: '0oaotherclient', secret: 'secret-of-another-app-9876543210' } as const;

/** What `okta-otp.json` says of Okta. */
export const oktaSettings = { issuer, audience: 'api://default', clientIds: [hookApp.clientId], scope: hookApp.scope };

/** The names under which the servers are reached, as long as they are up. */
export const names = ['example.okta.com', '*.execute-api.us-east-1.amazonaws.com'];

/**
 * Puts real parts behind the hook URL of a deployed stack: a gateway, the authorizer with the settings that the stack gave
 * its function, the sender's bundle with those of its own, and Okta's authorization server under its name. What calls
 * them goes to the URL that stands in the stack's outputs.
 */
export async function startDeployedChain(world: DeployWorld, certificate: SelfSigned): Promise<DeployedChain> {
  const open: { close(): Promise<unknown> }[] = [];
  const up = async (handle: Serve) => {
    const server = await serve(handle);
    open.push(server);
    return server.url;
  };
  const now = Date.now;
  const lines: string[] = [];
  const jwks = [{ kty: 'RSA', kid: hookApp.kid, n, e }];
  const clients = [
    { clientId: hookApp.clientId, jwks, scopes: [hookApp.scope, hookApp.otherScope], secret: hookApp.secret },
    { clientId: otherApp.clientId, jwks: [], scopes: [hookApp.scope], secret: otherApp.secret },
  ];
  const [okta, other] = await Promise.all([
    createOktaAuthorizationServer({ now, clients, audience: oktaSettings.audience, issuer }),
    createOktaAuthorizationServer({
      now,
      clients,
      audience: 'api://other',
      issuer: otherIssuer,
      authorizationServerId: 'other',
    }),
  ]);
  const oktaUrl = await up((request, connection) =>
    (request.url.includes('/oauth2/other/') ? other : okta).serve(request, connection),
  );

  const http = createHttp(now);
  const keys = createKeyStore(systemClock, (signal) =>
    fetchKeys(
      {
        ...http,
        // The function would find Okta by its name; here it is on this machine.
        request: (request, given) =>
          http.request({ ...request, url: new URL(`${oktaUrl}${request.url.pathname}`) }, given),
      },
      issuer,
      signal,
    ),
  );
  const { trusts, stack } = parseConfig(await settingsOf(world, 'AuthorizerAlias'));
  const authorize = createAuthorizer({
    clock: systemClock,
    log: (line) => lines.push(line),
    stack,
    keyStores: [keys],
    verify: createTokenVerifier(trusts.map((trust) => ({ trust, keys }))),
    dropIdleConnections: http.dropIdle,
  });

  const inbox = createPhoneInbox();
  const messaging = await up(createEndUserMessaging({ inbox, now }).serve);
  const sender: FunctionPool = createFunctionPool({
    clock: systemClock,
    name: 'sender',
    bundle: functionBundle('sender'),
    timeoutMs: 5_000,
    onLine: (line) => lines.push(line),
    env: {
      ...(await settingsOf(world, 'SenderAlias')),
      AWS_REGION: world.aws.region,
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
      AWS_ENDPOINT_URL_DYNAMODB: world.aws.urls.dynamodb,
      AWS_ENDPOINT_URL_SQS: world.aws.urls.queue,
      AWS_ENDPOINT_URL_PINPOINT_SMS_VOICE_V2: messaging,
    },
  });
  open.push(sender);

  const gateway = createGateway({
    region: world.aws.region,
    accountId: world.aws.accountId,
    apiId: 'api',
    stage: 'prod',
    path: '/mfa',
    method: 'POST',
    clock: systemClock,
    authorizer: { ...inThisProcess(authorize), identityValidationExpression: jwtShaped, resultTtlSeconds: 0 },
    integration: sender,
  });
  let answer: Serve | undefined;
  const hookUrl = await up((request, connection) => (answer ?? gateway.serve)(request, connection));

  const tls = await startTlsNames(certificate, (name) => {
    if (name === 'example.okta.com') return oktaUrl;
    return name.endsWith('.execute-api.us-east-1.amazonaws.com') ? hookUrl : undefined;
  });
  open.push(tls);
  await writeFile(join(world.dir, 'operator.pem'), hookApp.pem);

  const chain: DeployedChain = {
    okta,
    received: () => inbox.received(),
    lines,
    intercept(next) {
      answer = next;
    },
    call: (args, env = {}) =>
      runBin(['test-call', '--env', 'prod', ...args], {
        cwd: world.dir,
        env: { ...world.aws.env, ...tls.env, ...env },
      }),
    async close() {
      await Promise.all(open.map((part) => part.close()));
    },
  };
  await warmUp(chain);
  return chain;
}

/** The environment variables that the stack gave to a function, as its alias has them. */
async function settingsOf({ aws }: DeployWorld, logicalId: string): Promise<Record<string, string>> {
  const resource = [...(aws.cloudformation.stack(stackName)?.resources.values() ?? [])].find(
    (found) => found.logicalId === logicalId,
  );
  const [, , , , , , name, alias] = resource?.physicalId?.split(':') ?? [];
  const lambda = new LambdaClient({ endpoint: aws.urls.lambda });
  const found = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: name, Qualifier: alias }));
  lambda.destroy();
  return found.Environment?.Variables ?? {};
}

/** A function whose code runs here; how Lambda tells an error is all that the gateway goes by. */
const inThisProcess = (handle: (event: unknown) => Promise<unknown>): Invocable => ({
  async invoke(event) {
    try {
      return { kind: 'answered', payload: await handle(event) };
    } catch (error) {
      const errorMessage = error instanceof Error ? error.message : '';
      return { kind: 'function-error', errorType: 'Error', errorMessage };
    }
  },
});

/** A first call may take longer than Okta waits where this machine has other things to do. */
async function warmUp(chain: DeployedChain): Promise<void> {
  for (let tries = 0; tries < 10; tries += 1) {
    const args = ['+34612345678', '--dry-run', '--json'];
    const { code, err } = await chain.call(args, { OKTA_OTP_CLIENT_SECRET: hookApp.secret });
    if (code === 0) return;
    if (code !== 3) throw new Error(`the chain does not work: ${err}`);
  }
  throw new Error('the chain is never warm');
}
