import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ConditionalCheckFailedException, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { CatalogFile } from '../core/catalog.ts';
import type { CatalogPointer } from '../core/catalog-cache.ts';
import { UsageError } from '../core/error.ts';
import type { ActiveVersion } from './catalog-history.ts';
import { batchSize, deleteVersion, listVersions, optionsOf, readActive, writeAll } from './catalog-history.ts';
import { catalogKey, fingerprint, manifestKey, pointerKey, versionKey } from './catalog-table.ts';

/** Somebody else has made another version active since the one that this was made against. */
export class PublishConflictError extends Error {
  override readonly name = 'PublishConflictError';
  /** What is active instead. */
  readonly active: ActiveVersion | undefined;

  constructor(active: ActiveVersion | undefined) {
    super(`version ${active?.number ?? 'none'} was made active by somebody else meanwhile`);
    this.active = active;
  }
}

export interface Publication {
  readonly files: readonly CatalogFile[];
  readonly author: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** A random id that no other version bears. */
  readonly id: string;
  /** The version that this one was made against; undefined where there is none yet. */
  readonly against: Pick<CatalogPointer, 'id'> | undefined;
  readonly signal?: AbortSignal;
}

export interface Activation {
  readonly version: CatalogPointer & Pick<ActiveVersion, 'author' | 'at'>;
  readonly against: ActiveVersion;
  readonly by: string;
  readonly now: number;
  readonly signal?: AbortSignal;
}

/** The most that an item may take, names included. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html */
const itemBytes = 400 * 1024;

/**
 * Publishes a catalog as a new version: its manifest first, then its items under its own id, then one flip of the pointer.
 *
 * Two publishers cannot mix: each writes under its own id, and only who was made against the active version flips. An
 * interrupted publication leaves the active version as it was, and its remains to `pruneVersions`. Throws a
 * `PublishConflictError` when the other one won, and a `UsageError` before any write when a file is too large.
 */
export async function publishCatalog(
  client: DynamoDBClient,
  table: string,
  { files, author, now, id, against, signal }: Publication,
): Promise<CatalogPointer> {
  refuseTooLarge(files, id);
  const current = await readActive(client, table, signal);
  if (current?.id !== against?.id) throw new PublishConflictError(current);
  const base = current?.revision ?? 0;
  const content = { id, count: files.length, sha256: fingerprint(files), author, at: now };

  const number = await reserveNumber(client, table, { ...content, base }, signal);
  const version = { ...content, number };
  for (let start = 0; start < files.length; start += batchSize) {
    const requests = files.slice(start, start + batchSize).map(({ path, text }) => ({
      PutRequest: { Item: { pk: { S: versionKey(id) }, sk: { S: path }, body: { S: text } } },
    }));
    await writeAll(client, table, requests, signal);
  }
  const active = await flip(client, table, { version, current, by: author, now, signal });
  if (active?.id !== id && !(await wasActive(client, table, id, signal))) {
    await deleteVersion(client, table, version, signal);
    throw new PublishConflictError(active);
  }
  return { number, id, count: content.count, sha256: content.sha256 };
}

/** Makes an earlier version active again; throws a `PublishConflictError` when another one is by now. */
export async function activateVersion(
  client: DynamoDBClient,
  table: string,
  { version, against, by, now, signal }: Activation,
): Promise<void> {
  const active = await flip(client, table, { version, current: against, by, now, signal });
  if (active?.id !== version.id) throw new PublishConflictError(active);
}

function refuseTooLarge(files: readonly CatalogFile[], id: string): void {
  const large = files.filter(({ path, text }) => bytesOf('pk', versionKey(id), 'sk', path, 'body', text) > itemBytes);
  if (large.length === 0) return;
  throw new UsageError(
    'catalog-file-too-large',
    `larger than an item may be: ${large.map(({ path }) => path).join(', ')}`,
    {
      hint: 'DynamoDB takes up to 400 KB; shorten the file',
    },
  );
}

const bytesOf = (...parts: readonly string[]) => parts.reduce((sum, part) => sum + Buffer.byteLength(part), 0);

type Unnumbered = Omit<ActiveVersion, 'number' | 'revision' | 'by' | 'since'> & { readonly base: number };

/** Takes the number above every other one, also above those of interrupted pushes and of versions rolled back from. */
async function reserveNumber(
  client: DynamoDBClient,
  table: string,
  version: Unnumbered,
  signal: AbortSignal | undefined,
): Promise<number> {
  for (;;) {
    const versions = await listVersions(client, table, signal);
    // Refused because it was done: the SDK repeats a write whose answer was lost.
    const own = versions.find(({ id }) => id === version.id);
    if (own !== undefined) return own.number;
    const [highest] = versions;
    const number = (highest?.number ?? 0) + 1;
    const taken = await isRefused(() =>
      client.send(
        new PutItemCommand({
          TableName: table,
          Item: { ...manifest({ ...version, number }), base: { N: String(version.base) } },
          ConditionExpression: 'attribute_not_exists(pk)',
        }),
        optionsOf(signal),
      ),
    );
    if (!taken) return number;
  }
}

interface Flip {
  readonly version: Activation['version'];
  readonly current: ActiveVersion | undefined;
  readonly by: string;
  readonly now: number;
  readonly signal: AbortSignal | undefined;
}

/** Moves the pointer unless it has moved since `current`; gives what is active then. */
async function flip(
  client: DynamoDBClient,
  table: string,
  { version, current, by, now, signal }: Flip,
): Promise<ActiveVersion | undefined> {
  const active: ActiveVersion = { ...pickVersion(version), revision: (current?.revision ?? 0) + 1, by, since: now };
  if (current !== undefined) {
    // Before it is replaced, or nobody could tell it from a version that never was active.
    const Item = { ...manifest(current), wasActive: { BOOL: true } };
    await client.send(new PutItemCommand({ TableName: table, Item }), optionsOf(signal));
  }
  const refused = await isRefused(() =>
    client.send(
      new PutItemCommand({
        TableName: table,
        Item: {
          ...attributesOf(active),
          pk: { S: catalogKey },
          sk: { S: pointerKey },
          revision: { N: String(active.revision) },
          by: { S: by },
          since: { N: String(now) },
        },
        ...(current === undefined
          ? { ConditionExpression: 'attribute_not_exists(pk)' }
          : {
              // The id alone would not do: a rollback brings it back.
              ConditionExpression: 'id = :id AND revision = :revision',
              ExpressionAttributeValues: { ':id': { S: current.id }, ':revision': { N: String(current.revision) } },
            }),
      }),
      optionsOf(signal),
    ),
  );
  // The SDK repeats a write whose answer was lost: it is then refused because it was done.
  return refused ? await readActive(client, table, signal) : active;
}

/** Whether a version was active for a moment and then replaced, before its publisher could know. */
async function wasActive(client: DynamoDBClient, table: string, id: string, signal: AbortSignal | undefined) {
  return (await listVersions(client, table, signal)).some((version) => version.id === id && version.wasActive);
}

const pickVersion = ({ number, id, count, sha256, author, at }: Activation['version']) => ({
  number,
  id,
  count,
  sha256,
  author,
  at,
});

const attributesOf = ({ number, id, count, sha256, author, at }: Activation['version']) => ({
  number: { N: String(number) },
  id: { S: id },
  count: { N: String(count) },
  sha256: { S: sha256 },
  author: { S: author },
  at: { N: String(at) },
});

const manifest = (version: Activation['version']) => ({
  ...attributesOf(version),
  pk: { S: catalogKey },
  sk: { S: manifestKey(version.number) },
});

async function isRefused(write: () => Promise<unknown>): Promise<boolean> {
  try {
    await write();
    return false;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return true;
    throw error;
  }
}
