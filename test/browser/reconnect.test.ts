import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { Dev } from '../../src/dev/dev.ts';
import { marked } from '../support/marked.ts';
import type { Cable } from './cable.ts';
import { layCable } from './cable.ts';
import { hasChromium, openPage, request, startDevHere, stopLater } from './open-page.ts';

interface Connected {
  readonly page: Page;
  readonly dev: Dev;
  readonly cable: Cable;
}

/** The page over a line that can be cut. */
async function openOverCable(): Promise<Connected> {
  const cables: Cable[] = [];
  const { page, dev } = await openPage({
    async via(running) {
      const address = new URL(running.places.page);
      const cable = await layCable(Number(address.port));
      stopLater(cable.close);
      cables.push(cable);
      address.port = String(cable.port);
      return address.href;
    },
  });
  const [cable] = cables;
  if (cable === undefined) throw new Error('there is no cable');
  return { page, dev, cable };
}

const texts = (page: Page) => page.locator('.thread .bubble').allInnerTexts();
const streamHeads = ({ heads }: Cable) => heads.filter((head) => head.startsWith('GET /events'));

describe.skipIf(!hasChromium)('a page whose connection is lost', () => {
  it('says so, comes back, has missed nothing and shows nothing twice', async () => {
    const { page, dev, cable } = await openOverCable();
    await dev.world.call(request({ otp: '1111' }));
    await page.getByText('1111', { exact: true }).waitFor();
    await cable.cut();
    await page.getByText('Connection to dev is lost; trying again').waitFor();
    await dev.world.call(request({ otp: '2222' }));
    await dev.world.setFaults({ ...dev.world.faults(), queue: { kind: 'outage' } });
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await page.getByText('The request could not be sent: dev does not answer.').waitFor();
    await cable.join();
    await page.getByText('Connected', { exact: true }).waitFor();
    await page.getByText('2222', { exact: true }).waitFor();
    await page.locator('#broken').getByText('SQS: outage').waitFor();
    expect(await texts(page)).toEqual([expect.stringContaining('1111'), expect.stringContaining('2222')]);
    expect(await page.locator('#rows .row').count()).toBe(2);
    expect(await page.locator('#delivery-count').innerText()).toBe('2');
    expect(streamHeads(cable).map((head) => /last-event-id: \d+/i.test(head))).toEqual([false, true]);
  });

  it('comes back also where something else answered meanwhile, by the whole state', async () => {
    const { page, dev, cable } = await openOverCable();
    await dev.world.call(request({ otp: '1111' }));
    await page.getByText('1111', { exact: true }).waitFor();
    await cable.cut('HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\nconnection: close\r\n\r\n');
    await page.getByText('Connection to dev is lost; trying again').waitFor();
    await dev.world.call(request({ otp: '2222' }));
    await expect.poll(cable.turnedAway, { timeout: 20_000 }).toBeGreaterThan(0);
    await cable.join();
    await page.getByText('2222', { exact: true }).waitFor();
    await page.getByText('Connected', { exact: true }).waitFor();
    expect(await texts(page)).toHaveLength(2);
    expect(await page.locator('#rows .row').count()).toBe(2);
    expect(streamHeads(cable).map((head) => /last-event-id: \d+/i.test(head))).toEqual([false, false]);
    // Messages go on to arrive, once each.
    await dev.world.call(request({ otp: '3333' }));
    await page.getByText('3333', { exact: true }).waitFor();
    expect(await texts(page)).toHaveLength(3);
  });

  it('is told that its run has ended when another one answers', async () => {
    const { page, cable } = await openOverCable();
    const other = await startDevHere([], { token: 'token-of-another-run' });
    await cable.cut();
    await page.getByText('Connection to dev is lost; trying again').waitFor();
    await cable.join(Number(new URL(other.places.page).port));
    await page.getByText('This run of dev has ended: open the address that the new one printed').waitFor();
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await page.getByText('this page belongs to a run of dev that has ended').waitFor();
    expect(other.world.cloud.inbox.received()).toEqual([]);
  });
});

describe.skipIf(!hasChromium)('a page that is opened late', () => {
  it('shows what was before, and calls that nobody answered as missed', async () => {
    const { page, dev } = await openPage();
    await dev.world.call(request());
    await page.getByRole('article', { name: marked.phone }).waitFor();
    await dev.world.call(request({ channel: 'voice', phoneNumber: marked.otherPhone }));
    await page.getByText('Incoming call').waitFor();
    await page.clock.install({ time: Date.now() + 60_000 });
    await page.reload();
    await page.getByRole('article', { name: marked.otherPhone }).getByText('Call, missed').waitFor();
    await page.getByRole('article', { name: marked.phone }).getByText(marked.otp).waitFor();
    expect(await page.locator('#rows .row').count()).toBe(2);
  });
});
