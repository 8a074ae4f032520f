import type { Clock } from '../../src/core/clock.ts';
import type { DeliveryRecord } from '../../src/core/delivery-record.ts';
import type { FailureQueue } from '../../src/core/failure-queue.ts';
import type { FakeCalls } from './fake-calls.ts';
import { createFakeCalls } from './fake-calls.ts';

/** The failures queue in memory. */
export interface FakeFailureQueue extends FailureQueue {
  readonly puts: FakeCalls;
  /** The messages that wait, as JSON, oldest first. */
  bodies(): readonly string[];
  records(): readonly DeliveryRecord[];
}

export function createFakeFailureQueue(clock: Clock): FakeFailureQueue {
  const puts = createFakeCalls(clock);
  const records: DeliveryRecord[] = [];
  return {
    puts,
    bodies: () => records.map((record) => JSON.stringify(record)),
    records: () => [...records],
    put: (record, signal) => puts.call(signal, () => void records.push(record)),
  };
}
