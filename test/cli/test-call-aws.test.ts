import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { createLambdaInvoke } from '../../src/local/lambda-invoke.ts';
import type { LocalConfigurationSet, Receipts } from '../../src/local/receipts.ts';
import { createReceipts } from '../../src/local/receipts.ts';
import type { RunningServer } from '../../src/local/serve.ts';
import { serve } from '../../src/local/serve.ts';
import type { InvokeResult } from '../../src/local/start-environment.ts';
import { hookClient, sentReply, useDeployedHook } from '../support/deployed-hook.ts';
import type { FakeContextOptions } from '../support/fake-context.ts';
import { createFakeContext } from '../support/fake-context.ts';
import { useLocalCloud } from '../support/local-cloud.ts';
import { marked } from '../support/marked.ts';

const toPhone = [marked.phone, '--otp', marked.otp];

/** The SDK's own way to another endpoint, so that nothing but the address differs from AWS. */
function stubAws(endpoints: Readonly<Record<string, string>>): void {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'local');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'local');
  vi.stubEnv('AWS_REGION', 'us-east-1');
  vi.stubEnv('AWS_CONFIG_FILE', '/nonexistent');
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', '/nonexistent');
  for (const [name, url] of Object.entries(endpoints)) vi.stubEnv(`AWS_ENDPOINT_URL_${name}`, url);
}

afterEach(() => vi.unstubAllEnvs());

async function run(args: readonly string[], options: FakeContextOptions = {}) {
  const context = createFakeContext(options);
  const code = await main(['test-call', ...args], context);
  return { code, out: context.out(), err: context.err() };
}

describe('test-call --invoke', () => {
  const under = useLocalCloud();
  let lambda: RunningServer;
  const result: { next: InvokeResult } = { next: { kind: 'throttled' } };

  beforeAll(async () => {
    lambda = await serve(
      createLambdaInvoke({
        'okta-otp-sender': under().cloud.functions.sender,
        odd: { invoke: async () => result.next },
      }),
    );
  });
  afterAll(() => lambda.close());
  beforeEach(() => stubAws({ LAMBDA: lambda.url }));

  it.each([
    'okta-otp-sender',
    'okta-otp-sender:live',
    'arn:aws:lambda:us-east-1:123456789012:function:okta-otp-sender:live',
  ])('sends through the function %s without gateway and authorizer', async (name) => {
    const before = under().cloud.inbox.received().length;
    const { code, out, err } = await run([...toPhone, '--invoke', name, '--set', `eventId=to-${name}`, '--json']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const report = JSON.parse(out);
    expect(report).toMatchObject({ target: 'invoke', gateway: { status: 200 }, verdict: { codeTakenForSent: true } });
    expect(report).not.toHaveProperty('token');
    const received = under().cloud.inbox.received();
    expect(received).toHaveLength(before + 1);
    expect(received.at(-1)).toMatchObject({
      to: marked.phone,
      messageId: report.reply.commands[0].value[0].transactionId,
    });
    expect(out).not.toContain(marked.otp);
  });

  it('says it in words, too', async () => {
    const { code, out } = await run([
      ...toPhone,
      '--invoke',
      'okta-otp-sender',
      '--set',
      'eventId=words',
      '--expect',
      'channel=sms',
    ]);
    expect(code).toBe(0);
    expect(out).toMatch(/^sender .* the function answered with 200$/m);
    expect(out).not.toMatch(/^(token|authorizer) /m);
  });

  it.each<[string, InvokeResult, string]>([
    ['fails', { kind: 'function-error', errorType: 'ConfigError', errorMessage: marked.otp }, 'ConfigError'],
    ['times out', { kind: 'timed-out' }, 'Sandbox.Timedout'],
    ['gives no reply', { kind: 'answered', payload: 'soon' }, 'a reply without a status code'],
    ['gives nothing', { kind: 'answered', payload: undefined }, 'a reply without a status code'],
  ])('explains a function that %s', async (_, next, answered) => {
    result.next = next;
    const { code, out } = await run([...toPhone, '--invoke', 'odd', '--json']);
    expect(code).toBe(3);
    expect(JSON.parse(out).failure).toMatchObject({ hop: 'sender', answered, next: expect.stringContaining('log') });
    expect(out).not.toContain(marked.otp);
  });

  it.each([
    ['function-not-found', 'nowhere'],
    ['aws-throttled', 'odd'],
  ])('ends with 1 and %s for %s', async (errorCode, name) => {
    result.next = { kind: 'throttled' };
    const { code, out, err } = await run([...toPhone, '--invoke', name, '--json']);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(JSON.parse(err)).toMatchObject({ error: { code: errorCode, hint: expect.stringMatching(/./) } });
  });

  it('asks in the Region of the ARN', async () => {
    vi.stubEnv('AWS_REGION', undefined);
    const name = 'arn:aws:lambda:eu-west-1:123456789012:function:okta-otp-sender';
    expect((await run([...toPhone, '--invoke', name, '--set', 'eventId=region'])).code).toBe(0);
  });
});

describe('test-call --wait', () => {
  const deployed = useDeployedHook();
  let receipts: Receipts;
  let server: RunningServer;
  const sets: LocalConfigurationSet[] = [];
  const env = { OKTA_OTP_CLIENT_SECRET: hookClient.secret };

  beforeEach(async () => {
    sets.length = 0;
    sets.push(
      { name: 'bare' },
      { name: 'off', logGroup: '/off', enabled: false },
      { name: 'otp', logGroup: '/otp/receipts' },
    );
    receipts = createReceipts({ configurationSets: sets, pageSize: 1 });
    server = await serve(receipts.serve);
    stubAws({ PINPOINT_SMS_VOICE_V2: server.url, CLOUDWATCH_LOGS: server.url });
  });
  afterEach(() => server.close());

  const event = (eventType: string, isFinal: boolean, messageId = 'message-1') =>
    JSON.stringify({
      eventType,
      eventVersion: '1.0',
      eventTimestamp: Date.now() + (isFinal ? 1 : 0),
      isFinal,
      originationPhoneNumber: '+18005550123',
      destinationPhoneNumber: marked.phone,
      isoCountryCode: 'ES',
      messageId,
      messageStatus: eventType.replace(/^[A-Z]+_/, ''),
      messageStatusDescription: 'what the carrier said',
    });
  const log = (...args: Parameters<typeof event>) => receipts.log('/otp/receipts', event(...args), Date.now());
  /** A clock on which waiting takes no time. */
  const hasty = () => {
    let skipped = 0;
    const now = () => Date.now() + skipped;
    return {
      now,
      after(ms: number, run: () => void) {
        // Deadlines of many seconds stay where they are; what is waited for comes at once.
        const timer = setTimeout(
          () => {
            if (ms <= 2_000) skipped += ms;
            run();
          },
          ms <= 2_000 ? 0 : ms,
        );
        return () => clearTimeout(timer);
      },
    };
  };

  it('follows the message by the transaction of the reply to its final receipt', async () => {
    log('TEXT_PENDING', false);
    log('TEXT_BLOCKED', true, 'another');
    log('TEXT_DELIVERED', true);
    const { code, out, err } = await deployed().call([...toPhone, '--wait']);
    expect({ code, err }).toEqual({ code: 0, err: 'Waiting for the delivery receipt, 60 s at most.\n' });
    expect(out).toMatch(/^receipt +TEXT_DELIVERED$/m);
    expect(out).not.toContain(marked.phone.slice(1));
  });

  it('polls until it comes', async () => {
    const clock = hasty();
    const late = {
      ...clock,
      after(ms: number, run: () => void) {
        if (receipts.polls() === 2) log('TEXT_DELIVERED', true);
        return clock.after(ms, run);
      },
    };
    const { code, out } = await deployed().call([...toPhone, '--wait', '--json'], { clock: late, env });
    expect(code).toBe(0);
    expect(JSON.parse(out).receipt).toMatchObject({
      kind: 'final',
      last: { eventType: 'TEXT_DELIVERED', status: 'DELIVERED' },
    });
    expect(receipts.polls()).toBeGreaterThanOrEqual(3);
  });

  it('ends with 3 when the carrier did not deliver, unless that was expected', async () => {
    log('TEXT_CARRIER_BLOCKED', true);
    expect((await deployed().call([...toPhone, '--wait'])).code).toBe(3);
    const expecting = await deployed().call([...toPhone, '--wait', '--expect', 'receipt=TEXT_DELIVERED']);
    expect(expecting.code).toBe(3);
    expect(expecting.out).toMatch(/^✘ expected receipt TEXT_DELIVERED, got TEXT_CARRIER_BLOCKED$/m);
    const met = await deployed().call([...toPhone, '--wait', '--expect', 'receipt=TEXT_CARRIER_BLOCKED']);
    expect(met.code).toBe(0);
  });

  it('gives up when the time is over, and says what was there', async () => {
    log('TEXT_QUEUED', false);
    const { code, out } = await deployed().call([...toPhone, '--wait', '10'], { clock: hasty(), env });
    expect(code).toBe(3);
    expect(out).toMatch(/^receipt +not final after 10 s: TEXT_QUEUED so far$/m);
    expect(out).toContain('--wait 300');
  });

  it('says that receipts are off, and how to turn them on', async () => {
    sets.pop();
    const { code, out } = await deployed().call([...toPhone, '--wait']);
    expect(code).toBe(3);
    expect(out).toMatch(/^receipt +receipts are off/m);
    expect(out).toContain('aws pinpoint-sms-voice-v2 create-event-destination');
    expect(receipts.polls()).toBe(0);
  });

  it('looks at one configuration set when that is named', async () => {
    log('TEXT_DELIVERED', true);
    expect((await deployed().call([...toPhone, '--wait', '--configuration-set', 'otp'])).code).toBe(0);
    expect((await deployed().call([...toPhone, '--wait', '--configuration-set', 'off'])).code).toBe(3);
    const env = { OKTA_OTP_CLIENT_SECRET: hookClient.secret, OKTA_OTP_CONFIGURATION_SET: 'otp' };
    expect((await deployed().call([...toPhone, '--wait'], { env })).code).toBe(0);
    const unknown = await deployed().call([...toPhone, '--wait', '--configuration-set', 'nowhere', '--json']);
    expect(unknown.code).toBe(1);
    expect(JSON.parse(unknown.err)).toMatchObject({ error: { code: 'aws-refused' } });
  });

  it('has nothing to follow when nothing was accepted', async () => {
    deployed().answerWith(() => Response.json({ ...sentReply('cause=throttled', 'FAILED'), commands: [] }));
    const { code, out } = await deployed().call([...toPhone, '--wait']);
    expect(code).toBe(3);
    expect(out).toMatch(/^receipt +there is no message to follow$/m);
  });

  it('passes over lines that are no receipts', async () => {
    receipts.log('/otp/receipts', JSON.stringify({ messageId: 'message-1', eventType: 5 }), Date.now());
    log('VOICE_COMPLETED', true);
    expect((await deployed().call([...toPhone, '--wait'])).code).toBe(0);
  });

  it('ends with 130 on Ctrl-C', async () => {
    const context = createFakeContext({ env });
    const clock = {
      ...context.clock,
      after(ms: number, run: () => void) {
        if (receipts.polls() > 0 && ms < 3_000) context.interrupt();
        return context.clock.after(ms, run);
      },
    };
    const args = ['--url', deployed().url, '--issuer', deployed().issuer, '--client-id', hookClient.clientId];
    expect(await main(['test-call', ...toPhone, ...args, '--wait'], { ...context, clock })).toBe(130);
    expect(context.out()).toBe('');
  });
});
