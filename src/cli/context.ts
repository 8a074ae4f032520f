import type { Clock } from '../core/clock.ts';
import type { Services } from './services.ts';

/** Everything of the outside world that a command touches; made once, in `process-context.ts`. */
export interface Context {
  /** Carries the result, and nothing else. */
  readonly stdout: Output;
  /** Carries what is said to a person: progress, prompts, errors. */
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** A person can answer: both stdin and stderr are terminals. */
  readonly isInteractive: boolean;
  /** Asks a person on stderr and gives what they typed; only where `isInteractive`. Ctrl-C there aborts `signal`. */
  readonly ask: (question: string) => Promise<string>;
  readonly clock: Clock;
  /** A random whole number from 0 to below `limit`. */
  readonly randomInt: (limit: number) => number;
  readonly newId: () => string;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  /** Loaded on first use: an SDK costs more than most commands. */
  readonly services: Services;
}

export interface Output {
  write(text: string): void;
  /** False once a write has found the other end of its pipe closed: `head` has seen enough. */
  isRead(): boolean;
  /** Colours are wanted: a terminal, and neither `NO_COLOR` nor `--no-color` nor `TERM=dumb`. */
  readonly hasColor: boolean;
  readonly columns: number;
}
