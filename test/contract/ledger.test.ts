import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLedger } from '../../src/aws/ledger.ts';
import { actionReply, errorReply } from '../../src/core/hook-response.ts';
import type { Ledger } from '../../src/core/ledger.ts';
import { systemClock } from '../../src/handlers/system-clock.ts';
import { ledgerTable } from '../../src/local/tables.ts';
import { startTables } from '../support/fake-aws-tables.ts';
import { createFakeLedger } from '../support/fake-ledger.ts';

interface Subject {
  readonly ledger: Ledger;
  disconnect(): Promise<void>;
  close(): Promise<void>;
}

async function createFake(): Promise<Subject> {
  const ledger = createFakeLedger(systemClock);
  const disconnect = async () => {
    ledger.claims.always({ fails: true });
    ledger.settles.always({ fails: true });
  };
  return { ledger, disconnect, close: async () => {} };
}

async function createReal(): Promise<Subject> {
  const { client, close } = await startTables();
  return { ledger: createLedger(client, ledgerTable), disconnect: close, close };
}

const now = Date.parse('2026-01-28T21:43:40.000Z');
const day = 24 * 3_600_000;
const never = () => new AbortController().signal;
const reply = actionReply('SUCCESSFUL', { provider: 'Acme', transactionId: 'message-1' });
const otherReply = errorReply('Choose another way to verify.');

describe.each([
  { name: 'the fake', create: createFake },
  { name: 'DynamoDB', create: createReal },
])('a ledger in $name', ({ create }) => {
  let subject: Subject;

  beforeEach(async () => {
    subject = await create();
  });

  afterEach(async () => {
    await subject.close();
  });

  const claim = (owner: string, atMs = 0, eventId = 'one') =>
    subject.ledger.claim({ eventId, owner, now: now + atMs, freeAt: now + atMs + 2000 }, never());
  const settle = (owner: string, atMs = 0, given = reply) =>
    subject.ledger.settle({ eventId: 'one', owner, now: now + atMs, reply: given }, never());

  it('gives an event to the first who asks', async () => {
    expect(await claim('first')).toEqual({ kind: 'claimed' });
    expect(await claim('second', 10)).toEqual({ kind: 'in-flight' });
  });

  it('tells events apart', async () => {
    await claim('first');
    expect(await claim('second', 10, 'two')).toEqual({ kind: 'claimed' });
  });

  it('gives one of many who ask at once', async () => {
    const taken = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((owner) => claim(owner)));
    expect(taken.filter(({ kind }) => kind === 'claimed')).toHaveLength(1);
    expect(taken.filter(({ kind }) => kind === 'in-flight')).toHaveLength(4);
  });

  it('gives an event to the same owner again, whose first write may have been lost', async () => {
    await claim('first');
    expect(await claim('first', 10)).toEqual({ kind: 'claimed' });
  });

  it('keeps the answer for duplicates', async () => {
    await claim('first');
    await settle('first', 100);
    expect(await claim('second', 200)).toEqual({ kind: 'answered', reply });
    expect(await claim('third', day - 1000)).toEqual({ kind: 'answered', reply });
  });

  it('keeps an answer of the other form as well', async () => {
    await claim('first');
    await settle('first', 100, otherReply);
    expect(await claim('second', 200)).toEqual({ kind: 'answered', reply: otherReply });
  });

  it('takes a claim for abandoned once its owner has had to answer', async () => {
    await claim('crashed');
    expect(await claim('second', 1999)).toEqual({ kind: 'in-flight' });
    expect(await claim('third', 2000)).toEqual({ kind: 'claimed' });
    expect(await claim('fourth', 2001)).toEqual({ kind: 'in-flight' });
  });

  it('keeps an answer long after its claim would have been free', async () => {
    await claim('first');
    await settle('first', 100);
    expect(await claim('second', 60_000)).toEqual({ kind: 'answered', reply });
  });

  it('forgets an event after a day', async () => {
    await claim('first');
    await settle('first');
    expect(await claim('second', day)).toEqual({ kind: 'claimed' });
  });

  it('does not let an owner that lost its claim overwrite the answer', async () => {
    await claim('slow');
    await claim('second', 2000);
    await settle('second', 2100);
    await settle('slow', 2200, otherReply);
    expect(await claim('third', 2300)).toEqual({ kind: 'answered', reply });
  });

  it('keeps an answer of which it never saw the claim', async () => {
    await settle('first');
    expect(await claim('second', 10)).toEqual({ kind: 'answered', reply });
  });

  it('rejects when it cannot be reached', async () => {
    await subject.disconnect();
    await expect(claim('first')).rejects.toThrow();
    await expect(settle('first')).rejects.toThrow();
  });

  it('rejects when its signal is aborted', async () => {
    const signal = AbortSignal.abort();
    await expect(subject.ledger.claim({ eventId: 'one', owner: 'first', now, freeAt: now }, signal)).rejects.toThrow();
    await expect(subject.ledger.settle({ eventId: 'one', owner: 'first', now, reply }, signal)).rejects.toThrow();
    expect(await claim('second')).toEqual({ kind: 'claimed' });
  });
});
