import { describe, expect, it } from 'vitest';
import type { Catalog } from '../../src/core/catalog.ts';
import { createCatalogCache } from '../../src/core/catalog-cache.ts';
import { sooner, within } from '../../src/core/deadline.ts';
import { createCatalog } from '../support/fake-catalog.ts';
import { createFakeCatalogTable } from '../support/fake-catalog-table.ts';
import { createVirtualClock } from '../support/virtual-clock.ts';

const named = (org: string, settings: Readonly<Record<string, unknown>> = {}) =>
  createCatalog({ settings: { org, ...settings } });

function createScene(bundled?: Catalog) {
  const clock = createVirtualClock();
  const table = createFakeCatalogTable(clock);
  const cache = createCatalogCache(clock, table, bundled);
  /** Asks for the catalog in a delivery: `Acme 1 table` for the organization, version and source. */
  const start = () =>
    within(clock, clock.now() + 2000, async (until) => {
      const startedAt = clock.now();
      const current = await cache.current({
        loadBy: sooner(clock, until, 1000),
        revalidateBy: sooner(clock, until, 400),
        until,
      });
      const what = current && `${current.catalog.settings.org} ${current.version} ${current.source}`;
      return { what, tookMs: clock.now() - startedAt, current };
    });
  /** Lets time pass until no refresh is under way. */
  const idle = () => clock.run(cache.end(new AbortController().signal));
  const ask = async () => {
    const timed = await clock.run(start());
    if (timed.kind !== 'done') throw new Error(`the catalog was ${timed.kind}`);
    return timed.value;
  };
  return { clock, table, cache, ask, idle };
}

describe('a first load', () => {
  it('gives the active version', async () => {
    const { table, ask } = createScene(named('Bundled'));
    table.publish(named('Acme'));
    const { what, current } = await ask();
    expect(what).toBe('Acme 1 table');
    expect(current?.findTemplate('sms', undefined, 'es')?.locale).toBe('es');
  });

  it('gives way to the bundled catalog when the table is empty', async () => {
    const { ask } = createScene(named('Bundled'));
    expect((await ask()).what).toBe('Bundled 0 bundled');
  });

  it('gives nothing when nothing is there', async () => {
    const { ask } = createScene();
    expect((await ask()).what).toBeUndefined();
  });

  it.each([
    { name: 'down', trouble: { fails: true }, tookMs: 0 },
    { name: 'hanging', trouble: { hangs: true }, tookMs: 1000 },
    { name: 'slow', trouble: { ms: 1001 }, tookMs: 1000 },
  ])('gives way to the bundled catalog when the table is $name', async ({ trouble, tookMs }) => {
    const { table, ask } = createScene(named('Bundled'));
    table.publish(named('Acme'));
    table.pointers.always(trouble);
    expect(await ask()).toMatchObject({ what: 'Bundled 0 bundled', tookMs });
  });

  it('gives way to the bundled catalog when the version is not sound', async () => {
    const { table, ask } = createScene(named('Bundled'));
    table.publish(named('Acme'), 'unsound');
    expect((await ask()).what).toBe('Bundled 0 bundled');
  });

  it('that is late goes on behind the delivery and serves the next one', async () => {
    const { table, ask, idle } = createScene(named('Bundled'));
    table.publish(named('Acme'));
    table.loads.always({ ms: 1500 });
    expect(await ask()).toMatchObject({ what: 'Bundled 0 bundled', tookMs: 1000 });
    await idle();
    expect(await ask()).toMatchObject({ what: 'Acme 1 table', tookMs: 0 });
    expect(table.pointers.made()).toBe(1);
  });

  it('ends with the delivery at the latest', async () => {
    const { clock, table, ask } = createScene(named('Bundled'));
    table.loads.always({ hangs: true });
    table.publish(named('Acme'));
    await ask();
    expect(table.loads.unsettled()).toBe(1);
    await clock.advance(1000);
    expect(table.loads.unsettled()).toBe(0);
    expect(clock.pending()).toBe(0);
  });
});

describe('the version in memory', () => {
  it('serves for a minute without a look at the table', async () => {
    const { clock, table, ask } = createScene();
    table.publish(named('Acme'));
    await ask();
    table.publish(named('New'));
    await clock.advance(59_999);
    expect((await ask()).what).toBe('Acme 1 table');
    expect(table.pointers.made()).toBe(1);
    await clock.advance(1);
    expect((await ask()).what).toBe('New 2 table');
  });

  it('is not loaded again while the pointer stands', async () => {
    const { clock, table, ask } = createScene();
    table.publish(named('Acme'));
    await ask();
    await clock.advance(60_000);
    expect((await ask()).what).toBe('Acme 1 table');
    await clock.advance(60_000);
    await ask();
    expect([table.pointers.made(), table.loads.made()]).toEqual([3, 1]);
  });

  it.each([
    { name: 'down', trouble: { fails: true }, tookMs: 0 },
    { name: 'hanging', trouble: { hangs: true }, tookMs: 400 },
    { name: 'slow', trouble: { ms: 401 }, tookMs: 400 },
  ])('is kept when the table is $name', async ({ trouble, tookMs }) => {
    const { clock, table, ask } = createScene(named('Bundled'));
    table.publish(named('Acme'));
    await ask();
    table.publish(named('New'));
    table.pointers.always(trouble);
    await clock.advance(60_000);
    expect(await ask()).toMatchObject({ what: 'Acme 1 memory', tookMs });
  });

  it('is kept when the new version is not sound, or the pointer is gone', async () => {
    const { clock, table, ask } = createScene(named('Bundled'));
    table.publish(named('Acme'));
    await ask();
    table.publish(named('New'), 'unsound');
    await clock.advance(60_000);
    expect((await ask()).what).toBe('Acme 1 memory');
  });

  it('keeps a kill switch and a block that were seen, whatever the bundled catalog says', async () => {
    const { clock, table, ask } = createScene(named('Bundled', { enabled: true }));
    table.publish(
      createCatalog({ settings: { enabled: false }, originationIdentities: { ES: { enabled: 'blocked' } } }),
    );
    await ask();
    table.pointers.always({ fails: true });
    for (let hour = 0; hour < 3; hour += 1) {
      await clock.advance(3_600_000);
      const { current } = await ask();
      expect(current?.source).toBe('memory');
      expect(current?.catalog.settings.enabled).toBe(false);
      expect(current?.catalog.originationIdentities['ES']?.sms.switch).toBe('blocked');
    }
  });

  it('is what the table says again once it has been seen', async () => {
    const { clock, table, ask } = createScene();
    table.publish(named('Acme'));
    await ask();
    table.pointers.next({ fails: true });
    await clock.advance(60_000);
    expect((await ask()).what).toBe('Acme 1 memory');
    await clock.advance(5_000);
    expect((await ask()).what).toBe('Acme 1 table');
  });

  it('counts as revalidated by a look that came in too late for the delivery that began it', async () => {
    const { clock, table, ask, idle } = createScene();
    table.publish(named('Acme'));
    await ask();
    await clock.advance(60_000);
    table.publish(named('New'));
    table.pointers.next({ ms: 500 });
    expect((await ask()).what).toBe('Acme 1 memory');
    await idle();
    expect((await ask()).what).toBe('New 2 table');
  });
});

describe('after a refresh that failed', () => {
  it('no delivery waits for the table again within five seconds', async () => {
    const { clock, table, ask, idle } = createScene(named('Bundled'));
    table.pointers.always({ hangs: true });
    expect(await ask()).toMatchObject({ tookMs: 1000 });
    await idle();
    expect(await ask()).toMatchObject({ what: 'Bundled 0 bundled', tookMs: 0 });
    await clock.advance(2999);
    await ask();
    expect(table.pointers.made()).toBe(1);
    await clock.advance(1);
    expect(await ask()).toMatchObject({ tookMs: 1000 });
    expect(table.pointers.made()).toBe(2);
  });
});

describe('a prefetch', () => {
  it('has the catalog ready for the first delivery', async () => {
    const { table, cache, ask, idle } = createScene();
    table.publish(named('Acme'));
    cache.prefetch();
    await idle();
    expect(await ask()).toMatchObject({ what: 'Acme 1 table', tookMs: 0 });
    expect(table.pointers.made()).toBe(1);
  });

  it('is joined by the first delivery', async () => {
    const { clock, table, cache, ask } = createScene();
    table.publish(named('Acme'));
    table.loads.always({ ms: 300 });
    cache.prefetch();
    await clock.advance(100);
    expect(await ask()).toMatchObject({ what: 'Acme 1 table', tookMs: 200 });
    expect(table.loads.made()).toBe(1);
  });

  it('that fails while the first delivery waits for it is repeated by that one', async () => {
    const { clock, table, cache, ask } = createScene();
    table.publish(named('Acme'));
    table.loads.next({ hangs: true });
    cache.prefetch();
    await clock.advance(2900);
    expect(await ask()).toMatchObject({ what: 'Acme 1 table', tookMs: 100 });
    expect(table.loads.made()).toBe(2);
  });

  it('that failed before the first delivery came is repeated by that one', async () => {
    const { table, cache, ask, idle } = createScene(named('Bundled'));
    table.publish(named('Acme'));
    table.pointers.next({ fails: true });
    cache.prefetch();
    await idle();
    expect((await ask()).what).toBe('Acme 1 table');
  });

  it('that hangs is given up on, and not repeated for a delivery that waits no longer', async () => {
    const { clock, table, cache, ask } = createScene(named('Bundled'));
    table.publish(named('Acme'));
    table.pointers.always({ hangs: true });
    cache.prefetch();
    expect(await ask()).toMatchObject({ what: 'Bundled 0 bundled', tookMs: 1000 });
    await clock.advance(2000);
    expect(table.pointers.made()).toBe(1);
    expect(table.pointers.unsettled()).toBe(0);
    expect(clock.pending()).toBe(0);
  });

  it('is no rejection that nobody handles when there is no table', async () => {
    const { table, cache, idle } = createScene();
    table.pointers.always({ fails: true });
    cache.prefetch();
    await expect(idle()).resolves.toBeUndefined();
  });
});

describe('the end of a delivery', () => {
  it('is no wait when nothing is under way', async () => {
    const { idle } = createScene();
    await expect(idle()).resolves.toBeUndefined();
  });

  it('gives up on a refresh that is still under way when its time is over', async () => {
    const { clock, table, cache, ask } = createScene(named('Bundled'));
    table.publish(named('Acme'));
    table.loads.next({ hangs: true });
    await ask();
    const ended = await clock.run(within(clock, clock.now() + 150, ({ signal }) => cache.end(signal)));
    expect(ended).toEqual({ kind: 'late', ms: 150 });
    expect([table.loads.unsettled(), clock.pending()]).toEqual([0, 0]);
  });

  it('gives up at once when there is no time at all', async () => {
    const { clock, table, cache, ask } = createScene(named('Bundled'));
    table.pointers.next({ hangs: true });
    await ask();
    await cache.end(AbortSignal.abort());
    expect([table.pointers.unsettled(), clock.pending()]).toEqual([0, 0]);
  });
});
