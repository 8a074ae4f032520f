import { expect, it } from 'vitest';
import { pause } from '../../src/core/pause.ts';
import { createVirtualClock } from '../support/virtual-clock.ts';

const reason = new Error('interrupted');

it('passes when its time is over', async () => {
  const clock = createVirtualClock();
  let over = false;
  const paused = pause({ clock, ms: 500 }, new AbortController().signal).then(() => {
    over = true;
  });
  await clock.advance(499);
  expect(over).toBe(false);
  await clock.advance(1);
  await paused;
  expect(over).toBe(true);
});

it('ends at once with the reason of an abort, before it began or while it lasts', async () => {
  const clock = createVirtualClock();
  await expect(pause({ clock, ms: 500 }, AbortSignal.abort(reason))).rejects.toBe(reason);
  const controller = new AbortController();
  const paused = pause({ clock, ms: 500 }, controller.signal);
  controller.abort(reason);
  await expect(paused).rejects.toBe(reason);
});
