import { setImmediate } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import { withFaults } from '../../src/local/fault.ts';

interface Timer {
  readonly ms: number;
  readonly run: () => void;
  cancelled: boolean;
}

let timers: Timer[];
let served: number;

beforeEach(() => {
  timers = [];
  served = 0;
});

const faulty = () =>
  withFaults(
    () => {
      served += 1;
      return new Response('well');
    },
    {
      outage: () => new Response('down', { status: 500 }),
      throttling: () => new Response('too many', { status: 429 }),
      after: (ms, run) => {
        const timer: Timer = { ms, run, cancelled: false };
        timers.push(timer);
        return () => {
          timer.cancelled = true;
        };
      },
    },
  );

/** A request to a server, and what has become of it so far. */
function ask({ serve }: ReturnType<typeof faulty>) {
  const giveUp = new AbortController();
  const request = new Request('http://127.0.0.1/', { signal: giveUp.signal });
  const asked = { giveUp, response: Promise.resolve(serve(request, { requestNumber: 1 })), isAnswered: false };
  void asked.response.then(() => {
    asked.isAnswered = true;
  });
  return asked;
}

describe('a server with a fault', () => {
  it('answers as ever while there is none', async () => {
    expect(await (await ask(faulty()).response).text()).toBe('well');
  });

  it('refuses in its own way while there are too many requests', async () => {
    const server = faulty();
    server.setFault({ kind: 'throttling' });
    expect(await (await ask(server).response).text()).toBe('too many');
    expect(served).toBe(0);
  });

  it('answers with its own 500 in an outage, and well again after it', async () => {
    const server = faulty();
    server.setFault({ kind: 'outage' });
    expect((await ask(server).response).status).toBe(500);
    expect(served).toBe(0);
    server.setFault(undefined);
    expect((await ask(server).response).status).toBe(200);
  });

  it('resets the connection', async () => {
    const server = faulty();
    server.setFault({ kind: 'reset' });
    expect((await ask(server).response).type).toBe('error');
    expect(served).toBe(0);
  });

  it('answers once the latency has passed, and not before', async () => {
    const server = faulty();
    server.setFault({ kind: 'latency', ms: 700 });
    const asked = ask(server);
    await setImmediate();
    expect(timers.map(({ ms }) => ms)).toEqual([700]);
    expect([asked.isAnswered, served]).toEqual([false, 0]);
    timers[0]?.run();
    expect(await (await asked.response).text()).toBe('well');
  });

  it('does no work for a caller that gave up during the latency', async () => {
    const server = faulty();
    server.setFault({ kind: 'latency', ms: 700 });
    const asked = ask(server);
    asked.giveUp.abort();
    expect((await asked.response).type).toBe('error');
    expect(timers.map(({ cancelled }) => cancelled)).toEqual([true]);
    expect(served).toBe(0);
  });

  it('hangs until the caller gives up', async () => {
    const server = faulty();
    server.setFault({ kind: 'hang' });
    const asked = ask(server);
    await setImmediate();
    expect(asked.isAnswered).toBe(false);
    asked.giveUp.abort();
    expect((await asked.response).type).toBe('error');
    expect([timers.length, served]).toEqual([0, 0]);
  });

  it('ends a hanging request whose caller had given up already', async () => {
    const server = faulty();
    server.setFault({ kind: 'hang' });
    const request = new Request('http://127.0.0.1/', { signal: AbortSignal.abort() });
    expect((await server.serve(request, { requestNumber: 1 })).type).toBe('error');
  });
});
