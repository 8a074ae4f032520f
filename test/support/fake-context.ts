import type { Context, Output } from '../../src/cli/context.ts';
import type { Services } from '../../src/cli/services.ts';
import { lazyServices } from '../../src/cli/services.ts';
import type { Clock } from '../../src/core/clock.ts';
import { systemClock } from '../../src/handlers/system-clock.ts';
import { marked } from './marked.ts';

export interface FakeContextOptions {
  /** As on a terminal that may be coloured. */
  readonly hasColor?: boolean;
  readonly columns?: number;
  readonly env?: Context['env'];
  /**
   * What a person types when asked; without it there is nobody to ask. Of a list one answer after the other, and Ctrl-C
   * when it is used up.
   */
  readonly typed?: string | readonly string[];
  readonly clock?: Clock;
  /** Those that are not named are the real ones. */
  readonly services?: Partial<Services>;
}

/** A context whose outputs are kept instead of shown. */
export interface FakeContext extends Context {
  /** Everything that was written to standard output. */
  out(): string;
  /** Everything that was written to standard error. */
  err(): string;
  /** What was asked of the person. */
  asked(): readonly string[];
  /** Presses Ctrl-C. */
  interrupt(): void;
}

export function createFakeContext(options: FakeContextOptions = {}): FakeContext {
  const { hasColor = false, columns = 100, env = {}, typed, clock = systemClock, services = {} } = options;
  const interrupted = new AbortController();
  const written = { out: '', err: '' };
  const output = (stream: keyof typeof written): Output => ({
    write(text) {
      written[stream] += text;
    },
    isRead: () => true,
    hasColor,
    columns,
  });
  const asked: string[] = [];
  let ids = 0;
  return {
    stdout: output('out'),
    stderr: output('err'),
    env,
    cwd: '/',
    isInteractive: typed !== undefined,
    async ask(question) {
      if (typed === undefined) throw new Error('there is nobody to ask');
      asked.push(question);
      const answer = typeof typed === 'string' ? typed : typed[asked.length - 1];
      if (answer !== undefined) return answer;
      // As Inquirer ends a question at Ctrl-C, of which a terminal sends no signal.
      interrupted.abort();
      throw Object.assign(new Error('nobody answers any more'), { name: 'ExitPromptError' });
    },
    // Real time unless given: the cloud that commands start on this machine lives in it.
    clock,
    // A random code is one of the marked ones, so that the leak sink knows it.
    randomInt: () => Number(marked.otherOtp),
    newId() {
      ids += 1;
      return `id-${ids}`;
    },
    signal: interrupted.signal,
    services: { ...lazyServices, ...services },
    out: () => written.out,
    err: () => written.err,
    asked: () => [...asked],
    interrupt: () => interrupted.abort(),
  };
}
