/** Time as core sees it; the handlers bring the machine's, the simulation a virtual one. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Runs `run` once after `ms` milliseconds; the function that comes back cancels it. */
  after(ms: number, run: () => void): () => void;
}
