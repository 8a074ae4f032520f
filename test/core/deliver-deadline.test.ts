import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FakeCalls, Trouble } from '../support/fake-calls.ts';
import { createCatalog } from '../support/fake-catalog.ts';
import { createHookRequest } from '../support/fake-hook-request.ts';
import { createFakeSender } from '../support/fake-sender.ts';

type Sender = ReturnType<typeof createFakeSender>;

/** Every call that leaves the function. */
const ports: Readonly<Record<string, (sender: Sender) => FakeCalls>> = {
  'the send': ({ messages }) => messages.sends,
  'the claim': ({ ledger }) => ledger.claims,
  'settling the ledger': ({ ledger }) => ledger.settles,
  'the failures queue': ({ failures }) => failures.puts,
  "the catalog's pointer": ({ table }) => table.pointers,
  'loading the catalog': ({ table }) => table.loads,
};
const portNames = Object.keys(ports);

function troubled(troubles: Readonly<Record<string, Trouble>>, bundled = true): Sender {
  const sender = createFakeSender({ bundled: bundled ? createCatalog() : undefined });
  for (const [port, trouble] of Object.entries(troubles)) ports[port]?.(sender).always(trouble);
  return sender;
}

const hangs = { hangs: true };

describe('a delivery ends before its deadline', () => {
  const combinations = portNames.flatMap((one) => portNames.map((other) => [one, other] as const));

  it.each(combinations)('when %s and %s hang', async (one, other) => {
    for (const budgetMs of [2200, 900, 400, 100, 1]) {
      for (const bundled of [true, false]) {
        const sender = troubled({ [one]: hangs, [other]: hangs }, bundled);
        const { record } = await sender.deliver(createHookRequest(), budgetMs);
        expect(record.leftMs).toBeGreaterThan(0);
        expect(sender.unsettled()).toBe(0);
        expect(sender.clock.pending()).toBe(0);
      }
    }
  });

  it('when everything hangs', async () => {
    const sender = troubled(Object.fromEntries(portNames.map((port) => [port, hangs])));
    const { record } = await sender.deliver(createHookRequest());
    expect(record).toMatchObject({ outcome: 'refused', cause: 'ambiguous', ledger: 'unreachable' });
    expect(record.unfinished.toSorted()).toEqual(['catalog', 'failure-queue', 'ledger']);
    expect(record.leftMs).toBeGreaterThan(0);
  });

  it('when everything fails', async () => {
    const sender = troubled(Object.fromEntries(portNames.map((port) => [port, { fails: true }])));
    const { record } = await sender.deliver(createHookRequest());
    expect(record).toMatchObject({ outcome: 'refused', cause: 'network', ledger: 'unreachable' });
    expect(record.unfinished.toSorted()).toEqual(['failure-queue', 'ledger']);
    expect(record.ms.total).toBe(0);
  });

  it('whatever takes how long, and says how it ended', async () => {
    const trouble = fc.oneof(
      fc.record({ ms: fc.integer({ min: 0, max: 2500 }) }),
      fc.constant({ hangs: true }),
      fc.constant({ fails: true }),
    );
    const troubles = fc.record(Object.fromEntries(portNames.map((port) => [port, trouble])));
    await fc.assert(
      fc.asyncProperty(troubles, fc.integer({ min: 1, max: 2200 }), fc.boolean(), async (all, budgetMs, bundled) => {
        const sender = troubled(all, bundled);
        const { record, reply } = await sender.deliver(createHookRequest(), budgetMs);
        expect(reply.status).toBe(200);
        expect(record.leftMs).toBeGreaterThan(0);
        expect(sender.messages.arrived().length).toBeLessThanOrEqual(1);
        expect(sender.unsettled()).toBe(0);
        expect(sender.clock.pending()).toBe(0);
      }),
      { numRuns: 300 },
    );
  });
});

describe('a ledger that is', () => {
  it.each([
    { name: 'slow', trouble: { ms: 600 }, prepareMs: 400 },
    { name: 'hanging', trouble: { hangs: true }, prepareMs: 400 },
    { name: 'down', trouble: { fails: true }, prepareMs: 0 },
  ])('$name does not keep the code from being sent', async ({ trouble, prepareMs }) => {
    const sender = troubled({ 'the claim': trouble });
    const { record } = await sender.deliver(createHookRequest());
    expect(record).toMatchObject({ outcome: 'accepted', ledger: 'unreachable', ms: { prepare: prepareMs } });
    expect(sender.messages.arrived()).toHaveLength(1);
  });

  it('back by the end keeps the answer all the same', async () => {
    const sender = troubled({ 'the claim': { fails: true } });
    const { reply } = await sender.deliver(createHookRequest({ eventId: 'one' }));
    expect(sender.ledger.replyOf('one')).toEqual(reply);
  });
});

describe('what is still to be written when the answer is known', () => {
  it.each(['settling the ledger', 'the failures queue'])('is waited for no longer than 150 ms: %s', async (port) => {
    const sender = troubled({ [port]: hangs });
    sender.messages.decide(() => 'account-disabled');
    const { record } = await sender.deliver(createHookRequest());
    expect(record.ms.settle).toBe(150);
    expect(record.unfinished).toEqual([port === 'the failures queue' ? 'failure-queue' : 'ledger']);
  });

  it('runs side by side', async () => {
    const sender = troubled({ 'settling the ledger': { ms: 100 }, 'the failures queue': { ms: 120 } });
    sender.messages.decide(() => 'account-disabled');
    const { record } = await sender.deliver(createHookRequest());
    expect(record).toMatchObject({ unfinished: [], ms: { settle: 120 } });
    expect(sender.failures.records()).toHaveLength(1);
  });

  it('does not take the answer past the deadline after a send that came in late', async () => {
    const sender = troubled({ 'the send': { ms: 2060 }, 'settling the ledger': hangs });
    const { record, reply } = await sender.deliver(createHookRequest());
    expect(record).toMatchObject({ outcome: 'accepted', unfinished: ['ledger'] });
    expect(record.leftMs).toBeGreaterThan(0);
    expect(JSON.stringify(reply)).toContain('SUCCESSFUL');
  });
});

describe('the point of no return', () => {
  it('keeps a send from starting that could not be reported, and says so', async () => {
    const sender = troubled({});
    const { record } = await sender.deliver(createHookRequest(), 299);
    expect(record).toMatchObject({ outcome: 'refused', cause: 'too-late', attempts: [] });
    expect(sender.messages.asked()).toEqual([]);
  });

  it('leaves room for the send when catalog and ledger are slow', async () => {
    const sender = troubled({ 'the claim': hangs, 'loading the catalog': hangs });
    const { record } = await sender.deliver(createHookRequest(), 800);
    expect(record).toMatchObject({ outcome: 'accepted', ms: { prepare: 500 }, catalog: { source: 'bundled' } });
  });
});

describe('a first load of the catalog', () => {
  it('is waited for longer than a claim', async () => {
    const sender = troubled({ 'loading the catalog': { ms: 900 } }, false);
    const { record } = await sender.deliver(createHookRequest());
    expect(record).toMatchObject({ outcome: 'accepted', ms: { prepare: 900 }, catalog: { source: 'table' } });
  });

  it('that takes longer still gives way to the catalog beside the bundle, and goes on during the send', async () => {
    const sender = troubled({ 'loading the catalog': { ms: 1100 } });
    sender.messages.sends.always({ ms: 200 });
    const { record } = await sender.deliver(createHookRequest());
    expect(record).toMatchObject({ ms: { prepare: 1000 }, catalog: { source: 'bundled' }, unfinished: [] });
    const second = await sender.deliver(createHookRequest({ eventId: 'two' }));
    expect(second.record.catalog).toEqual({ version: 1, source: 'table' });
  });
});

it('fails as a bug when an identifier cannot be made, and never hangs', async () => {
  const sender = createFakeSender({
    deps: {
      newOwner: () => {
        throw new TypeError('no randomness');
      },
    },
  });
  await expect(sender.deliver(createHookRequest())).rejects.toThrow(TypeError);
  expect(sender.clock.pending()).toBe(0);
});
