import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { summarizeLatency } from '../../src/core/latency-summary.ts';

describe('a summary of latencies', () => {
  it('takes its percentiles from times that were seen', () => {
    const times = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect(summarizeLatency(times)).toMatchObject({ count: 100, min: 1, p50: 50, p95: 95, p99: 99, max: 100 });
    expect(summarizeLatency([7])).toEqual({
      count: 1,
      min: 7,
      p50: 7,
      p95: 7,
      p99: 7,
      max: 7,
      buckets: [{ fromMs: 0, toMs: 25, count: 1 }],
    });
  });

  it('is none without times', () => {
    expect(summarizeLatency([])).toBeUndefined();
  });

  it('shows the buckets between the fastest and the slowest, empty ones too', () => {
    expect(summarizeLatency([30, 120, 5000])?.buckets.map(({ fromMs, toMs, count }) => [fromMs, toMs, count])).toEqual([
      [25, 50, 1],
      [50, 100, 0],
      [100, 150, 1],
      [150, 200, 0],
      [200, 300, 0],
      [300, 500, 0],
      [500, 750, 0],
      [750, 1000, 0],
      [1000, 1500, 0],
      [1500, 2000, 0],
      [2000, 3000, 0],
      [3000, undefined, 1],
    ]);
  });

  it("has an edge where Okta's patience ends", () => {
    expect(summarizeLatency([2999, 3000])?.buckets).toEqual([
      { fromMs: 2000, toMs: 3000, count: 1 },
      { fromMs: 3000, toMs: undefined, count: 1 },
    ]);
  });

  it('counts every call in one bucket, and orders its percentiles', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 60_000, noNaN: true }), { minLength: 1 }), (times) => {
        const summary = summarizeLatency(times);
        expect(summary?.buckets.reduce((sum, { count }) => sum + count, 0)).toBe(times.length);
        const { min = 0, p50 = 0, p95 = 0, p99 = 0, max = 0 } = summary ?? {};
        expect([min, p50, p95, p99, max].toSorted((a, b) => a - b)).toEqual([min, p50, p95, p99, max]);
        expect(times).toEqual(expect.arrayContaining([p50, p95, p99]));
      }),
    );
  });
});
