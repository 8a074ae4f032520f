import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createAsk } from '../../src/cli/ask.ts';

/** A question on a terminal of which the test has both ends. */
function onTerminal() {
  const input = new PassThrough();
  const output = new PassThrough();
  const interrupted = new AbortController();
  let shown = '';
  const asked = new Promise<void>((resolve) => {
    output.setEncoding('utf8').on('data', (text: string) => {
      shown += text;
      if (shown.includes('Sure?')) resolve();
    });
  });
  return { input, output, interrupted, asked, shown: () => shown, ask: createAsk({ input, output, interrupted }) };
}

describe('a question', () => {
  it('is shown where it was told to be, and gives what was typed', async () => {
    const { ask, asked, input, interrupted, shown } = onTerminal();
    const answer = ask('Sure?');
    await asked;
    input.write('purge\n');
    expect(await answer).toBe('purge');
    expect(shown()).toContain('Sure?');
    expect(interrupted.signal.aborted).toBe(false);
  });

  it('can be asked again', async () => {
    const { ask, asked, input } = onTerminal();
    const first = ask('Sure?');
    await asked;
    input.write('one\n');
    expect(await first).toBe('one');
    const second = ask('Quite?');
    setImmediate(() => input.write('two\n'));
    expect(await second).toBe('two');
  });

  it.each([
    ['Ctrl-C', '\u0003'],
    ['Ctrl-C after half an answer', 'pur\u0003'],
    ['Ctrl-D', '\u0004'],
  ])('ends with %s, as if the command had got the signal', async (_, keys) => {
    const { ask, asked, input, interrupted } = onTerminal();
    const answer = ask('Sure?');
    await asked;
    input.write(keys);
    await expect(answer).rejects.toThrow();
    expect(interrupted.signal.aborted).toBe(true);
  });

  it('ends with its input', async () => {
    const { ask, asked, input, interrupted } = onTerminal();
    const answer = ask('Sure?');
    await asked;
    input.end();
    await expect(answer).rejects.toThrow();
    expect(interrupted.signal.aborted).toBe(true);
  });

  it('ends with the signal of the command', async () => {
    const { ask, asked, interrupted } = onTerminal();
    const answer = ask('Sure?');
    await asked;
    interrupted.abort();
    await expect(answer).rejects.toThrow();
  });
});
