import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { placesOf, startDevProcess, stopDevProcesses } from '../support/dev-process.ts';
import { hasChromium, openPage, openTab, request } from './open-page.ts';

let folder = '';
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'okta-otp-hebrew-')));
  await mkdir(join(folder, 'texts', 'templates'), { recursive: true });
  const write = (locale: string, text: string) =>
    writeFile(
      join(folder, 'texts', 'templates', `${locale}.json`),
      JSON.stringify({ locale, reviewed: true, sms: { text }, voice: null }),
    );
  await write('en', '{{otp}} is your code');
  await write('he', 'קוד האימות שלך הוא {{otp}}');
  // Neither the first letter of a text that is edited nor that of one that arrived tells its direction.
  await write('fa', '{{otp}} کد شماست');
  await write('ur', '{{org}}: {{otp}} آپ کا کوڈ ہے');
});
afterEach(async () => {
  await stopDevProcesses();
  await rm(folder, { recursive: true, force: true });
});

/** How far the first letter of a text is from the edges of its box. */
const layoutOf = (shown: Locator) =>
  shown.evaluate((box) => {
    const range = document.createRange();
    const texts = document.createTreeWalker(box, NodeFilter.SHOW_TEXT, (node) =>
      node.nodeValue === '' ? NodeFilter.FILTER_SKIP : NodeFilter.FILTER_ACCEPT,
    );
    const first = texts.nextNode() ?? box;
    range.setStart(first, 0);
    range.setEnd(first, 1);
    const [letter, edges] = [range.getBoundingClientRect(), box.getBoundingClientRect()];
    const { direction } = getComputedStyle(box);
    return { direction, fromRight: edges.right - letter.right, fromLeft: letter.left - edges.left };
  });

const directionsOf = (fields: Locator) =>
  fields.evaluateAll((all) => all.map((field) => getComputedStyle(field).direction));

describe.skipIf(!hasChromium)('a text that begins with a placeholder', () => {
  it.each(['fa', 'ur'])(
    'is laid out by its language (%s): in the editor, its preview, the gallery and the phone',
    async (locale) => {
      const { page: address = '' } = await placesOf(startDevProcess(folder, '--dir', 'texts'));
      const page = await openTab(address);
      await page.getByLabel('Locale', { exact: true }).fill(locale);
      await page.getByRole('button', { name: 'Send', exact: true }).click();
      const arrived = page.locator(`.thread .bubble[lang="${locale}"]`);
      await arrived.waitFor();
      expect(await directionsOf(arrived)).toEqual(['rtl']);
      await page.getByRole('link', { name: 'Templates' }).click();
      expect(await directionsOf(page.locator(`.card .bubble[lang="${locale}"]`))).toEqual(['rtl']);
      await page.getByRole('button', { name: `Edit ${locale}`, exact: true }).click();
      expect(await directionsOf(page.getByRole('dialog').getByLabel('SMS', { exact: true }))).toEqual(['rtl']);
      expect(await directionsOf(page.getByRole('dialog').locator('.bubble'))).toEqual(['rtl']);
    },
  );

  it('is so in the shipped Arabic, whose markup is read from the left', async () => {
    const { page } = await openPage();
    await page.getByRole('link', { name: 'Templates' }).click();
    await page.getByRole('button', { name: 'Edit ar', exact: true }).click();
    const editor = page.getByRole('dialog');
    expect(await directionsOf(editor.locator('textarea[id^="editor-sms"]'))).toEqual(['rtl', 'rtl']);
    expect(await directionsOf(editor.locator('textarea[id^="editor-voice"]'))).toEqual(['ltr']);
    expect(await directionsOf(editor.locator('#editor-json'))).toEqual(['ltr']);
    expect(await directionsOf(editor.locator('.bubble'))).toEqual(['rtl', 'rtl', 'rtl']);
  });

  it('is so on a call', async () => {
    const { page, dev } = await openPage();
    await dev.world.call(request({ channel: 'voice', locale: 'ar' }));
    await page.getByRole('button', { name: 'Answer', exact: true }).click();
    expect(await directionsOf(page.locator('.transcript'))).toEqual(['rtl']);
    await page.getByRole('button', { name: 'Hang up' }).click();
    expect(await directionsOf(page.locator('.thread .spoken [lang="ar"]'))).toEqual(['rtl']);
  });
});

describe.skipIf(!hasChromium)('a Hebrew text in a catalog of one’s own', () => {
  it('is laid out from the right on the phone, in the gallery and in the editor', async () => {
    const { page: address = '' } = await placesOf(startDevProcess(folder, '--dir', 'texts'));
    const page = await openTab(address);
    await page.getByLabel('Locale', { exact: true }).fill('he-IL');
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    const bubble = page.locator('.thread .bubble[lang="he"]');
    await bubble.waitFor();
    const layout = await layoutOf(bubble);
    expect(layout.direction).toBe('rtl');
    expect(layout.fromRight).toBeLessThan(layout.fromLeft);
    // The code comes last, which is on the left; its own digits go from left to right.
    const code = await layoutOf(bubble.locator('.code'));
    expect(code.fromLeft).toBeLessThan(code.fromRight);
    const [whole, last] = [await bubble.boundingBox(), await bubble.locator('.code').boundingBox()];
    expect((last?.x ?? 0) + (last?.width ?? 0)).toBeLessThan((whole?.x ?? 0) + (whole?.width ?? 0) / 2);

    await page.getByRole('link', { name: 'Templates' }).click();
    const previewed = await layoutOf(page.locator('.card .bubble[lang="he"]'));
    expect(previewed.fromRight).toBeLessThan(previewed.fromLeft);
    expect(await layoutOf(page.locator('.card .bubble[lang="en"]'))).toMatchObject({ direction: 'ltr' });
    await page.getByText(`Version 1 serves, from ${join(folder, 'texts')}`).waitFor();
    await page.getByRole('button', { name: 'Edit he', exact: true }).click();
    const text = page.getByRole('dialog').getByLabel('SMS', { exact: true });
    expect(await text.evaluate((field) => getComputedStyle(field).direction)).toBe('rtl');
  });

  it('is followed as its file changes', async () => {
    const { page: address = '' } = await placesOf(startDevProcess(folder, '--dir', 'texts'));
    const page = await openTab(address);
    await page.getByRole('link', { name: 'Templates' }).click();
    await page.locator('.card .bubble[lang="he"]').getByText('קוד האימות').waitFor();
    const changed = { locale: 'he', reviewed: true, sms: { text: 'הקוד: {{otp}}' }, voice: null };
    await writeFile(join(folder, 'texts', 'templates', 'he.json'), JSON.stringify(changed));
    await page.locator('.card .bubble[lang="he"]').getByText('הקוד:').waitFor();
    await writeFile(join(folder, 'texts', 'templates', 'he.json'), '{"locale": "he", ');
    await page.locator('#catalog-problems').getByText('templates/he.json').waitFor();
  });
});
