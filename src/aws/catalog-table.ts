import { createHash } from 'node:crypto';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetItemCommand, paginateQuery } from '@aws-sdk/client-dynamodb';
import type { Catalog, CatalogContent } from '../core/catalog.ts';
import { catalog } from '../core/catalog.ts';
import type { CatalogPointer, CatalogTable } from '../core/catalog-cache.ts';
import { decode, integer, object, parseJson, renderProblems, string } from '../core/decode.ts';

/*
 * The catalog table, keyed by `pk` and `sk`:
 *
 *   catalog            pointer              the active version: number, id, count, sha256
 *   catalog            version#000042       the manifest of a version: the same, and who made it when
 *   version#<id>       settings             one item of that version, its JSON in `body`
 *   version#<id>       identities
 *   version#<id>       template#<locale>#<channel>#<request type or ->
 */
export const catalogKey = 'catalog';
export const pointerKey = 'pointer';
export const versionKey = (id: string) => `version#${id}`;
export const manifestKey = (number: number) => `version#${String(number).padStart(6, '0')}`;

/** One item of a version, before it is written or as it was read. */
export interface CatalogItem {
  /** The sort key. */
  readonly key: string;
  /** JSON. */
  readonly body: string;
}

/** What is wrong with a version as it stands in the table; the code never goes with it. */
export class UnsoundCatalogError extends Error {
  override readonly name = 'UnsoundCatalogError';
}

/** Spells a catalog out as items, in the order of their keys. */
export function toItems(content: CatalogContent): readonly CatalogItem[] {
  return [
    { key: 'settings', body: JSON.stringify(content.settings) },
    { key: 'identities', body: JSON.stringify(content.originationIdentities) },
    ...content.templates.map((template) => ({
      key: `template#${template.locale}#${template.channel}#${template.requestType ?? '-'}`,
      body: JSON.stringify(template),
    })),
  ].toSorted(byKey);
}

/** The fingerprint of a version: SHA-256 over its items in the order of their keys. */
export function fingerprint(items: readonly CatalogItem[]): string {
  const hash = createHash('sha256');
  for (const { key, body } of items.toSorted(byKey)) hash.update(`${key}\n${body}\n`);
  return hash.digest('hex');
}

const byKey = (a: CatalogItem, b: CatalogItem) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0);

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
      const items: CatalogItem[] = [];
      const pages = paginateQuery(
        { client },
        {
          TableName: table,
          KeyConditionExpression: 'pk = :version',
          ExpressionAttributeValues: { ':version': { S: versionKey(active.id) } },
        },
        { abortSignal },
      );
      for await (const { Items = [] } of pages) {
        items.push(...Items.map((item) => ({ key: item['sk']?.S ?? '', body: item['body']?.S ?? '' })));
      }
      if (items.length !== active.count) {
        throw new UnsoundCatalogError(`version ${active.number} has ${items.length} items instead of ${active.count}`);
      }
      if (fingerprint(items) !== active.sha256) {
        throw new UnsoundCatalogError(`version ${active.number} is not what was published: its hash differs`);
      }
      return assemble(items);
    },
  };
}

/** Puts the items of a version together; what they hold is checked like anything else from outside. */
export function assemble(items: readonly CatalogItem[]): Catalog {
  const parsed = new Map(
    items.map(({ key, body }) => {
      const json = parseJson(body);
      return [key, json.ok ? json.value : undefined];
    }),
  );
  const decoded = decode(catalog, {
    settings: parsed.get('settings'),
    originationIdentities: parsed.get('identities'),
    templates: [...parsed].filter(([key]) => key.startsWith('template#')).map(([, value]) => value),
  });
  if (!decoded.ok) throw new UnsoundCatalogError(renderProblems(decoded.problems, 'the catalog'));
  return decoded.value;
}
