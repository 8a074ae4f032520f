import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { hasChromium, openPage } from './open-page.ts';

const focused = (page: Page) => page.evaluate(() => document.activeElement?.getAttribute('aria-label'));

async function openEditor(page: Page, locale: string): Promise<void> {
  await page.getByRole('link', { name: 'Templates' }).click();
  await page.getByRole('button', { name: `Edit ${locale}`, exact: true }).click();
}

async function save(page: Page, words: string): Promise<void> {
  const editor = page.getByRole('dialog');
  await editor.getByLabel('SMS', { exact: true }).fill(`{{otp}} ${words}`);
  await editor.getByRole('button', { name: 'Save' }).click();
  await editor.waitFor({ state: 'hidden' });
}

describe.skipIf(!hasChromium)('whoever saves in the editor', () => {
  it('is back at the button that opened it where the gallery is drawn anew before the editor closes', async () => {
    const { page } = await openPage();
    await page.route('**/files', async (route) => {
      const response = await route.fetch();
      await page.getByText('Version 2 serves').waitFor();
      await route.fulfill({ response });
    });
    await openEditor(page, 'fi');
    await save(page, 'on ensin');
    await expect.poll(() => focused(page)).toBe('Edit fi');
  });

  it('is there, and stays there, where it is drawn anew after that', async () => {
    const { page, dev } = await openPage();
    const other = await page.context().newPage();
    await other.goto(dev.places.page);
    // The answer to the save comes before the word of the new version: this page is not told of it for now.
    await page.route('**/files', (route) => route.fulfill({ json: { findings: [] } }));
    await openEditor(page, 'fi');
    await save(page, 'on ensin');
    await expect.poll(() => focused(page)).toBe('Edit fi');
    await openEditor(other, 'fi');
    await save(other, 'on sitten');
    await page.locator('.card').getByText('123456 on sitten').waitFor();
    expect(await focused(page)).toBe('Edit fi');
  });

  it('is at the filter where the language is no longer shown', async () => {
    const { page } = await openPage();
    await page.getByRole('link', { name: 'Templates' }).click();
    await page.getByLabel('Filter', { exact: true }).fill('vahvistuskoodi');
    await page.getByRole('button', { name: 'Edit fi', exact: true }).click();
    const editor = page.getByRole('dialog');
    await editor.getByText('templates/fi.json', { exact: true }).first().click();
    const file = { locale: 'fi', reviewed: false, sms: { text: '{{otp}} on se' }, voice: null };
    await editor.locator('#editor-json').fill(JSON.stringify(file));
    await page.route('**/files', async (route) => {
      const response = await route.fetch();
      await page.getByText('Version 2 serves').waitFor();
      await route.fulfill({ response });
    });
    await editor.getByRole('button', { name: 'Save' }).click();
    await editor.waitFor({ state: 'hidden' });
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('template-filter');
  });

  it('is told that it is saved, whatever else there is to tell', async () => {
    const { page } = await openPage();
    await openEditor(page, 'fi');
    await save(page, 'on ensin');
    const log = page.getByRole('log');
    await log.getByText('fi is saved: the next message says it').waitFor();
    await log.getByText('The functions start anew: the catalog has changed').waitFor();
    expect(await log.getByText('fi is saved').count()).toBe(1);
  });
});
