import type { CatalogFile } from '../core/catalog.ts';
import { lintCatalog } from '../core/lint.ts';
import type { Finding } from '../core/lint-rules.ts';
import { serve } from '../local/serve.ts';
import { createEventLog } from './event-log.ts';
import type { DevEvent, Places } from './events.ts';
import { createPageServer } from './page-server.ts';
import type { World, WorldOptions } from './world.ts';
import { startWorld } from './world.ts';

export interface DevOptions extends Omit<WorldOptions, 'onEvent' | 'readFiles'> {
  /** The catalog's files as they stand now. */
  readonly readFiles: () => Promise<readonly CatalogFile[]>;
  /** Keeps an edited file; without it an edit lasts as long as this run. */
  readonly writeFile: ((file: CatalogFile) => Promise<void>) | undefined;
  /** A file of the page; undefined for what is none. */
  readonly readAsset: (name: string) => Promise<string | undefined>;
  /** What the page has to know to be let in. */
  readonly token: string;
  readonly port?: number;
  readonly onEvent: (event: DevEvent) => void;
}

export interface Dev {
  readonly places: Places;
  readonly world: World;
  /** Tells page and pipe what happened outside of the world. */
  readonly tell: (event: DevEvent) => void;
  close(): Promise<void>;
}

/** Starts the local cloud and the page before it. */
export async function startDev(options: DevOptions): Promise<Dev> {
  const log = createEventLog();
  log.listen(options.onEvent);
  const edits = new Map<string, CatalogFile>();
  const readFiles = async () => replaced(await options.readFiles(), [...edits.values()]);
  const world = await startWorld({ ...options, readFiles, onEvent: log.add });

  const saveFile = async (file: CatalogFile): Promise<readonly Finding[]> => {
    const findings = lintCatalog(replaced(await readFiles(), [file])).filter((finding) => finding.file === file.path);
    if (findings.some(({ severity }) => severity === 'error')) return findings;
    if (options.writeFile === undefined) edits.set(file.path, file);
    else await options.writeFile(file);
    await world.reload();
    return findings;
  };

  const { token, readAsset, port } = options;
  let page = '';
  const places = (): Places => ({ ...world.places, page });
  const state = (): DevEvent => ({
    type: 'state',
    places: places(),
    deliveries: log.deliveries(),
    messages: log.messages(),
    faults: world.faults(),
    catalog: world.catalog(),
    logs: log.logs(),
    leaks: world.cloud.leaks(),
  });
  try {
    const server = await serve(createPageServer({ world, log, token, readAsset, saveFile, state }), port);
    page = `${server.url}/?token=${token}`;
    return {
      places: places(),
      world,
      tell: log.add,
      async close() {
        await server.close();
        await world.close();
      },
    };
  } catch (error) {
    // The port is taken: what was started before goes down again.
    await world.close();
    throw error;
  }
}

function replaced(files: readonly CatalogFile[], by: readonly CatalogFile[]): readonly CatalogFile[] {
  const kept = files.filter(({ path }) => !by.some((file) => file.path === path));
  return [...kept, ...by].toSorted((a, b) => (a.path < b.path ? -1 : 1));
}
