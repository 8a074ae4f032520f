import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import { createDynamoDb } from '../../src/aws/dynamodb.ts';
import { systemClock } from '../../src/handlers/system-clock.ts';
import { startDynamoDb } from '../../src/local/dynamodb.ts';
import { catalogTable, createTables, ledgerTable } from '../../src/local/tables.ts';
import { createHttp } from '../../src/net/http.ts';

/** As whom the local cloud is called. */
export const localAccess = {
  region: 'us-east-1',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
};

export interface RunningTables {
  readonly client: DynamoDBClient;
  readonly url: string;
  close(): Promise<void>;
}

/** Starts an embedded DynamoDB with both tables, empty and ready for use. */
export async function startTables(): Promise<RunningTables> {
  const server = await startDynamoDb();
  const client = createDynamoDb(localAccess, createHttp(systemClock.now), server.url);
  await createTables(client);
  // A table refuses writes until it is active, which it may not be yet when its creation is answered.
  for (const TableName of [catalogTable, ledgerTable]) {
    const isActive = async () =>
      (await client.send(new DescribeTableCommand({ TableName }))).Table?.TableStatus === 'ACTIVE';
    while (!(await isActive()));
  }
  return { client, url: server.url, close: server.close };
}
