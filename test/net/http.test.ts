import { afterEach, describe, expect, it } from 'vitest';
import type { RunningServer, Serve } from '../../src/local/serve.ts';
import { serve } from '../../src/local/serve.ts';
import type { Http } from '../../src/net/http.ts';
import { createHttp, HttpError } from '../../src/net/http.ts';

const running: RunningServer[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.close()));
});

async function createScene(handle: Serve) {
  const requestNumbers: number[] = [];
  const server = await serve((request, connection) => {
    requestNumbers.push(connection.requestNumber);
    return handle(request, connection);
  });
  running.push(server);
  let nowMs = 1_769_636_620_000;
  const http = createHttp(() => nowMs);
  return {
    http,
    url: new URL(`${server.url}/path?query`),
    /** For each request that arrived, the how-manieth of its connection it was. */
    requestNumbers,
    pass: (ms: number) => {
      nowMs += ms;
    },
  };
}

const never = () => new AbortController().signal;
const get = (http: Http, url: URL, signal = never()) => http.request({ url, method: 'GET', headers: {} }, signal);
const textOf = ({ body }: { readonly body: Uint8Array }) => new TextDecoder().decode(body);

const failureOf = async (promise: Promise<unknown>): Promise<HttpError> => {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof HttpError)) throw new Error('the request did not fail as expected');
  return error;
};

describe('a request', () => {
  it('carries method, path, headers and body, and brings back status, headers and body', async () => {
    const { http, url } = await createScene(async (request) => {
      const { pathname, search } = new URL(request.url);
      const said = `${request.method} ${pathname}${search} ${request.headers.get('x-ask')} ${await request.text()}`;
      return new Response(said, { status: 418, headers: { 'x-answer': 'yes' } });
    });
    const response = await http.request({ url, method: 'POST', headers: { 'x-ask': 'what' }, body: 'ñandú' }, never());
    expect(response).toMatchObject({ status: 418, headers: { 'x-answer': 'yes' } });
    expect(textOf(response)).toBe('POST /path?query what ñandú');
  });

  it('carries bytes as they are', async () => {
    const { http, url } = await createScene(async (request) => new Response(await request.arrayBuffer()));
    const body = Uint8Array.of(0, 255, 10, 13);
    const response = await http.request({ url, method: 'POST', headers: {}, body }, never());
    expect([...response.body]).toEqual([...body]);
  });

  it('uses the connection of the one before', async () => {
    const { http, url, requestNumbers } = await createScene(() => new Response('ok'));
    for (let count = 0; count < 3; count += 1) await get(http, url);
    expect(requestNumbers).toEqual([1, 2, 3]);
  });

  it('that is answered with too much is cut off', async () => {
    const { http, url } = await createScene(() => new Response('x'.repeat(9 * 1024 * 1024)));
    expect(await failureOf(get(http, url))).toMatchObject({ code: 'TOO_LARGE', sent: true });
  });
});

describe('a connection that was idle', () => {
  it('for a few seconds is dropped when an invocation starts', async () => {
    const { http, url, requestNumbers, pass } = await createScene(() => new Response('ok'));
    await get(http, url);
    pass(4001);
    http.dropIdle();
    await get(http, url);
    expect(requestNumbers).toEqual([1, 1]);
  });

  it('for less is kept', async () => {
    const { http, url, requestNumbers, pass } = await createScene(() => new Response('ok'));
    await get(http, url);
    pass(4000);
    http.dropIdle();
    await get(http, url);
    expect(requestNumbers).toEqual([1, 2]);
  });

  it('is not dropped while it is in use', async () => {
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    let arrive = () => {};
    const arrived = new Promise<void>((resolve) => {
      arrive = resolve;
    });
    const { http, url, pass } = await createScene(async () => {
      arrive();
      await released;
      return new Response('ok');
    });
    const response = get(http, url);
    await arrived;
    pass(60_000);
    http.dropIdle();
    release();
    expect(textOf(await response)).toBe('ok');
  });
});

describe('a reused connection that had died', () => {
  const resetsReused: Serve = async (request, { requestNumber }) =>
    requestNumber > 1 ? Response.error() : new Response(await request.text());

  it('is replaced by a new one, and the request sent once more', async () => {
    const { http, url, requestNumbers } = await createScene(resetsReused);
    await get(http, url);
    const response = await http.request({ url, method: 'POST', headers: {}, body: 'again' }, never());
    expect(textOf(response)).toBe('again');
    expect(requestNumbers).toEqual([1, 2, 1]);
  });

  it('takes the other idle ones with it, which are as old', async () => {
    const { http, url, requestNumbers } = await createScene(resetsReused);
    await Promise.all([get(http, url), get(http, url)]);
    expect((await get(http, url)).status).toBe(200);
    expect(requestNumbers).toEqual([1, 1, 2, 1]);
  });

  it('is replaced only once', async () => {
    let first = true;
    const { http, url, requestNumbers } = await createScene(() => {
      const answer = first ? new Response('ok') : Response.error();
      first = false;
      return answer;
    });
    await get(http, url);
    expect(await failureOf(get(http, url))).toMatchObject({ code: 'ECONNRESET', sent: true });
    expect(requestNumbers).toEqual([1, 2, 1]);
  });

  it('counts as sent even when its replacement cannot connect', async () => {
    const http = createHttp(Date.now);
    const server = await serve((_, { requestNumber }) => {
      if (requestNumber === 1) return new Response('ok');
      void server.close();
      return Response.error();
    });
    const url = new URL(server.url);
    await get(http, url);
    expect(await failureOf(get(http, url))).toMatchObject({ code: 'ECONNREFUSED', sent: true });
  });

  it('is not replaced once part of the answer came', async () => {
    const { http, url, requestNumbers } = await createScene((_, { requestNumber }) => {
      if (requestNumber === 1) return new Response('ok');
      let pulls = 0;
      const body = new ReadableStream(
        {
          async pull(controller) {
            pulls += 1;
            if (pulls === 1) return controller.enqueue(new TextEncoder().encode('half an ans'));
            // The server writes at the end of a turn.
            await new Promise((resolve) => setImmediate(resolve));
            controller.error(new Error('gone'));
          },
        },
        { highWaterMark: 0 },
      );
      return new Response(body, { headers: { 'content-length': '20' } });
    });
    await get(http, url);
    expect(await failureOf(get(http, url))).toMatchObject({ code: 'ECONNRESET', sent: true });
    expect(requestNumbers).toEqual([1, 2]);
  });
});

describe('a request without an answer', () => {
  it('on a new connection that is reset is not repeated: nobody knows what became of it', async () => {
    const { http, url, requestNumbers } = await createScene(() => Response.error());
    expect(await failureOf(get(http, url))).toMatchObject({ code: 'ECONNRESET', sent: true });
    expect(requestNumbers).toEqual([1]);
  });

  it('was not sent when nobody listens', async () => {
    const { http, url } = await createScene(() => new Response('ok'));
    await Promise.all(running.splice(0).map((server) => server.close()));
    expect(await failureOf(get(http, url))).toMatchObject({ code: 'ECONNREFUSED', sent: false });
  });

  it('was not sent when the other side does not speak TLS', async () => {
    const { http, url, requestNumbers } = await createScene(() => new Response('ok'));
    const secure = new URL(url);
    secure.protocol = 'https:';
    expect(await failureOf(get(http, secure))).toMatchObject({ sent: false });
    expect(requestNumbers).toEqual([]);
  });

  it('says what kind of failure it was, and nothing else', async () => {
    const { http, url } = await createScene(() => Response.error());
    const error = await failureOf(get(http, url));
    expect(String(error)).toBe('HttpError: no response: ECONNRESET');
  });
});

describe('a request whose signal is aborted', () => {
  it('before it began is not sent', async () => {
    const { http, url, requestNumbers } = await createScene(() => new Response('ok'));
    expect(await failureOf(get(http, url, AbortSignal.abort()))).toMatchObject({ code: 'ABORTED', sent: false });
    expect(requestNumbers).toEqual([]);
  });

  it('while the server is silent ends at once, and the server sees it go', async () => {
    const controller = new AbortController();
    let gone = () => {};
    const left = new Promise<void>((resolve) => {
      gone = resolve;
    });
    const { http, url } = await createScene(async (request) => {
      controller.abort();
      await new Promise<void>((resolve) => request.signal.addEventListener('abort', () => resolve()));
      gone();
      return Response.error();
    });
    expect(await failureOf(get(http, url, controller.signal))).toMatchObject({ code: 'ABORTED', sent: true });
    await left;
  });

  it('on a reused connection is not repeated', async () => {
    const controller = new AbortController();
    const { http, url, requestNumbers } = await createScene(async (request, { requestNumber }) => {
      if (requestNumber === 1) return new Response('ok');
      controller.abort();
      await new Promise<void>((resolve) => request.signal.addEventListener('abort', () => resolve()));
      return Response.error();
    });
    await get(http, url);
    expect(await failureOf(get(http, url, controller.signal))).toMatchObject({ code: 'ABORTED', sent: true });
    expect(requestNumbers).toEqual([1, 2]);
  });

  it('in the middle of an answer ends too', async () => {
    const controller = new AbortController();
    const { http, url } = await createScene((request) => {
      const body = new ReadableStream({
        async pull(stream) {
          stream.enqueue(new TextEncoder().encode('half'));
          await new Promise<void>((resolve) => request.signal.addEventListener('abort', () => resolve()));
          stream.close();
        },
      });
      return new Response(body);
    });
    const failure = failureOf(get(http, url, controller.signal));
    setImmediate(() => setImmediate(() => controller.abort()));
    expect((await failure).code).toBe('ABORTED');
  });

  it('after its answer disturbs nobody', async () => {
    const controller = new AbortController();
    const { http, url, requestNumbers } = await createScene(() => new Response('ok'));
    await get(http, url, controller.signal);
    controller.abort();
    expect(textOf(await get(http, url))).toBe('ok');
    expect(requestNumbers).toEqual([1, 2]);
  });
});
