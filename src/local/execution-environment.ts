// The entry of a worker thread that stands for one of Lambda's execution environments. It runs from source (by Node's
// type stripping) and compiled alike, so it imports nothing but Node's own modules.
import { createRequire } from 'node:module';
import { StringDecoder } from 'node:string_decoder';
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';

/** What an environment is started with. */
export interface EnvironmentSettings {
  readonly name: string;
  /** Absolute path of a CommonJS file that exports `handler`. */
  readonly bundle: string;
  readonly timeoutMs: number;
  readonly memoryMb: number;
  /** How many invocations were handed over so far, shared by both threads. */
  readonly handedOver: Int32Array<SharedArrayBuffer>;
}

export interface Invocation {
  readonly requestId: string;
  /** JSON. */
  readonly payload: string;
}

export interface FunctionError {
  readonly errorType: string;
  readonly errorMessage: string;
}

/** What an environment tells the pool. After `crashed` it ends itself. */
export type EnvironmentMessage =
  | { readonly kind: 'line'; readonly line: string }
  | { readonly kind: 'initialised' }
  | { readonly kind: 'answered'; readonly payload: string }
  | ({ readonly kind: 'failed' | 'crashed' } & FunctionError);

type Handler = (event: unknown, context: unknown) => unknown;

/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html (a response has 6 MB) */
const largestPayloadBytes = 6 * 1024 * 1024;

if (parentPort === null) throw new Error('an execution environment is a worker thread');
const port = parentPort;
const settings: EnvironmentSettings = workerData;
const post = (message: EnvironmentMessage) => port.postMessage(message);

// A frozen thread cannot flush a stream, so output leaves as messages: in order, and before the reply.
const flushes = [process.stdout, process.stderr].map((stream) => {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  stream.write = (
    chunk: string | Uint8Array,
    encoding?: BufferEncoding | ((error?: Error | null) => void),
    done?: (error?: Error | null) => void,
  ) => {
    const text = typeof chunk === 'string' ? chunk : decoder.write(Buffer.from(chunk));
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) post({ kind: 'line', line });
    const callback = typeof encoding === 'function' ? encoding : done;
    if (callback !== undefined) queueMicrotask(() => callback());
    return true;
  };
  return () => {
    if (rest !== '') post({ kind: 'line', line: rest });
    rest = '';
  };
});
const flush = () => {
  for (const flushOne of flushes) flushOne();
};

process.on('exit', flush);
process.on('uncaughtException', (error) => crash('Uncaught Exception', error));

const handler = initialise();
post({ kind: 'initialised' });
void serveInvocations(handler);

function initialise(): Handler {
  try {
    const handler = handlerOf(createRequire(settings.bundle)(settings.bundle));
    if (handler !== undefined) return handler;
  } catch (error) {
    return crash('Init Error', error);
  }
  const missing = new Error('index.handler is undefined or not exported');
  missing.name = 'Runtime.HandlerNotFound';
  return crash('Init Error', missing);
}

function handlerOf(bundle: unknown): Handler | undefined {
  if (typeof bundle !== 'object' || bundle === null || !('handler' in bundle)) return undefined;
  const { handler } = bundle;
  return typeof handler === 'function' ? (event, context) => handler(event, context) : undefined;
}

async function serveInvocations(handler: Handler): Promise<never> {
  for (let served = 0; ; served += 1) {
    // Lambda freezes an environment between invocations: what was left un-awaited goes on when the next one comes.
    // https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
    Atomics.wait(settings.handedOver, 0, served);
    const invocation: Invocation | undefined = receiveMessageOnPort(port)?.message;
    if (invocation === undefined) throw new Error('an invocation was announced that did not come');
    const reply = await answer(handler, invocation);
    flush();
    post(reply);
  }
}

async function answer(handler: Handler, { requestId, payload }: Invocation): Promise<EnvironmentMessage> {
  try {
    const result = await handler(JSON.parse(payload), contextOf(requestId));
    const answered = JSON.stringify(result) ?? 'null';
    if (Buffer.byteLength(answered) <= largestPayloadBytes) return { kind: 'answered', payload: answered };
    return {
      kind: 'failed',
      errorType: 'Function.ResponseSizeTooLarge',
      errorMessage: 'response payload size exceeded the maximum',
    };
  } catch (error) {
    report('Invoke Error', error);
    return { kind: 'failed', ...toFunctionError(error) };
  }
}

/** https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html */
function contextOf(awsRequestId: string): Readonly<Record<string, unknown>> {
  const dueAt = Date.now() + settings.timeoutMs;
  return {
    awsRequestId,
    functionName: settings.name,
    functionVersion: '$LATEST',
    invokedFunctionArn: `arn:aws:lambda:${process.env['AWS_REGION']}:000000000000:function:${settings.name}`,
    memoryLimitInMB: String(settings.memoryMb),
    logGroupName: process.env['AWS_LAMBDA_LOG_GROUP_NAME'],
    logStreamName: process.env['AWS_LAMBDA_LOG_STREAM_NAME'],
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.max(0, dueAt - Date.now()),
  };
}

function crash(what: string, error: unknown): never {
  report(what, error);
  flush();
  post({ kind: 'crashed', ...toFunctionError(error) });
  process.exit(1);
}

// Lambda's runtime logs every error that leaves a function, with its stack.
function report(what: string, error: unknown): void {
  const stack = error instanceof Error && error.stack !== undefined ? { stack: error.stack.split('\n') } : {};
  process.stderr.write(`ERROR\t${what}\t${JSON.stringify({ ...toFunctionError(error), ...stack })}\n`);
}

function toFunctionError(error: unknown): FunctionError {
  return error instanceof Error
    ? { errorType: error.name, errorMessage: error.message }
    : { errorType: typeof error, errorMessage: String(error) };
}
