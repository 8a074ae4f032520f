import { readFile } from 'node:fs/promises';
import type { Browser } from 'playwright-core';
import { chromium } from 'playwright-core';
import { readCatalogFiles } from '../src/cli/catalog-files.ts';
import { functionBundle, pageFile, sampleCatalog, shippedCatalog } from '../src/cli/paths.ts';
import type { Dev } from '../src/dev/dev.ts';
import { startDev } from '../src/dev/dev.ts';
import { systemClock } from '../src/handlers/system-clock.ts';
import { findChromium } from './find-chromium.ts';

/** The page of `dev` with the package's own catalog, for scripts, and a browser to open it with. */
export interface SampleDev {
  readonly dev: Dev;
  readonly browser: Browser;
  close(): Promise<void>;
}

/** Starts both; throws where there is no Chromium. */
export async function startSampleDev(): Promise<SampleDev> {
  const executablePath = findChromium(process.env);
  if (executablePath === undefined)
    throw new Error('there is no Chromium; scripts/install-chromium.sh installs it, CHROMIUM may name one');
  const files = [...(await readCatalogFiles(shippedCatalog)), ...(await readCatalogFiles(sampleCatalog))];
  const dev = await startDev({
    clock: systemClock,
    bundles: { sender: functionBundle('sender'), authorizer: functionBundle('authorizer') },
    folder: undefined,
    readFiles: async () => files,
    writeFile: undefined,
    newId: () => crypto.randomUUID(),
    randomInt: () => 0,
    readAsset: (name) => readFile(pageFile(name), 'utf8'),
    token: crypto.randomUUID(),
    onEvent: () => {},
  });
  const browser = await chromium.launch({ executablePath });
  return {
    dev,
    browser,
    async close() {
      await browser.close();
      await dev.close();
    },
  };
}
