import { once } from 'node:events';
import { createServer } from 'node:http';
import type { RunningServer } from '../../src/local/serve.ts';

/** A forward proxy that lets nobody through, and knows where they wanted to go. */
export interface Wall extends RunningServer {
  /** `example.com:443`, oldest first. */
  readonly turnedAway: readonly string[];
}

export async function startWall(): Promise<Wall> {
  const turnedAway: string[] = [];
  const server = createServer();
  server.on('connect', ({ url = '' }, socket) => {
    turnedAway.push(url);
    socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the wall has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    turnedAway,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
