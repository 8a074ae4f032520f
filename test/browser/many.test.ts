import { describe, expect, it } from 'vitest';
import { marked } from '../support/marked.ts';
import { hasChromium, openPage, request } from './open-page.ts';

const numbered = (at: number) => `+3461234${String(5000 + at)}`;

describe.skipIf(!hasChromium)('a page with much on it', () => {
  it('shows the last thirty messages of a phone, and earlier ones when it is asked to', async () => {
    const { page, dev } = await openPage();
    for (let at = 1; at <= 32; at += 1) await dev.world.call(request({ otp: String(4000 + at) }));
    const phone = page.getByRole('article', { name: marked.phone });
    await phone.getByText('4032', { exact: true }).waitFor();
    const codes = () => phone.locator('.code').allInnerTexts();
    expect(await codes()).toEqual(Array.from({ length: 30 }, (_, at) => String(4003 + at)));
    await phone.getByRole('button', { name: 'Earlier messages' }).click();
    expect(await codes()).toEqual(Array.from({ length: 32 }, (_, at) => String(4001 + at)));
    expect(await phone.getByRole('button', { name: 'Earlier messages' }).isVisible()).toBe(false);
    await dev.world.call(request({ otp: '4033' }));
    await phone.getByText('4033', { exact: true }).waitFor();
    expect(await codes()).toHaveLength(33);
  });

  it('shows twenty-four handsets, the newest first, and the others when it is asked to', async () => {
    const { page, dev } = await openPage();
    for (let at = 1; at <= 26; at += 1) await dev.world.call(request({ phoneNumber: numbered(at) }));
    const numbers = () => page.locator('.handset h3').allInnerTexts();
    const newestFirst = Array.from({ length: 26 }, (_, at) => numbered(26 - at));
    await page.getByRole('article', { name: numbered(26) }).waitFor();
    expect(await numbers()).toEqual(newestFirst.slice(0, 24));
    await page.getByRole('button', { name: '2 more phones' }).click();
    expect(await numbers()).toEqual(newestFirst);
    expect(await page.locator('#more-phones').isVisible()).toBe(false);
    // One that gets something comes to the front, with all that it had.
    await dev.world.call(request({ phoneNumber: numbered(1), otp: '4711' }));
    await page.getByText('4711', { exact: true }).waitFor();
    expect(await numbers()).toEqual([numbered(1), ...newestFirst.slice(0, 25)]);
    expect(
      await page
        .getByRole('article', { name: numbered(1) })
        .locator('.code')
        .count(),
    ).toBe(2);
  });

  it('is one stop of the Tab key for all its deliveries, and arrows go through them', async () => {
    const { page, dev } = await openPage();
    for (const locale of ['de', 'fr', 'it']) await dev.world.call(request({ locale }));
    const rows = page.locator('#rows .row');
    await rows.getByText('it', { exact: false }).first().waitFor();
    expect(await rows.evaluateAll((all) => all.map((row) => row.getAttribute('tabindex')))).toEqual(['0', '-1', '-1']);
    await rows.first().focus();
    const focused = () => page.evaluate(() => document.activeElement?.querySelector('.to')?.textContent?.slice(-2));
    for (const [key, locale] of [
      ['ArrowDown', 'fr'],
      ['End', 'de'],
      ['ArrowDown', 'de'],
      ['Home', 'it'],
      ['ArrowUp', 'it'],
    ] as const) {
      await page.keyboard.press(key);
      expect([key, await focused()]).toEqual([key, locale]);
    }
    // Whoever is in the list stays where they are when something comes.
    await dev.world.call(request({ locale: 'pl' }));
    await rows.nth(3).waitFor();
    expect(await focused()).toBe('it');
    expect(await rows.evaluateAll((all) => all.map((row) => row.getAttribute('tabindex')))).toEqual([
      '-1',
      '0',
      '-1',
      '-1',
    ]);
    await page.keyboard.press('ArrowUp');
    expect(await focused()).toBe('pl');
  });
});
