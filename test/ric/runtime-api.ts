import { serve } from '../../src/local/serve.ts';

/** How an invocation ended, as the runtime client reported it. */
export interface Invoked {
  readonly kind: 'response' | 'error';
  readonly body: unknown;
}

export interface RuntimeApi {
  /** `127.0.0.1:port`, as AWS_LAMBDA_RUNTIME_API has it. */
  readonly address: string;
  /** Hands an event to the function, and waits for what becomes of it; rejects when the function does not even start. */
  invoke(event: unknown, timeoutMs: number): Promise<Invoked>;
  close(): Promise<void>;
}

interface Waiting {
  readonly id: string;
  readonly event: unknown;
  readonly timeoutMs: number;
  readonly done: (invoked: Invoked) => void;
}

/** Lambda's Runtime API for one execution environment. https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html */
export async function startRuntimeApi(): Promise<RuntimeApi> {
  const queue: Waiting[] = [];
  const running = new Map<string, Waiting>();
  const failed = Promise.withResolvers<never>();
  // Every invocation waits for it; without one it is nobody's rejection.
  failed.promise.catch(() => {});
  let wake = () => {};

  async function next(): Promise<Response> {
    let waiting = queue.shift();
    while (waiting === undefined) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
      waiting = queue.shift();
    }
    running.set(waiting.id, waiting);
    return Response.json(waiting.event, {
      headers: {
        'Lambda-Runtime-Aws-Request-Id': waiting.id,
        'Lambda-Runtime-Deadline-Ms': String(Date.now() + waiting.timeoutMs),
        'Lambda-Runtime-Invoked-Function-Arn': 'arn:aws:lambda:us-east-1:000000000000:function:under-test:live',
        'Lambda-Runtime-Trace-Id': 'Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Sampled=0',
      },
    });
  }

  const accepted = () => Response.json({ status: 'OK' }, { status: 202 });
  const server = await serve(async (request) => {
    const path = new URL(request.url).pathname.replace('/2018-06-01/runtime/', '');
    if (path === 'invocation/next') return await next();
    const body: unknown = await request.json();
    if (path === 'init/error') {
      failed.reject(new Error(`the function does not start: ${JSON.stringify(body)}`));
      return accepted();
    }
    const [, id = '', kind] = path.split('/');
    if (kind !== 'response' && kind !== 'error') return new Response(null, { status: 404 });
    running.get(id)?.done({ kind, body });
    running.delete(id);
    return accepted();
  });

  return {
    address: new URL(server.url).host,
    invoke: (event, timeoutMs) =>
      Promise.race([
        failed.promise,
        new Promise<Invoked>((done) => {
          queue.push({ id: crypto.randomUUID(), event, timeoutMs, done });
          wake();
        }),
      ]),
    close: () => server.close(),
  };
}
