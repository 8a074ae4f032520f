import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ConditionalCheckFailedException, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { isObject, parseJson } from '../core/decode.ts';
import type { HookReply } from '../core/hook-response.ts';
import type { ClaimResult, Ledger } from '../core/ledger.ts';

/** An event that Okta repeats comes within seconds; a day leaves room for looking into it. */
const keptMs = 24 * 3_600_000;

type Item = Readonly<Record<string, { readonly S?: string | undefined; readonly N?: string | undefined }>>;

/**
 * The ledger on DynamoDB: one item per event, `{eventId, owner, freeAt, expiresAt, reply?}`.
 *
 * A claim is one conditional write, and a read only where it fails. Expiry is checked by whoever reads, since DynamoDB
 * deletes late. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/howitworks-ttl.html
 */
export function createLedger(client: DynamoDBClient, table: string): Ledger {
  /** Writes an item where the guard holds; otherwise gives the item that stands in its way. */
  const put = async (item: Item, guard: { readonly condition: string; readonly values: Item }, signal: AbortSignal) => {
    try {
      await client.send(
        new PutItemCommand({
          TableName: table,
          Item: toAttributes(item),
          ConditionExpression: guard.condition,
          ExpressionAttributeNames: { '#owner': 'owner' },
          ExpressionAttributeValues: toAttributes(guard.values),
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
        { abortSignal: signal },
      );
      return undefined;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return { item: error.Item };
      throw error;
    }
  };

  /** For where the service did not send the item along. */
  const read = async (eventId: string, signal: AbortSignal) => {
    const { Item: item } = await client.send(
      new GetItemCommand({ TableName: table, Key: { eventId: { S: eventId } }, ConsistentRead: true }),
      { abortSignal: signal },
    );
    return item;
  };

  return {
    async claim({ eventId, owner, now, freeAt }, signal): Promise<ClaimResult> {
      const taken = await put(
        { eventId: { S: eventId }, owner: { S: owner }, freeAt: { N: String(freeAt) }, expiresAt: expiry(now) },
        {
          // Free: never taken, taken by this very delivery (a write that was repeated), abandoned, or long over.
          condition:
            'attribute_not_exists(eventId) OR #owner = :owner OR (attribute_not_exists(reply) AND freeAt <= :now) OR expiresAt <= :nowSeconds',
          values: { ':owner': { S: owner }, ':now': { N: String(now) }, ':nowSeconds': { N: seconds(now) } },
        },
        signal,
      );
      if (taken === undefined) return { kind: 'claimed' };
      const item = taken.item ?? (await read(eventId, signal).catch(() => undefined));
      const reply = parseReply(item?.['reply']?.S);
      return reply === undefined ? { kind: 'in-flight' } : { kind: 'answered', reply };
    },

    async settle({ eventId, owner, now, reply }, signal) {
      await put(
        {
          eventId: { S: eventId },
          owner: { S: owner },
          freeAt: { N: String(now) },
          expiresAt: expiry(now),
          reply: { S: JSON.stringify(reply) },
        },
        { condition: 'attribute_not_exists(eventId) OR #owner = :owner', values: { ':owner': { S: owner } } },
        signal,
      );
    },
  };
}

const seconds = (ms: number) => String(Math.floor(ms / 1000));
const expiry = (now: number) => ({ N: seconds(now + keptMs) });

function toAttributes(item: Item) {
  return Object.fromEntries(
    Object.entries(item).map(([name, { S, N }]) => [name, S === undefined ? { N: N ?? '0' } : { S }]),
  );
}

/** An answer that this version cannot read counts as none: the event is then waited for, and Okta falls back. */
function parseReply(text: string | undefined): HookReply | undefined {
  if (text === undefined) return undefined;
  const parsed = parseJson(text);
  if (!parsed.ok || !isObject(parsed.value)) return undefined;
  const { status, body } = parsed.value;
  // Written by `settle` above as it went to Okta, and goes there again unread.
  return (status === 200 || status === 400) && isObject(body) ? (parsed.value as unknown as HookReply) : undefined;
}
