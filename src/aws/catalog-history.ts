import type { AttributeValue, DynamoDBClient, WriteRequest } from '@aws-sdk/client-dynamodb';
import { BatchWriteItemCommand, DeleteItemCommand, GetItemCommand, paginateQuery } from '@aws-sdk/client-dynamodb';
import type { CatalogPointer } from '../core/catalog-cache.ts';
import { catalogKey, manifestKey, pointerKey, UnsoundCatalogError, versionKey } from './catalog-table.ts';

/** A version as its manifest has it. */
export interface PublishedVersion extends CatalogPointer {
  readonly author: string;
  /** When it was pushed, in milliseconds since the epoch. */
  readonly at: number;
  /** The pointer's revision that it was made against: only as long as the pointer has it can this version become active. */
  readonly base: number;
  /** It was active, and was replaced by another one. */
  readonly wasActive: boolean;
}

/** What the pointer says. */
export interface ActiveVersion extends CatalogPointer {
  readonly author: string;
  readonly at: number;
  /** Goes up by one whenever another version becomes active, also with a rollback; 0 where there is none. */
  readonly revision: number;
  /** Who made it active, by push or rollback. */
  readonly by: string;
  readonly since: number;
}

type Item = Readonly<Record<string, AttributeValue>>;

const text = (item: Item, name: string) => item[name]?.S ?? '';
const number = (item: Item, name: string) => Number(item[name]?.N ?? 0);
const pointerOf = (item: Item): CatalogPointer => ({
  number: number(item, 'number'),
  id: text(item, 'id'),
  count: number(item, 'count'),
  sha256: text(item, 'sha256'),
});

/** Reads the pointer as it is now, not as it was a moment ago. */
export async function readActive(
  client: DynamoDBClient,
  table: string,
  abortSignal?: AbortSignal,
): Promise<ActiveVersion | undefined> {
  const { Item } = await client.send(
    new GetItemCommand({
      TableName: table,
      Key: { pk: { S: catalogKey }, sk: { S: pointerKey } },
      ConsistentRead: true,
    }),
    optionsOf(abortSignal),
  );
  if (Item === undefined) return undefined;
  const pointer = pointerOf(Item);
  if (pointer.id === '' || pointer.number < 1) throw new UnsoundCatalogError('the pointer names no version');
  const [author, at] = [text(Item, 'author'), number(Item, 'at')];
  return {
    ...pointer,
    author,
    at,
    revision: number(Item, 'revision'),
    by: text(Item, 'by') || author,
    since: number(Item, 'since') || at,
  };
}

/** Reads every manifest, newest first: also those of versions that never became active. */
export async function listVersions(
  client: DynamoDBClient,
  table: string,
  abortSignal?: AbortSignal,
): Promise<readonly PublishedVersion[]> {
  const versions: PublishedVersion[] = [];
  const pages = paginateQuery(
    { client },
    {
      TableName: table,
      KeyConditionExpression: 'pk = :catalog AND begins_with(sk, :version)',
      ExpressionAttributeValues: { ':catalog': { S: catalogKey }, ':version': { S: 'version#' } },
      ConsistentRead: true,
    },
    optionsOf(abortSignal),
  );
  for await (const { Items = [] } of pages) {
    for (const item of Items) {
      versions.push({
        ...pointerOf(item),
        author: text(item, 'author'),
        at: number(item, 'at'),
        base: number(item, 'base'),
        wasActive: item['wasActive']?.BOOL === true,
      });
    }
  }
  return versions.toSorted((a, b) => b.number - a.number);
}

/** So many versions are kept to roll back to, and the active one besides. */
export const keptVersions = 20;

/** The versions that can be rolled back to, newest first, with the active one among them. */
export function keptOf(versions: readonly PublishedVersion[], active: CatalogPointer): readonly PublishedVersion[] {
  const once = versions.filter(({ id, wasActive }) => wasActive || id === active.id);
  return once.filter(({ id }, index) => index < keptVersions || id === active.id);
}

/**
 * Deletes versions that are beyond those kept, and what interrupted pushes have left; gives how many it deleted.
 *
 * A push that is still under way is left alone: it was made against the pointer as it is. One that was made against an
 * earlier revision can never become active, since revisions only go up.
 */
export async function pruneVersions(client: DynamoDBClient, table: string, abortSignal?: AbortSignal): Promise<number> {
  const active = await readActive(client, table, abortSignal);
  if (active === undefined) return 0;
  const versions = await listVersions(client, table, abortSignal);
  const kept = new Set(keptOf(versions, active).map(({ id }) => id));
  const gone = versions.filter(({ id, wasActive, base }) => !kept.has(id) && (wasActive || base < active.revision));
  for (const version of gone) await deleteVersion(client, table, version, abortSignal);
  return gone.length;
}

/** Deletes the items of a version, then its manifest: what is interrupted in between can be found again. */
export async function deleteVersion(
  client: DynamoDBClient,
  table: string,
  { id, number: of }: Pick<CatalogPointer, 'id' | 'number'>,
  abortSignal?: AbortSignal,
): Promise<void> {
  const pages = paginateQuery(
    // As many as one write takes.
    { client, pageSize: batchSize },
    {
      TableName: table,
      KeyConditionExpression: 'pk = :version',
      ExpressionAttributeValues: { ':version': { S: versionKey(id) } },
      ProjectionExpression: 'pk, sk',
      ConsistentRead: true,
    },
    optionsOf(abortSignal),
  );
  for await (const { Items = [] } of pages) {
    await writeAll(
      client,
      table,
      Items.map((Key) => ({ DeleteRequest: { Key } })),
      abortSignal,
    );
  }
  await client.send(
    new DeleteItemCommand({ TableName: table, Key: { pk: { S: catalogKey }, sk: { S: manifestKey(of) } } }),
    optionsOf(abortSignal),
  );
}

/** DynamoDB takes 25 items in one write. https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html */
export const batchSize = 25;

/** Writes a batch, and what the table had left over of it once more. */
export async function writeAll(
  client: DynamoDBClient,
  table: string,
  requests: WriteRequest[],
  abortSignal?: AbortSignal,
): Promise<void> {
  let left = requests;
  while (left.length > 0) {
    const { UnprocessedItems } = await client.send(
      new BatchWriteItemCommand({ RequestItems: { [table]: left } }),
      optionsOf(abortSignal),
    );
    left = UnprocessedItems?.[table] ?? [];
  }
}

/** The SDK's types take no signal that is undefined. */
export const optionsOf = (abortSignal: AbortSignal | undefined) => (abortSignal === undefined ? {} : { abortSignal });
