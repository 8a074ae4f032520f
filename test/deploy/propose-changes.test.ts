import { describe, expect, it } from 'vitest';
import { OktaOtpError } from '../../src/core/error.ts';
import { inOwnTime, proposeChanges } from '../../src/deploy/propose-changes.ts';
import type { FakeStacks, FakeStacksOptions } from '../support/fake-stacks.ts';
import { changeSetId, createFakeStacks, proposeRequest } from '../support/fake-stacks.ts';
import { createVirtualClock } from '../support/virtual-clock.ts';

const gone = { stack: undefined, changeSet: undefined };
const looksUntilTimeout = Math.floor((5 * 60_000) / 1_500) + 2;

/** A proposal that is interrupted the nth time that something is asked for. */
function interruptible(options: FakeStacksOptions, at: string, nth = 1) {
  const stop = new AbortController();
  let left = nth;
  const stacks = createFakeStacks({
    ...options,
    before(call, signal) {
      if (call === at) left -= 1;
      if (call !== at || left !== 0) return;
      stop.abort(new Error('stopped'));
      signal.throwIfAborted();
    },
  });
  return { stacks, signal: stop.signal };
}

const propose = (stacks: FakeStacks, signal = new AbortController().signal, clock = createVirtualClock()) =>
  clock.run(proposeChanges({ stacks, clock }, proposeRequest(), signal));

describe('a proposal', () => {
  it('waits until CloudFormation has planned it', async () => {
    const stacks = createFakeStacks({ looks: ['pending', 'pending', 'ready'] });
    const clock = createVirtualClock();
    const from = clock.now();
    const proposal = await propose(stacks, undefined, clock);
    expect(proposal?.changeSet).toMatchObject({ id: changeSetId, status: 'ready' });
    expect({ calls: stacks.calls(), ms: clock.now() - from, timers: clock.pending() }).toEqual({
      calls: ['propose', 'look', 'look', 'look'],
      ms: 3_000,
      timers: 0,
    });
  });

  it('is none when nothing would change, and leaves nothing behind', async () => {
    const standing = createFakeStacks({ standing: 'UPDATE_COMPLETE', looks: ['empty'] });
    await expect(propose(standing)).resolves.toBeUndefined();
    expect(standing.left()).toEqual({ stack: 'UPDATE_COMPLETE', changeSet: undefined });
    const shell = createFakeStacks({ looks: ['empty'] });
    await expect(propose(shell)).resolves.toBeUndefined();
    expect(shell.left()).toEqual(gone);
  });

  it('that fails says why, and leaves nothing behind', async () => {
    const stacks = createFakeStacks({ looks: ['pending', 'failed'], reason: 'no such macro' });
    await expect(propose(stacks)).rejects.toMatchObject({
      code: 'plan-failed',
      message: 'CloudFormation could not plan the change: no such macro',
    });
    expect(stacks.left()).toEqual(gone);
    const silent = createFakeStacks({ standing: 'CREATE_COMPLETE', looks: ['failed'] });
    await expect(propose(silent)).rejects.toMatchObject({ code: 'plan-failed' });
    expect(silent.left()).toEqual({ stack: 'CREATE_COMPLETE', changeSet: undefined });
  });

  it('that is refused has made nothing, and nothing is looked for', async () => {
    const refusal = new OktaOtpError('stack-template-refused', 'no');
    const stacks = createFakeStacks({ looks: ['ready'], refusal });
    await expect(propose(stacks)).rejects.toBe(refusal);
    expect(stacks.calls()).toEqual(['propose']);
  });

  it('that is never planned is given up after five minutes', async () => {
    const stacks = createFakeStacks({ looks: ['pending'] });
    const clock = createVirtualClock();
    const from = clock.now();
    await expect(propose(stacks, undefined, clock)).rejects.toMatchObject({ code: 'plan-timeout' });
    expect(stacks.left()).toEqual(gone);
    expect(stacks.calls().filter((call) => call === 'look')).toHaveLength(looksUntilTimeout);
    expect(clock.now() - from).toBeLessThan(5 * 60_000 + 10_000);
  });

  it('that somebody else takes away while it is planned has expired; the shell goes', async () => {
    const expired = new OktaOtpError('change-set-expired', 'gone');
    const stacks = createFakeStacks({
      looks: ['pending'],
      before(call) {
        if (call === 'look') throw expired;
      },
    });
    await expect(propose(stacks)).rejects.toBe(expired);
    expect(stacks.left().stack).toBeUndefined();
  });
});

describe('a withdrawal', () => {
  it('takes the change set and the empty stack, and waits until that is gone', async () => {
    const clock = createVirtualClock();
    const stacks = createFakeStacks({ looks: ['ready'], slowToGo: 3 });
    const proposal = await propose(stacks, undefined, clock);
    const from = clock.now();
    await clock.run(proposal?.withdraw(new AbortController().signal) ?? Promise.reject());
    expect(stacks.left()).toEqual(gone);
    expect(stacks.calls().slice(2)).toEqual([
      'discard',
      'find',
      'list',
      // By a token of its own, so that it may be asked for twice.
      'remove stack by 01234567-89ab-cdef-0123-456789abcdef',
      ...['find', 'find', 'find', 'find'],
    ]);
    expect(clock.now() - from).toBe(4_500);
  });

  it('leaves an empty stack alone in which the change set of somebody else waits', async () => {
    const stacks = createFakeStacks({ looks: ['ready'], other: 'theirs' });
    const proposal = await propose(stacks);
    await proposal?.withdraw(new AbortController().signal);
    expect(stacks.left()).toEqual({ stack: 'REVIEW_IN_PROGRESS', changeSet: undefined });
  });

  it('does not wait for ever for an empty stack', async () => {
    const clock = createVirtualClock();
    const stacks = createFakeStacks({ looks: ['ready'], slowToGo: 100 });
    const proposal = await propose(stacks, undefined, clock);
    const from = clock.now();
    await clock.run(proposal?.withdraw(new AbortController().signal) ?? Promise.reject());
    expect(clock.now() - from).toBe(12_000);
  });

  it('leaves every other stack alone', async () => {
    const stacks = createFakeStacks({ standing: 'CREATE_COMPLETE', looks: ['ready'] });
    const proposal = await propose(stacks);
    await proposal?.withdraw(new AbortController().signal);
    expect(stacks.left()).toEqual({ stack: 'CREATE_COMPLETE', changeSet: undefined });
  });

  it('bears that the stack is gone already', async () => {
    const stacks = createFakeStacks({ looks: ['ready'] });
    const proposal = await propose(stacks);
    await stacks.remove('x', 'y', new AbortController().signal);
    await proposal?.withdraw(new AbortController().signal);
    expect(stacks.calls().slice(-2)).toEqual(['discard', 'find']);
  });

  it('ends on Ctrl-C', async () => {
    const stop = new AbortController();
    const stacks = createFakeStacks({ looks: ['ready'] });
    const proposal = await propose(stacks);
    stop.abort(new Error('stopped'));
    await expect(proposal?.withdraw(stop.signal)).rejects.toThrow('stopped');
  });
});

describe('Ctrl-C', () => {
  const stands = { stack: 'CREATE_COMPLETE', changeSet: undefined };

  it.each<[string, FakeStacksOptions, string, number, ReturnType<FakeStacks['left']>]>([
    ['the answer is waited for', { looks: ['pending', 'ready'] }, 'propose', 1, gone],
    ['the answer is waited for, and the change set shows late', { looks: ['ready'], lateBy: 2 }, 'propose', 1, gone],
    ['a new stack is planned', { looks: ['pending'] }, 'look', 2, gone],
    ['an update is asked for', { standing: 'CREATE_COMPLETE', looks: ['pending', 'ready'] }, 'propose', 1, stands],
    [
      'an update is planned',
      { standing: 'CREATE_COMPLETE', looks: ['pending', 'pending', 'ready'] },
      'look',
      1,
      stands,
    ],
    ['an empty plan is removed', { standing: 'CREATE_COMPLETE', looks: ['empty'] }, 'discard', 1, stands],
    ['an empty stack is removed', { looks: ['empty'] }, 'find', 1, gone],
  ])('while %s leaves nothing behind', async (_, options, at, nth, left) => {
    const { stacks, signal } = interruptible(options, at, nth);
    const clock = createVirtualClock();
    await expect(propose(stacks, signal, clock)).rejects.toThrow('stopped');
    expect(stacks.left()).toEqual(left);
    expect(clock.pending()).toBe(0);
  });

  it('during a pause leaves nothing behind', async () => {
    const stop = new AbortController();
    const clock = createVirtualClock();
    const stacks = createFakeStacks({ standing: 'CREATE_COMPLETE', looks: ['pending', 'pending', 'ready'] });
    const ended = expect(
      proposeChanges({ stacks, clock }, proposeRequest({ create: false }), stop.signal),
    ).rejects.toThrow('stopped');
    await clock.advance(100);
    stop.abort(new Error('stopped'));
    await clock.advance(5_000);
    await ended;
    expect(stacks.left()).toEqual(stands);
  });

  it('before anything was asked for asks for nothing', async () => {
    const stacks = createFakeStacks({ looks: ['ready'] });
    await expect(propose(stacks, AbortSignal.abort(new Error('stopped')))).rejects.toThrow('stopped');
    expect(stacks.calls()).toEqual([]);
  });

  it('before CloudFormation has made anything is over soon', async () => {
    const { stacks, signal } = interruptible({ looks: ['ready'], lateBy: 100 }, 'propose');
    const clock = createVirtualClock();
    const from = clock.now();
    await expect(propose(stacks, signal, clock)).rejects.toThrow('stopped');
    expect(stacks.calls()).toEqual(['propose', 'proposed', 'proposed', 'proposed']);
    expect(clock.now() - from).toBe(3_000);
  });

  it('is over in time, whatever does not end', async () => {
    const { stacks, signal } = interruptible({ standing: 'CREATE_COMPLETE', looks: ['pending'] }, 'look');
    const clock = createVirtualClock();
    const from = clock.now();
    await expect(propose(stacks, signal, clock)).rejects.toThrow('stopped');
    expect(clock.now() - from).toBe(25_000);
  });
});

describe('tidying up', () => {
  it('that fails does not hide what made it necessary', async () => {
    const stacks = createFakeStacks({
      looks: ['failed'],
      before(call) {
        if (call === 'discard') throw new OktaOtpError('access-denied', 'not allowed');
      },
    });
    await expect(propose(stacks)).rejects.toMatchObject({ code: 'plan-failed' });
  });

  it('has a time of its own, and no timer left when it is done', async () => {
    const clock = createVirtualClock();
    let aborted = false;
    const waits = (signal: AbortSignal) =>
      new Promise<void>((_, reject) => {
        signal.addEventListener('abort', () => {
          aborted = true;
          reject(signal.reason);
        });
      });
    await clock.run(inOwnTime(clock, waits));
    expect(aborted).toBe(true);
    await clock.run(inOwnTime(clock, async () => {}));
    expect(clock.pending()).toBe(0);
  });
});
