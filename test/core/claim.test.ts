import { describe, expect, it } from 'vitest';
import { takeEvent } from '../../src/core/claim.ts';
import type { Deadline } from '../../src/core/deadline.ts';
import { sooner, within } from '../../src/core/deadline.ts';
import { actionReply } from '../../src/core/hook-response.ts';
import { createFakeLedger } from '../support/fake-ledger.ts';
import { createVirtualClock } from '../support/virtual-clock.ts';

const eventId = 'uS5871kJThSsU8qlA1LTcg';
const reply = actionReply('SUCCESSFUL', { provider: 'Acme', transactionId: 'message-1' });
const never = new AbortController().signal;

function createScene() {
  const clock = createVirtualClock();
  const ledger = createFakeLedger(clock);
  /** Takes the event with so many milliseconds in all, 400 of them for the claim. */
  const take = async (owner: string, ms = 2000) => {
    const work = async (until: Deadline) => {
      const taken = await takeEvent(
        { clock, ledger },
        { eventId, owner },
        { claimBy: sooner(clock, until, 400), until },
      );
      return { taken, leftMs: until.leftMs() };
    };
    const timed = await within(clock, clock.now() + ms, work);
    if (timed.kind !== 'done') throw new Error(`the claim was ${timed.kind}`);
    return timed.value;
  };
  return { clock, ledger, take };
}

describe('taking an event', () => {
  it('claims an event that nobody has', async () => {
    const { clock, ledger, take } = createScene();
    expect((await clock.run(take('first'))).taken).toEqual({ state: 'claimed' });
    expect(ledger.ownerOf(eventId)).toBe('first');
    expect(clock.pending()).toBe(0);
  });

  it('gives a duplicate the answer of the first', async () => {
    const { clock, ledger, take } = createScene();
    await clock.run(take('first'));
    await ledger.settle({ eventId, owner: 'first', now: clock.now(), reply }, never);
    expect((await clock.run(take('second'))).taken).toEqual({ state: 'duplicate', reply });
  });

  it('waits for the answer of a claim in flight, asking ten times a second', async () => {
    const { clock, ledger, take } = createScene();
    await clock.run(take('first', 2000));
    const second = take('second', 2000);
    await clock.advance(350);
    expect(ledger.claims.made()).toBe(1 + 1 + 3);
    await ledger.settle({ eventId, owner: 'first', now: clock.now(), reply }, never);
    const { taken, leftMs } = await clock.run(second);
    expect(taken).toEqual({ state: 'duplicate', reply });
    expect(leftMs).toBe(1600);
  });

  it('gives up on a claim in flight just before its own deadline, with time left to say so', async () => {
    const { clock, ledger, take } = createScene();
    await clock.run(take('first', 2000));
    const { taken, leftMs } = await clock.run(take('second', 1500));
    expect(taken).toEqual({ state: 'in-flight' });
    expect(leftMs).toBe(50);
    expect(clock.pending()).toBe(0);
    expect(ledger.claims.unsettled()).toBe(0);
  });

  it('does not wait at all when the claim took all the time there was', async () => {
    const { clock, ledger, take } = createScene();
    await clock.run(take('first', 2000));
    ledger.claims.always({ ms: 40 });
    const { taken, leftMs } = await clock.run(take('second', 60));
    expect(taken).toEqual({ state: 'in-flight' });
    expect(leftMs).toBe(20);
  });

  it('takes a claim over once its owner has let its deadline pass', async () => {
    const { clock, ledger, take } = createScene();
    await clock.run(take('crashed', 1000));
    const { taken, leftMs } = await clock.run(take('second', 2000));
    expect(taken).toEqual({ state: 'claimed' });
    expect(leftMs).toBe(1000);
    expect(ledger.ownerOf(eventId)).toBe('second');
  });

  it('does not take a claim over a millisecond too early', async () => {
    const { clock, ledger, take } = createScene();
    await clock.run(take('first', 1000));
    await clock.advance(999);
    const claim = { eventId, now: clock.now(), freeAt: clock.now() + 1000 };
    expect(await ledger.claim({ ...claim, owner: 'early' }, never)).toEqual({ kind: 'in-flight' });
    expect(await ledger.claim({ ...claim, owner: 'due', now: claim.now + 1 }, never)).toEqual({ kind: 'claimed' });
    expect((await clock.run(take('third', 500))).taken).toEqual({ state: 'in-flight' });
  });

  it.each([
    { name: 'hangs', trouble: { hangs: true }, tookMs: 400 },
    { name: 'answers too late', trouble: { ms: 401 }, tookMs: 400 },
    { name: 'is down', trouble: { fails: true }, tookMs: 0 },
  ])('goes on without a ledger that $name', async ({ trouble, tookMs }) => {
    const { clock, ledger, take } = createScene();
    ledger.claims.always(trouble);
    const { taken, leftMs } = await clock.run(take('first'));
    expect(taken).toEqual({ state: 'unreachable' });
    expect(leftMs).toBe(2000 - tookMs);
    expect(clock.pending()).toBe(0);
    expect(ledger.claims.unsettled()).toBe(0);
  });

  it('keeps waiting when the ledger goes down while a duplicate waits', async () => {
    const { clock, ledger, take } = createScene();
    await clock.run(take('first', 2000));
    const second = take('second', 2000);
    await clock.advance(50);
    ledger.claims.next({ fails: true });
    ledger.claims.next({ hangs: true });
    const { taken, leftMs } = await clock.run(second);
    expect(taken).toEqual({ state: 'in-flight' });
    expect(leftMs).toBe(50);
    expect(ledger.claims.unsettled()).toBe(0);
  });
});
