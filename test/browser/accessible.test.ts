import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { marked } from '../support/marked.ts';
import { hasChromium, openPage, request } from './open-page.ts';

const axeSource = async () => await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe-core finds that is serious or worse. */
async function problemsOf(page: Page): Promise<readonly string[]> {
  return await page.evaluate(
    async (source) => {
      const found: { violations: { id: string; impact: string; nodes: { html: string }[] }[] } = await new Function(
        `${source}; return axe.run()`,
      )();
      return found.violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
    },
    await axeSource(),
  );
}

/** Leads the page through everything it can show, and stops at each. */
async function through(
  page: Page,
  send: (channel: 'sms' | 'voice') => Promise<unknown>,
  stop: (at: string) => Promise<void>,
) {
  await stop('empty');
  await page.getByLabel('Number', { exact: true }).fill('home');
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await page.getByText('Nothing was sent: look at the fields.').waitFor();
  await stop('a wrong field');
  await send('sms');
  await page.getByLabel('End User Messaging', { exact: true }).selectOption('throttling');
  await page.locator('#broken').getByText('End User Messaging: throttling').waitFor();
  await send('sms');
  await page.locator('#rows .row').nth(1).waitFor();
  for (const row of await page.locator('#rows .row').all()) await row.click();
  await page.getByText('What Okta got').first().click();
  await page.locator('pre').first().waitFor();
  await stop('an open timeline, something broken');
  await page.getByRole('button', { name: 'Mend everything' }).click();
  await page.getByText('Nothing is broken').waitFor();
  await send('voice');
  await page.getByRole('button', { name: 'Answer', exact: true }).waitFor();
  await stop('a call that rings');
  await page.getByRole('button', { name: 'Answer', exact: true }).click();
  await page.getByRole('button', { name: 'Hang up' }).waitFor();
  await stop('a call that is answered');
  await page.getByRole('link', { name: 'Templates' }).click();
  await page.locator('.card').first().waitFor();
  await stop('the templates');
  await page.getByRole('button', { name: 'Edit en', exact: true }).click();
  await page.getByRole('dialog').getByLabel('SMS', { exact: true }).fill('nothing');
  await page.getByRole('dialog').getByText('lacks {{otp}}').first().waitFor();
  await stop('the editor with a finding');
}

describe.skipIf(!hasChromium)('the page, whatever it shows,', () => {
  it.each(['light', 'dark'] as const)('has no serious accessibility problem in %s', async (colorScheme) => {
    // The page lets no script in but its own; axe comes from outside.
    const { page, dev } = await openPage({ context: { colorScheme, bypassCSP: true } });
    const found: string[] = [];
    await through(
      page,
      (channel) => dev.world.call(request({ channel })),
      async (at) => {
        found.push(...(await problemsOf(page)).map((problem) => `${at}: ${problem}`));
      },
    );
    expect(found).toEqual([]);
  });

  it.each([320, 600, 1000])('never scrolls sideways where it is %i px wide', async (width) => {
    const { page, dev } = await openPage({ context: { viewport: { width, height: 800 } } });
    const tooWide: string[] = [];
    await through(
      page,
      (channel) => dev.world.call(request({ channel })),
      async (at) => {
        const wide = await page.evaluate(() => document.documentElement.scrollWidth);
        const clipped = await page.evaluate(() =>
          [...document.querySelectorAll<HTMLElement>('button, label, h2, select, input')]
            .filter((shown) => shown.checkVisibility() && shown.closest('.strip, .unseen') === null)
            .filter((shown) => shown.getBoundingClientRect().right > innerWidth + 1)
            .map((shown) => shown.outerHTML.slice(0, 80)),
        );
        if (wide > width || clipped.length > 0) tooWide.push(`${at}: ${wide} px ${clipped.join(' ')}`);
      },
    );
    expect(tooWide).toEqual([]);
  });

  it.each([
    ['reduce', 'none'],
    ['no-preference', 'ring'],
  ] as const)('rings without moving only for who wants no motion (%s)', async (reducedMotion, animation) => {
    const { page, dev } = await openPage({ context: { reducedMotion } });
    await dev.world.call(request({ channel: 'voice' }));
    const caller = page.getByRole('article', { name: marked.phone }).locator('.caller');
    await caller.waitFor();
    expect(await caller.evaluate((shown) => getComputedStyle(shown).animationName)).toBe(animation);
  });
});
