import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDynamoDb } from '../../src/aws/dynamodb.ts';
import { createLedger } from '../../src/aws/ledger.ts';
import { actionReply } from '../../src/core/hook-response.ts';
import { systemClock } from '../../src/handlers/system-clock.ts';
import { serve } from '../../src/local/serve.ts';
import { ledgerTable } from '../../src/local/tables.ts';
import { createHttp } from '../../src/net/http.ts';
import type { RunningTables } from '../support/fake-aws-tables.ts';
import { localAccess, startTables } from '../support/fake-aws-tables.ts';

const now = Date.parse('2026-01-28T21:43:40.000Z');
const claim = { eventId: 'one', owner: 'first', now, freeAt: now + 2000 };
const never = () => new AbortController().signal;
const reply = actionReply('SUCCESSFUL', { provider: 'Acme' });

let tables: RunningTables;
let client: DynamoDBClient;

beforeEach(async () => {
  tables = await startTables();
  client = tables.client;
});

afterEach(async () => {
  await tables.close();
});

const itemOf = async (eventId: string) => {
  const { Item } = await client.send(
    new GetItemCommand({ TableName: ledgerTable, Key: { eventId: { S: eventId } }, ConsistentRead: true }),
  );
  return Item;
};

describe('the item of an event', () => {
  it('says when it expires, in seconds, for DynamoDB to delete it', async () => {
    await createLedger(client, ledgerTable).claim(claim, never());
    expect(await itemOf('one')).toEqual({
      eventId: { S: 'one' },
      owner: { S: 'first' },
      freeAt: { N: String(now + 2000) },
      expiresAt: { N: String(now / 1000 + 86_400) },
    });
  });

  it.each(['{', '[]', '{"status":500,"body":{}}', '{"status":200,"body":null}'])(
    'with an answer that cannot be read counts as one in flight: %s',
    async (text) => {
      await client.send(
        new PutItemCommand({
          TableName: ledgerTable,
          Item: {
            eventId: { S: 'one' },
            owner: { S: 'other' },
            freeAt: { N: '0' },
            expiresAt: { N: String(now) },
            reply: { S: text },
          },
        }),
      );
      expect(await createLedger(client, ledgerTable).claim(claim, never())).toEqual({ kind: 'in-flight' });
    },
  );
});

describe('a conflict of which the service does not send the item along', () => {
  /** A table whose conditional writes all fail, and that answers a read with this. */
  const conflicting = async (read: () => Response) => {
    const other = await serve((request) =>
      request.headers.get('x-amz-target')?.endsWith('PutItem')
        ? Response.json(
            { __type: 'com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException' },
            { status: 400, headers: { 'content-type': 'application/x-amz-json-1.0' } },
          )
        : read(),
    );
    const ledger = createLedger(createDynamoDb(localAccess, createHttp(systemClock.now), other.url), ledgerTable);
    const taken = await ledger.claim(claim, never());
    await other.close();
    return taken;
  };

  it('is answered by a read', async () => {
    expect(await conflicting(() => Response.json({ Item: { reply: { S: JSON.stringify(reply) } } }))).toEqual({
      kind: 'answered',
      reply,
    });
  });

  it('counts as one in flight when the read fails', async () => {
    expect(await conflicting(() => Response.error())).toEqual({ kind: 'in-flight' });
  });
});
