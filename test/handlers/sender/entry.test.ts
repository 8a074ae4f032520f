import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { publishCatalog } from '../../../src/aws/publish-catalog.ts';
import { parseConfig } from '../../../src/handlers/sender/config.ts';
import { createSenderDeps } from '../../../src/handlers/sender/deps.ts';
import { systemClock } from '../../../src/handlers/system-clock.ts';
import { createEndUserMessaging } from '../../../src/local/end-user-messaging.ts';
import { createLeakSink } from '../../../src/local/leak-sink.ts';
import type { PhoneInbox } from '../../../src/local/phone.ts';
import { createPhoneInbox } from '../../../src/local/phone.ts';
import type { RunningServer } from '../../../src/local/serve.ts';
import { serve } from '../../../src/local/serve.ts';
import { catalogTable, ledgerTable } from '../../../src/local/tables.ts';
import type { RunningTables } from '../../support/fake-aws-tables.ts';
import { localAccess, startTables } from '../../support/fake-aws-tables.ts';
import { catalogFiles } from '../../support/fake-catalog.ts';
import { hookBody } from '../../support/fake-hook-request.ts';
import { marked } from '../../support/marked.ts';

let inbox: PhoneInbox;
let servers: readonly [dynamodb: RunningTables, messaging: RunningServer];
let env: Readonly<Record<string, string>>;

beforeEach(async () => {
  inbox = createPhoneInbox();
  const messaging = createEndUserMessaging({ inbox, now: systemClock.now });
  servers = await Promise.all([startTables(), serve(messaging.serve)]);
  await publishCatalog(servers[0].client, catalogTable, {
    files: catalogFiles(),
    author: 'test',
    now: systemClock.now(),
    id: randomUUID(),
    against: undefined,
  });
  env = {
    AWS_REGION: localAccess.region,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_ENDPOINT_URL_DYNAMODB: servers[0].url,
    AWS_ENDPOINT_URL_PINPOINT_SMS_VOICE_V2: servers[1].url,
    OKTA_OTP_CATALOG_TABLE: catalogTable,
    OKTA_OTP_LEDGER_TABLE: ledgerTable,
    OKTA_OTP_NUMBER_HASH_KEY: 'a key of thirty-two characters..',
  };
});

afterEach(async () => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  await Promise.all(servers.map((server) => server.close()));
});

/** Loads the entry anew, as a container does, under an environment. */
async function coldStart(settings: Readonly<Record<string, string>>) {
  vi.resetModules();
  for (const [name, value] of Object.entries(settings)) vi.stubEnv(name, value);
  const { handler } = await import('../../../src/handlers/sender/entry.ts');
  return handler;
}

describe("the sender's entry", () => {
  it('delivers by the settings of its environment, and writes its line to stdout', async () => {
    const written: string[] = [];
    vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
      written.push(String(chunk));
      return true;
    });
    const handler = await coldStart({ ...env, OKTA_OTP_STACK: 'okta-otp-prod' });
    await handler({ type: 'okta-otp.warm-ping' });
    const body = JSON.stringify(hookBody({ eventId: randomUUID(), otpExpires: undefined, locale: 'es' }));
    const reply = await handler({ body });

    expect(inbox.received()).toMatchObject([{ to: marked.phone, body: `Tu código de Acme es ${marked.otp}.` }]);
    expect(JSON.parse(reply.body).commands[0].value[0]).toMatchObject({
      status: 'SUCCESSFUL',
      provider: 'AWS End User Messaging',
      transactionId: inbox.received()[0]?.messageId,
    });
    const lines = written.filter((line) => line.startsWith('{'));
    expect(lines.map((line) => line.at(-1))).toEqual(['\n']);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      type: 'delivery',
      outcome: 'accepted',
      ledger: 'claimed',
      catalog: { version: 1, source: 'table' },
      unfinished: [],
      Stack: 'okta-otp-prod',
    });
    const sink = createLeakSink();
    sink.watch('number', marked.phone);
    sink.watch('code', marked.otp);
    expect(() => sink.check(lines.join('\n'))).not.toThrow();

    expect((await handler({ body })).body).toBe(reply.body);
    expect(inbox.received()).toHaveLength(1);
  });

  it('does not start with settings that are wrong', async () => {
    await expect(coldStart({ ...env, OKTA_OTP_CATALOG_TABLE: '', AWS_REGION: '' })).rejects.toThrow(
      'AWS_REGION is empty; OKTA_OTP_CATALOG_TABLE is empty',
    );
  });
});

describe('what the sender is made of', () => {
  const made = (settings: Readonly<Record<string, string>>) =>
    createSenderDeps(parseConfig(settings), { clock: systemClock, log: () => {}, bundled: undefined });

  it('has a ledger, a queue and a hash only where they are configured', () => {
    const least = made({
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
      OKTA_OTP_CATALOG_TABLE: catalogTable,
    });
    expect([least.ledger, least.failures, least.hashNumber]).toEqual([undefined, undefined, undefined]);
    const most = made({ ...env, OKTA_OTP_FAILURES_QUEUE_URL: 'http://127.0.0.1:1/0/failures' });
    expect([most.ledger, most.failures, most.hashNumber]).not.toContain(undefined);
  });

  it('needs for a send at first what is configured, and no more than seven tenths of the time later', () => {
    const { latency } = made({ ...env, OKTA_OTP_SEND_FLOOR_MS: '250', OKTA_OTP_ANSWER_WITHIN_MS: '2000' });
    expect(latency.neededMs()).toBe(250);
    latency.observe(1900);
    expect(latency.neededMs()).toBe(1400);
  });

  it('gives every delivery an owner of its own', () => {
    const { newOwner } = made(env);
    expect(newOwner()).not.toBe(newOwner());
  });
});
