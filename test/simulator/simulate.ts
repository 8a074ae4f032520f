import type { Catalog } from '../../src/core/catalog.ts';
import { parseCatalog } from '../../src/core/catalog.ts';
import { createCatalogCache } from '../../src/core/catalog-cache.ts';
import { createSendLatency } from '../../src/core/send-latency.ts';
import { simulateRequest } from '../../src/core/simulated-request.ts';
import type { SenderHandler } from '../../src/handlers/sender/create.ts';
import { createSender } from '../../src/handlers/sender/create.ts';
import { marked } from '../support/marked.ts';
import { createVirtualClock } from '../support/virtual-clock.ts';
import { answerWithinMs, brokenByAnswer, brokenBySends, longestNeededMs, sendFloorMs } from './promises.ts';
import { createRandom } from './random.ts';
import type { Connection } from './world.ts';
import { createWorld } from './world.ts';

/** What one run showed: what must never happen, and how often what may. */
export interface Run {
  readonly violations: readonly string[];
  readonly answered: number;
  readonly crashed: number;
  readonly doubled: number;
}

const content = parseCatalog([
  { path: 'originationIdentities.json', text: '{"*":["+18005550123","+18005550124"]}' },
  {
    path: 'templates/en.json',
    text: JSON.stringify({
      locale: 'en',
      reviewed: true,
      sms: { text: '{{otp}} is your code.' },
      voice: { voiceId: 'JOANNA', ssml: '<speak>{{otp}}</speak>' },
    }),
  },
]);

interface Container extends Connection {
  readonly handler: SenderHandler;
  busy: boolean;
}

/** Runs the whole sender, as deployed, in a world that a seed decides; several containers, duplicates and crashes. */
export async function simulate(seed: number): Promise<Run> {
  if (!content.ok) throw new Error('the simulation has no catalog');
  const catalog: Catalog = content.value;
  const random = createRandom(seed);
  const clock = createVirtualClock(1_700_000_000_000);
  const world = createWorld(clock, random, catalog);
  const violations: string[] = [];
  const records: Record<string, unknown>[] = [];
  const excused = new Set<string>();
  const counts = { answered: 0, crashed: 0 };
  let owners = 0;

  const bundled = random.chance(0.8) ? catalog : undefined;
  const createContainer = (): Container => {
    const connection: Connection = { alive: true, open: 0, dueAt: 0, sends: [] };
    const { messages, ledger, failures, table } = world.portsFor(connection);
    const handler = createSender({
      clock,
      messages,
      ledger,
      failures,
      catalog: createCatalogCache(clock, table, bundled),
      latency: createSendLatency(sendFloorMs, longestNeededMs),
      newOwner: () => `owner-${owners++}`,
      provider: 'simulation',
      answers: {},
      answerWithinMs,
      dropIdleConnections: () => {},
      log: (line) => records.push(JSON.parse(line)),
    });
    return Object.assign(connection, { handler, busy: false });
  };
  const containers: Container[] = [];

  const request = async (eventId: string, requests: number) => {
    const arrivedAt = clock.now();
    // Gateway, authorizer and a cold start come before the sender and out of the same time.
    await new Promise<void>((resolve) => clock.after(random.below(random.chance(0.2) ? 1500 : 150), resolve));
    let container = containers.find((candidate) => candidate.alive && !candidate.busy && random.chance(0.8));
    if (container === undefined) {
      container = createContainer();
      containers.push(container);
    }
    const serving = container;
    serving.busy = true;
    serving.dueAt = arrivedAt + answerWithinMs;
    serving.sends = [];
    const leftAtStartMs = serving.dueAt - clock.now();
    const body = simulateRequest({
      eventId,
      now: arrivedAt,
      channel: random.pick(['sms', 'voice']),
      requestType: 'mfa-verification',
      phoneNumber: marked.phone,
      otp: marked.otp,
      locale: 'en-US',
    });
    const reply = serving.handler({ body: JSON.stringify(body), requestContext: { requestTimeEpoch: arrivedAt } });
    const crash = random.chance(0.05)
      ? new Promise<'crashed'>((resolve) => clock.after(random.below(2500), () => resolve('crashed')))
      : new Promise<never>(() => {});
    const ended = await Promise.race([reply.catch((error: unknown) => ({ error })), crash]);
    const say = (what: string) => violations.push(`seed ${seed}, ${eventId}: ${what}`);
    for (const broken of brokenBySends(serving.sends)) say(broken);
    if (ended === 'crashed') {
      serving.alive = false;
      excused.add(eventId);
      counts.crashed += 1;
      return;
    }
    if ('error' in ended) {
      say('the handler rejected');
      return;
    }
    counts.answered += 1;
    if (serving.open > 0) say(`${serving.open} calls were left open`);
    const record = records.findLast((line) => line['eventId'] === eventId);
    if (record === undefined) {
      say('no line was logged');
      return;
    }
    const leftMs = serving.dueAt - clock.now();
    const hasBundledCatalog = bundled !== undefined;
    const answered = { eventId, requests, body: ended.body, record, sends: serving.sends, leftAtStartMs, leftMs };
    for (const broken of brokenByAnswer({ ...answered, hasBundledCatalog }, world.truth, world.calm)) say(broken);
    // What may lead to a second message, each of it counted by a metric of its own.
    const windows = ['AmbiguousSends', 'LedgerUnreachable', 'LedgerUnsettled'];
    if (windows.some((name) => record[name] === 1)) excused.add(eventId);
    serving.busy = false;
  };

  const events = Array.from({ length: 1 + random.below(4) }, (_, index) => `event-${seed}-${index}`);
  const requests = events.flatMap((eventId) =>
    Array.from({ length: random.pick([1, 1, 2, 3]) }, () => ({ eventId, at: random.below(4000) })),
  );
  const everything = Promise.all(
    requests.map(async ({ eventId, at }) => {
      await new Promise<void>((resolve) => clock.after(at, resolve));
      await request(eventId, requests.filter((other) => other.eventId === eventId).length);
    }),
  );
  await clock.run(everything);
  // What was given up on may still arrive.
  await clock.advance(15_000);

  let doubled = 0;
  for (const [eventId, accepted] of world.truth.accepted) {
    if (accepted <= 1) continue;
    doubled += 1;
    if (!excused.has(eventId)) violations.push(`seed ${seed}, ${eventId}: ${accepted} messages for one event`);
  }
  return { violations, ...counts, doubled };
}
