import type { IncomingMessage, ServerResponse } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import dynalite from 'dynalite';
import type { RunningServer } from './serve.ts';

/** Of the event loop; what is in memory takes a handful of them. */
const mostTurns = 10_000;

/** Starts an empty DynamoDB in memory on 127.0.0.1 (dynalite: no transactions, no TTL); port 0 takes any that is free. */
export async function startDynamoDb(port = 0): Promise<RunningServer> {
  const server = dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const underWay = new Map<ServerResponse, IncomingMessage>();
  server.on('request', (request, response) => {
    underWay.set(response, request);
    response.once('finish', () => underWay.delete(response));
  });
  /** A request that came whole is worked on even if whoever sent it has gone. */
  const isWorking = () => [...underWay].some(([response, request]) => request.complete && !response.writableEnded);
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    async close() {
      server.closeAllConnections();
      // dynalite closes its store with the last connection, and throws out of whatever still wants to write there.
      for (let turn = 0; turn < mostTurns && isWorking(); turn += 1) await setImmediate();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

/** How DynamoDB refuses what is more than a table can take. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html */
export const throughputExceeded = (): Response =>
  Response.json(
    {
      __type: 'com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException',
      message: 'The level of configured provisioned throughput for the table was exceeded.',
    },
    { status: 400, headers: { 'content-type': 'application/x-amz-json-1.0' } },
  );
