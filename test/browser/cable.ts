import type { Server, Socket } from 'node:net';
import { connect, createServer } from 'node:net';

/** The line between a browser and a port of this machine, which can be cut. */
export interface Cable {
  readonly port: number;
  /** Heads of the requests that went over it, the oldest first. */
  readonly heads: string[];
  /** How many connections got the other answer. */
  readonly turnedAway: () => number;
  /** Ends every connection; new ones are refused, or answered with this. */
  cut(answer?: string): Promise<void>;
  /** Lets everything through again, to the same port or another one. */
  join(port?: number): Promise<void>;
  close(): Promise<void>;
}

export async function layCable(target: number): Promise<Cable> {
  const sockets = new Set<Socket>();
  const heads: string[] = [];
  let to = target;
  let port = 0;
  let answer: string | undefined;
  let turnedAway = 0;
  let server: Server | undefined;

  const close = async () => {
    for (const socket of sockets) socket.destroy();
    const closing = server;
    server = undefined;
    if (closing !== undefined) await new Promise((resolve) => closing.close(resolve));
  };

  const listen = async () => {
    const listening = createServer((near) => {
      sockets.add(near);
      near.on('error', () => {}).on('close', () => sockets.delete(near));
      if (answer !== undefined) {
        turnedAway += 1;
        near.end(answer);
        return;
      }
      const far = connect(to, '127.0.0.1');
      near.on('data', (chunk) => heads.push(...(chunk.toString('latin1').match(/^(GET|POST) [\s\S]*?\r\n\r\n/) ?? [])));
      far.on('error', () => {}).on('close', () => near.destroy());
      near.on('close', () => far.destroy());
      near.pipe(far).pipe(near);
    });
    await new Promise<void>((resolve) => listening.listen(port, '127.0.0.1', resolve));
    const address = listening.address();
    port = address !== null && typeof address === 'object' ? address.port : 0;
    server = listening;
  };

  await listen();
  return {
    port,
    heads,
    turnedAway: () => turnedAway,
    async cut(instead) {
      await close();
      answer = instead;
      if (answer !== undefined) await listen();
    },
    async join(other) {
      await close();
      answer = undefined;
      to = other ?? to;
      await listen();
    },
    close,
  };
}
