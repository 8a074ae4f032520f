import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { marked } from '../support/marked.ts';
import { hasChromium, openPage, request } from './open-page.ts';

/** Presses Tab until something of this name, id or text has the focus. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press('Tab');
    const names = await page.evaluate(() => {
      const focused = document.activeElement;
      return [focused?.getAttribute('name'), focused?.getAttribute('aria-label'), focused?.id, focused?.textContent];
    });
    if (names.includes(name)) return;
  }
  throw new Error(`the Tab key does not lead to ${name}`);
}

describe.skipIf(!hasChromium)('the keyboard alone', () => {
  it('composes a call, answers it and hangs up', async () => {
    const { page } = await openPage();
    await tabTo(page, 'channel');
    await page.keyboard.press('ArrowRight');
    await tabTo(page, 'otp');
    await page.keyboard.type(marked.otp);
    await page.keyboard.press('Enter');
    const phone = page.getByRole('article', { name: marked.phone });
    await phone.getByText('Incoming call').waitFor();
    await tabTo(page, 'Answer');
    await page.keyboard.press('Enter');
    await phone.getByText('On the line').waitFor();
    // The focus is where it goes on, and not lost when the call is over.
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Hang up');
    await page.keyboard.press('Enter');
    await phone.getByText('Call, answered').waitFor();
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe(marked.phone);
  });

  it('breaks things and mends them, and looks at what came of it', async () => {
    const { page, dev } = await openPage();
    await tabTo(page, 'messaging');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.locator('#broken').getByText('End User Messaging: throttling').waitFor();
    await tabTo(page, 'copies');
    await page.keyboard.press('ArrowUp');
    await page.locator('#broken').getByText('every event from this page 2 times').waitFor();
    expect(dev.world.faults()).toMatchObject({ messaging: { kind: 'throttling' }, copies: 2 });

    await page.getByRole('button', { name: 'Send', exact: true }).focus();
    await page.keyboard.press('Enter');
    await page.locator('#rows .row').nth(1).waitFor();
    const first = page.locator('#rows .row').first();
    await tabTo(page, (await first.textContent()) ?? '');
    await page.keyboard.press('Enter');
    await page.locator('.delivery').first().locator('.timeline').waitFor();
    expect(await first.getAttribute('aria-expanded')).toBe('true');
    await page.keyboard.press('Enter');
    expect(await first.getAttribute('aria-expanded')).toBe('false');

    await page.getByRole('link', { name: 'Templates' }).focus();
    await tabTo(page, 'mend');
    await page.keyboard.press('Enter');
    await page.getByText('Nothing is broken').waitFor();
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('faults-heading');
  });

  it('is not written over while it types into the next fault', async () => {
    const { page, dev } = await openPage();
    const skew = page.getByLabel("Okta's clock ahead (s)");
    const copies = page.getByLabel('Copies of each event');
    const held: (() => void)[] = [];
    await page.route('**/faults', (route) => void held.push(() => void route.continue()));
    await skew.fill('30');
    await copies.focus();
    // Typed before the change above has come back.
    await copies.press('Control+A');
    await copies.pressSequentially('2');
    await expect.poll(() => held.length).toBe(1);
    held.shift()?.();
    await page.locator('#broken').getByText("Okta's clock: +30 s").waitFor();
    expect(await copies.inputValue()).toBe('2');
    await page.unroute('**/faults');
    await copies.fill('3');
    await copies.press('Tab');
    await page.locator('#broken').getByText('every event from this page 3 times').waitFor();
    expect(dev.world.faults()).toMatchObject({ clockSkewSeconds: 30, copies: 3 });
  });

  it('edits a template, leaves it by Escape with the draft kept, and comes back to it', async () => {
    const { page } = await openPage();
    await page.getByRole('link', { name: 'Templates' }).focus();
    await page.keyboard.press('Enter');
    await tabTo(page, 'template-filter');
    await page.keyboard.type('welsh');
    await tabTo(page, 'Edit cy');
    await page.keyboard.press('Enter');
    const editor = page.getByRole('dialog');
    await editor.waitFor();
    await page.keyboard.press('Control+A');
    await page.keyboard.type('{{otp}} a draft');
    await page.keyboard.press('Escape');
    await editor.waitFor({ state: 'hidden' });
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Edit cy');
    await page.keyboard.press('Enter');
    expect(await editor.getByLabel('SMS', { exact: true }).inputValue()).toBe('{{otp}} a draft');
    await tabTo(page, 'Discard changes');
    await page.keyboard.press('Enter');
    expect(await editor.getByLabel('SMS', { exact: true }).inputValue()).not.toContain('a draft');
    expect(await editor.getByRole('button', { name: 'Discard changes' }).isDisabled()).toBe(true);
  });

  it('skips the forms to what was delivered', async () => {
    const { page, dev } = await openPage();
    await dev.world.call(request());
    await page.locator('#rows .row').waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.className)).toBe('row');
  });
});
