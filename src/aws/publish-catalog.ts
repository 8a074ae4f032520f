import type { DynamoDBClient, WriteRequest } from '@aws-sdk/client-dynamodb';
import { BatchWriteItemCommand, ConditionalCheckFailedException, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { CatalogFile } from '../core/catalog.ts';
import type { CatalogPointer } from '../core/catalog-cache.ts';
import { catalogKey, fingerprint, manifestKey, pointerKey, versionKey } from './catalog-table.ts';

/** Somebody else has published since the version that this one was made against. */
export class PublishConflictError extends Error {
  override readonly name = 'PublishConflictError';
}

export interface Publication {
  readonly files: readonly CatalogFile[];
  readonly author: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** A random id that no other version bears. */
  readonly id: string;
  /** The version that this one was made against; undefined where there is none yet. */
  readonly against: CatalogPointer | undefined;
}

/** DynamoDB takes 25 items in one write. https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html */
const batchSize = 25;

/**
 * Publishes a catalog as a new version: its manifest first, then its items under its own id, then one flip of the pointer.
 *
 * Two publishers cannot mix: each writes under its own id, and only who was made against the active version flips. An
 * interrupted publication leaves the active version as it was. Throws a `PublishConflictError` when the other one won.
 */
export async function publishCatalog(
  client: DynamoDBClient,
  table: string,
  { files, author, now, id, against }: Publication,
): Promise<CatalogPointer> {
  const pointer: CatalogPointer = {
    number: (against?.number ?? 0) + 1,
    id,
    count: files.length,
    sha256: fingerprint(files),
  };
  const version = {
    number: { N: String(pointer.number) },
    id: { S: id },
    count: { N: String(pointer.count) },
    sha256: { S: pointer.sha256 },
    author: { S: author },
    at: { N: String(now) },
  };

  await guarded(pointer, () =>
    client.send(
      new PutItemCommand({
        TableName: table,
        Item: { pk: { S: catalogKey }, sk: { S: manifestKey(pointer.number) }, ...version },
        ConditionExpression: 'attribute_not_exists(pk)',
      }),
    ),
  );
  for (let start = 0; start < files.length; start += batchSize) {
    await writeAll(
      client,
      table,
      files.slice(start, start + batchSize).map(({ path, text }) => ({
        PutRequest: { Item: { pk: { S: versionKey(id) }, sk: { S: path }, body: { S: text } } },
      })),
    );
  }
  await guarded(pointer, () =>
    client.send(
      new PutItemCommand({
        TableName: table,
        Item: { pk: { S: catalogKey }, sk: { S: pointerKey }, ...version },
        ...(against === undefined
          ? { ConditionExpression: 'attribute_not_exists(pk)' }
          : {
              ConditionExpression: 'id = :against',
              ExpressionAttributeValues: { ':against': { S: against.id } },
            }),
      }),
    ),
  );
  return pointer;
}

async function guarded(pointer: CatalogPointer, write: () => Promise<unknown>): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    throw new PublishConflictError(`version ${pointer.number} was published by somebody else meanwhile`);
  }
}

/** Writes a batch, and what the table had left over of it once more. */
async function writeAll(client: DynamoDBClient, table: string, requests: WriteRequest[]): Promise<void> {
  let left = requests;
  while (left.length > 0) {
    const { UnprocessedItems } = await client.send(new BatchWriteItemCommand({ RequestItems: { [table]: left } }));
    left = UnprocessedItems?.[table] ?? [];
  }
}
