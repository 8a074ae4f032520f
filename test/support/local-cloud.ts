import { afterAll, beforeAll } from 'vitest';
import { readCatalogFiles } from '../../src/cli/catalog-files.ts';
import { functionBundle, sampleCatalog, shippedCatalog } from '../../src/cli/paths.ts';
import { isObject, parseJson } from '../../src/core/decode.ts';
import { simulateRequest } from '../../src/core/simulated-request.ts';
import { systemClock } from '../../src/handlers/system-clock.ts';
import type { LocalCloud, LocalCloudOptions } from '../../src/local/cloud.ts';
import { startLocalCloud } from '../../src/local/cloud.ts';
import { requestAccessToken } from '../../src/okta/client-credentials.ts';
import { marked } from './marked.ts';

/** A local cloud for the tests of one file, and what a test asks of it. */
export interface CloudUnderTest {
  readonly cloud: LocalCloud;
  /** Every line of JSON that the functions printed. */
  readonly lines: Record<string, unknown>[];
  /** A token as Okta's hook gets it. */
  token(): Promise<string>;
  /** Posts a body (an object as JSON) with a token; without one a good token is got first. */
  post(body: unknown, authorization?: string | null): Promise<{ status: number; body: unknown }>;
}

let eventNumber = 0;

/** The documented request with marked secrets; anything of it can be changed. */
export function hookBody(change: Partial<Parameters<typeof simulateRequest>[0]> = {}) {
  eventNumber += 1;
  return simulateRequest({
    eventId: `event-${process.pid}-${eventNumber}`,
    now: Date.now(),
    channel: 'sms',
    requestType: 'mfa-verification',
    phoneNumber: marked.phone,
    otp: marked.otp,
    locale: 'en-US',
    ...change,
  });
}

export async function startCloudUnderTest(options: Partial<LocalCloudOptions> = {}): Promise<CloudUnderTest> {
  const lines: Record<string, unknown>[] = [];
  const cloud = await startLocalCloud({
    clock: systemClock,
    bundles: { sender: functionBundle('sender'), authorizer: functionBundle('authorizer') },
    catalog: [...(await readCatalogFiles(shippedCatalog)), ...(await readCatalogFiles(sampleCatalog))],
    onLine: (line) => {
      const parsed = parseJson(line);
      // Lambda's own lines, such as that of a refused token, are no JSON.
      if (parsed.ok && isObject(parsed.value)) lines.push(parsed.value);
    },
    ...options,
  });
  const token = async () => {
    const answer = await requestAccessToken(cloud.client, {
      fetch,
      now: Date.now,
      signal: AbortSignal.timeout(10_000),
      newId: () => crypto.randomUUID(),
    });
    if (answer.kind !== 'token') throw new Error(`no token: ${answer.kind}`);
    return answer.accessToken.reveal();
  };
  return {
    cloud,
    lines,
    token,
    async post(body, authorization) {
      const header = authorization === undefined ? `Bearer ${await token()}` : authorization;
      const response = await fetch(cloud.hookUrl, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(header === null ? {} : { authorization: header }) },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      });
      const parsed = parseJson(await response.text());
      return { status: response.status, body: parsed.ok ? parsed.value : undefined };
    },
  };
}

/** One local cloud for all tests of a file. */
export function useLocalCloud(options: Partial<LocalCloudOptions> = {}): () => CloudUnderTest {
  let under: CloudUnderTest | undefined;
  beforeAll(async () => {
    under = await startCloudUnderTest(options);
  });
  afterAll(async () => {
    await under?.cloud.close();
  });
  return () => {
    if (under === undefined) throw new Error('the local cloud is not up yet');
    return under;
  };
}
