import { randomUUID } from 'node:crypto';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DeleteItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  catalogKey,
  createCatalogTable,
  fingerprint,
  pointerKey,
  readVersion,
  UnsoundCatalogError,
  versionKey,
} from '../../src/aws/catalog-table.ts';
import { publishCatalog } from '../../src/aws/publish-catalog.ts';
import type { CatalogFile } from '../../src/core/catalog.ts';
import type { CatalogPointer, CatalogTable } from '../../src/core/catalog-cache.ts';
import { systemClock } from '../../src/handlers/system-clock.ts';
import { catalogTable } from '../../src/local/tables.ts';
import type { RunningTables } from '../support/fake-aws-tables.ts';
import { startTables } from '../support/fake-aws-tables.ts';
import { catalogFiles } from '../support/fake-catalog.ts';

const never = () => new AbortController().signal;

describe('the fingerprint of a version', () => {
  const files = catalogFiles();

  it('is not changed by the order of its files, and by everything else', () => {
    expect(fingerprint(files)).toMatch(/^[0-9a-f]{64}$/);
    expect(fingerprint(files.toReversed())).toBe(fingerprint(files));
    expect(fingerprint(catalogFiles({ settings: { org: 'Other' } }))).not.toBe(fingerprint(files));
    expect(fingerprint(files.slice(1))).not.toBe(fingerprint(files));
    expect(fingerprint(files.map(({ path, text }) => ({ path, text: `${text}\n` })))).not.toBe(fingerprint(files));
    expect(fingerprint(files.map(({ path, text }) => ({ path: `a/${path}`, text })))).not.toBe(fingerprint(files));
  });

  it('tells two files from one that reads like both', () => {
    const two = [
      { path: 'a', text: 'x' },
      { path: 'b', text: 'y' },
    ];
    expect(fingerprint([{ path: 'a', text: 'x\nb\ny' }])).not.toBe(fingerprint(two));
    expect(fingerprint([{ path: 'a', text: 'x\nb\n1\ny' }])).not.toBe(fingerprint(two));
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
    active = await publish(catalogFiles());
  });

  afterEach(async () => {
    await tables.close();
  });

  const publish = (files: readonly CatalogFile[], against?: CatalogPointer) =>
    publishCatalog(client, catalogTable, { files, author: 'test', now: systemClock.now(), id: randomUUID(), against });

  const put = (key: string, body: string) =>
    client.send(
      new PutItemCommand({
        TableName: catalogTable,
        Item: { pk: { S: versionKey(active.id) }, sk: { S: key }, body: { S: body } },
      }),
    );

  it('is one item for each file, with its text as it was written', async () => {
    const files = [
      { path: 'numbers.json', text: '{}' },
      { path: 'settings.json', text: '\ufeff{ "org" :\r\n\t"Ácmé 😀" }  \n' },
      { path: 'templates/es.json', text: '' },
    ];
    const version = await publish(files.toReversed(), active);
    expect(version).toMatchObject({ number: 2, count: 3, sha256: fingerprint(files) });
    expect(await readVersion(client, catalogTable, version, never())).toEqual(files);
  });

  it('is refused by file and path when its files make no catalog', async () => {
    const unsound = await publish(
      [
        { path: 'settings.json', text: '{' },
        { path: 'numbers.json', text: '{"deny":5}' },
      ],
      active,
    );
    await expect(table.load(unsound, never())).rejects.toThrow(
      new UnsoundCatalogError('settings.json is not valid JSON; numbers.json: deny must be a list'),
    );
  });

  it('is refused when an item is missing', async () => {
    const Key = { pk: { S: versionKey(active.id) }, sk: { S: 'templates/es.json' } };
    await client.send(new DeleteItemCommand({ TableName: catalogTable, Key }));
    await expect(table.load(active, never())).rejects.toThrow('version 1 has 4 items instead of 5');
  });

  it('is refused when an item is too many', async () => {
    await put('templates/fr.json', '{}');
    await expect(table.load(active, never())).rejects.toThrow('version 1 has 6 items instead of 5');
  });

  it('is refused when an item was changed', async () => {
    await put('settings.json', '{"enabled":true}');
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
