import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { Socket } from 'node:net';

/** What a server of the local cloud knows of the connection that a request came on. */
export interface Connection {
  /** 1 for the first request on it, 2 for the next one on the kept-alive connection, and so on. */
  readonly requestNumber: number;
}

/**
 * A server of the local cloud. `Response.error()` resets the connection before any response byte, as a load balancer
 * does with one that it had forgotten.
 */
export type Serve = (request: Request, connection: Connection) => Response | Promise<Response>;

export interface RunningServer {
  /** `http://127.0.0.1:<port>`, without a slash at the end. */
  readonly url: string;
  close(): Promise<void>;
}

/** Serves a `Request → Response` function on 127.0.0.1; port 0 takes any that is free. */
export async function serve(handle: Serve, port = 0): Promise<RunningServer> {
  const requestNumbers = new WeakMap<Socket, number>();
  const server = createServer((incoming, outgoing) => {
    const requestNumber = (requestNumbers.get(incoming.socket) ?? 0) + 1;
    requestNumbers.set(incoming.socket, requestNumber);
    answer(handle, incoming, outgoing, { requestNumber }).catch(() => incoming.socket.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  handle: Serve,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  connection: Connection,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const gone = new AbortController();
  outgoing.once('close', () => gone.abort());
  const request = new Request(`http://${incoming.headers.host ?? '127.0.0.1'}${incoming.url ?? '/'}`, {
    method: incoming.method ?? 'GET',
    headers: toHeaders(incoming.rawHeaders),
    signal: gone.signal,
    ...(chunks.length > 0 ? { body: Buffer.concat(chunks) } : {}),
  });
  const response = await handle(request, connection);
  if (response.type === 'error') {
    incoming.socket.resetAndDestroy();
    return;
  }
  outgoing.writeHead(response.status, [...response.headers].flat());
  if (response.body !== null) for await (const chunk of response.body) outgoing.write(chunk);
  outgoing.end();
}

function toHeaders(raw: readonly string[]): Headers {
  const headers = new Headers();
  for (let index = 0; index + 1 < raw.length; index += 2) headers.append(raw[index] ?? '', raw[index + 1] ?? '');
  return headers;
}
