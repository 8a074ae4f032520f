import { randomInt, randomUUID } from 'node:crypto';
import { systemClock } from '../handlers/system-clock.ts';
import { createAsk } from './ask.ts';
import type { Context, Output } from './context.ts';
import { lazyServices } from './services.ts';

/** The context of a real process: the one place of the CLI that reads environment, clock and standard streams. */
export function createProcessContext(): Context {
  const { env, stdin, stdout, stderr } = process;
  const interrupted = new AbortController();
  // Ctrl-C, somebody's `kill`, and a terminal that is closed: what runs gets the time to clean up.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => interrupted.abort());
  const leftBy = new Set<NodeJS.WriteStream>();
  // A reader such as `head` that has seen enough is no failure.
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    leftBy.add(stdout);
  });
  // https://no-color.org (an empty value asks for nothing)
  const mayColor = (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb' && !process.argv.includes('--no-color');
  const toOutput = (stream: NodeJS.WriteStream): Output => ({
    write: (text) => stream.write(text),
    isRead: () => !leftBy.has(stream),
    hasColor: mayColor && stream.isTTY === true,
    // A terminal in a container may say that it is 0 wide.
    columns: stream.isTTY === true && stream.columns > 0 ? stream.columns : 100,
  });
  return {
    stdout: toOutput(stdout),
    stderr: toOutput(stderr),
    env,
    cwd: process.cwd(),
    ask: createAsk({ input: stdin, output: stderr, interrupted }),
    isInteractive: stdin.isTTY === true && stderr.isTTY === true,
    clock: systemClock,
    randomInt: (limit) => randomInt(limit),
    newId: randomUUID,
    signal: interrupted.signal,
    services: lazyServices,
  };
}
