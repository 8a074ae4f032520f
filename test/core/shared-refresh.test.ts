import { describe, expect, it } from 'vitest';
import type { Deadline } from '../../src/core/deadline.ts';
import { within } from '../../src/core/deadline.ts';
import { createSharedRefresh } from '../../src/core/shared-refresh.ts';
import { createFakeCalls } from '../support/fake-calls.ts';
import { createVirtualClock } from '../support/virtual-clock.ts';

function createScene() {
  const clock = createVirtualClock();
  const calls = createFakeCalls(clock);
  const refresh = createSharedRefresh(clock, (signal) => calls.call(signal, () => undefined));
  /** Waits for so long, within a delivery that has two seconds. */
  const join = async (waitMs: number) => {
    const startedAt = clock.now();
    await within(clock, startedAt + 2000, (until) =>
      within(clock, startedAt + waitMs, (waitUntil: Deadline) => refresh.join(waitUntil, until)),
    );
    return clock.now() - startedAt;
  };
  return { clock, calls, refresh, join };
}

describe('a refresh', () => {
  it('is shared by all who wait for it', async () => {
    const { clock, calls, join } = createScene();
    calls.always({ ms: 100 });
    expect(await clock.run(Promise.all([join(1000), join(1000), join(50)]))).toEqual([100, 100, 50]);
    expect(calls.made()).toBe(1);
  });

  it('that was started ahead and failed is repeated once for all who waited', async () => {
    const { clock, calls, refresh, join } = createScene();
    calls.next({ hangs: true });
    calls.always({ ms: 20 });
    void refresh.start(clock.now() + 300);
    expect(await clock.run(Promise.all([join(1000), join(1000), join(1000)]))).toEqual([320, 320, 320]);
    expect(calls.made()).toBe(2);
  });

  it('that was started ahead and failed is not repeated for one who has gone', async () => {
    const { clock, calls, refresh, join } = createScene();
    calls.always({ hangs: true });
    void refresh.start(clock.now() + 300);
    expect(await clock.run(join(200))).toBe(200);
    await clock.advance(2000);
    expect(calls.made()).toBe(1);
  });

  it('that began earlier does not end one that began later', async () => {
    const { clock, calls, refresh } = createScene();
    calls.next({ ms: 100 });
    calls.next({ ms: 300 });
    void refresh.start(clock.now() + 1000);
    void refresh.start(clock.now() + 1000);
    await clock.advance(200);
    expect(refresh.isUnderWay()).toBe(true);
    await clock.advance(100);
    expect(refresh.isUnderWay()).toBe(false);
  });

  it('never rejects', async () => {
    const { clock, calls, refresh } = createScene();
    calls.always({ fails: true });
    expect(await clock.run(refresh.start(clock.now() + 1000))).toMatchObject({ kind: 'failed' });
  });
});
