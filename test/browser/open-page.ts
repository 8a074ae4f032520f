import { readFile } from 'node:fs/promises';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { chromium } from 'playwright-core';
import { afterAll, afterEach } from 'vitest';
import { findChromium } from '../../scripts/find-chromium.ts';
import { readCatalogFiles } from '../../src/cli/catalog-files.ts';
import { functionBundle, pageFile, sampleCatalog, shippedCatalog } from '../../src/cli/paths.ts';
import type { CatalogFile } from '../../src/core/catalog.ts';
import type { Dev } from '../../src/dev/dev.ts';
import { startDev } from '../../src/dev/dev.ts';
import { systemClock } from '../../src/handlers/system-clock.ts';
import { marked } from '../support/marked.ts';

const executablePath = findChromium(process.env);
/** Without a browser there is nothing to try; `require-chromium.ts` has said so. */
export const hasChromium = executablePath !== undefined;

const stops: (() => Promise<void>)[] = [];
let browser: Browser | undefined;
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});
afterAll(async () => {
  await browser?.close();
});

export interface Opened {
  readonly page: Page;
  readonly dev: Dev;
}

interface Options {
  /** In place of the shipped files of the same path. */
  readonly files?: readonly CatalogFile[];
  readonly context?: BrowserContextOptions;
}

/** Starts `dev` with the shipped catalog, and opens its page in a browser of its own. */
export async function openPage({ files = [], context = {} }: Options = {}): Promise<Opened> {
  const shipped = [...(await readCatalogFiles(shippedCatalog)), ...(await readCatalogFiles(sampleCatalog))];
  const own = [...shipped.filter(({ path }) => !files.some((file) => file.path === path)), ...files];
  const dev = await startDev({
    clock: systemClock,
    bundles: { sender: functionBundle('sender'), authorizer: functionBundle('authorizer') },
    folder: undefined,
    readFiles: async () => own,
    writeFile: undefined,
    newId: () => crypto.randomUUID(),
    randomInt: () => Number(marked.otp),
    readAsset: (name) => readFile(pageFile(name), 'utf8'),
    token: 'token-of-this-run',
    onEvent: () => {},
  });
  stops.push(dev.close);
  browser ??= await chromium.launch({ ...(executablePath === undefined ? {} : { executablePath }) });
  const opened = await browser.newContext({ locale: 'en-GB', viewport: { width: 1440, height: 1000 }, ...context });
  stops.push(() => opened.close());
  const page = await opened.newPage();
  await page.goto(dev.places.page);
  await page.getByText('Connected', { exact: true }).waitFor();
  return { page, dev };
}
