import { describe, expect, it } from 'vitest';
import { createPacer } from '../../src/aws/request-pacer.ts';
import { OktaOtpError } from '../../src/core/error.ts';
import { createVirtualClock } from '../support/virtual-clock.ts';

const throttled = () => new OktaOtpError('aws-throttled', 'AWS is throttling requests');

function createPaced() {
  const clock = createVirtualClock();
  const interrupted = new AbortController();
  const waits: number[] = [];
  const start = clock.now();
  const paced = createPacer({ clock, signal: interrupted.signal, onThrottled: (ms) => waits.push(ms) });
  return { clock, interrupted, waits, paced, elapsed: () => clock.now() - start };
}

describe('the pace of requests', () => {
  it('keeps more than a second between two of the same operation, and none between others', async () => {
    const { clock, paced, elapsed } = createPaced();
    const at: number[] = [];
    const send = async () => void at.push(elapsed());
    await clock.run(Promise.all([paced('A', send), paced('A', send), paced('B', send), paced('A', send)]));
    expect(at).toEqual([0, 1_100, 1_100, 2_200]);
  });

  it('sends one request at a time, in the order in which they were asked for', async () => {
    const { clock, paced } = createPaced();
    const log: string[] = [];
    const slow = (name: string, ms: number) => async () => {
      log.push(`${name} starts`);
      await new Promise<void>((resolve) => clock.after(ms, resolve));
      log.push(`${name} ends`);
    };
    await clock.run(Promise.all([paced('A', slow('A', 5_000)), paced('B', slow('B', 10))]));
    expect(log).toEqual(['A starts', 'A ends', 'B starts', 'B ends']);
  });

  it('goes on after a request that failed', async () => {
    const { clock, paced } = createPaced();
    const failed = paced('A', async () => Promise.reject(new Error('no')));
    await expect(clock.run(failed)).rejects.toThrow('no');
    expect(await clock.run(paced('A', async () => 'done'))).toBe('done');
  });
});

describe('a request that is throttled', () => {
  it('is tried again, later each time', async () => {
    const { clock, paced, waits, elapsed } = createPaced();
    let refusals = 3;
    const done = paced('A', async () => {
      refusals -= 1;
      if (refusals >= 0) throw throttled();
      return 'done';
    });
    expect(await clock.run(done)).toBe('done');
    expect({ waits, elapsed: elapsed() }).toEqual({ waits: [1_000, 2_000, 4_000], elapsed: 1_100 + 2_000 + 4_000 });
  });

  it('fails after the fifth refusal', async () => {
    const { clock, paced, waits } = createPaced();
    let tries = 0;
    const done = paced('A', async () => {
      tries += 1;
      throw throttled();
    });
    await expect(clock.run(done)).rejects.toMatchObject({ code: 'aws-throttled' });
    expect({ tries, waits }).toEqual({ tries: 5, waits: [1_000, 2_000, 4_000, 8_000] });
  });

  it('is not tried again for any other refusal', async () => {
    const { clock, paced } = createPaced();
    let tries = 0;
    const done = paced('A', async () => {
      tries += 1;
      throw new OktaOtpError('aws-failed', 'AWS failed internally');
    });
    await expect(clock.run(done)).rejects.toMatchObject({ code: 'aws-failed' });
    expect(tries).toBe(1);
  });
});

describe('Ctrl-C', () => {
  it('ends the wait for a turn and for the next try, and nothing is sent any more', async () => {
    for (const refuse of [true, false]) {
      const { clock, interrupted, paced } = createPaced();
      let tries = 0;
      const send = async () => {
        tries += 1;
        if (refuse) throw throttled();
      };
      const first = paced('A', send).catch((error: unknown) => error);
      const second = paced('A', send).catch((error: unknown) => error);
      await clock.advance(500);
      interrupted.abort(new Error('interrupted'));
      const [one, two] = await Promise.all([first, second]);
      expect(refuse ? one : two).toMatchObject({ message: 'interrupted' });
      expect({ tries, pending: clock.pending() }).toEqual({ tries: 1, pending: 0 });
    }
  });
});
