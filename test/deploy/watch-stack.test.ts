import { describe, expect, it } from 'vitest';
import type { DeployedStack, StackApi, StackEvent } from '../../src/aws/stack.ts';
import type { Watched } from '../../src/deploy/watch-stack.ts';
import { lastEventOf, watchStack } from '../../src/deploy/watch-stack.ts';
import type { VirtualClock } from '../support/virtual-clock.ts';
import { createVirtualClock } from '../support/virtual-clock.ts';

const stackId = 'arn:aws:cloudformation:eu-west-1:111122223333:stack/okta-otp-prod/1';

/** `Table CREATE_FAILED: reason`; what is about the stack itself is called `Stack`. */
function event(words: string, id = words): StackEvent {
  const [what = '', reason] = words.split(': ');
  const [logicalId = '', status = ''] = what.split(' ');
  return { id, at: 0, logicalId, type: `T::${logicalId}`, status, reason, ofStack: logicalId === 'Stack' };
}

/** What the stack and its events show at a look; the events oldest first, all of them. */
interface Look {
  /** Undefined where there is no stack. */
  readonly status: string | undefined;
  readonly events: readonly (string | StackEvent)[];
}

const stackIn = (status: string): DeployedStack => ({
  ...{ id: stackId, name: 'okta-otp-prod', status, reason: undefined, changedAt: 0, isProtected: false },
  ...{ parameters: {}, outputs: {}, tags: {} },
});

/** A CloudFormation that shows one look after the other, and the last one for ever. */
function showing(looks: readonly Look[], pageSize = 100) {
  let at = -1;
  let pages = 0;
  const now = () => looks[Math.min(at, looks.length - 1)];
  const stacks: Pick<StackApi, 'events' | 'find'> = {
    async find(nameOrId, signal) {
      signal.throwIfAborted();
      expect(nameOrId).toBe(stackId);
      at += 1;
      const status = now()?.status;
      return status === undefined ? undefined : stackIn(status);
    },
    async *events(id, signal) {
      expect(id).toBe(stackId);
      const newestFirst = (now()?.events ?? looks[0]?.events ?? [])
        .map((one) => (typeof one === 'string' ? event(one) : one))
        .toReversed();
      for (let from = 0; from < newestFirst.length; from += pageSize) {
        signal.throwIfAborted();
        pages += 1;
        yield newestFirst.slice(from, from + pageSize);
      }
    },
  };
  return { stacks, looks: () => at + 1, pages: () => pages };
}

const never = new AbortController().signal;

async function watch(
  looks: readonly Look[],
  { since, pageSize, clock = createVirtualClock() }: { since?: string; pageSize?: number; clock?: VirtualClock } = {},
): Promise<
  Watched & { readonly told: readonly string[]; readonly looks: number; readonly pages: number; readonly ms: number }
> {
  const cloud = showing(looks, pageSize);
  const told: string[] = [];
  const from = clock.now();
  const watched = await clock.run(
    watchStack(
      { stacks: cloud.stacks, clock },
      { stackId, since, onEvent: ({ logicalId, status }) => told.push(`${logicalId} ${status}`) },
      never,
    ),
  );
  expect(clock.pending()).toBe(0);
  return { ...watched, told, looks: cloud.looks(), pages: cloud.pages(), ms: clock.now() - from };
}

const old = ['Stack CREATE_IN_PROGRESS', 'Table CREATE_COMPLETE', 'Stack CREATE_COMPLETE'];
const since = 'Stack CREATE_COMPLETE';

describe('an operation that was just asked for', () => {
  it('is told from its first event to its last, each once, the oldest first', async () => {
    const begun = [...old, 'Stack UPDATE_IN_PROGRESS'];
    const going = [...begun, 'Sender UPDATE_IN_PROGRESS', 'Sender UPDATE_COMPLETE'];
    const over = [...going, 'Stack UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', 'Stack UPDATE_COMPLETE'];
    const watched = await watch(
      [
        { status: 'UPDATE_IN_PROGRESS', events: begun },
        { status: 'UPDATE_IN_PROGRESS', events: going },
        { status: 'UPDATE_COMPLETE', events: over },
      ],
      { since },
    );
    expect(watched).toMatchObject({ status: 'UPDATE_COMPLETE', stack: { id: stackId }, failure: undefined });
    expect(watched.told).toEqual(over.slice(old.length));
    expect(watched).toMatchObject({ looks: 3, ms: 6_000 });
  });

  it('is not taken for over while the stack looks as it did before', async () => {
    const begun = [...old, 'Stack UPDATE_IN_PROGRESS'];
    const { status, looks } = await watch(
      [
        { status: 'CREATE_COMPLETE', events: old },
        // The events know of it, the stack does not.
        { status: 'CREATE_COMPLETE', events: begun },
        { status: 'CREATE_COMPLETE', events: begun },
        { status: 'UPDATE_IN_PROGRESS', events: begun },
        { status: 'UPDATE_COMPLETE', events: [...begun, 'Stack UPDATE_COMPLETE'] },
      ],
      { since },
    );
    expect({ status, looks }).toEqual({ status: 'UPDATE_COMPLETE', looks: 5 });
  });

  it('is told to its last event, when that shows later than the state of the stack', async () => {
    const begun = [...old, 'Stack UPDATE_IN_PROGRESS', 'Sender UPDATE_FAILED: no'];
    const { told, failure } = await watch(
      [
        { status: 'UPDATE_IN_PROGRESS', events: [...old, 'Stack UPDATE_IN_PROGRESS'] },
        { status: 'UPDATE_ROLLBACK_COMPLETE', events: [...old, 'Stack UPDATE_IN_PROGRESS'] },
        { status: 'UPDATE_ROLLBACK_COMPLETE', events: [...begun, 'Stack UPDATE_ROLLBACK_COMPLETE'] },
      ],
      { since },
    );
    expect(told.at(-1)).toBe('Stack UPDATE_ROLLBACK_COMPLETE');
    expect(failure).toMatchObject({ logicalId: 'Sender', reason: 'no' });
  });

  it('tells an event that shows late, behind others that were told', async () => {
    const { told } = await watch(
      [
        { status: 'UPDATE_IN_PROGRESS', events: [...old, 'Stack UPDATE_IN_PROGRESS', 'B UPDATE_IN_PROGRESS'] },
        {
          status: 'UPDATE_COMPLETE',
          events: [
            ...old,
            'Stack UPDATE_IN_PROGRESS',
            'A UPDATE_FAILED',
            'B UPDATE_IN_PROGRESS',
            'Stack UPDATE_COMPLETE',
          ],
        },
      ],
      { since },
    );
    expect(told).toEqual([
      'Stack UPDATE_IN_PROGRESS',
      'B UPDATE_IN_PROGRESS',
      'A UPDATE_FAILED',
      'Stack UPDATE_COMPLETE',
    ]);
  });

  it('is read page by page, and no page more than is needed', async () => {
    const many = Array.from({ length: 20 }, (_, index) => `Old${index} CREATE_COMPLETE`);
    const begun = ['Stack UPDATE_IN_PROGRESS', 'A UPDATE_COMPLETE', 'B UPDATE_COMPLETE', 'C UPDATE_COMPLETE'];
    const { told, pages } = await watch(
      [
        { status: 'UPDATE_IN_PROGRESS', events: [...many, since, ...begun] },
        { status: 'UPDATE_COMPLETE', events: [...many, since, ...begun, 'D UPDATE_COMPLETE', 'Stack UPDATE_COMPLETE'] },
      ],
      { since, pageSize: 3 },
    );
    expect(told).toEqual([...begun, 'D UPDATE_COMPLETE', 'Stack UPDATE_COMPLETE']);
    // Two for four events and the one before, one that begins with two new ones and ends with a known one.
    expect(pages).toBe(3);
  });

  it('is told once each, also when more happens between two pages and moves the rest along', async () => {
    const begun = ['Stack UPDATE_IN_PROGRESS', 'A UPDATE_COMPLETE', 'B UPDATE_COMPLETE'];
    const over = [...old, ...begun, 'Stack UPDATE_COMPLETE'];
    const { stacks } = showing([{ status: 'UPDATE_COMPLETE', events: over }]);
    const told: string[] = [];
    const moving: typeof stacks = {
      ...stacks,
      async *events() {
        yield over
          .slice(4, 6)
          .toReversed()
          .map((words) => event(words));
        yield over.toReversed().map((words) => event(words));
      },
    };
    const onEvent = ({ logicalId, status }: StackEvent) => void told.push(`${logicalId} ${status}`);
    await watchStack({ stacks: moving, clock: createVirtualClock() }, { stackId, since, onEvent }, never);
    expect(told).toEqual(over.slice(old.length));
  });

  it('that never begins ends a minute later with what there is', async () => {
    const { status, told, ms } = await watch([{ status: 'CREATE_COMPLETE', events: old }], { since });
    expect({ status, told, ms }).toEqual({ status: 'CREATE_COMPLETE', told: [], ms: 63_000 });
  });

  it('whose end the events never tell ends a minute after the last of them', async () => {
    const { status, told, ms } = await watch(
      [
        { status: 'UPDATE_IN_PROGRESS', events: [...old, 'Stack UPDATE_IN_PROGRESS'] },
        { status: 'UPDATE_COMPLETE', events: [...old, 'Stack UPDATE_IN_PROGRESS', 'A UPDATE_COMPLETE'] },
      ],
      { since },
    );
    expect({ status, last: told.at(-1), ms }).toEqual({
      status: 'UPDATE_COMPLETE',
      last: 'A UPDATE_COMPLETE',
      ms: 66_000,
    });
  });
});

describe('a deletion', () => {
  it('is over when the stack says so, and when there is none any more', async () => {
    const gone = await watch([{ status: 'DELETE_COMPLETE', events: old }], { since });
    expect(gone).toMatchObject({ status: 'DELETE_COMPLETE', looks: 1 });
    const none = await watch([{ status: undefined, events: old }], { since });
    expect(none).toMatchObject({ status: 'DELETE_COMPLETE', stack: undefined, looks: 1 });
  });

  it('that fails tells which resource would not go', async () => {
    const { status, failure } = await watch(
      [
        {
          status: 'DELETE_FAILED',
          events: [...old, 'Stack DELETE_IN_PROGRESS', 'Role DELETE_FAILED: attached', 'Stack DELETE_FAILED: [Role]'],
        },
      ],
      { since },
    );
    expect(status).toBe('DELETE_FAILED');
    expect(failure).toMatchObject({ logicalId: 'Role', reason: 'attached' });
  });
});

describe('an operation that goes on already', () => {
  it('is told from its start, and nothing of the one before', async () => {
    const { told, pages } = await watch(
      [
        {
          status: 'UPDATE_ROLLBACK_IN_PROGRESS',
          events: [...old, 'Stack UPDATE_IN_PROGRESS', 'A UPDATE_FAILED: no', 'Stack UPDATE_ROLLBACK_IN_PROGRESS'],
        },
        {
          status: 'UPDATE_ROLLBACK_COMPLETE',
          events: [
            ...old,
            'Stack UPDATE_IN_PROGRESS',
            'A UPDATE_FAILED: no',
            'Stack UPDATE_ROLLBACK_IN_PROGRESS',
            'Stack UPDATE_ROLLBACK_COMPLETE',
          ],
        },
      ],
      { pageSize: 2 },
    );
    expect(told).toEqual([
      'Stack UPDATE_IN_PROGRESS',
      'A UPDATE_FAILED',
      'Stack UPDATE_ROLLBACK_IN_PROGRESS',
      'Stack UPDATE_ROLLBACK_COMPLETE',
    ]);
    expect(pages).toBe(3);
  });

  it('is told whole when its start is on no page any more', async () => {
    const { told } = await watch([
      { status: 'UPDATE_COMPLETE', events: ['A UPDATE_COMPLETE', 'Stack UPDATE_COMPLETE'] },
    ]);
    expect(told).toEqual(['A UPDATE_COMPLETE', 'Stack UPDATE_COMPLETE']);
  });

  it('and begins with a resource of the same state is told from the start of the stack', async () => {
    const { told } = await watch([
      {
        status: 'CREATE_COMPLETE',
        events: ['Stack CREATE_IN_PROGRESS', 'A CREATE_IN_PROGRESS', 'Stack CREATE_COMPLETE'],
      },
    ]);
    expect(told).toHaveLength(3);
  });
});

describe('the reason of a failure', () => {
  const failureOf = async (...events: readonly (string | StackEvent)[]) => {
    const all = [...old, ...events, 'Stack UPDATE_ROLLBACK_COMPLETE'];
    const { failure } = await watch([{ status: 'UPDATE_ROLLBACK_COMPLETE', events: all }], { since });
    return failure === undefined ? undefined : `${failure.logicalId}: ${failure.reason}`;
  };
  const begin = 'Stack UPDATE_IN_PROGRESS';

  it('is that of the first resource that failed', async () => {
    await expect(failureOf(begin, 'A UPDATE_FAILED: first', 'B UPDATE_FAILED: second')).resolves.toBe('A: first');
  });

  it('is none that was cancelled because of another', async () => {
    await expect(
      failureOf(
        begin,
        'A UPDATE_FAILED: Resource update cancelled',
        'B CREATE_FAILED: no',
        'C CREATE_FAILED: Resource creation cancelled',
      ),
    ).resolves.toBe('B: no');
  });

  it('may be about something else that was cancelled', async () => {
    const words = 'the deployment was cancelled by an alarm';
    await expect(failureOf(begin, `Alias UPDATE_FAILED: ${words}`)).resolves.toBe(`Alias: ${words}`);
  });

  it('is the stack’s own where no resource has failed', async () => {
    await expect(failureOf(begin, 'Stack UPDATE_ROLLBACK_IN_PROGRESS: limit exceeded')).resolves.toBe(
      'Stack: limit exceeded',
    );
    await expect(failureOf(begin, 'A ROLLBACK_IN_PROGRESS: no')).resolves.toBeUndefined();
  });

  it('is not that going back was asked for', async () => {
    await expect(failureOf('Stack UPDATE_ROLLBACK_IN_PROGRESS: User Initiated')).resolves.toBeUndefined();
    await expect(
      failureOf('Stack UPDATE_ROLLBACK_IN_PROGRESS: User Initiated', 'A UPDATE_FAILED: still no'),
    ).resolves.toBe('A: still no');
  });

  it('may have no words', async () => {
    await expect(failureOf(begin, 'A UPDATE_FAILED')).resolves.toBe('A: undefined');
  });
});

describe('a watch', () => {
  const going: Look = { status: 'UPDATE_IN_PROGRESS', events: [...old, 'Stack UPDATE_IN_PROGRESS'] };

  it('ends after an hour and a half, and says how to come back', async () => {
    const clock = createVirtualClock();
    const from = clock.now();
    await expect(watch([going], { since, clock })).rejects.toMatchObject({
      code: 'stack-timeout',
      hint: 'the same command attaches to it again; okta-otp status shows it',
    });
    expect(clock.now() - from).toBe(90 * 60_000 + 3_000);
  });

  it('ends on Ctrl-C while it waits, and leaves no timer behind', async () => {
    const clock = createVirtualClock();
    const stop = new AbortController();
    const { stacks, looks } = showing([going]);
    const watched = watchStack({ stacks, clock }, { stackId, since, onEvent() {} }, stop.signal);
    const ended = expect(watched).rejects.toThrow('stopped');
    await clock.advance(4_000);
    stop.abort(new Error('stopped'));
    await ended;
    expect({ looks: looks(), pending: clock.pending() }).toEqual({ looks: 2, pending: 0 });
  });

  it('ends on Ctrl-C between two pages', async () => {
    const stop = new AbortController();
    const { stacks } = showing([going], 1);
    const interrupting: typeof stacks = {
      ...stacks,
      async *events(id, signal) {
        for await (const page of stacks.events(id, signal)) {
          yield page;
          stop.abort(new Error('stopped'));
        }
      },
    };
    const deps = { stacks: interrupting, clock: createVirtualClock() };
    await expect(watchStack(deps, { stackId, since, onEvent() {} }, stop.signal)).rejects.toThrow('stopped');
  });
});

describe('the last event of a stack', () => {
  it('is the newest one, for which one page is enough', async () => {
    const { stacks, pages } = showing([{ status: 'CREATE_COMPLETE', events: old }], 1);
    await expect(lastEventOf(stacks, stackId, never)).resolves.toBe(since);
    expect(pages()).toBe(1);
  });

  it('is none where there are no events', async () => {
    const { stacks } = showing([{ status: 'REVIEW_IN_PROGRESS', events: [] }]);
    await expect(lastEventOf(stacks, stackId, never)).resolves.toBeUndefined();
  });
});
