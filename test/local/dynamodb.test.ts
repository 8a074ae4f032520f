import { setImmediate } from 'node:timers/promises';
import {
  ConditionalCheckFailedException,
  CreateTableCommand,
  DynamoDBClient,
  PutItemCommand,
  paginateQuery,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startDynamoDb } from '../../src/local/dynamodb.ts';
import type { RunningServer } from '../../src/local/serve.ts';

const TableName = 'catalog';

let running: RunningServer;
let client: DynamoDBClient;

beforeEach(async () => {
  running = await startDynamoDb();
  client = new DynamoDBClient({
    endpoint: running.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' },
    maxAttempts: 1,
  });
});

afterEach(async () => {
  client.destroy();
  await running.close();
});

async function createTable() {
  await client.send(
    new CreateTableCommand({
      TableName,
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'sk', AttributeType: 'S' },
      ],
      BillingMode: 'PAY_PER_REQUEST',
    }),
  );
  await waitUntilTableExists({ client, maxWaitTime: 5, minDelay: 1 }, { TableName });
}

const putOnce = (sk: string) =>
  client.send(
    new PutItemCommand({
      TableName,
      Item: { pk: { S: 'version#1' }, sk: { S: sk } },
      ConditionExpression: 'attribute_not_exists(pk)',
    }),
  );

describe('the embedded DynamoDB', () => {
  it('lets one of several conditional puts win', async () => {
    await createTable();
    const puts = await Promise.allSettled(Array.from({ length: 5 }, () => putOnce('manifest')));
    expect(puts.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const reasons = puts.flatMap((put) => (put.status === 'rejected' ? [put.reason] : []));
    expect(reasons).toHaveLength(4);
    for (const reason of reasons) expect(reason).toBeInstanceOf(ConditionalCheckFailedException);
  });

  it('answers a query in pages, in the order of the sort key', async () => {
    await createTable();
    await Promise.all(['c', 'a', 'e', 'b', 'd'].map(putOnce));
    const pages: (string | undefined)[][] = [];
    const query = {
      TableName,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': { S: 'version#1' } },
    };
    for await (const page of paginateQuery({ client, pageSize: 2 }, query)) {
      pages.push((page.Items ?? []).map((item) => item['sk']?.S));
    }
    expect(pages).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
  });

  it('starts empty, apart from any other that runs', async () => {
    await createTable();
    const other = await startDynamoDb();
    try {
      const elsewhere = new DynamoDBClient({
        endpoint: other.url,
        region: 'us-east-1',
        credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' },
        maxAttempts: 1,
      });
      const put = new PutItemCommand({ TableName, Item: { pk: { S: 'a' }, sk: { S: 'b' } } });
      await expect(elsewhere.send(put)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    } finally {
      await other.close();
    }
  });

  it('is gone once it is closed', async () => {
    const other = await startDynamoDb();
    expect((await fetch(other.url)).ok).toBe(true);
    await other.close();
    await expect(fetch(other.url)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
  });

  it('is closed in the midst of requests without an error that nobody catches', async () => {
    await createTable();
    const thrown: unknown[] = [];
    const keep = (error: unknown) => thrown.push(error);
    process.on('uncaughtException', keep);
    try {
      const puts = Array.from({ length: 40 }, (_, index) => putOnce(`item-${index}`));
      const ended = Promise.allSettled(puts);
      await Promise.race(puts);
      client.destroy();
      await running.close();
      await ended;
      // dynalite throws a turn or two later.
      for (let turn = 0; turn < 50; turn += 1) await setImmediate();
    } finally {
      process.off('uncaughtException', keep);
    }
    expect(thrown).toEqual([]);
  });

  it('says so when its port is taken', async () => {
    const port = Number(new URL(running.url).port);
    await expect(startDynamoDb(port)).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});
