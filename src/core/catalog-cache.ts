import type { Catalog, TemplateFinder } from './catalog.ts';
import { createTemplateFinder } from './catalog.ts';
import type { Clock } from './clock.ts';
import type { Deadline } from './deadline.ts';
import { createSharedRefresh } from './shared-refresh.ts';

/** The item that says which version is active. */
export interface CatalogPointer {
  readonly number: number;
  /** The random id under which the version's items stand. */
  readonly id: string;
  readonly count: number;
  /** Of all items, hexadecimal. */
  readonly sha256: string;
}

/** Port: the catalog table, as the sender reads it. Rejects when it cannot be reached or what it holds is not sound. */
export interface CatalogTable {
  pointer(signal: AbortSignal): Promise<CatalogPointer | undefined>;
  load(pointer: CatalogPointer, signal: AbortSignal): Promise<Catalog>;
}

/** `memory` is a version that could not be revalidated in time, `bundled` the one in the function's own package. */
export type CatalogSource = 'table' | 'memory' | 'bundled';

export interface CurrentCatalog {
  readonly catalog: Catalog;
  readonly findTemplate: TemplateFinder;
  /** The version's number; 0 for the catalog beside the bundle. */
  readonly version: number;
  readonly source: CatalogSource;
}

export interface CatalogWaits {
  readonly loadBy: Deadline;
  readonly revalidateBy: Deadline;
  readonly until: Deadline;
}

export interface CatalogCache {
  /** Starts loading before the first request comes. */
  prefetch(): void;
  /**
   * The catalog to deliver with; undefined when there is none at all.
   *
   * A first load is waited for until `loadBy`, a revalidation until `revalidateBy`; both may go on until `until`.
   */
  current(waits: CatalogWaits): Promise<CurrentCatalog | undefined>;
  /** Resolves once no refresh is under way; one that still is when the signal is aborted is given up on. */
  end(signal: AbortSignal): Promise<void>;
}

/** A kill switch has to hold within a minute; more often would be a read per delivery. */
const freshMs = 60_000;

/** After a failed refresh the next delivery shall not wait again for a table that is down. */
const retryAfterMs = 5_000;

/** A load that nobody waits for yet still has to end. */
const prefetchMs = 3_000;

/**
 * Keeps the active version in memory and revalidates its pointer when it is older than a minute.
 *
 * A version that is not sound never replaces a sound one; without any, the bundled catalog serves. So a code is never
 * lost to the template store, and a block that was seen holds.
 */
export function createCatalogCache(clock: Clock, table: CatalogTable, bundled: Catalog | undefined): CatalogCache {
  let loaded: { readonly pointer: CatalogPointer; readonly current: CurrentCatalog } | undefined;
  let dueAt = 0;
  let revalidated = false;
  const own = bundled && {
    catalog: bundled,
    findTemplate: createTemplateFinder(bundled),
    version: 0,
    source: 'bundled' as CatalogSource,
  };

  const refresh = createSharedRefresh(clock, async (signal) => {
    revalidated = false;
    dueAt = clock.now() + retryAfterMs;
    const pointer = await table.pointer(signal);
    if (pointer === undefined) throw new Error('the catalog table has no active version');
    if (loaded?.pointer.id !== pointer.id) {
      const catalog = await table.load(pointer, signal);
      const findTemplate = createTemplateFinder(catalog);
      loaded = { pointer, current: { catalog, findTemplate, version: pointer.number, source: 'table' } };
    }
    revalidated = true;
    dueAt = clock.now() + freshMs;
  });

  return {
    prefetch() {
      void refresh.start(clock.now() + prefetchMs).then((timed) => {
        // Nobody has waited for it in vain yet: the first delivery may ask again at once.
        if (timed.kind !== 'done') dueAt = 0;
      });
    },
    async current({ loadBy, revalidateBy, until }) {
      if (refresh.isUnderWay() || clock.now() >= dueAt) {
        await refresh.join(loaded === undefined ? loadBy : revalidateBy, until);
      }
      if (loaded === undefined) return own;
      return revalidated ? loaded.current : { ...loaded.current, source: 'memory' };
    },
    end: refresh.end,
  };
}
