import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { isObject, parseJson } from '../../src/core/decode.ts';
import { systemClock } from '../../src/handlers/system-clock.ts';
import type { OktaAuthorizationServer } from '../../src/local/okta-authorization-server.ts';
import { createOktaAuthorizationServer } from '../../src/local/okta-authorization-server.ts';
import type { RunningServer } from '../../src/local/serve.ts';
import { serve } from '../../src/local/serve.ts';
import type { FakeContextOptions } from './fake-context.ts';
import { createFakeContext } from './fake-context.ts';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const { n = '', e = '' } = publicKey.export({ format: 'jwk' });

export const hookClient = {
  clientId: '0oahookclient',
  kid: 'operator-key',
  secret: 'secret-of-the-hook-app-0123456789',
  scope: 'telephony.hook',
  pem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  jwk: JSON.stringify({ ...privateKey.export({ format: 'jwk' }), kid: 'operator-key' }),
} as const;

/** A hook somewhere else, with Okta's authorization server beside it, and a folder to run in. */
export interface DeployedHook {
  readonly okta: OktaAuthorizationServer;
  readonly issuer: string;
  readonly url: string;
  readonly folder: string;
  /** What was posted to the hook, oldest first. */
  readonly posted: { readonly headers: Headers; readonly body: Record<string, unknown> }[];
  /** What the hook answers from now on. */
  answerWith(answer: (body: Record<string, unknown>) => Response | Promise<Response>): void;
  write(name: string, text: string): string;
  /** Runs `test-call` against it, with the client's secret in the environment unless another one is given. */
  call(args: readonly string[], options?: FakeContextOptions): Promise<{ code: number; out: string; err: string }>;
}

/** The answer of a sender that sent. */
export const sentReply = (metadata = 'channel=sms', status = 'SUCCESSFUL', transactionId = 'message-1') => ({
  commands: [
    {
      type: 'com.okta.telephony.action',
      value: [{ status, provider: 'a provider', transactionId, transactionMetadata: metadata }],
    },
  ],
});

export function useDeployedHook(): () => DeployedHook {
  let hook: DeployedHook | undefined;
  let running: RunningServer[] = [];
  let ids = 0;
  // One for all tests of a file, since its keys take a while; each test finds it as new.
  beforeAll(async () => {
    const clients = [
      {
        clientId: hookClient.clientId,
        jwks: [{ kty: 'RSA', kid: hookClient.kid, n, e }],
        scopes: [hookClient.scope],
        secret: hookClient.secret,
      },
      { clientId: '0oaother', jwks: [], scopes: ['another.scope'] },
    ];
    const okta = await createOktaAuthorizationServer({ now: systemClock.now, clients, audience: 'api://default' });
    const posted: DeployedHook['posted'] = [];
    let answer: (body: Record<string, unknown>) => Response | Promise<Response> = () => Response.json(sentReply());
    const oktaServer = await serve(okta.serve);
    const hookServer = await serve(async (request) => {
      const json = parseJson(await request.text());
      const body = json.ok && isObject(json.value) ? json.value : {};
      posted.push({ headers: request.headers, body });
      return await answer(body);
    });
    running = [oktaServer, hookServer];
    const folder = mkdtempSync(join(tmpdir(), 'okta-otp-test-call-'));
    const issuer = okta.issuerAt(oktaServer.url);
    const url = `${hookServer.url}/prod/mfa`;
    hook = {
      okta,
      issuer,
      url,
      folder,
      posted,
      answerWith: (next) => {
        answer = next;
      },
      write(name, text) {
        writeFileSync(join(folder, name), text);
        return name;
      },
      async call(args, options = {}) {
        const context = {
          ...createFakeContext({ env: { OKTA_OTP_CLIENT_SECRET: hookClient.secret }, ...options }),
          cwd: folder,
          // Okta takes the id of an assertion once, from whichever run.
          newId: () => {
            ids += 1;
            return `id-${ids}`;
          },
        };
        const code = await main(
          ['test-call', '--url', url, '--issuer', issuer, '--client-id', hookClient.clientId, ...args],
          context,
        );
        return { code, out: context.out(), err: context.err() };
      },
    };
  });
  beforeEach(() => {
    hook?.posted.splice(0);
    hook?.answerWith(() => Response.json(sentReply()));
  });
  afterAll(async () => {
    await Promise.all(running.map((server) => server.close()));
    if (hook !== undefined) rmSync(hook.folder, { recursive: true, force: true });
  });
  return () => {
    if (hook === undefined) throw new Error('the hook is not up yet');
    return hook;
  };
}
