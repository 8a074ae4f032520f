import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFailureQueue } from '../../src/aws/failure-queue.ts';
import type { DeliveryRecord } from '../../src/core/delivery-record.ts';
import type { FailureQueue } from '../../src/core/failure-queue.ts';
import { systemClock } from '../../src/handlers/system-clock.ts';
import { createQueueServer } from '../../src/local/queue.ts';
import { serve } from '../../src/local/serve.ts';
import { createHttp } from '../../src/net/http.ts';
import { createFakeFailureQueue } from '../support/fake-failure-queue.ts';

interface Subject {
  readonly queue: FailureQueue;
  /** The messages that wait, oldest first. */
  bodies(): readonly string[];
  disconnect(): Promise<void>;
  close(): Promise<void>;
}

async function createFake(): Promise<Subject> {
  const queue = createFakeFailureQueue(systemClock);
  return {
    queue,
    bodies: queue.bodies,
    disconnect: async () => queue.puts.always({ fails: true }),
    close: async () => {},
  };
}

async function createReal(): Promise<Subject> {
  const queues = createQueueServer({ now: systemClock.now, queueNames: ['failures'] });
  const server = await serve(queues.serve);
  const access = { region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
  const queue = createFailureQueue(access, createHttp(systemClock.now), {
    url: queues.queueUrlAt(server.url, 'failures'),
    endpoint: server.url,
  });
  return {
    queue,
    bodies: () => queues.messages('failures').map(({ body }) => body),
    disconnect: server.close,
    close: server.close,
  };
}

const record = (eventId: string): DeliveryRecord => ({
  type: 'delivery',
  at: Date.parse('2026-01-28T21:43:40.000Z'),
  eventId,
  outcome: 'refused',
  answer: 'fallback',
  cause: 'account-disabled',
  channel: 'sms',
  lineType: 'mobile',
  dryRun: false,
  preview: false,
  wantedLocale: 'es-MX',
  attempts: [{ channel: 'sms', identity: '+34…01', text: 'template', outcome: 'account-disabled', ms: 120 }],
  catalog: { version: 42, source: 'table' },
  ledger: 'claimed',
  unfinished: [],
  ms: { prepare: 30, send: 120, settle: 0, total: 150 },
  leftMs: 2050,
});
const never = () => new AbortController().signal;

describe.each([
  { name: 'the fake', create: createFake },
  { name: 'SQS', create: createReal },
])('a failures queue in $name', ({ create }) => {
  let subject: Subject;

  beforeEach(async () => {
    subject = await create();
  });

  afterEach(async () => {
    await subject.close();
  });

  it('keeps records as JSON, in their order', async () => {
    await subject.queue.put(record('one'), never());
    await subject.queue.put(record('two'), never());
    expect(subject.bodies().map((body) => JSON.parse(body))).toEqual([record('one'), record('two')]);
  });

  it('rejects when it cannot be reached', async () => {
    await subject.disconnect();
    await expect(subject.queue.put(record('one'), never())).rejects.toThrow();
  });

  it('rejects when its signal is aborted, and keeps nothing', async () => {
    await expect(subject.queue.put(record('one'), AbortSignal.abort())).rejects.toThrow();
    expect(subject.bodies()).toEqual([]);
  });
});
