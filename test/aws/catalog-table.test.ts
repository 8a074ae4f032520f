import { randomUUID } from 'node:crypto';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DeleteItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  assemble,
  catalogKey,
  createCatalogTable,
  fingerprint,
  pointerKey,
  toItems,
  UnsoundCatalogError,
  versionKey,
} from '../../src/aws/catalog-table.ts';
import { publishCatalog } from '../../src/aws/publish-catalog.ts';
import type { CatalogPointer, CatalogTable } from '../../src/core/catalog-cache.ts';
import { systemClock } from '../../src/handlers/system-clock.ts';
import { catalogTable } from '../../src/local/tables.ts';
import type { RunningTables } from '../support/fake-aws-tables.ts';
import { startTables } from '../support/fake-aws-tables.ts';
import { createCatalog, writtenCatalog } from '../support/fake-catalog.ts';

const never = () => new AbortController().signal;
const content = (org = 'Acme') => {
  const { settings, originationIdentities } = writtenCatalog({ settings: { org } });
  return { settings, originationIdentities, templates: createCatalog().templates };
};

describe('the items of a version', () => {
  it('make the catalog again', () => {
    const { templates, ...rest } = assemble(toItems(content()));
    expect(rest).toEqual({
      settings: createCatalog().settings,
      originationIdentities: createCatalog().originationIdentities,
    });
    expect(templates).toHaveLength(4);
  });

  it('are one for the settings, one for the identities and one for each template', () => {
    expect(toItems(content()).map(({ key }) => key)).toEqual([
      'identities',
      'settings',
      'template#en#sms#-',
      'template#en#voice#-',
      'template#es#sms#-',
      'template#es#sms#password-reset',
    ]);
  });

  it('have a fingerprint that their order does not change and their content does', () => {
    const items = toItems(content());
    expect(fingerprint(items.toReversed())).toBe(fingerprint(items));
    expect(fingerprint(toItems(content('Other')))).not.toBe(fingerprint(items));
    expect(fingerprint(items.slice(1))).not.toBe(fingerprint(items));
  });

  it('that make no catalog are refused by the path of what is wrong', () => {
    expect(() => assemble([{ key: 'settings', body: '{' }])).toThrow(
      new UnsoundCatalogError('settings is missing; originationIdentities is missing'),
    );
  });
});

describe('a version in the table', () => {
  let tables: RunningTables;
  let client: DynamoDBClient;
  let table: CatalogTable;
  let active: CatalogPointer;

  beforeEach(async () => {
    tables = await startTables();
    client = tables.client;
    table = createCatalogTable(client, catalogTable);
    active = await publishCatalog(client, catalogTable, {
      content: content(),
      author: 'test',
      now: systemClock.now(),
      id: randomUUID(),
      against: undefined,
    });
  });

  afterEach(async () => {
    await tables.close();
  });

  const put = (key: string, body: string) =>
    client.send(
      new PutItemCommand({
        TableName: catalogTable,
        Item: { pk: { S: versionKey(active.id) }, sk: { S: key }, body: { S: body } },
      }),
    );

  it('is refused when an item is missing', async () => {
    const Key = { pk: { S: versionKey(active.id) }, sk: { S: 'template#es#sms#-' } };
    await client.send(new DeleteItemCommand({ TableName: catalogTable, Key }));
    await expect(table.load(active, never())).rejects.toThrow('version 1 has 5 items instead of 6');
  });

  it('is refused when an item is too many', async () => {
    await put('template#fr#sms#-', '{}');
    await expect(table.load(active, never())).rejects.toThrow('version 1 has 7 items instead of 6');
  });

  it('is refused when an item was changed', async () => {
    await put('settings', '{"enabled":true}');
    await expect(table.load(active, never())).rejects.toThrow('its hash differs');
  });

  it('is refused when its pointer was damaged', async () => {
    await client.send(
      new PutItemCommand({
        TableName: catalogTable,
        Item: { pk: { S: catalogKey }, sk: { S: pointerKey }, number: { S: 'one' }, id: { S: active.id } },
      }),
    );
    await expect(table.pointer(never())).rejects.toThrow(UnsoundCatalogError);
  });
});
