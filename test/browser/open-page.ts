import { readFile } from 'node:fs/promises';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { chromium } from 'playwright-core';
import { afterAll, afterEach } from 'vitest';
import { findChromium } from '../../scripts/find-chromium.ts';
import { readCatalogFiles } from '../../src/cli/catalog-files.ts';
import { functionBundle, pageFile, sampleCatalog, shippedCatalog } from '../../src/cli/paths.ts';
import type { CatalogFile } from '../../src/core/catalog.ts';
import type { Composed } from '../../src/dev/compose.ts';
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
  /** The sender's bundle; the one that is deployed unless given. */
  readonly sender?: string;
  readonly context?: BrowserContextOptions;
  /** Before anything of the page runs. */
  readonly prepare?: (page: Page) => Promise<void>;
  /** Opens the page elsewhere than where `dev` serves it. */
  readonly via?: (dev: Dev) => Promise<string>;
}

/** Starts `dev` with the shipped catalog, and opens its page in a browser of its own. */
export async function openPage({ files = [], sender, context = {}, prepare, via }: Options = {}): Promise<Opened> {
  const dev = await startDevHere(files, { sender });
  const page = await openTab((await via?.(dev)) ?? dev.places.page, { context, prepare });
  return { page, dev };
}

/** Starts `dev` with the shipped catalog. */
export async function startDevHere(
  files: readonly CatalogFile[] = [],
  {
    sender = functionBundle('sender'),
    token = 'token-of-this-run',
  }: { readonly sender?: string | undefined; readonly token?: string } = {},
): Promise<Dev> {
  const shipped = [...(await readCatalogFiles(shippedCatalog)), ...(await readCatalogFiles(sampleCatalog))];
  const own = [...shipped.filter(({ path }) => !files.some((file) => file.path === path)), ...files];
  const dev = await startDev({
    clock: systemClock,
    bundles: { sender, authorizer: functionBundle('authorizer') },
    folder: undefined,
    readFiles: async () => own,
    writeFile: undefined,
    newId: () => crypto.randomUUID(),
    randomInt: () => Number(marked.otp),
    readAsset: (name) => readFile(pageFile(name), 'utf8'),
    token,
    onEvent: () => {},
  });
  stops.push(dev.close);
  return dev;
}

/** Opens an address in a browser of its own, and waits until the page is told what happens. */
export async function openTab(
  address: string,
  {
    context = {},
    prepare,
  }: { readonly context?: BrowserContextOptions; readonly prepare?: Options['prepare'] | undefined } = {},
): Promise<Page> {
  browser ??= await chromium.launch({ ...(executablePath === undefined ? {} : { executablePath }) });
  const opened = await browser.newContext({ locale: 'en-GB', viewport: { width: 1440, height: 1000 }, ...context });
  stops.push(() => opened.close());
  const page = await opened.newPage();
  await prepare?.(page);
  await page.goto(address);
  await page.getByText('Connected', { exact: true }).waitFor();
  return page;
}

/** Has it stopped when the test ends, after whatever was started later. */
export const stopLater = (stop: () => Promise<void>): void => void stops.push(stop);

/** A request with marked secrets, as it is composed on the page. */
export const request = (change: Partial<Composed> = {}): Composed => ({
  channel: 'sms',
  requestType: 'mfa-verification',
  locale: 'en-US',
  phoneNumber: marked.phone,
  firstName: undefined,
  lastName: undefined,
  otp: marked.otp,
  eventId: undefined,
  ...change,
});
