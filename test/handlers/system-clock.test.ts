import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { systemClock } from '../../src/handlers/system-clock.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: 1_769_636_620_000 });
});

afterEach(() => {
  vi.useRealTimers();
});

it("tells the machine's time", () => {
  expect(systemClock.now()).toBe(1_769_636_620_000);
});

it('runs something once after a while', () => {
  const run = vi.fn();
  systemClock.after(100, run);
  vi.advanceTimersByTime(99);
  expect(run).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1000);
  expect(run).toHaveBeenCalledTimes(1);
});

it('does not run what was cancelled', () => {
  const run = vi.fn();
  systemClock.after(100, run)();
  vi.advanceTimersByTime(1000);
  expect(run).not.toHaveBeenCalled();
});
