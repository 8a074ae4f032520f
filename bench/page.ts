import { readFile } from 'node:fs/promises';
import { chromium } from 'playwright-core';
import { findChromium } from '../scripts/find-chromium.ts';
import { readCatalogFiles } from '../src/cli/catalog-files.ts';
import { functionBundle, pageFile, sampleCatalog, shippedCatalog } from '../src/cli/paths.ts';
import { startDev } from '../src/dev/dev.ts';
import { systemClock } from '../src/handlers/system-clock.ts';

// Whether the page of `dev` slows down as deliveries come: what the browser's main thread does for the last hundred of a
// thousand, against the first hundred. Both in one run, so that a busy machine is no excuse and no fault.
const executablePath = findChromium(process.env);
if (executablePath === undefined)
  throw new Error('there is no Chromium; scripts/install-chromium.sh installs it, CHROMIUM may name one');

const [deliveries, window, atMost] = [1_000, 100, 2];
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
const page = await browser.newPage();
await page.goto(dev.places.page);
await page.getByText('Connected', { exact: true }).waitFor();
const session = await page.context().newCDPSession(page);
await session.send('Performance.enable');

/** Seconds that the main thread has been busy. */
async function busy(): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics');
  return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN;
}

async function deliver(count: number): Promise<number> {
  const before = await busy();
  for (let sent = 0; sent < count; sent += 1) {
    await dev.world.call({
      channel: 'sms',
      requestType: 'mfa-verification',
      locale: 'en-US',
      phoneNumber: '+12065550142',
      firstName: undefined,
      lastName: undefined,
      otp: undefined,
      eventId: undefined,
    });
  }
  return (await busy()) - before;
}

await deliver(window);
const first = await deliver(window);
await deliver(deliveries - 3 * window);
const last = await deliver(window);
await browser.close();
await dev.close();
const ratio = last / first;
process.stdout.write(
  `main thread, last ${window} of ${deliveries} deliveries / second ${window}: ${ratio.toFixed(2)} (${(last * 10).toFixed(1)} / ${(first * 10).toFixed(1)} ms each), at most ${atMost}\n`,
);
if (ratio > atMost) process.exitCode = 1;
