import { DeleteItemCommand, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { expect, it } from 'vitest';
import { readCatalogFiles } from '../../src/cli/catalog-files.ts';
import { shippedCatalog } from '../../src/cli/paths.ts';
import type { CatalogFile } from '../../src/core/catalog.ts';
import { identitiesPath, settingsPath } from '../../src/core/catalog.ts';
import type { SwitchableProxy } from '../../src/local/switchable-proxy.ts';
import { catalogTable } from '../../src/local/tables.ts';
import { behindProxy, withBundle } from '../support/behind-proxy.ts';
import type { CloudUnderTest } from '../support/local-cloud.ts';
import { hookBody } from '../support/local-cloud.ts';
import { marked } from '../support/marked.ts';

const catalogOf = async (org: string): Promise<readonly CatalogFile[]> => [
  ...(await readCatalogFiles(shippedCatalog)).filter(({ path }) => /\/(en|de)\.json$/.test(path)),
  { path: settingsPath, text: JSON.stringify({ org }) },
  { path: identitiesPath, text: '{"*":"+12065550100"}' },
];

type Damage = (under: CloudUnderTest, proxy: SwitchableProxy) => Promise<void> | void;

const pointerKey = { pk: { S: 'catalog' }, sk: { S: 'pointer' } };

async function versionOf({ cloud }: CloudUnderTest) {
  const { Item: pointer } = await cloud.dynamodb.send(new GetItemCommand({ TableName: catalogTable, Key: pointerKey }));
  return { pointer, pk: { S: `version#${pointer?.['id']?.S}` } };
}

/** Answers requests for the catalog table as DynamoDB does where it is asked too much; the ledger is left alone. */
const throttle: Damage = (_, proxy) =>
  proxy.intercept(async (__, body) =>
    body.includes(`"${catalogTable}"`)
      ? Response.json(
          { __type: 'com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException', message: 'too much' },
          { status: 400, headers: { 'content-type': 'application/x-amz-json-1.0' } },
        )
      : undefined,
  );

/** Lets a query of the catalog table wait until the sender has given up on it. */
const stall: Damage = (_, proxy) =>
  proxy.intercept(async (request, body) => {
    if (!body.includes(`"${catalogTable}"`) || !body.includes('KeyConditionExpression')) return undefined;
    await new Promise<void>((resolve) => {
      if (request.signal.aborted) resolve();
      else request.signal.addEventListener('abort', () => resolve(), { once: true });
    });
    return Response.error();
  });

const damages: readonly (readonly [string, Damage])[] = [
  ['is throttled', throttle],
  ['is too slow', stall],
  [
    'lacks an item of the active version',
    async (under) => {
      const { pk } = await versionOf(under);
      const Key = { pk, sk: { S: 'templates/de.json' } };
      await under.cloud.dynamodb.send(new DeleteItemCommand({ TableName: catalogTable, Key }));
    },
  ],
  [
    'holds an item that was changed behind its back',
    async (under) => {
      const { pk } = await versionOf(under);
      const Item = { pk, sk: { S: settingsPath }, body: { S: '{"org":"Somebody Else"}' } };
      await under.cloud.dynamodb.send(new PutItemCommand({ TableName: catalogTable, Item }));
    },
  ],
  [
    'holds an item without a text',
    async (under) => {
      const { pk } = await versionOf(under);
      const Item = { pk, sk: { S: identitiesPath }, body: { N: '7' } };
      await under.cloud.dynamodb.send(new PutItemCommand({ TableName: catalogTable, Item }));
    },
  ],
  [
    'points to a version that is gone',
    async (under) => {
      const { pointer } = await versionOf(under);
      const Item = { ...pointer, ...pointerKey, id: { S: 'gone' } };
      await under.cloud.dynamodb.send(new PutItemCommand({ TableName: catalogTable, Item }));
    },
  ],
  [
    'has a pointer that is none',
    async (under) => {
      const Item = { ...pointerKey, number: { S: 'seven' } };
      await under.cloud.dynamodb.send(new PutItemCommand({ TableName: catalogTable, Item }));
    },
  ],
  [
    'is empty',
    async (under) => {
      await under.cloud.dynamodb.send(new DeleteItemCommand({ TableName: catalogTable, Key: pointerKey }));
    },
  ],
];

it.each(damages)(
  'a code goes out while the catalog table %s, and the record says by which catalog',
  async (_, damage) => {
    await withBundle(await catalogOf('Bundled Corp'), async (bundles) => {
      await behindProxy(
        { catalog: await catalogOf('Published Corp'), bundles, environments: 1 },
        async (under, proxy) => {
          await damage(under, proxy);
          expect((await under.post(hookBody())).body).toMatchObject({
            commands: [{ value: [{ status: 'SUCCESSFUL' }] }],
          });
          expect(under.cloud.inbox.received()).toMatchObject([
            { to: marked.phone, body: expect.stringContaining('Bundled Corp') },
          ]);
          const records = under.lines.filter((line) => line['type'] === 'delivery');
          // The ledger is another table, and does not suffer.
          expect(records).toMatchObject([
            { outcome: 'accepted', ledger: 'claimed', catalog: { version: 0, source: 'bundled' }, CatalogStale: 1 },
          ]);
          expect(records[0]?.['leftMs']).toBeGreaterThan(0);
        },
      );
    });
  },
);

it('the published catalog serves while the table is well, and the record says that too', async () => {
  await withBundle(await catalogOf('Bundled Corp'), async (bundles) => {
    await behindProxy({ catalog: await catalogOf('Published Corp'), bundles, environments: 1 }, async (under) => {
      await under.post(hookBody());
      expect(under.cloud.inbox.received()).toMatchObject([{ body: expect.stringContaining('Published Corp') }]);
      const records = under.lines.filter((line) => line['type'] === 'delivery');
      expect(records).toMatchObject([{ catalog: { version: 1, source: 'table' }, CatalogStale: 0 }]);
    });
  });
});
