import { startSampleDev } from '../scripts/sample-dev.ts';

// Whether the page of `dev` slows down as deliveries come: what the browser's main thread does for the last hundred of a
// thousand, against the second hundred (the first warms up). Both in one run, so that a busy machine is no excuse.

const [deliveries, window, atMost] = [1_000, 100, 2];
const { dev, browser, close } = await startSampleDev();
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
await close();
const ratio = last / first;
process.stdout.write(
  `main thread, last ${window} of ${deliveries} deliveries / second ${window}: ${ratio.toFixed(2)} (${(last * 10).toFixed(1)} / ${(first * 10).toFixed(1)} ms each), at most ${atMost}\n`,
);
if (ratio > atMost) process.exitCode = 1;
