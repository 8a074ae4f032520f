import { describe, expect, it } from 'vitest';
import { createHookRequest } from '../support/fake-hook-request.ts';
import { createFakeSender } from '../support/fake-sender.ts';

const event = (eventId = 'one') => createHookRequest({ eventId });

describe('a duplicate', () => {
  it('gets the answer of the first, and nothing is sent again', async () => {
    const sender = createFakeSender();
    const first = await sender.deliver(event());
    const second = await sender.deliver(event());
    expect(second.reply).toEqual(first.reply);
    expect(sender.messages.asked()).toHaveLength(1);
    expect(second.record).toMatchObject({ outcome: 'duplicate', ledger: 'duplicate', attempts: [] });
    expect(second.record.messageId).toBeUndefined();
    expect(second.record.cause).toBeUndefined();
    expect(sender.failures.records()).toEqual([]);
    expect(sender.ledger.settles.made()).toBe(1);
  });

  it('gets the refusal of the first too', async () => {
    const sender = createFakeSender();
    sender.messages.decide(() => 'protect-number-blocked');
    const first = await sender.deliver(event());
    sender.messages.decide(() => undefined);
    expect((await sender.deliver(event())).reply).toEqual(first.reply);
    expect(sender.messages.arrived()).toEqual([]);
    expect(sender.failures.records()).toHaveLength(1);
  });

  it('of an event in flight waits for its answer', async () => {
    const sender = createFakeSender();
    sender.messages.sends.always({ ms: 700 });
    const first = sender.start(event(), 2200);
    await sender.clock.advance(50);
    const second = await sender.deliver(event());
    const answered = await sender.clock.run(first);
    expect(answered).toMatchObject({ kind: 'done', value: { reply: second.reply } });
    expect(second.record).toMatchObject({ outcome: 'duplicate', ms: { prepare: 700 } });
    expect(sender.messages.asked()).toHaveLength(1);
  });

  it('of an event in flight answers just before its own deadline that Okta may send, without sending', async () => {
    const sender = createFakeSender();
    sender.messages.sends.always({ ms: 2000 });
    const first = sender.start(event(), 2200);
    await sender.clock.advance(10);
    const second = await sender.deliver(event(), 1000);
    expect(JSON.stringify(second.reply)).toContain('FAILED');
    expect(second.record).toMatchObject({
      outcome: 'refused',
      cause: 'duplicate-in-flight',
      answer: 'fallback',
      ledger: 'in-flight',
      attempts: [],
      leftMs: 50,
    });
    expect(sender.messages.asked()).toHaveLength(1);
    expect(sender.ledger.settles.made()).toBe(0);
    expect(await sender.clock.run(first)).toMatchObject({ kind: 'done', value: { record: { outcome: 'accepted' } } });
    expect(sender.clock.pending()).toBe(0);
    expect(sender.unsettled()).toBe(0);
  });

  it('of an event whose container crashed takes it over once the deadline of that one has passed', async () => {
    const sender = createFakeSender();
    const never = new AbortController().signal;
    const freeAt = sender.clock.now() + 300;
    await sender.ledger.claim({ eventId: 'one', owner: 'crashed', now: sender.clock.now(), freeAt }, never);
    const { record } = await sender.deliver(event());
    expect(record).toMatchObject({ outcome: 'accepted', ledger: 'claimed', ms: { prepare: 300 } });
    expect(sender.messages.arrived()).toHaveLength(1);
  });

  it('cannot have its answer overwritten by a slow first that lost its claim', async () => {
    const sender = createFakeSender();
    const first = await sender.deliver(event());
    const never = new AbortController().signal;
    await sender.ledger.settle(
      { eventId: 'one', owner: 'someone else', now: sender.clock.now(), reply: { ...first.reply, status: 400 } },
      never,
    );
    expect(sender.ledger.replyOf('one')).toEqual(first.reply);
  });

  it('of another event is none', async () => {
    const sender = createFakeSender();
    await sender.deliver(event('one'));
    await sender.deliver(event('two'));
    expect(sender.messages.arrived()).toHaveLength(2);
  });
});
