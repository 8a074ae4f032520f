import type { RunningServer } from '../../src/local/serve.ts';
import { serve } from '../../src/local/serve.ts';
import type { AwsCall } from './aws-call.ts';
import { readAwsCall } from './aws-call.ts';

/** Stands before servers of AWS and writes down what is asked of them. */
export interface RecordingProxy extends RunningServer {
  /** Oldest first. */
  readonly calls: readonly AwsCall[];
  /** `cloudformation:CreateChangeSet`, of those that could change something. */
  mutating(): readonly string[];
  /** Forgets what was asked for so far. */
  clear(): void;
}

/** A request on its way: what it asks for, its body, and the way on, with another body if need be. */
export interface Passing {
  readonly call: AwsCall;
  readonly body: Uint8Array;
  readonly forward: (body?: string) => Promise<Response>;
}

/** Answers in place of the server behind, or sends the request on. */
export type Handler = (passing: Passing) => Promise<Response>;

/** What fetch sets by itself, or what no longer holds for a body that was read. */
const ownHeaders = [
  'connection',
  'content-encoding',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'transfer-encoding',
];

const withoutOwn = (headers: Headers) => new Headers([...headers].filter(([name]) => !ownHeaders.includes(name)));

/** Starts a proxy before the server at `target`; `handle` sends every request on unless given. */
export async function startRecordingProxy(
  target: string,
  handle: Handler = ({ forward }) => forward(),
): Promise<RecordingProxy> {
  const calls: AwsCall[] = [];
  const server = await serve(async (request) => {
    const { pathname, search } = new URL(request.url);
    const body = new Uint8Array(await request.arrayBuffer());
    const call = readAwsCall(request, new TextDecoder().decode(body));
    calls.push(call);
    const { method, headers } = request;
    return await handle({
      call,
      body,
      async forward(changed) {
        const answer = await fetch(`${target}${pathname}${search}`, {
          method,
          headers: withoutOwn(headers),
          ...(method === 'GET' || method === 'HEAD' ? {} : { body: changed ?? body }),
        });
        const bytes = await answer.arrayBuffer();
        return new Response(bytes.byteLength === 0 ? null : bytes, {
          status: answer.status,
          headers: withoutOwn(answer.headers),
        });
      },
    });
  });
  return {
    ...server,
    calls,
    mutating: () =>
      calls.filter(({ isMutating }) => isMutating).map(({ service, operation }) => `${service}:${operation}`),
    clear: () => void calls.splice(0),
  };
}
