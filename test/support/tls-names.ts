import { createServer } from 'node:http';
import type { AddressInfo, Server as NetServer, Socket } from 'node:net';
import { connect } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { SelfSigned } from './certificate.ts';

/** Servers of this machine under the names that they have in the world. */
export interface TlsNames {
  /** What a process that is behind a proxy has in its environment; with it, the certificate is trusted. */
  readonly env: Readonly<Record<string, string>>;
  /** The names that were asked for, oldest first. */
  readonly asked: readonly string[];
  close(): Promise<void>;
}

/**
 * Stands where a company's proxy does, and leads `CONNECT name:443` to a server of this machine with TLS before it: the
 * caller uses the URL that it would use in the world, with its own TLS, and nothing in it knows of the test.
 *
 * @param serverOf - the `http://127.0.0.1:<port>` behind a name; undefined for a name that is not there
 */
export async function startTlsNames(
  certificate: SelfSigned,
  serverOf: (name: string) => string | undefined,
): Promise<TlsNames> {
  const sockets = new Set<Socket>();
  const asked: string[] = [];
  const running: NetServer[] = [];
  const fronts = new Map<string, number>();
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy()).once('close', () => sockets.delete(socket));
    return socket;
  };
  const join = (a: Socket, b: Socket) => {
    keep(a).pipe(keep(b)).pipe(a);
  };
  const up = async (server: NetServer) => {
    running.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return portOf(server);
  };
  async function frontOf(url: string): Promise<number> {
    const known = fronts.get(url);
    if (known !== undefined) return known;
    const behind = Number(new URL(url).port);
    const port = await up(
      createTlsServer({ cert: certificate.cert, key: certificate.key }, (socket) =>
        join(socket, connect(behind, '127.0.0.1')),
      ).on('tlsClientError', () => {}),
    );
    fronts.set(url, port);
    return port;
  }

  const proxy = createServer((_, response) => response.writeHead(405).end());
  proxy.on('connect', async (request, socket: Socket) => {
    const name = (request.url ?? '').replace(/:443$/, '');
    asked.push(name);
    const url = serverOf(name);
    if (url === undefined) {
      socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
      return;
    }
    const port = await frontOf(url);
    socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
    join(socket, connect(port, '127.0.0.1'));
  });
  const port = await up(proxy);
  return {
    // https://nodejs.org/api/cli.html#node_use_env_proxy1
    env: {
      NODE_USE_ENV_PROXY: '1',
      HTTPS_PROXY: `http://127.0.0.1:${port}`,
      NO_PROXY: '127.0.0.1',
      NODE_EXTRA_CA_CERTS: certificate.file,
    },
    asked,
    async close() {
      for (const socket of sockets) socket.destroy();
      await Promise.all(running.map((server) => new Promise((resolve) => server.close(resolve))));
    },
  };
}

function portOf(server: NetServer): number {
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return address.port;
}
