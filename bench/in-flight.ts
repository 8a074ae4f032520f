import { readCatalogFiles } from '../src/cli/catalog-files.ts';
import { functionBundle, sampleCatalog, shippedCatalog } from '../src/cli/paths.ts';
import { oktaWaitsMs } from '../src/core/hook-verdict.ts';
import { simulateRequest } from '../src/core/simulated-request.ts';
import { systemClock } from '../src/handlers/system-clock.ts';
import { startLocalCloud } from '../src/local/cloud.ts';
import { requestAccessToken } from '../src/okta/client-credentials.ts';
import { middle } from './probe.ts';

/** What a load on the whole local chain showed. */
export interface Load {
  readonly inFlight: number;
  readonly seconds: number;
  readonly requests: number;
  /** Requests that nobody was told the truth about: no answer in Okta's three seconds, or SUCCESSFUL without a message. */
  readonly lost: number;
  /** Requests that were answered FAILED in time, so that Okta sends: what a machine that is too busy has to do. */
  readonly fallbacks: number;
  /** Messages beyond one for each event. */
  readonly doubled: number;
  readonly p50: number;
  readonly p99: number;
  /** Resident memory in the second half of the run against the first: 1 is flat. */
  readonly memoryGrowth: number;
}

const warmUpMs = 3_000;

/** Keeps so many requests in flight for a while, each an event of its own. */
export async function measureInFlight(inFlight: number, seconds: number): Promise<Load> {
  const cloud = await startLocalCloud({
    clock: systemClock,
    bundles: { sender: functionBundle('sender'), authorizer: functionBundle('authorizer') },
    catalog: [...(await readCatalogFiles(shippedCatalog)), ...(await readCatalogFiles(sampleCatalog))],
  });
  try {
    const answer = await requestAccessToken(cloud.client, {
      fetch,
      now: Date.now,
      signal: AbortSignal.timeout(10_000),
      newId: () => crypto.randomUUID(),
    });
    if (answer.kind !== 'token') throw new Error('the local cloud gave no token');
    const authorization = `Bearer ${answer.accessToken.reveal()}`;
    // Sixteen workers start at once at first, which on two cores says nothing about Lambda: that part is not counted.
    const from = performance.now() + warmUpMs;
    const until = from + seconds * 1000;
    const took: number[] = [];
    const memory: number[] = [];
    const good: string[] = [];
    let requests = 0;
    let counted = 0;
    let late = 0;
    let fallbacks = 0;
    const client = async () => {
      while (performance.now() < until) {
        requests += 1;
        const eventId = `load-${requests}`;
        const body = simulateRequest({
          eventId,
          now: Date.now(),
          channel: 'sms',
          requestType: 'mfa-verification',
          phoneNumber: '+34612345678',
          otp: '123456',
          locale: 'es-MX',
        });
        const at = performance.now();
        const isCounted = at >= from;
        if (isCounted) counted += 1;
        const response = await fetch(cloud.hookUrl, {
          method: 'POST',
          headers: { 'content-type': 'application/json', authorization },
          body: JSON.stringify(body),
        });
        const text = await response.text();
        const ms = performance.now() - at;
        if (text.includes('SUCCESSFUL')) good.push(eventId);
        if (!isCounted) continue;
        took.push(ms);
        if (text.includes('FAILED')) fallbacks += 1;
        if (ms >= oktaWaitsMs || !/SUCCESSFUL|FAILED/.test(text)) late += 1;
        if (requests % 50 === 0) memory.push(process.memoryUsage().rss);
      }
    };
    await Promise.all(Array.from({ length: inFlight }, client));

    const perEvent = new Map<string, number>();
    for (const { input } of cloud.messaging.requests()) {
      const context = input['Context'];
      const eventId =
        typeof context === 'object' && context !== null && 'eventId' in context ? String(context.eventId) : '';
      perEvent.set(eventId, (perEvent.get(eventId) ?? 0) + 1);
    }
    const half = Math.floor(memory.length / 2);
    took.sort((a, b) => a - b);
    return {
      inFlight,
      seconds,
      requests: counted,
      lost: late + good.filter((eventId) => !perEvent.has(eventId)).length,
      fallbacks,
      doubled: [...perEvent.values()].reduce((sum, count) => sum + count - 1, 0),
      p50: middle(took),
      p99: took[Math.floor(took.length * 0.99)] ?? Number.NaN,
      memoryGrowth: middle(memory.slice(half)) / middle(memory.slice(0, half)),
    };
  } finally {
    await cloud.close();
  }
}
