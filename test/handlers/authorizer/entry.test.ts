import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../../src/handlers/system-clock.ts';
import type { OktaAuthorizationServer } from '../../../src/local/okta-authorization-server.ts';
import { createOktaAuthorizationServer } from '../../../src/local/okta-authorization-server.ts';
import type { RunningServer } from '../../../src/local/serve.ts';
import { serve } from '../../../src/local/serve.ts';

const client = { clientId: '0oaHook', scopes: ['otp.send'] };
const methodArn = 'arn:aws:execute-api:us-east-1:000000000000:api/prod/POST/mfa';

let okta: OktaAuthorizationServer;
let server: RunningServer;
let lines: Record<string, unknown>[];

beforeEach(async () => {
  okta = await createOktaAuthorizationServer({ now: systemClock.now, clients: [], audience: 'api://otp' });
  server = await serve(okta.serve);
  lines = [];
  // The verifier warns of an issuer on loopback.
  vi.spyOn(console, 'warn').mockImplementation(() => {});
  vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    const text = String(chunk);
    if (text.startsWith('{')) lines.push(JSON.parse(text));
    return true;
  });
});

afterEach(async () => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  await server.close();
});

/** Loads the entry anew, as a container does, under an environment. */
async function coldStart(settings: Readonly<Record<string, string>> = {}) {
  vi.resetModules();
  const env = {
    OKTA_ISSUER: okta.issuerAt(server.url),
    OKTA_AUDIENCE: 'api://otp',
    OKTA_CLIENT_IDS: client.clientId,
    OKTA_SCOPE: 'otp.send',
    ...settings,
  };
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  const { handler } = await import('../../../src/handlers/authorizer/entry.ts');
  return handler;
}

const event = async (change: object = {}) => ({
  type: 'TOKEN',
  methodArn,
  authorizationToken: `Bearer ${await okta.sign({ ...okta.claimsAt(server.url, client), ...change })}`,
});

describe("the authorizer's entry", () => {
  it('allows a token of the issuer in its environment, fetching the keys once', async () => {
    const handler = await coldStart();
    expect(await handler(await event())).toMatchObject({
      principalId: client.clientId,
      policyDocument: { Statement: [{ Effect: 'Allow', Resource: methodArn }] },
    });
    await handler(await event());
    expect(okta.keyFetches()).toBe(1);
    expect(lines).toMatchObject([{ outcome: 'allow' }, { outcome: 'allow' }]);
  });

  it('says of which stack it is, and nothing of a ping that keeps it warm', async () => {
    const handler = await coldStart({ OKTA_OTP_STACK: 'okta-otp-prod' });
    await handler({ type: 'okta-otp.warm-ping' });
    await handler(await event());
    expect(lines).toMatchObject([{ outcome: 'allow', Stack: 'okta-otp-prod' }]);
  });

  it('refuses another token', async () => {
    const handler = await coldStart();
    await expect(handler(await event({ aud: 'api://else' }))).rejects.toThrow('Unauthorized');
    expect(lines).toMatchObject([{ outcome: 'refuse', reason: 'wrong audience' }]);
  });

  it('refuses every token while it is not configured', async () => {
    const handler = await coldStart({ OKTA_CLIENT_IDS: '', OKTA_SCOPE: '' });
    await expect(handler(await event())).rejects.toThrow('Unauthorized');
    expect(lines).toMatchObject([{ reason: 'not configured' }]);
  });

  it('cannot judge a token while the key set is answered with HTTP 500', async () => {
    okta.setFault({ kind: 'outage' });
    const handler = await coldStart();
    await expect(handler(await event())).rejects.toThrow('KeySetUnavailable');
    okta.setFault(undefined);
    expect((await handler(await event())).principalId).toBe(client.clientId);
  });

  it('does not start with settings that are wrong', async () => {
    await expect(coldStart({ OKTA_ISSUER: '' })).rejects.toThrow('OKTA_ISSUER is empty');
  });
});
