/** Stands for Lambda's runtime, which ends the whole function on an error that leaves a callback. */
export interface CrashWatch {
  /** What the work becomes; rejects with `crashed: <kind of error>` when something crashes before it is settled. */
  guard<T>(work: Promise<T>): Promise<T>;
  /** Gives the process its own listeners back. */
  stop(): void;
}

const fatal = ['uncaughtException', 'unhandledRejection'] as const;

/** Takes over what would end this process. One `guard` at a time, since a crash does not say whose it is. */
export function watchCrashes(): CrashWatch {
  let onCrash: (error: Error) => void = (error) => {
    throw error;
  };
  const crash = (error: unknown) =>
    onCrash(new Error(`crashed: ${error instanceof Error ? error.name : typeof error}`, { cause: error }));
  const before = fatal.map((event) => ({ event, listeners: process.rawListeners(event) }));
  for (const event of fatal) {
    process.removeAllListeners(event);
    process.on(event, crash);
  }
  return {
    guard: (work) =>
      new Promise((resolve, reject) => {
        onCrash = reject;
        work.then(resolve, reject);
      }),
    stop() {
      for (const { event, listeners } of before) {
        process.off(event, crash);
        // As they were taken off; Node's types know listeners of an event, and raw ones only as functions.
        for (const listener of listeners) process.on(event, listener as () => void);
      }
    },
  };
}
