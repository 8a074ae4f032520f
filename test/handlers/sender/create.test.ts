import { describe, expect, it } from 'vitest';
import type { CatalogCache } from '../../../src/core/catalog-cache.ts';
import type { SenderDeps } from '../../../src/handlers/sender/create.ts';
import { createSender } from '../../../src/handlers/sender/create.ts';
import { createLeakSink } from '../../../src/local/leak-sink.ts';
import type { HookBodyParts } from '../../support/fake-hook-request.ts';
import { hookBody } from '../../support/fake-hook-request.ts';
import type { FakeSenderOptions } from '../../support/fake-sender.ts';
import { createFakeSender } from '../../support/fake-sender.ts';
import { marked } from '../../support/marked.ts';

/** A handler over fakes; every line of its log is parsed, and looked through for secrets. */
function createScene(options: FakeSenderOptions = {}, more: Partial<SenderDeps> = {}) {
  const sender = createFakeSender(options);
  const sink = createLeakSink();
  sink.watch('code', marked.otp);
  sink.watch('number', marked.phone);
  sink.watch('name', marked.firstName);
  const lines: Record<string, unknown>[] = [];
  let dropped = 0;
  const handler = createSender({
    ...sender.deps,
    answerWithinMs: 2200,
    dropIdleConnections: () => {
      dropped += 1;
    },
    log: (line) => {
      sink.check(line);
      lines.push(JSON.parse(line));
    },
    ...more,
  });
  const invoke = async (event: unknown) => {
    const { statusCode, headers, body } = await sender.clock.run(handler(event));
    sink.check(body);
    expect(headers).toEqual({ 'content-type': 'application/json' });
    return { statusCode, body: JSON.parse(body) };
  };
  return { ...sender, lines, invoke, dropped: () => dropped };
}

const event = (parts: HookBodyParts = {}, requestTimeEpoch?: number) => ({
  body: JSON.stringify(hookBody(parts)),
  isBase64Encoded: false,
  requestContext: { requestTimeEpoch },
});

describe("the sender's handler", () => {
  it('delivers and logs one line with its metrics', async () => {
    const { invoke, lines, dropped } = createScene();
    const { statusCode, body } = await invoke(event());
    expect(statusCode).toBe(200);
    expect(body.commands[0].value[0].status).toBe('SUCCESSFUL');
    expect(lines).toMatchObject([{ type: 'delivery', outcome: 'accepted', Deliveries: 1, Accepted: 1, _aws: {} }]);
    expect(dropped()).toBe(1);
  });

  it('has the catalog before the first request comes', async () => {
    const { clock, table, invoke, lines } = createScene();
    await clock.advance(10);
    expect(table.loads.made()).toBe(1);
    await invoke(event());
    expect(table.loads.made()).toBe(1);
    expect(lines).toMatchObject([{ catalog: { version: 1, source: 'table' } }]);
  });

  it('delivers a body in base64', async () => {
    const { invoke, messages } = createScene();
    const body = Buffer.from(JSON.stringify(hookBody())).toString('base64');
    expect((await invoke({ body, isBase64Encoded: true })).statusCode).toBe(200);
    expect(messages.arrived()).toHaveLength(1);
  });

  it('counts the time since API Gateway took the request', async () => {
    const { clock, invoke, lines } = createScene();
    await invoke(event({ eventId: 'one' }, clock.now() - 1200));
    await invoke(event({ eventId: 'two' }, clock.now() + 60_000));
    await invoke(event({ eventId: 'three' }));
    expect(lines.map(({ leftMs }) => leftMs)).toEqual([1000, 1900, 1900]);
  });

  it('leaves a request that came too late to Okta', async () => {
    const { clock, invoke, messages } = createScene();
    const { body } = await invoke(event({}, clock.now() - 2199));
    expect(body.commands[0].value[0]).toMatchObject({ status: 'FAILED' });
    expect(messages.asked()).toEqual([]);
  });

  it('keeps no language, number, name or code from one request to the next', async () => {
    const { invoke, messages, lines } = createScene();
    await invoke(event({ eventId: 'one', locale: 'es' }));
    await invoke(
      event({
        eventId: 'two',
        locale: undefined,
        firstName: undefined,
        phoneNumber: marked.otherPhone,
        otpCode: marked.otherOtp,
      }),
    );
    expect(messages.arrived().map(({ to, message }) => `${to.reveal()} ${message.body.reveal()}`)).toEqual([
      `${marked.phone} Tu código de Acme es ${marked.otp}.`,
      `${marked.otherPhone} Hi, your Acme code is ${marked.otherOtp}. It works for 5 min.`,
    ]);
    expect(lines[1]).toMatchObject({ eventId: 'two', template: { locale: 'en', match: 'default' } });
  });

  it('counts a dry run apart', async () => {
    const { invoke, lines } = createScene();
    const { body } = await invoke(event({ eventId: 'dryrun-1' }));
    expect(body.commands[0].value[0].transactionMetadata).toContain('dry run');
    expect(lines).toMatchObject([{ DryRuns: 1, DryRunFailures: 0, dryRun: true }]);
    expect(lines[0]).not.toHaveProperty('Deliveries');
  });
});

describe('a body that is no hook request', () => {
  const profile = (change: Record<string, unknown>) => JSON.stringify(hookBody(change));

  it.each([
    ['is missing', undefined, 'body is missing'],
    ['is malformed', `{"eventId": "x", "otpCode": "${marked.otp}"`, 'body is not valid JSON'],
    ['is no object', '[]', 'body must be an object'],
    ['has a megabyte', `{"x":"${'a'.repeat(1_048_576)}"}`, 'body is larger than 65536 characters'],
    ['lacks its data', '{"eventId":"one"}', 'data is missing'],
    ['lacks its event id', profile({ eventId: undefined }), 'eventId is missing'],
    [
      'has a wrong channel',
      profile({ deliveryChannel: 'pigeon' }),
      'data.messageProfile.deliveryChannel must be SMS or voice call',
    ],
    ['has no code', profile({ otpCode: undefined }), 'data.messageProfile.otpCode is missing'],
    [
      'has a wrong number',
      profile({ phoneNumber: 'not a number' }),
      'data.messageProfile.phoneNumber is not a telephone number in E.164 form',
    ],
    ['has a wrong time', profile({ otpExpires: 'soon' }), 'data.messageProfile.otpExpires must be an ISO 8601 time'],
    ['has a wrong locale', profile({ locale: 7 }), 'data.messageProfile.locale must be a string'],
  ])('is answered with 400 and the name of the field when it %s', async (_, body, reason) => {
    const { invoke, lines, messages } = createScene();
    const reply = await invoke({ body });
    expect(reply).toEqual({
      statusCode: 400,
      body: {
        error: {
          errorSummary: 'The verification code could not be sent.',
          errorCauses: [{ errorSummary: 'The hook request is not valid', reason }],
        },
      },
    });
    expect(lines).toMatchObject([{ type: 'bad-request', BadRequests: 1 }]);
    expect(messages.asked()).toEqual([]);
  });

  it('has all its wrong fields named', async () => {
    const { invoke } = createScene();
    const { body } = await invoke({
      body: profile({ otpCode: undefined, phoneNumber: undefined, eventId: undefined }),
    });
    const reasons: { reason: string }[] = body.error.errorCauses;
    expect(reasons.map(({ reason }) => reason)).toEqual([
      'eventId is missing',
      'data.messageProfile.phoneNumber is missing',
      'data.messageProfile.otpCode is missing',
    ]);
  });
});

describe('a failure that nobody thought of', () => {
  const failing = (thrown: unknown): FakeSenderOptions => ({
    deps: {
      newOwner: () => {
        throw thrown;
      },
    },
  });

  it.each([
    { thrown: new TypeError(`cannot read ${marked.otp}`), error: 'TypeError' },
    { thrown: marked.otp, error: 'string' },
  ])('is left to Okta, and logged by its kind alone: $error', async ({ thrown, error }) => {
    const { invoke, lines } = createScene(failing(thrown));
    const { statusCode, body } = await invoke(event());
    expect(statusCode).toBe(200);
    expect(body.commands[0].value[0]).toMatchObject({ status: 'FAILED', transactionMetadata: 'cause=internal' });
    expect(lines).toMatchObject([
      {
        type: 'sender-failed',
        error,
        eventId: 'uS5871kJThSsU8qlA1LTcg',
        Deliveries: 1,
        Failures: 1,
        Fallbacks: 1,
        SenderFailures: 1,
      },
    ]);
  });

  it('does not take the answer past its deadline', async () => {
    const forever: CatalogCache = {
      prefetch() {},
      current: () => new Promise(() => {}),
      end: async () => {},
    };
    const { clock, invoke, lines } = createScene({}, { catalog: forever });
    const startedAt = clock.now();
    const { body } = await invoke(event());
    expect(body.commands[0].value[0].status).toBe('FAILED');
    expect(clock.now() - startedAt).toBe(1900);
    expect(lines).toMatchObject([{ type: 'sender-failed', error: 'late' }]);
    expect(clock.pending()).toBe(0);
  });
});
