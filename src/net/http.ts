import type { Agent } from 'node:http';
import type { Socket } from 'node:net';

export interface HttpRequest {
  readonly url: URL;
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | undefined;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** HTTP over kept-alive connections that may have died while Lambda had the function frozen. */
export interface Http {
  /** Resolves with the whole response; rejects with `HttpError`, also when the signal is aborted. */
  request(request: HttpRequest, signal: AbortSignal): Promise<HttpResponse>;
  /** How many requests were sent once more since it was made: each may have arrived twice. */
  resends(): number;
  /** Closes connections that have been idle for a while, so that a request after a freeze opens its own. */
  dropIdle(): void;
}

/** A request without a response. */
export class HttpError extends Error {
  override readonly name = 'HttpError';
  /** Node's code, such as `ECONNRESET`; `ABORTED` for the signal. */
  readonly code: string;
  /** Whether the server may have got the request. */
  readonly sent: boolean;

  constructor(code: string, sent: boolean) {
    super(`no response: ${code}`);
    this.code = code;
    this.sent = sent;
  }
}

/** Servers keep idle connections for longer than this; a thawed function's are older. */
const idleMs = 4_000;

/** More than any answer that is read here; a page of a table query is at most 1 MB. */
const largestResponse = 8 * 1024 * 1024;

/**
 * Makes a client. A request that fails on a *reused* connection before any response byte is sent once more, on a new one:
 * that is how a connection shows that it had died while the function was frozen, which happens every night.
 */
export function createHttp(now: () => number): Http {
  const agents = new Map<string, Agent>();
  let resends = 0;
  const freeSince = new WeakMap<object, number>();
  const agentFor = (protocol: string) => {
    const known = agents.get(protocol);
    if (known !== undefined) return known;
    const agent = new (moduleFor(protocol).Agent)({ keepAlive: true });
    agent.on('free', (socket: object) => freeSince.set(socket, now()));
    agents.set(protocol, agent);
    return agent;
  };
  const dropWhere = (drop: (socket: Socket) => boolean) => {
    for (const agent of agents.values()) {
      for (const socket of Object.values(agent.freeSockets).flat()) if (socket && drop(socket)) socket.destroy();
    }
  };

  const once = (request: HttpRequest, signal: AbortSignal, onDead: () => Promise<HttpResponse>) =>
    new Promise<HttpResponse>((resolve, reject) => {
      const { url, method, headers } = request;
      const secure = url.protocol === 'https:';
      let sent = false;
      let answered = false;
      const outgoing = moduleFor(url.protocol).request(url, { method, headers, agent: agentFor(url.protocol) });
      const abort = () => outgoing.destroy(new HttpError('ABORTED', sent));
      const fail = (error: NodeJS.ErrnoException) => {
        signal.removeEventListener('abort', abort);
        if (error instanceof HttpError) reject(error);
        else if (outgoing.reusedSocket && !answered && !signal.aborted) resolve(onDead());
        else reject(new HttpError(error.code ?? 'UNKNOWN', sent));
      };
      outgoing.once('socket', (socket) => {
        if (outgoing.reusedSocket) sent = true;
        else socket.once(secure ? 'secureConnect' : 'connect', () => (sent = true));
      });
      outgoing.once('error', fail);
      outgoing.once('response', (incoming) => {
        answered = true;
        const chunks: Buffer[] = [];
        let size = 0;
        incoming.on('data', (chunk: Buffer) => {
          chunks.push(chunk);
          size += chunk.length;
          if (size > largestResponse) outgoing.destroy(new HttpError('TOO_LARGE', true));
        });
        incoming.once('error', fail);
        incoming.once('end', () => {
          signal.removeEventListener('abort', abort);
          resolve({
            status: incoming.statusCode ?? 0,
            headers: toHeaders(incoming.headers),
            body: Buffer.concat(chunks),
          });
        });
      });
      signal.addEventListener('abort', abort, { once: true });
      if (signal.aborted) abort();
      else outgoing.end(request.body);
    });

  return {
    request: (request, signal) =>
      once(request, signal, async () => {
        resends += 1;
        // The other idle connections are as old as the one that was dead.
        dropWhere(() => true);
        try {
          return await once(request, signal, () => Promise.reject(new HttpError('ECONNRESET', true)));
        } catch (error) {
          // The first request may have arrived all the same, whatever kept the second from it.
          throw error instanceof HttpError ? new HttpError(error.code, true) : error;
        }
      }),
    resends: () => resends,
    dropIdle: () => dropWhere((socket) => now() - (freeSince.get(socket) ?? 0) > idleMs),
  };
}

/** Only what is used is loaded: each of the two modules costs some milliseconds of a cold start. */
const moduleFor = (protocol: string) =>
  protocol === 'https:' ? process.getBuiltinModule('node:https') : process.getBuiltinModule('node:http');

function toHeaders(raw: NodeJS.Dict<string | string[]>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(raw).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  );
}
