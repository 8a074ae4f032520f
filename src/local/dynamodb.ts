import dynalite from 'dynalite';
import type { RunningServer } from './serve.ts';

/** Starts an empty DynamoDB in memory on 127.0.0.1 (dynalite: no transactions, no TTL); port 0 takes any that is free. */
export async function startDynamoDb(port = 0): Promise<RunningServer> {
  const server = dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
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

/** How DynamoDB refuses what is more than a table can take. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html */
export const throughputExceeded = (): Response =>
  Response.json(
    {
      __type: 'com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException',
      message: 'The level of configured provisioned throughput for the table was exceeded.',
    },
    { status: 400, headers: { 'content-type': 'application/x-amz-json-1.0' } },
  );
