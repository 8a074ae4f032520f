import { afterEach, describe, expect, it, vi } from 'vitest';
import { createProcessContext } from '../../src/cli/process-context.ts';

const before = { sigint: process.listeners('SIGINT'), argv: process.argv };
// Its listener for errors of stdout stays: it passes on whatever is no closed pipe.
process.stdout.setMaxListeners(50);
const streams = [process.stdin, process.stdout, process.stderr];
const terminals = streams.map((stream) => Object.getOwnPropertyDescriptor(stream, 'isTTY'));

afterEach(() => {
  vi.unstubAllEnvs();
  process.argv = before.argv;
  for (const listener of process.listeners('SIGINT')) {
    if (!before.sigint.includes(listener)) process.removeListener('SIGINT', listener);
  }
  streams.forEach((stream, index) => {
    const own = terminals[index];
    if (own === undefined) Reflect.deleteProperty(stream, 'isTTY');
    else Object.defineProperty(stream, 'isTTY', own);
  });
});

/** The context of a process whose standard streams are terminals, or not. */
function contextOn(kind: 'terminal' | 'pipe') {
  for (const stream of streams) {
    Object.defineProperty(stream, 'isTTY', { value: kind === 'terminal', configurable: true });
  }
  return createProcessContext();
}

describe('colours', () => {
  const plain = { TERM: 'xterm-256color', NO_COLOR: '' };
  const stub = (env: Readonly<Record<string, string>>) => {
    for (const [name, value] of Object.entries({ ...plain, ...env })) vi.stubEnv(name, value);
  };

  it('are wanted on a terminal', () => {
    stub({});
    const { stdout, stderr } = contextOn('terminal');
    expect([stdout.hasColor, stderr.hasColor]).toEqual([true, true]);
  });

  it.each([{ NO_COLOR: '1' }, { NO_COLOR: 'false' }, { TERM: 'dumb' }])('are not wanted with %o', (env) => {
    stub(env);
    const { stdout, stderr } = contextOn('terminal');
    expect([stdout.hasColor, stderr.hasColor]).toEqual([false, false]);
  });

  it('are not wanted with --no-color', () => {
    stub({});
    process.argv = [...before.argv, '--no-color'];
    expect(contextOn('terminal').stdout.hasColor).toBe(false);
  });

  it('are not wanted in a pipe', () => {
    stub({});
    expect(contextOn('pipe').stdout.hasColor).toBe(false);
  });
});

it('a person can answer on a terminal, and not in a pipe', () => {
  expect(contextOn('terminal').isInteractive).toBe(true);
  expect(contextOn('pipe').isInteractive).toBe(false);
});

it('Ctrl-C aborts the signal', () => {
  const { signal } = contextOn('pipe');
  const others = process.listeners('SIGINT').filter((listener) => before.sigint.includes(listener));
  for (const listener of others) process.removeListener('SIGINT', listener);
  try {
    expect(signal.aborted).toBe(false);
    process.emit('SIGINT');
    expect(signal.aborted).toBe(true);
  } finally {
    for (const listener of others) process.on('SIGINT', listener);
  }
});
