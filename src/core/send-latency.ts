/** How long a send needs, by what this container has seen. */
export interface SendLatency {
  /** Milliseconds that have to be left for a send to be started. */
  neededMs(): number;
  observe(ms: number): void;
}

/** Enough to forget a bad minute soon, and to know a slow day. */
const kept = 20;

/**
 * The point of no return: never below the configured floor, and as long as nine in ten of the last sends took.
 * A send that is started later could not be reported, and Okta would send the code a second time.
 */
export function createSendLatency(floorMs: number, ceilingMs: number): SendLatency {
  const seen: number[] = [];
  return {
    neededMs() {
      const sorted = seen.toSorted((a, b) => a - b);
      const usual = sorted[Math.floor(sorted.length * 0.9)] ?? 0;
      // A ceiling, or a few slow sends would stop every later one, and nothing could show that the service recovered.
      return Math.max(floorMs, Math.min(usual, ceilingMs));
    },
    observe(ms) {
      seen.push(ms);
      if (seen.length > kept) seen.shift();
    },
  };
}
