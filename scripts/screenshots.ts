import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { readCatalogFiles } from '../src/cli/catalog-files.ts';
import { functionBundle, pageFile, sampleCatalog, shippedCatalog } from '../src/cli/paths.ts';
import type { Composed } from '../src/dev/compose.ts';
import { startDev } from '../src/dev/dev.ts';
import { systemClock } from '../src/handlers/system-clock.ts';
import { findChromium } from './find-chromium.ts';

// The pictures of the README: the page of `dev` with the same three messages each time, the last of them a call that rings.
const executablePath = findChromium(process.env);
if (executablePath === undefined)
  throw new Error('there is no Chromium; scripts/install-chromium.sh installs it, CHROMIUM may name one');

const of: Omit<Composed, 'channel' | 'locale' | 'phoneNumber' | 'otp'> = {
  requestType: 'mfa-verification',
  firstName: undefined,
  lastName: undefined,
  eventId: undefined,
};
const calls: readonly Composed[] = [
  { ...of, channel: 'sms', locale: 'es-MX', phoneNumber: '+34612345678', otp: '482913' },
  { ...of, channel: 'sms', locale: 'ja', phoneNumber: '+819012345678', otp: '630118' },
  { ...of, channel: 'voice', locale: 'en-US', phoneNumber: '+12065550142', otp: '771204' },
];

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
for (const call of calls) await dev.world.call(call);
for (const colorScheme of ['light', 'dark'] as const) {
  const page = await browser.newPage({
    colorScheme,
    reducedMotion: 'reduce',
    viewport: { width: 1280, height: 1000 },
    locale: 'en-GB',
  });
  await page.goto(dev.places.page);
  await page.getByText('Connected', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Answer', exact: true }).waitFor();
  await page.locator('#rows .row').nth(1).click();
  await page.mouse.move(0, 0);
  await page.evaluate('document.fonts.ready.then(() => scrollTo(0, 0))');
  await page.screenshot({ path: join(import.meta.dirname, '..', 'docs', 'images', `dev-${colorScheme}.png`) });
}
await browser.close();
await dev.close();
