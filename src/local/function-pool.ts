import type { Environment, InvokeResult, LocalFunction } from './start-environment.ts';
import { startEnvironment } from './start-environment.ts';

export interface FunctionPoolOptions extends LocalFunction {
  /** The most environments at a time, as a function's reserved concurrency; 8 when absent. */
  readonly size?: number;
  /** How many invocations may wait for an environment before one is throttled; 1000 when absent. */
  readonly queue?: number;
}

/** A function that can be invoked, as API Gateway sees it. */
export interface Invocable {
  /** The event is cloned as JSON; `requestId` is whose lines the function prints meanwhile. */
  invoke(event: unknown, requestId?: string): Promise<InvokeResult>;
}

export interface FunctionPool extends Invocable {
  /** How many environments are up. */
  environments(): number;
  /** Lets every environment end with what it is doing: the next invocation is a cold start, of the bundle as it is then. */
  recycle(): Promise<void>;
  /** Stops every environment; invocations under way end as function errors. */
  close(): Promise<void>;
}

interface Asked {
  readonly payload: string;
  readonly requestId: string | undefined;
}

/** A worker costs some 20 MB and 60–100 ms to start. */
const defaultSize = 8;

/** Lambda itself does not queue; here a burst waits instead of needing a worker for each request. */
const defaultQueue = 1000;

/** Runs a function's bundle in execution environments that are started on demand, the most recently used one first. */
export function createFunctionPool(options: FunctionPoolOptions): FunctionPool {
  const { size = defaultSize, queue = defaultQueue } = options;
  const environments = new Set<Environment>();
  /** Let go while they were busy. */
  const leaving = new Set<Environment>();
  const idle: Environment[] = [];
  const waiting: (Asked & { readonly resolve: (result: InvokeResult) => void })[] = [];
  let closed = false;

  function take(): Environment | undefined {
    const used = idle.pop();
    if (used !== undefined || environments.size >= size) return used;
    const environment = startEnvironment(options);
    environments.add(environment);
    return environment;
  }

  async function serve(environment: Environment, { payload, requestId }: Asked): Promise<InvokeResult> {
    const result = await environment.invoke(payload, requestId);
    if (leaving.delete(environment)) void environment.stop();
    else if (environment.usable()) idle.push(environment);
    else environments.delete(environment);
    if (!closed) serveNext();
    return result;
  }

  function serveNext(): void {
    const next = waiting[0];
    const environment = next === undefined ? undefined : take();
    if (next === undefined || environment === undefined) return;
    waiting.shift();
    serve(environment, next).then(next.resolve);
  }

  return {
    async invoke(event, requestId) {
      if (closed) throw new Error('the function pool is closed');
      const asked = { payload: JSON.stringify(event ?? null), requestId };
      const environment = take();
      if (environment !== undefined) return await serve(environment, asked);
      if (waiting.length >= queue) return { kind: 'throttled' };
      return await new Promise((resolve) => waiting.push({ ...asked, resolve }));
    },
    environments: () => environments.size,
    async recycle() {
      const unused = idle.splice(0);
      for (const environment of environments) if (!unused.includes(environment)) leaving.add(environment);
      environments.clear();
      await Promise.all(unused.map((environment) => environment.stop()));
    },
    async close() {
      closed = true;
      for (const { resolve } of waiting.splice(0)) resolve({ kind: 'throttled' });
      await Promise.all([...environments, ...leaving].map((environment) => environment.stop()));
      environments.clear();
    },
  };
}
