/** How long calls took, in milliseconds. */
export interface LatencySummary {
  readonly count: number;
  readonly min: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
  /** From the fastest to the slowest that has calls in it; `toMs` is absent for the last one of all. */
  readonly buckets: readonly LatencyBucket[];
}

export interface LatencyBucket {
  readonly fromMs: number;
  readonly toMs: number | undefined;
  readonly count: number;
}

/** Finer where a warm delivery is, and with an edge at Okta's three seconds. */
const edges = [25, 50, 100, 150, 200, 300, 500, 750, 1000, 1500, 2000, 3000, Infinity];

/** Sums times up; undefined where there are none. Percentiles are times that were seen (nearest rank). */
export function summarizeLatency(times: readonly number[]): LatencySummary | undefined {
  const sorted = times.toSorted((a, b) => a - b);
  const [min] = sorted;
  if (min === undefined) return undefined;
  /** The last one that is not above the rank. */
  const upTo = (rank: number) => sorted.reduce((found, ms, index) => (index < rank ? ms : found), min);
  const percentile = (percent: number) => upTo(Math.ceil((percent / 100) * sorted.length));
  const buckets = edges.map((to, index) => {
    const from = Math.max(0, ...edges.slice(0, index));
    const count = sorted.filter((ms) => ms >= from && ms < to).length;
    return { fromMs: from, toMs: to === Infinity ? undefined : to, count };
  });
  const used = buckets.map(({ count }) => count > 0);
  return {
    count: sorted.length,
    min,
    p50: percentile(50),
    p95: percentile(95),
    p99: percentile(99),
    max: upTo(sorted.length),
    buckets: buckets.slice(used.indexOf(true), used.lastIndexOf(true) + 1),
  };
}
