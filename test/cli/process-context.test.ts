import { afterEach, describe, expect, it, vi } from 'vitest';
import { createProcessContext } from '../../src/cli/process-context.ts';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const before = {
  listeners: new Map(signals.map((name) => [name, process.listeners(name)])),
  argv: process.argv,
};
// Its listener for errors of stdout stays: it passes on whatever is no closed pipe.
process.stdout.setMaxListeners(50);
const streams = [process.stdin, process.stdout, process.stderr];
const terminals = streams.map((stream) => Object.getOwnPropertyDescriptor(stream, 'isTTY'));

afterEach(() => {
  vi.unstubAllEnvs();
  process.argv = before.argv;
  for (const name of signals) {
    for (const listener of process.listeners(name)) {
      if (before.listeners.get(name)?.includes(listener) !== true) process.removeListener(name, listener);
    }
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

it.each(signals)('%s aborts the signal', (name) => {
  const { signal } = contextOn('pipe');
  const others = before.listeners.get(name) ?? [];
  for (const listener of others) process.removeListener(name, listener);
  try {
    expect(signal.aborted).toBe(false);
    process.emit(name);
    expect(signal.aborted).toBe(true);
  } finally {
    for (const listener of others) process.on(name, listener);
  }
});
