import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createSendLatency } from '../../src/core/send-latency.ts';

const after = (seen: readonly number[], floorMs = 300, ceilingMs = 1540) => {
  const latency = createSendLatency(floorMs, ceilingMs);
  for (const ms of seen) latency.observe(ms);
  return latency.neededMs();
};

it('needs the configured floor before any send was seen', () => {
  expect(after([])).toBe(300);
});

it('needs no less than the floor however quick the sends were', () => {
  expect(after([20, 30, 40])).toBe(300);
});

it('needs what nine in ten of the last sends took', () => {
  const tenths = [100, 200, 300, 400, 500, 600, 700, 800, 900, 1000];
  expect(after(tenths.toReversed())).toBe(1000);
  expect(after([...Array(18).fill(450), 1200, 1300])).toBe(1200);
  expect(after([...Array(19).fill(450), 1300])).toBe(450);
});

it('forgets all but the last twenty sends', () => {
  expect(after([...Array(20).fill(900), ...Array(20).fill(350)])).toBe(350);
});

it('never needs more than the ceiling, so that a slow service is still asked', () => {
  expect(after(Array(20).fill(2200))).toBe(1540);
});

it('stays between floor and ceiling whatever is seen', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(10_000)), (seen) => {
      const needed = after(seen);
      expect(needed).toBeGreaterThanOrEqual(300);
      expect(needed).toBeLessThanOrEqual(1540);
    }),
  );
});
