import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient, ListTablesCommand, ProvisionedThroughputExceededException } from '@aws-sdk/client-dynamodb';
import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, describe, expect, it } from 'vitest';
import { readCatalogFiles } from '../../src/cli/catalog-files.ts';
import { functionBundle, sampleCatalog, shippedCatalog } from '../../src/cli/paths.ts';
import type { CatalogFile } from '../../src/core/catalog.ts';
import { decode } from '../../src/core/decode.ts';
import { composed as requests } from '../../src/dev/compose.ts';
import type { Dev } from '../../src/dev/dev.ts';
import { startDev } from '../../src/dev/dev.ts';
import type { Delivery, DevEvent } from '../../src/dev/events.ts';
import { systemClock } from '../../src/handlers/system-clock.ts';
import { throughputExceeded } from '../../src/local/dynamodb.ts';
import { startProxy } from '../../src/local/switchable-proxy.ts';
import { chattySender } from '../support/chatty-sender.ts';
import { hookBody } from '../support/local-cloud.ts';
import { marked } from '../support/marked.ts';

const token = 'token-of-this-run';
const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
});

interface Watched {
  readonly dev: Dev;
  readonly events: DevEvent[];
  /** Posts an order as the page does. */
  order(path: string, body: unknown): Promise<{ readonly status: number; readonly body: unknown }>;
  /** Posts a composed request and gives what was seen of it, as many deliveries as there are. */
  call(change?: object): Promise<readonly Delivery[]>;
}

async function start(files?: CatalogFile[], sender = functionBundle('sender')): Promise<Watched> {
  const own: CatalogFile[] = files ?? [
    ...(await readCatalogFiles(shippedCatalog)),
    ...(await readCatalogFiles(sampleCatalog)),
  ];
  const events: DevEvent[] = [];
  const dev = await startDev({
    clock: systemClock,
    bundles: { sender, authorizer: functionBundle('authorizer') },
    folder: undefined,
    readFiles: async () => [...own],
    writeFile: async (file) => {
      const at = own.findIndex(({ path }) => path === file.path);
      own.splice(at < 0 ? own.length : at, 1, file);
    },
    newId: () => crypto.randomUUID(),
    randomInt: () => Number(marked.otp),
    readAsset: async (name) => (name === 'index.html' ? '<title>the page</title>' : undefined),
    token,
    onEvent: (event) => events.push(event),
  });
  stops.push(dev.close);
  const { origin } = new URL(dev.places.page);
  const order = async (path: string, body: unknown) => {
    const response = await fetch(`${origin}${path}`, {
      method: 'POST',
      headers: { origin, 'x-okta-otp-token': token },
      body: JSON.stringify(body),
    });
    return { status: response.status, body: await response.json() };
  };
  return {
    dev,
    events,
    order,
    async call(change = {}) {
      const before = events.length;
      expect(await order('/calls', { phoneNumber: marked.phone, otp: marked.otp, ...change })).toMatchObject({
        status: 200,
      });
      return events.slice(before).flatMap((event) => (event.type === 'delivery' ? [event.delivery] : []));
    },
  };
}

const textOf = (delivery: Delivery | undefined, name: string) =>
  delivery?.steps.find((step) => step.name === name)?.text ?? '';

describe('a composed request', () => {
  it('is told from its token to the phone, and its code shows on the phone alone', async () => {
    const { events, call } = await start();
    const [delivery] = await call({ locale: 'es-MX', channel: 'voice', requestType: 'password-reset' });
    expect(delivery).toMatchObject({
      from: 'page',
      channel: 'voice',
      locale: 'es-MX',
      status: 200,
      verdict: { codeTakenForSent: true },
      budgetMs: 3000,
    });
    expect(delivery?.steps.map(({ name }) => name)).toEqual([
      'token',
      'authorizer',
      'sender',
      'claim',
      'catalog',
      'template',
      'identity',
      'send',
      'settle',
      'receipt',
    ]);
    expect(textOf(delivery, 'template')).toBe('es-MX for es-MX (exact), for every request type');
    const messages = events.flatMap((event) => (event.type === 'message' ? [event.message] : []));
    // The handset shows the sender whole, the log its ends.
    expect(messages).toMatchObject([{ channel: 'voice', to: marked.phone, from: expect.stringMatching(/^\+\d{7,}$/) }]);
    expect(textOf(delivery, 'identity')).toMatch(/^ES, mobile, by the entry .*: phone number \+\d\d…\d\d$/);
    const rest = JSON.stringify(events.filter(({ type }) => type !== 'message'));
    for (const secret of [marked.otp, marked.phone]) expect(rest).not.toContain(secret);
  });

  it('that is wrong is refused by its fields, and nothing is sent', async () => {
    const { order, events } = await start();
    expect(await order('/calls', { phoneNumber: 'home', locale: '?', channel: 'fax' })).toMatchObject({
      status: 400,
      body: { problems: [{ path: 'channel' }, { path: 'locale' }, { path: 'phoneNumber' }] },
    });
    expect(events).toEqual([]);
  });
});

describe('an event that comes again', () => {
  it('while the first is under way is from the page too, each time', async () => {
    const { dev, events } = await start();
    const composed = decode(requests, { phoneNumber: marked.phone, otp: marked.otp, eventId: 'event-1' });
    if (!composed.ok) throw new Error('the request is none');
    await Promise.all([dev.world.call(composed.value), dev.world.call(composed.value), dev.world.call(composed.value)]);
    const deliveries = events.flatMap((event) => (event.type === 'delivery' ? [event.delivery] : []));
    expect(deliveries.map(({ from, eventId }) => [from, eventId])).toEqual(Array(3).fill(['page', 'event-1']));
    for (const { steps } of deliveries) expect(steps[0]?.name).toBe('token');
  });

  it('has no header that Okta would not send, for the functions', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'okta-otp-headers-'));
    stops.push(() => rm(folder, { recursive: true, force: true }));
    const bundle = join(folder, 'index.cjs');
    await writeFile(bundle, 'exports.handler = async ({ headers }) => console.log(Object.keys(headers).join(" "));\n');
    const { call, events } = await start(undefined, bundle);
    await call();
    const [names = ''] = events.flatMap((event) => (event.type === 'log' ? [event.log.line] : []));
    expect(names).toContain('content-type');
    expect(names).not.toMatch(/okta-otp/i);
  });

  it('is a delivery of its own, with what the sender said of that one', async () => {
    const { call } = await start();
    const [[first], [second]] = [await call({ eventId: 'event-1' }), await call({ eventId: 'event-1' })];
    expect([textOf(first, 'claim'), textOf(second, 'claim')]).toEqual(['ledger: claimed', 'ledger: duplicate']);
    expect(textOf(first, 'receipt')).toBe('SMS of 1 part, GSM-7');
    expect(textOf(second, 'receipt')).toBe('');
    expect(second?.verdict.codeTakenForSent).toBe(true);
  });
});

it('a function that prints a secret is told of, once each time, without the secret', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'okta-otp-chatty-'));
  stops.push(() => rm(folder, { recursive: true, force: true }));
  const { call, events } = await start(undefined, await chattySender(folder));
  await call();
  const leaks = () => events.flatMap((event) => (event.type === 'leak' ? [event.what] : []));
  const first = leaks();
  expect(first).toContain('output holds a code');
  expect(first.join(' ')).not.toContain(marked.otp);
  await call();
  expect(leaks()).toHaveLength(2 * first.length);
});

describe('what the functions print', () => {
  it('says why a token was refused, also one that came past the page', async () => {
    const { call, order, events, dev } = await start();
    await order('/faults', { clockSkewSeconds: -7200 });
    expect(textOf((await call())[0], 'authorizer')).toBe('unauthorized: expired');
    await order('/faults', {});
    const { okta, client, hookUrl, urls } = dev.world.cloud;
    const claims = okta.claimsAt(urls.okta, { clientId: client.clientId, scopes: ['another.scope'] });
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${await okta.sign(claims)}` };
    await fetch(hookUrl, { method: 'POST', headers, body: JSON.stringify(hookBody()) });
    const last = events.findLast((event) => event.type === 'delivery');
    expect(textOf(last?.type === 'delivery' ? last.delivery : undefined, 'authorizer')).toBe(
      'unauthorized: wrong scope',
    );
    // That it threw is how it says no.
    expect(events.filter(({ type }) => type === 'log')).toEqual([]);
  });

  it('of a crash is told with its stack, in the delivery in short, and never with a secret', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'okta-otp-crashing-'));
    stops.push(() => rm(folder, { recursive: true, force: true }));
    const bundle = join(folder, 'index.cjs');
    await writeFile(
      bundle,
      `exports.handler = async (event) => {
  console.error('about to fail');
  console.error('for ' + event.body);
  throw new TypeError('no such thing');
};
`,
    );
    const { call, events, dev } = await start(undefined, bundle);
    const [delivery] = await call();
    expect(delivery?.steps).toContainEqual(
      expect.objectContaining({ name: 'sender', state: 'bad', text: 'function-error: TypeError, no such thing' }),
    );
    const logs = events.flatMap((event) => (event.type === 'log' ? [event.log] : []));
    expect(logs).toMatchObject([
      { by: 'sender', requestId: delivery?.id, line: 'about to fail' },
      { by: 'sender', requestId: delivery?.id, line: expect.stringContaining(bundle) },
    ]);
    expect(JSON.stringify(events)).not.toContain(marked.otp);
    // Whoever opens the page later is told as well.
    const [{ event: state } = {}] = await listen(dev, {}, 1);
    expect(state).toMatchObject({ logs });
  });
});

describe('a fault', () => {
  it('of the service changes what Okta does, and its end changes it back', async () => {
    const { call, order } = await start();
    expect((await call())[0]?.verdict.codeTakenForSent).toBe(true);
    await order('/faults', { messaging: { kind: 'throttling' } });
    const [broken] = await call();
    expect(broken?.verdict).toEqual({ codeTakenForSent: false, reason: 'the answer has the status FAILED' });
    expect(broken?.steps.filter(({ name, state }) => name === 'send' && state === 'bad').length).toBeGreaterThan(0);
    await order('/faults', {});
    expect((await call())[0]?.verdict.codeTakenForSent).toBe(true);
  });

  it.each([
    ['of the authorization server leaves the hook without a token', { okta: { kind: 'outage' } }, 0],
    ['by which Okta throttles leaves the hook without a token', { okta: { kind: 'throttling' } }, 0],
    ['by which the gateway throttles is its own answer', { gateway: { kind: 'throttling' } }, 429],
    ['by which the gateway is down is its own answer', { gateway: { kind: 'outage' } }, 500],
    ['of the key set is a failure that is no fault of the token', { keys: 'unreachable' }, 500],
    ["of Okta's keys is a refusal", { keys: 'expired' }, 401],
    ["of Okta's clock is a refusal", { clockSkewSeconds: -7200 }, 401],
  ])('%s', async (_, faults, status) => {
    const { call, order } = await start();
    await order('/faults', faults);
    expect(await call()).toMatchObject([{ status, verdict: { codeTakenForSent: false } }]);
  });

  it("of Okta's clock is one of the request's times too: minutes behind, the code is past", async () => {
    const { call, order } = await start();
    await order('/faults', { clockSkewSeconds: -600 });
    const [delivery] = await call();
    expect(delivery?.record).toMatchObject({ cause: 'expired-code' });
    expect(delivery?.verdict.codeTakenForSent).toBe(false);
  });

  it('that leaves the hook unasked is a delivery each time, also of the same event', async () => {
    const { call, order } = await start();
    await order('/faults', { okta: { kind: 'outage' } });
    const [first] = await call({ eventId: 'event-1' });
    const [second] = await call({ eventId: 'event-1' });
    expect([first?.eventId, second?.eventId]).toEqual(['event-1', 'event-1']);
    expect(first?.id).not.toBe(second?.id);
  });

  it.each([
    ['outage', ['service-error', 'service-error']],
    ['reset', ['ambiguous']],
  ])('by which the service is down is another one than that it resets connections: %s', async (kind, outcomes) => {
    const { call, order } = await start();
    await order('/faults', { messaging: { kind } });
    const [delivery] = await call();
    expect(delivery?.record).toMatchObject({ attempts: outcomes.map((outcome) => ({ outcome })) });
  });

  it('by which the service takes the message and says nothing leaves it open whether it went out', async () => {
    const { call, order, events } = await start();
    await order('/faults', { messaging: { kind: 'accept-then-reset' } });
    const [delivery] = await call();
    expect(events.filter(({ type }) => type === 'message').length).toBeGreaterThan(0);
    expect(delivery?.verdict.codeTakenForSent).toBe(false);
    expect(delivery?.record).toMatchObject({ attempts: [{ outcome: 'ambiguous' }] });
  });

  it('of the tables does not keep a code from going out once the catalog is in memory', async () => {
    const { call, order } = await start();
    await call();
    await order('/faults', { dynamodb: { kind: 'reset' } });
    const [delivery] = await call();
    expect(delivery?.verdict.codeTakenForSent).toBe(true);
    expect(textOf(delivery, 'claim')).toBe('ledger: unreachable');
  });

  it('by which the gateway throttles is told as the reason that nobody was asked', async () => {
    const { call, order } = await start();
    await order('/faults', { gateway: { kind: 'throttling' } });
    expect(textOf((await call())[0], 'authorizer')).toBe('was not asked: the gateway throttled the request');
  });

  it('by which tables and queue throttle is what their clients know as such, and keeps no code from going out', async () => {
    const { call, order, dev } = await start();
    await call();
    await order('/faults', { dynamodb: { kind: 'throttling' }, queue: { kind: 'throttling' } });
    const [delivery] = await call();
    expect(delivery?.verdict.codeTakenForSent).toBe(true);
    expect(textOf(delivery, 'claim')).toBe('ledger: unreachable');
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
    const region = 'us-east-1';
    const sqs = new SQSClient({ region, credentials, endpoint: dev.world.cloud.urls.queue, maxAttempts: 1 });
    await expect(sqs.send(new ListQueuesCommand({}))).rejects.toMatchObject({ name: 'RequestThrottled' });
    const proxy = await startProxy({ throttling: throughputExceeded });
    stops.push(proxy.close);
    proxy.setFault({ kind: 'throttling' });
    const dynamodb = new DynamoDBClient({ region, credentials, endpoint: proxy.url, maxAttempts: 1 });
    await expect(dynamodb.send(new ListTablesCommand({}))).rejects.toBeInstanceOf(
      ProvisionedThroughputExceededException,
    );
  });

  it('of repeated events sends one message', async () => {
    const { call, order, events } = await start();
    await order('/faults', { copies: 3 });
    expect(await call()).toHaveLength(3);
    expect(events.filter(({ type }) => type === 'message')).toHaveLength(1);
  });

  it.each([
    ['expired', 401, 'unauthorized: unknown key'],
    ['unreachable', 500, 'function-error: the issuer gave no key set'],
  ])(
    'of the keys meets every caller, not only the page, and with a token from before as well: %s',
    async (keys, status, text) => {
      const { order, dev, events } = await start();
      const { okta, client, hookUrl, urls } = dev.world.cloud;
      const claims = okta.claimsAt(urls.okta, { clientId: client.clientId, scopes: [client.scope] });
      const before = await okta.sign(claims);
      const post = async (token: string) => {
        const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
        return (await fetch(hookUrl, { method: 'POST', headers, body: JSON.stringify(hookBody()) })).status;
      };
      expect(await post(before)).toBe(200);
      await order('/faults', { keys });
      expect(await post(before)).toBe(status);
      expect(await post(await okta.sign({ ...claims, jti: 'another' }))).toBe(status);
      const deliveries = events.flatMap((event) => (event.type === 'delivery' ? [event.delivery] : []));
      expect(deliveries).toMatchObject([{ from: 'outside' }, { from: 'outside' }, { from: 'outside' }]);
      expect(deliveries.map((delivery) => textOf(delivery, 'authorizer'))).toEqual(['allowed', text, text]);
      await order('/faults', {});
      expect(await post(before)).toBe(200);
    },
  );

  it('of unreachable keys begins behind the token, each time anew', async () => {
    const { call, order } = await start();
    await order('/faults', { keys: 'unreachable' });
    expect([(await call())[0]?.status, (await call())[0]?.status]).toEqual([500, 500]);
    await order('/faults', {});
    expect((await call())[0]?.status).toBe(200);
  });

  it('that is none is refused', async () => {
    const { order, dev } = await start();
    expect(await order('/faults', { messaging: { kind: 'sunspots' } })).toMatchObject({ status: 400 });
    expect(dev.world.faults().messaging.kind).toBe('none');
  });
});

describe('an edited file', () => {
  const english = (text: string) => ({
    path: 'templates/en.json',
    text: JSON.stringify({ locale: 'en', reviewed: true, sms: { text }, voice: null }),
  });

  it('is what the next message says', async () => {
    const { order, call, events, dev } = await start();
    const file = english('{{otp}} it is, says {{org}}');
    expect(await order('/files', file)).toMatchObject({ status: 200, body: { findings: [] } });
    await call();
    const [message] = events.flatMap((event) => (event.type === 'message' ? [event.message] : []));
    expect(message).toMatchObject({ body: expect.stringContaining('it is, says') });
    expect(dev.world.catalog()).toMatchObject({ version: 2, problems: [] });
  });

  it('with an error is not taken, and says what is wrong', async () => {
    const { order, dev, events } = await start();
    expect(await order('/files', english('no code in here'))).toMatchObject({
      status: 422,
      body: { findings: expect.arrayContaining([expect.objectContaining({ severity: 'error' })]) },
    });
    expect(await order('/files', { path: '../../etc/passwd', text: '' })).toMatchObject({ status: 400 });
    // This one could be published, but nobody should.
    expect(await order('/files', english(`{{otp}} ${'is the code '.repeat(20)}`))).toMatchObject({
      status: 422,
      body: { findings: expect.arrayContaining([expect.objectContaining({ severity: 'error', path: 'sms.text' })]) },
    });
    expect(dev.world.catalog().version).toBe(1);
    expect(events.filter(({ type }) => type === 'catalog')).toEqual([]);
  });

  it('that is broken from the start is told, and the others serve', async () => {
    const files = [...(await readCatalogFiles(shippedCatalog)), ...(await readCatalogFiles(sampleCatalog))];
    const { dev, call } = await start([...files, { path: 'templates/xx.json', text: '{' }]);
    await dev.world.reload();
    expect(dev.world.catalog()).toMatchObject({ version: 1, problems: [expect.stringContaining('templates/xx.json')] });
    expect((await call())[0]?.verdict.codeTakenForSent).toBe(true);
  });

  it('that somebody broke beside the page is told, and the version before serves on', async () => {
    const files = [...(await readCatalogFiles(shippedCatalog)), ...(await readCatalogFiles(sampleCatalog))];
    const { dev, call, events } = await start(files);
    const at = files.findIndex(({ path }) => path === 'templates/en.json');
    const sound = files[at];
    files[at] = { path: 'templates/en.json', text: '{"locale": "en", ' };
    await dev.world.reload();
    expect(dev.world.catalog()).toMatchObject({ version: 1, problems: [expect.stringContaining('templates/en.json')] });
    expect((await call())[0]?.verdict.codeTakenForSent).toBe(true);
    if (sound !== undefined) files[at] = sound;
    await dev.world.reload();
    expect(dev.world.catalog()).toMatchObject({ version: 1, problems: [] });
    expect(events.filter(({ type }) => type === 'catalog')).toHaveLength(2);
  });
});

/** The first events of the stream that a browser opens, with their ids. */
async function listen(dev: Dev, headers: Readonly<Record<string, string>>, count: number) {
  const { origin } = new URL(dev.places.page);
  const response = await fetch(`${origin}/events?token=${token}`, { headers });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  const found = () => [...text.matchAll(/^id: (\d+)\ndata: (.*)\n\n/gm)];
  while (found().length < count) text += (await reader?.read())?.value ?? '';
  await reader?.cancel();
  return found().map(([, id = '', data = '']): { id: string; event: unknown } => ({ id, event: JSON.parse(data) }));
}

describe('the stream of events', () => {
  it('goes on where a browser had lost it, with what it has missed', async () => {
    const { dev, call } = await start();
    await call();
    const [{ id = '' } = {}] = await listen(dev, {}, 1);
    await call({ locale: 'fr' });
    await dev.world.cold('somebody asked for it');
    const missed = await listen(dev, { 'last-event-id': id }, 3);
    expect(missed.map(({ event }) => event)).toMatchObject([
      { type: 'message' },
      { type: 'delivery', delivery: { locale: 'fr' } },
      { type: 'cold' },
    ]);
    expect(missed.map((event) => Number(event.id) - Number(id))).toEqual([1, 2, 3]);
  });

  it.each(['x', '-1', '999999', ''])('begins anew for a browser whose last event was "%s"', async (id) => {
    const { dev } = await start();
    expect(await listen(dev, { 'last-event-id': id }, 1)).toMatchObject([{ event: { type: 'state' } }]);
  });

  it('begins with the state, for whoever comes late', async () => {
    const { dev, call } = await start();
    await call();
    const [{ event: state, id } = {}] = await listen(dev, {}, 1);
    expect(Number(id)).toBeGreaterThan(0);
    expect(state).toMatchObject({
      type: 'state',
      places: { page: dev.places.page, hook: dev.places.hook },
      deliveries: [{ channel: 'sms' }],
      messages: [{ to: marked.phone }],
      faults: { copies: 1 },
      catalog: { version: 1 },
    });
  });

  it('and everything else is closed to other origins and to those without the token', async () => {
    const { dev, events } = await start();
    const { origin } = new URL(dev.places.page);
    const statusOf = async (path: string, init?: RequestInit) => (await fetch(`${origin}${path}`, init)).status;
    expect(await statusOf('/')).toBe(403);
    expect(await statusOf('/events')).toBe(403);
    expect(await statusOf('/calls', { method: 'POST', body: `{"phoneNumber":"${marked.phone}"}` })).toBe(403);
    const foreign = { origin: 'https://example.com' };
    expect(await statusOf(`/events?token=${token}`, { headers: foreign })).toBe(403);
    expect(await statusOf(`/faults?token=${token}`, { method: 'POST', headers: foreign, body: '{}' })).toBe(403);
    expect(events).toEqual([]);
    const page = await fetch(dev.places.page);
    expect([page.status, page.headers.get('access-control-allow-origin')]).toEqual([200, null]);
    expect(await statusOf(`/nothing?token=${token}`)).toBe(404);
  });
});

it('a port that is taken starts nothing, and leaves nothing running', async () => {
  const { dev } = await start();
  const port = Number(new URL(dev.places.page).port);
  const before = await readCatalogFiles(sampleCatalog);
  await expect(
    startDev({
      clock: systemClock,
      bundles: { sender: functionBundle('sender'), authorizer: functionBundle('authorizer') },
      folder: undefined,
      readFiles: async () => before,
      writeFile: undefined,
      newId: () => crypto.randomUUID(),
      randomInt: () => 0,
      readAsset: async () => undefined,
      token,
      port,
      onEvent: () => {},
    }),
  ).rejects.toMatchObject({ code: 'EADDRINUSE' });
});
