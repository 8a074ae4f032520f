import { CreateTableCommand, DescribeTableCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createGuidanceTable } from '../../src/aws/guidance-table.ts';
import { sdkEnv } from '../support/failures-queue.ts';
import type { RunningTables } from '../support/fake-aws-tables.ts';
import { startTables } from '../support/fake-aws-tables.ts';

let tables: RunningTables;
const name = 'GuidanceMessages';

beforeEach(async () => {
  for (const [key, value] of Object.entries(sdkEnv)) vi.stubEnv(key, value);
  tables = await startTables();
  vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', tables.url);
  await tables.client.send(
    new CreateTableCommand({
      TableName: name,
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
    }),
  );
  const isActive = async () =>
    (await tables.client.send(new DescribeTableCommand({ TableName: name }))).Table?.TableStatus === 'ACTIVE';
  while (!(await isActive()));
});

afterEach(async () => {
  await tables.close();
  vi.unstubAllEnvs();
});

const { signal } = new AbortController();
async function read(table = name, until = signal) {
  const opened = createGuidanceTable({ table, region: 'us-east-1' });
  try {
    return await opened.items(until);
  } finally {
    opened.close();
  }
}

describe("the guidance's table", () => {
  it('is read to its end, page by page, and of each item what is needed', async () => {
    // DynamoDB gives 1 MB a page. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Scan.html
    const long = 'x'.repeat(300_000);
    for (const id of ['1', '2', '3', '4', '5']) {
      await tables.client.send(
        new PutItemCommand({
          TableName: name,
          Item: {
            id: { S: id },
            language: { S: 'en' },
            messagetype: { S: 'sms' },
            message: { S: id },
            note: { S: long },
          },
        }),
      );
    }
    const items = await read();
    expect(items.map(({ message }) => message?.S).sort()).toEqual(['1', '2', '3', '4', '5']);
    expect(Object.keys(items[0] ?? {}).sort()).toEqual(['language', 'message', 'messagetype']);
  });

  it('may be empty', async () => {
    expect(await read()).toEqual([]);
  });

  it('that does not exist is named as such', async () => {
    await expect(read('nowhere')).rejects.toMatchObject({ code: 'table-not-found', exitCode: 1 });
  });

  it('that cannot be reached fails in words for a person, and ends with the signal', async () => {
    const stopped = new AbortController();
    stopped.abort(new Error('stopped'));
    await expect(read(name, stopped.signal)).rejects.toThrow('stopped');
    vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', 'http://127.0.0.1:1');
    vi.stubEnv('AWS_MAX_ATTEMPTS', '1');
    await expect(read()).rejects.toMatchObject({ code: 'aws-unreachable' });
  });
});
