import { expect, it } from 'vitest';
import { simulatedCatalog } from '../../bench/simulated-catalog.ts';
import { catalogTable } from '../../src/local/tables.ts';
import { behindProxy, withBundle } from '../support/behind-proxy.ts';
import { hookBody } from '../support/local-cloud.ts';

it('ten thousand templates are loaded once, no code waits for them past its deadline, and the deliveries after do without the table', async () => {
  const catalog = simulatedCatalog(10_000);
  await withBundle(catalog.slice(0, 4), async (bundles) => {
    await behindProxy({ catalog, bundles, environments: 1 }, async (under, proxy) => {
      const reads: string[] = [];
      proxy.intercept(async (request, body) => {
        if (body.includes(`"${catalogTable}"`)) reads.push(request.headers.get('x-amz-target')?.split('.')[1] ?? '');
        return undefined;
      });
      const records = () => under.lines.filter((line) => line['type'] === 'delivery');
      const deliver = async () => {
        expect((await under.post(hookBody())).body).toMatchObject({
          commands: [{ value: [{ status: 'SUCCESSFUL' }] }],
        });
      };
      // On a busy machine the first one may go out by the catalog beside the bundle: it does not wait without end.
      await deliver();
      while (records().at(-1)?.['CatalogStale'] === 1) await deliver();
      const pages = reads.length;
      for (let more = 0; more < 5; more += 1) await deliver();
      expect(reads.slice(pages)).toEqual([]);
      // One look at the pointer, and a page of a megabyte after the other.
      expect(reads.filter((operation) => operation === 'Query').length).toBeGreaterThan(1);
      expect(records().at(-1)).toMatchObject({ catalog: { version: 1, source: 'table' } });
      expect(records().filter(({ leftMs }) => Number(leftMs) <= 0)).toEqual([]);
    });
  });
});
