import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { marked } from '../support/marked.ts';
import { hasChromium, openPage, request } from './open-page.ts';

/** Where the opened timeline stands in the window, once what the browser does about its scroll position is done. */
const placeOf = (page: Page) =>
  page.evaluate(async () => {
    for (let frame = 0; frame < 3; frame += 1) await new Promise((painted) => requestAnimationFrame(painted));
    return Math.round(document.querySelector('.timeline')?.getBoundingClientRect().top ?? -1);
  });

describe.skipIf(!hasChromium)('a timeline that somebody reads', () => {
  it.each([
    ['wide', 1440, 1000],
    // High enough that the deliveries are seen from the top.
    ['narrow', 600, 1700],
  ])('stays in its place as deliveries arrive, from the very top of a %s page on', async (_, width, height) => {
    const { page, dev } = await openPage({ context: { viewport: { width, height } } });
    await dev.world.call(request());
    const row = page.locator('#rows .row');
    await row.click();
    await page.evaluate(() => scrollTo(0, 0));
    expect(await page.evaluate(() => scrollY)).toBe(0);
    const before = await placeOf(page);
    for (let arrived = 2; arrived <= 6; arrived += 1) {
      await dev.world.call(request());
      await row.nth(arrived - 1).waitFor();
      expect(Math.abs((await placeOf(page)) - before), `as ${arrived} have arrived`).toBeLessThanOrEqual(1);
    }
  });

  it('stays where the first handset comes above it', async () => {
    const { page, dev } = await openPage();
    await dev.world.setFaults({ ...dev.world.faults(), okta: { kind: 'outage' } });
    await dev.world.call(request());
    await page.locator('#rows .row').click();
    const before = await placeOf(page);
    await dev.world.setFaults({ ...dev.world.faults(), okta: { kind: 'none' } });
    await dev.world.call(request());
    await page.getByRole('article', { name: marked.phone }).waitFor();
    await page.locator('#rows .row').nth(1).waitFor();
    expect(Math.abs((await placeOf(page)) - before)).toBeLessThanOrEqual(1);
  });

  it('lets the page be where nothing is read', async () => {
    const { page, dev } = await openPage();
    await dev.world.call(request());
    const row = page.locator('#rows .row');
    await row.click();
    await row.click();
    await page.evaluate(() => scrollTo(0, 0));
    await dev.world.call(request());
    await row.nth(1).waitFor();
    await placeOf(page);
    expect(await page.evaluate(() => scrollY)).toBe(0);
  });
});
