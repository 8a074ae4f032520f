import { join } from 'node:path';
import type { Composed } from '../src/dev/compose.ts';
import { startSampleDev } from './sample-dev.ts';

// The pictures of the README: the page of `dev` with the same three messages each time, the last of them a call that rings.
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

const { dev, browser, close } = await startSampleDev();
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
await close();
