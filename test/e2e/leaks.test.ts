import { inspect } from 'node:util';
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCatalogFiles } from '../../src/cli/catalog-files.ts';
import { shippedCatalog } from '../../src/cli/paths.ts';
import { identitiesPath, settingsPath } from '../../src/core/catalog.ts';
import { isObject, parseJson } from '../../src/core/decode.ts';
import { createAuthorizer } from '../../src/handlers/authorizer/create.ts';
import type { SenderDeps } from '../../src/handlers/sender/create.ts';
import { createSender } from '../../src/handlers/sender/create.ts';
import type { LocalCloudOptions } from '../../src/local/cloud.ts';
import type { Account } from '../../src/local/end-user-messaging/account.ts';
import type { LeakSink } from '../../src/local/leak-sink.ts';
import { createLeakSink } from '../../src/local/leak-sink.ts';
import type { RunningServer } from '../../src/local/serve.ts';
import { serve } from '../../src/local/serve.ts';
import { catalogTable, ledgerTable } from '../../src/local/tables.ts';
import { createFakeSender } from '../support/fake-sender.ts';
import type { CloudUnderTest } from '../support/local-cloud.ts';
import { hookBody, startCloudUnderTest } from '../support/local-cloud.ts';
import { marked } from '../support/marked.ts';

/** Something that exists once codes have been delivered, and that is no phone. */
interface Trace {
  readonly where: string;
  readonly text: string;
}

/** National forms too, and the code as it is spelled: nobody has to print a number the way it came. */
const numbers = [marked.phone, marked.otherPhone, marked.landline];
const forms = numbers.flatMap((number) => [number, number.slice('+34'.length)]);
const codes = [marked.otp, marked.otherOtp].flatMap((otp) => [otp, [...otp].join(' '), [...otp].join(', ')]);

function createSink(tokens: Iterable<string>): LeakSink {
  const sink = createLeakSink();
  for (const code of codes) sink.watch('code', code);
  for (const number of forms) sink.watch('number', number);
  sink.watch('name', marked.firstName);
  for (const token of tokens) {
    sink.watch('token', token);
    // A part of a token is as much of a secret: the signature makes one again.
    for (const part of token.split('.')) sink.watch('token', part);
  }
  return sink;
}

/** What kinds of secrets stand where. */
function findLeaks(traces: readonly Trace[], tokens: Iterable<string>): readonly string[] {
  const sink = createSink(tokens);
  return traces.flatMap(({ where, text }) => {
    try {
      sink.check(text);
    } catch (error) {
      return [`${where}: ${error instanceof Error ? error.message : 'something'}`];
    }
    // Within a longer word as well, such as an encoded `+`.
    const hidden = [...numbers.map((number) => number.replace('+', '')), marked.firstName];
    return hidden.some((secret) => text.toLowerCase().includes(secret.toLowerCase()))
      ? [`${where}: within a word`]
      : [];
  });
}

/** A marked request; the name is the one thing that the shared one has not marked. */
function markedBody(
  change: Parameters<typeof hookBody>[0] = {},
  message: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  const { data, ...rest } = hookBody(change);
  return {
    ...rest,
    data: {
      ...data,
      userProfile: { ...data.userProfile, firstName: marked.firstName },
      messageProfile: { ...data.messageProfile, ...message },
    },
  };
}

/** A cloud of which everything is kept that leaves it: lines as they are printed, hops, replies with their headers. */
async function startWatchedCloud(options: Partial<LocalCloudOptions> = {}) {
  const traces: Trace[] = [];
  const records: Record<string, unknown>[] = [];
  const tokens = new Set<string>();
  const under: CloudUnderTest = await startCloudUnderTest({
    ...options,
    onLine(line) {
      traces.push({ where: 'line', text: line });
      const parsed = parseJson(line);
      if (parsed.ok && isObject(parsed.value)) records.push(parsed.value);
    },
    onHop: (hop) => traces.push({ where: 'hop', text: JSON.stringify(hop) }),
  });
  const { cloud } = under;
  return {
    cloud,
    records,
    tokens,
    async post(body: unknown, authorization?: string) {
      const token = authorization ?? (await under.token());
      if (token.length > 15) tokens.add(token);
      const response = await fetch(cloud.hookUrl, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      });
      const head = JSON.stringify([response.status, [...response.headers]]);
      traces.push({ where: 'reply', text: `${head} ${await response.text()}` });
      return response.status;
    },
    /** Everything that exists by now. */
    async traces(): Promise<readonly Trace[]> {
      const tables = await Promise.all(
        [ledgerTable, catalogTable].map(async (table) => {
          const { Items = [] } = await cloud.dynamodb.send(new ScanCommand({ TableName: table }));
          return Items.map((item) => ({ where: `item of ${table}`, text: JSON.stringify(item) }));
        }),
      );
      const queued = cloud.queue.messages('okta-otp-failures');
      const asked = cloud.messaging.requests().map(({ input }) => {
        const { DestinationPhoneNumber: _to, MessageBody: _body, ...rest } = input;
        return { where: 'request beside number and text', text: JSON.stringify(rest) };
      });
      return [
        ...traces,
        ...tables.flat(),
        ...queued.map((message) => ({ where: 'queue message', text: JSON.stringify(message) })),
        ...asked,
      ];
    },
  };
}

type WatchedCloud = Awaited<ReturnType<typeof startWatchedCloud>>;

const countOf = (traces: readonly Trace[], where: string) => traces.filter((trace) => trace.where === where).length;

describe('a run through many outcomes', () => {
  const optedOut = new Set<string>();
  const numberRules = new Map<string, 'ALLOW' | 'BLOCK'>();
  const account: Account = { optedOut, protect: { numbers: numberRules } };
  let watched: WatchedCloud;
  let traces: readonly Trace[];

  beforeAll(async () => {
    watched = await startWatchedCloud({
      account,
      catalog: [
        ...(await readCatalogFiles(shippedCatalog)),
        { path: settingsPath, text: '{"org":"Example Corp"}' },
        {
          path: identitiesPath,
          text: JSON.stringify({ ES: ['+34600000001', '+34600000002'], FR: { enabled: 'blocked' } }),
        },
      ],
    });
    const { cloud, post } = watched;
    const { messaging } = cloud;

    // Delivered.
    const repeated = markedBody();
    await Promise.all([post(repeated), post(repeated)]);
    await post(repeated);
    await post(markedBody({ locale: 'es-MX', otp: marked.otherOtp }));
    await post(markedBody({ channel: 'voice' }));
    await post(markedBody({ channel: 'voice', requestType: 'password-reset', locale: 'zz' }));
    await post(markedBody({ phoneNumber: marked.landline }));
    await post({ ...markedBody(), eventId: `dryrun-${crypto.randomUUID()}` });
    await post(markedBody({}, { otpCode: Number(marked.otp), phoneNumber: Number(marked.phone) }));

    // Refused before and by the service.
    await post(markedBody({ phoneNumber: marked.otherPhone }));
    await post(markedBody({}, { otpExpires: '2020-01-01T00:00:00Z' }));
    messaging.setFault({ kind: 'exception', name: 'ThrottlingException' });
    await post(markedBody());
    messaging.setFault({ kind: 'reset' });
    await post(markedBody());
    messaging.setFault({ kind: 'outage' });
    await post(markedBody());
    messaging.setFault(undefined);
    optedOut.add(marked.phone);
    await post(markedBody());
    optedOut.clear();
    numberRules.set(marked.phone, 'BLOCK');
    await post(markedBody());
    numberRules.clear();
    // Our text is refused, and Okta's is too long: the service quotes it.
    messaging.breakNext({ kind: 'exception', name: 'ValidationException', reason: 'MAXIMUM_SIZE_EXCEEDED' });
    await post(markedBody({}, { msgTemplate: `${marked.otp} is your code. `.repeat(200) }));

    // Bodies that are no hook requests, each with its secrets.
    const { otp, phone, firstName } = marked;
    await post(`{"eventId": "x", "otpCode": "${otp}", "phoneNumber": "${phone}"`);
    await post({ eventId: 'x', [otp]: phone, data: { [firstName]: otp, messageProfile: otp } });
    await post(markedBody({}, { phoneNumber: `${phone} ext. ${otp}`, otpCode: `code ${otp}`, locale: [otp] }));
    await post(markedBody({}, { deliveryChannel: otp, otpExpires: otp, msgTemplate: { [otp]: phone } }));
    await post(JSON.stringify(markedBody()).padEnd(100_000));
    await post(JSON.stringify(markedBody()).replace(otp, `${otp}\\ud800`));

    // Tokens that are none of ours.
    const { okta, client, urls } = cloud;
    const claims = okta.claimsAt(urls.okta, { clientId: client.clientId, scopes: [client.scope] });
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    await post(markedBody(), await okta.sign({ ...claims, exp: 1 }));
    await post(markedBody(), await okta.sign({ ...claims, aud: `api://${otp}` }));
    await post(markedBody(), await okta.sign({ ...claims, cid: phone, sub: phone }));
    await post(markedBody(), `${part({ alg: 'none' })}.${part({ ...claims, sub: phone })}.${part({ otp })}`);
    await post(markedBody(), `${part({ alg: 'RS256', kid: phone })}.${part(claims)}.${part({ otp })}`);
    await post(markedBody(), otp);
    traces = await watched.traces();
  });

  afterAll(async () => {
    await watched.cloud.close();
  });

  it('had many outcomes', () => {
    const { records } = watched;
    const attempts = records.flatMap(({ attempts: of }) => (Array.isArray(of) ? of.filter(isObject) : []));
    const seen = new Set([
      ...records.map(({ type, outcome, cause, reason }) => cause ?? reason ?? outcome ?? type),
      ...attempts.map(({ outcome }) => outcome),
    ]);
    expect([...seen]).toEqual(
      expect.arrayContaining([
        ...['accepted', 'duplicate', 'country-blocked', 'expired-code', 'throttled', 'ambiguous', 'opted-out'],
        ...['protect-number-blocked', 'message-refused', 'bad-request', 'allow'],
        ...['expired', 'wrong audience', 'wrong client', 'unsupported algorithm', 'unknown key'],
      ]),
    );
  });

  it('left traces of every kind', () => {
    for (const where of ['line', 'hop', 'reply', 'item of okta-otp-ledger', 'item of okta-otp-catalog']) {
      expect(countOf(traces, where), where).toBeGreaterThan(5);
    }
    expect(countOf(traces, 'queue message')).toBeGreaterThan(4);
    expect(countOf(traces, 'request beside number and text')).toBeGreaterThan(10);
    // Lambda prints what a function threw, with its stack.
    expect(traces.some(({ text }) => text.includes('Invoke Error') && text.includes('stack'))).toBe(true);
  });

  it('left no code, number, name or token in any of them', () => {
    expect(findLeaks(traces, watched.tokens)).toEqual([]);
    // A line that the cloud's own sink finds fault with is not passed on.
    expect(watched.cloud.leaks()).toEqual([]);
  });

  it('has them where they belong, and there they would be found', () => {
    const { messaging, inbox } = watched.cloud;
    const places = (traces: readonly unknown[]) =>
      traces.map((value, index) => ({ where: String(index), text: JSON.stringify(value) }));
    const found = (values: readonly unknown[]) =>
      new Set(findLeaks(places(values), watched.tokens).map((leak) => leak.replace(/^\d+: /, '')));
    const messages = inbox.received();
    expect(found(messages.map((message) => (message.channel === 'sms' ? message.body : message.transcript)))).toContain(
      'output holds a code',
    );
    expect(found(messages.map(({ to }) => to))).toEqual(new Set(['output holds a number']));
    expect(found(messages.flatMap((message) => (message.channel === 'voice' ? [message.script] : [])))).toContain(
      'output holds a name',
    );
    expect(found(messaging.requests())).toContain('output holds a code');
    expect(found([...watched.tokens])).toContain('output holds a token');
  });
});

describe('services that quote everything they were told', () => {
  /** Answers with the whole request: as an exception, in a header, as HTML, as what should be an answer. */
  const echoes: Readonly<Record<string, (request: Request, body: string) => Response>> = {
    'in an exception': (_, body) =>
      Response.json(
        { __type: 'ValidationException', Reason: body, Fields: [{ Name: body, Message: body }], message: body },
        { status: 400 },
      ),
    'in the name of an exception': (_, body) => Response.json({ __type: body, message: body }, { status: 400 }),
    'in an internal error': (_, body) => new Response(`<html>${body}</html>`, { status: 500 }),
    'in broken JSON': (_, body) => new Response(`${body.slice(0, -1)},`, { status: 200 }),
    'in JSON of another form': (_, body) => new Response(JSON.stringify([body])),
    'in a header': (request, body) =>
      new Response('{}', {
        status: 400,
        headers: {
          'x-amzn-errortype': encodeURIComponent(body),
          'x-amzn-requestid': encodeURIComponent(request.headers.get('authorization') ?? ''),
        },
      }),
  };
  let echo = Object.values(echoes)[0];
  let server: RunningServer;
  let heard = 0;

  beforeAll(async () => {
    server = await serve(async (request) => {
      heard += 1;
      return echo?.(request, await request.text()) ?? Response.error();
    });
  });

  afterAll(async () => {
    await server.close();
  });

  it.each(Object.keys(echoes))('(%s) get nothing of it printed, kept or answered', async (how) => {
    echo = echoes[how];
    heard = 0;
    const watched = await startWatchedCloud({
      senderEnv: {
        AWS_ENDPOINT_URL_PINPOINT_SMS_VOICE_V2: server.url,
        AWS_ENDPOINT_URL_SQS: server.url,
        OKTA_OTP_FAILURES_QUEUE_URL: `${server.url}/000000000000/okta-otp-failures`,
      },
    });
    try {
      await watched.post(markedBody());
      await watched.post(markedBody({ channel: 'voice', otp: marked.otherOtp }));
      const traces = await watched.traces();
      expect(watched.records.filter(({ type }) => type === 'delivery')).toHaveLength(2);
      expect(countOf(traces, 'item of okta-otp-ledger')).toBe(2);
      // Both services were asked, for both events.
      expect(heard).toBeGreaterThanOrEqual(4);
      expect(findLeaks(traces, watched.tokens)).toEqual([]);
      expect(watched.cloud.leaks()).toEqual([]);
    } finally {
      await watched.cloud.close();
    }
  });
});

describe('exceptions that quote the request', () => {
  const quote = `${marked.otp} for ${marked.firstName} at ${marked.phone}, ${[...marked.otp].join(' ')}`;
  const throwing = () => {
    throw Object.assign(new TypeError(quote), { cause: new Error(quote), detail: { quote } });
  };

  const breakages: Readonly<Record<string, (deps: SenderDeps) => Partial<SenderDeps>>> = {
    'the ledger': (deps) => ({ ledger: { ...deps.ledger, claim: throwing, settle: async () => throwing() } }),
    'the failures queue': () => ({ failures: { put: throwing } }),
    'the service': () => ({ messages: { send: throwing } }),
    'the catalog': ({ catalog }) => ({ catalog: { ...catalog, current: throwing } }),
    'the end of a refresh': ({ catalog }) => ({ catalog: { ...catalog, end: throwing } }),
    'the hash': () => ({ hashNumber: throwing }),
    'the id': () => ({ newOwner: throwing }),
    'the latency': () => ({ latency: { neededMs: throwing, observe: throwing } }),
    'a string': () => ({
      newOwner() {
        throw quote;
      },
    }),
  };

  it.each(Object.keys(breakages))('(%s) show in no line, record or reply', async (what) => {
    const sender = createFakeSender();
    sender.messages.decide(() => 'account-disabled');
    const lines: string[] = [];
    const deps: SenderDeps = {
      ...sender.deps,
      answerWithinMs: 2200,
      dropIdleConnections: () => {},
      log: (line) => lines.push(line),
    };
    const handler = createSender({ ...deps, ...breakages[what]?.(deps) });
    const reply = await sender.clock.run(handler({ body: JSON.stringify(markedBody()) }));
    expect(reply.body).toContain('FAILED');
    expect(lines).toHaveLength(1);
    const texts = [...lines, ...sender.failures.bodies(), JSON.stringify(reply), inspect(reply, { depth: 9 })];
    expect(
      findLeaks(
        texts.map((text, index) => ({ where: String(index), text })),
        [],
      ),
    ).toEqual([]);
    expect(findLeaks([{ where: 'the exception', text: quote }], [])).toEqual(['the exception: output holds a code']);
  });

  it('leave the authorizer without the token, in message, stack and cause', async () => {
    const token = `eyJhbGciOiJSUzI1NiJ9.${Buffer.from(JSON.stringify({ sub: marked.phone })).toString('base64url')}.c2lnbmF0dXJl`;
    const lines: string[] = [];
    const { clock } = createFakeSender();
    const handler = createAuthorizer({
      clock,
      keyStores: [],
      verify: async () => {
        throw Object.assign(new Error(`cannot parse ${token}`), { jwtString: token });
      },
      dropIdleConnections: () => {},
      log: (line) => lines.push(line),
    });
    const event = {
      authorizationToken: `Bearer ${token}`,
      methodArn: 'arn:aws:execute-api:us-east-1:0:api/prod/POST/mfa',
    };
    const thrown = await clock.run(handler(event).catch((error: unknown) => error));
    expect(thrown).toBeInstanceOf(Error);
    expect(lines).toHaveLength(1);
    const texts = [
      ...lines,
      inspect(thrown, { depth: 9, showHidden: true }),
      thrown instanceof Error ? `${thrown.stack}` : '',
    ];
    expect(
      findLeaks(
        texts.map((text, index) => ({ where: String(index), text })),
        [token],
      ),
    ).toEqual([]);
  });
});
