import { createHash } from 'node:crypto';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetItemCommand, paginateQuery } from '@aws-sdk/client-dynamodb';
import type { Catalog, CatalogFile } from '../core/catalog.ts';
import { parseCatalog } from '../core/catalog.ts';
import type { CatalogPointer, CatalogTable } from '../core/catalog-cache.ts';
import { decode, integer, object, renderProblems, string } from '../core/decode.ts';

/*
 * The catalog table, keyed by `pk` and `sk`:
 *
 *   catalog            pointer              the active version: number, id, count, sha256, author, at
 *   catalog            version#000042       the manifest of a version: the same
 *   version#<id>       <path of a file>     one file of that version, as it was written, in `body`
 */
export const catalogKey = 'catalog';
export const pointerKey = 'pointer';
export const versionKey = (id: string) => `version#${id}`;
export const manifestKey = (number: number) => `version#${String(number).padStart(6, '0')}`;

/** What is wrong with a version as it stands in the table; the code never goes with it. */
export class UnsoundCatalogError extends Error {
  override readonly name = 'UnsoundCatalogError';
}

/** The fingerprint of a version: SHA-256 over its files in the order of their paths. */
export function fingerprint(files: readonly CatalogFile[]): string {
  const hash = createHash('sha256');
  for (const { path, text } of files.toSorted(byPath)) hash.update(`${path}\n${text.length}\n${text}\n`);
  return hash.digest('hex');
}

const byPath = (a: CatalogFile, b: CatalogFile) => (a.path < b.path ? -1 : 1);

const pointer = object({
  number: integer({ min: 1 }),
  id: string({ max: 64 }),
  count: integer({ min: 1 }),
  sha256: string({ max: 64 }),
});

/** The catalog table as the sender reads it: the pointer by one cheap read, a version by one paginated query. */
export function createCatalogTable(client: DynamoDBClient, table: string): CatalogTable {
  return {
    async pointer(abortSignal): Promise<CatalogPointer | undefined> {
      const { Item } = await client.send(
        new GetItemCommand({ TableName: table, Key: { pk: { S: catalogKey }, sk: { S: pointerKey } } }),
        { abortSignal },
      );
      if (Item === undefined) return undefined;
      const decoded = decode(pointer, {
        number: Number(Item['number']?.N),
        id: Item['id']?.S,
        count: Number(Item['count']?.N),
        sha256: Item['sha256']?.S,
      });
      if (!decoded.ok) throw new UnsoundCatalogError(renderProblems(decoded.problems, 'the pointer'));
      return decoded.value;
    },

    async load(active, abortSignal): Promise<Catalog> {
      const files = await readVersion(client, table, active, abortSignal);
      const parsed = parseCatalog(files);
      if (!parsed.ok) throw new UnsoundCatalogError(renderProblems(parsed.problems, 'the catalog'));
      return parsed.value;
    },
  };
}

/** Reads the files of a version; throws an `UnsoundCatalogError` when they are not those that were published. */
export async function readVersion(
  client: DynamoDBClient,
  table: string,
  version: CatalogPointer,
  abortSignal: AbortSignal,
): Promise<readonly CatalogFile[]> {
  const files: CatalogFile[] = [];
  const pages = paginateQuery(
    { client },
    {
      TableName: table,
      KeyConditionExpression: 'pk = :version',
      ExpressionAttributeValues: { ':version': { S: versionKey(version.id) } },
    },
    { abortSignal },
  );
  for await (const { Items = [] } of pages) {
    files.push(...Items.map((item) => ({ path: item['sk']?.S ?? '', text: item['body']?.S ?? '' })));
  }
  if (files.length !== version.count) {
    throw new UnsoundCatalogError(`version ${version.number} has ${files.length} items instead of ${version.count}`);
  }
  if (fingerprint(files) !== version.sha256) {
    throw new UnsoundCatalogError(`version ${version.number} is not what was published: its hash differs`);
  }
  return files;
}
