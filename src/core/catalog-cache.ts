import type { Catalog, TemplateFinder } from './catalog.ts';
import { createTemplateFinder } from './catalog.ts';
import type { Clock } from './clock.ts';
import type { Deadline, Timed } from './deadline.ts';
import { within } from './deadline.ts';

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
  /** Resolves once no refresh is under way. */
  idle(): Promise<void>;
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
  let refreshing: Promise<Timed<void>> | undefined;
  const own = bundled && {
    catalog: bundled,
    findTemplate: createTemplateFinder(bundled),
    version: 0,
    source: 'bundled' as CatalogSource,
  };

  const refresh = async ({ signal }: Deadline) => {
    const pointer = await table.pointer(signal);
    if (pointer === undefined) throw new Error('the catalog table has no active version');
    if (loaded?.pointer.id !== pointer.id) {
      const catalog = await table.load(pointer, signal);
      const findTemplate = createTemplateFinder(catalog);
      loaded = { pointer, current: { catalog, findTemplate, version: pointer.number, source: 'table' } };
    }
  };

  const start = (until: number | Deadline) => {
    const run = within(clock, until, refresh).then((timed) => {
      revalidated = timed.kind === 'done';
      dueAt = clock.now() + (revalidated ? freshMs : retryAfterMs);
      refreshing = undefined;
      return timed;
    });
    refreshing = run;
    return run;
  };

  return {
    prefetch() {
      void start(clock.now() + prefetchMs);
    },
    async current({ loadBy, revalidateBy, until }) {
      const joined = refreshing;
      if (joined !== undefined || clock.now() >= dueAt) {
        revalidated = false;
        await within(clock, loaded === undefined ? loadBy : revalidateBy, async () => {
          const timed = await (joined ?? start(until));
          // A prefetch can lie frozen with a dead connection: that says nothing about the table.
          if (timed.kind !== 'done' && joined !== undefined) await start(until);
        });
      }
      if (loaded === undefined) return own;
      return revalidated ? loaded.current : { ...loaded.current, source: 'memory' };
    },
    async idle() {
      await refreshing;
    },
  };
}
