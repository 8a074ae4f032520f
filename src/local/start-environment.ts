import { randomUUID } from 'node:crypto';
import { dirname, extname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Clock } from '../core/clock.ts';
import type { EnvironmentMessage, EnvironmentSettings, FunctionError, Invocation } from './execution-environment.ts';

/** What became of an invocation; `payload` is the handler's result as JSON can carry it. */
export type InvokeResult =
  | { readonly kind: 'answered'; readonly payload: unknown }
  | ({ readonly kind: 'function-error' } & FunctionError)
  | { readonly kind: 'timed-out' }
  | { readonly kind: 'throttled' };

/** A function as it is deployed. */
export interface LocalFunction {
  readonly clock: Clock;
  readonly name: string;
  /** Path of the CommonJS file that a deployment zips; it exports `handler`. */
  readonly bundle: string;
  /** The function's own settings; they win over what Lambda sets. */
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** Everything that the function prints, line by line, with the request that it was serving. */
  readonly onLine: (line: string, requestId: string | undefined) => void;
}

/** A worker thread that serves one invocation at a time and is frozen in between. */
export interface Environment {
  /**
   * `payload` is JSON; `requestId` is whose lines the function prints meanwhile. Never rejects; not to be called while an
   * invocation is under way.
   */
  invoke(payload: string, requestId?: string): Promise<InvokeResult>;
  /** False once it has crashed, timed out or been stopped: it is not to be used again. */
  usable(): boolean;
  stop(): Promise<void>;
}

/** https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html (the init phase has 10 seconds) */
const initTimeoutMs = 10_000;

const memoryMb = 512;

// Beside this file, and of the same kind: source under Node's type stripping, JavaScript in a built package.
const entry = new URL(`./execution-environment${extname(fileURLToPath(import.meta.url))}`, import.meta.url);

/** Starts an environment; its init phase runs at once. */
export function startEnvironment(fn: LocalFunction): Environment {
  const bundle = resolve(fn.bundle);
  const handedOver = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const settings: EnvironmentSettings = { name: fn.name, bundle, timeoutMs: fn.timeoutMs, memoryMb, handedOver };
  const worker = new Worker(entry, {
    workerData: settings,
    env: { ...lambdaEnvironment(fn.name, dirname(bundle)), ...fn.env },
    // Neither flags of this process nor its output streams are the function's.
    execArgv: [],
    stdout: true,
    stderr: true,
  });

  let state: 'initialising' | 'ready' | 'ended' = 'initialising';
  let verdict: InvokeResult = exited;
  let settle: ((result: InvokeResult) => void) | undefined;
  let serving: string | undefined;
  let cancelTimeout = endAfter(initTimeoutMs);

  function endAfter(ms: number): () => void {
    return fn.clock.after(ms, () => {
      fn.onLine(`Task timed out after ${(ms / 1000).toFixed(2)} seconds`, serving);
      end({ kind: 'timed-out' });
    });
  }

  function end(result: InvokeResult): Promise<unknown> {
    state = 'ended';
    verdict = result;
    return worker.terminate();
  }

  function finish(result: InvokeResult): void {
    cancelTimeout();
    settle?.(result);
    settle = undefined;
  }

  worker.on('message', (message: EnvironmentMessage) => {
    if (message.kind === 'line') fn.onLine(message.line, serving);
    else if (state === 'ended') return;
    else if (message.kind === 'initialised') {
      state = 'ready';
      cancelTimeout();
      if (settle !== undefined) cancelTimeout = endAfter(fn.timeoutMs);
    } else if (message.kind === 'crashed') {
      state = 'ended';
      verdict = functionError(message);
    } else if (message.kind === 'answered') finish({ kind: 'answered', payload: JSON.parse(message.payload) });
    else finish(functionError(message));
  });
  worker.on('error', (error) => {
    if (state !== 'ended') verdict = functionError({ errorType: error.name, errorMessage: error.message });
  });
  worker.on('exit', () => {
    state = 'ended';
    finish(verdict);
  });

  return {
    invoke: (payload, requestId) =>
      new Promise((resolveResult) => {
        serving = requestId;
        if (state === 'ended') {
          resolveResult(verdict);
          return;
        }
        settle = resolveResult;
        if (state === 'ready') cancelTimeout = endAfter(fn.timeoutMs);
        const invocation: Invocation = { requestId: randomUUID(), payload };
        worker.postMessage(invocation);
        Atomics.add(handedOver, 0, 1);
        Atomics.notify(handedOver, 0);
      }),
    usable: () => state !== 'ended',
    async stop() {
      await end(exited);
    },
  };
}

const functionError = ({ errorType, errorMessage }: FunctionError): InvokeResult => ({
  kind: 'function-error',
  errorType,
  errorMessage,
});

const exited = functionError({
  errorType: 'Runtime.ExitError',
  errorMessage: 'the execution environment ended before it answered',
});

/** https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime */
function lambdaEnvironment(name: string, taskRoot: string): Readonly<Record<string, string>> {
  return {
    _HANDLER: 'index.handler',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_SESSION_TOKEN: 'local',
    AWS_REGION: 'us-east-1',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_LAMBDA_FUNCTION_NAME: name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMb),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: `local/[$LATEST]${randomUUID().replaceAll('-', '')}`,
    LAMBDA_TASK_ROOT: taskRoot,
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
    // Not the operator's: the SDK reads `~/.aws` there.
    HOME: taskRoot,
  };
}
