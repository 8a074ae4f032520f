import type { Catalog } from '../../src/core/catalog.ts';
import type { CatalogPointer, CatalogTable } from '../../src/core/catalog-cache.ts';
import type { Clock } from '../../src/core/clock.ts';
import type { FakeCalls } from './fake-calls.ts';
import { createFakeCalls } from './fake-calls.ts';

/** The catalog table in memory. */
export interface FakeCatalogTable extends CatalogTable {
  readonly pointers: FakeCalls;
  readonly loads: FakeCalls;
  /** Makes a catalog the active version; one that is not sound cannot be loaded. */
  publish(catalog: Catalog, state?: 'sound' | 'unsound'): CatalogPointer;
}

export function createFakeCatalogTable(clock: Clock): FakeCatalogTable {
  const pointers = createFakeCalls(clock);
  const loads = createFakeCalls(clock);
  const versions = new Map<string, Catalog>();
  let active: CatalogPointer | undefined;
  let number = 0;

  return {
    pointers,
    loads,
    publish(catalog, state = 'sound') {
      number += 1;
      const id = `version-${number}`;
      if (state === 'sound') versions.set(id, catalog);
      // Settings, identities and numbers, and a file for each language.
      const count = 3 + new Set(catalog.templates.map(({ locale }) => locale)).size;
      active = { number, id, count, sha256: 'a'.repeat(64) };
      return active;
    },
    pointer: (signal) => pointers.call(signal, () => active),
    load: (pointer, signal) =>
      loads.call(signal, () => {
        const found = versions.get(pointer.id);
        if (found === undefined) throw new Error(`version ${pointer.number} is not sound`);
        return found;
      }),
  };
}
