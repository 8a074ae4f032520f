import type { Catalog } from '../../src/core/catalog.ts';
import { createCatalogCache } from '../../src/core/catalog-cache.ts';
import type { Timed } from '../../src/core/deadline.ts';
import { defaultAnswerWithinMs, within } from '../../src/core/deadline.ts';
import type { DeliverDeps, Delivery } from '../../src/core/deliver.ts';
import { deliver } from '../../src/core/deliver.ts';
import type { HookRequest } from '../../src/core/hook-request.ts';
import { createSendLatency } from '../../src/core/send-latency.ts';
import { createCatalog } from './fake-catalog.ts';
import { createFakeCatalogTable } from './fake-catalog-table.ts';
import { createFakeFailureQueue } from './fake-failure-queue.ts';
import { createFakeLedger } from './fake-ledger.ts';
import { createFakeMessages } from './fake-messages.ts';
import { createVirtualClock } from './virtual-clock.ts';

export interface FakeSenderOptions {
  /** The active version; `undefined` is an empty table. */
  readonly catalog?: Catalog | undefined;
  readonly bundled?: Catalog | undefined;
  readonly deps?: Partial<DeliverDeps>;
}

/** A sender over fakes of all its ports and a clock that stands still. */
export function createFakeSender(options: FakeSenderOptions = {}) {
  const clock = createVirtualClock();
  const messages = createFakeMessages(clock);
  const ledger = createFakeLedger(clock);
  const failures = createFakeFailureQueue(clock);
  const table = createFakeCatalogTable(clock);
  const active = 'catalog' in options ? options.catalog : createCatalog();
  if (active !== undefined) table.publish(active);
  let owners = 0;
  const deps: DeliverDeps = {
    clock,
    messages,
    ledger,
    failures,
    catalog: createCatalogCache(clock, table, options.bundled),
    latency: createSendLatency(300, 1540),
    answers: {},
    hashNumber: () => '1:hash',
    newOwner: () => {
      owners += 1;
      return `owner-${owners}`;
    },
    provider: 'Acme Messaging',
    ...options.deps,
  };
  const all = [messages.sends, ledger.claims, ledger.settles, failures.puts, table.pointers, table.loads];

  /** Starts a delivery under a guard at its deadline, as the handler does. */
  const start = (request: HookRequest, answerWithinMs: number): Promise<Timed<Delivery>> =>
    within(clock, clock.now() + answerWithinMs, (deadline) => deliver(deps, request, deadline));

  return {
    clock,
    messages,
    ledger,
    failures,
    table,
    deps,
    start,
    /** Delivers, and lets as much time pass as that takes; a delivery that failed or was late fails the test. */
    async deliver(request: HookRequest, answerWithinMs = defaultAnswerWithinMs): Promise<Delivery> {
      const timed = await clock.run(start(request, answerWithinMs));
      if (timed.kind === 'failed') throw timed.error;
      if (timed.kind === 'late') throw new Error('the delivery was late');
      return timed.value;
    },
    /** How many calls of ports have not ended. */
    unsettled: () => all.reduce((sum, calls) => sum + calls.unsettled(), 0),
  };
}
