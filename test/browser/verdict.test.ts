import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { CatalogFile } from '../../src/core/catalog.ts';
import { marked } from '../support/marked.ts';
import { hasChromium, openPage, request } from './open-page.ts';

const outcomeOf = (page: Page) => page.locator('#compose-outcome');
const send = (page: Page) => page.getByRole('button', { name: 'Send', exact: true }).click();
const blocked: CatalogFile = {
  path: 'numbers.json',
  text: JSON.stringify({ deny: [marked.phone] }),
};

describe.skipIf(!hasChromium)('whoever sends a request from the page', () => {
  it('reads what Okta makes of it, in its colour, where a screen reader says it', async () => {
    const { page } = await openPage();
    const outcome = outcomeOf(page);
    await send(page);
    await outcome.getByText('Okta takes the code for sent. The user has one code.').waitFor();
    expect(await outcome.getAttribute('data-state')).toBe('good');
    expect(await outcome.getAttribute('role')).toBe('status');
    const good = await outcome.evaluate((shown) => getComputedStyle(shown).color);

    await page.getByLabel('End User Messaging', { exact: true }).selectOption('throttling');
    await page.locator('#broken').getByText('End User Messaging: throttling').waitFor();
    await send(page);
    await outcome.getByText('Okta sends the code itself: the answer has the status FAILED.').waitFor();
    expect(await outcome.getAttribute('data-state')).toBe('bad');
    expect(await outcome.evaluate((shown) => getComputedStyle(shown).color)).not.toBe(good);
    expect(await outcome.innerText()).not.toMatch(/\bsent\b/i);

    // The event that has failed fails again, and is not "sent again".
    await page.getByRole('button', { name: 'Send again (same event)' }).click();
    await outcome.getByText('The same event again: Okta sends the code itself').waitFor();
    expect(await outcome.getAttribute('data-state')).toBe('bad');
  });

  it('is not told that a code is sent where the catalog denies the number', async () => {
    const { page, dev } = await openPage({ files: [blocked] });
    await page.getByLabel('Number', { exact: true }).fill(marked.phone);
    await send(page);
    await outcomeOf(page)
      .getByText(
        'Okta takes the code for sent. Nothing was sent, and Okta, which is told SUCCESSFUL, does not send it either.',
      )
      .waitFor();
    expect(await outcomeOf(page).getAttribute('data-state')).toBe('warn');
    expect(await page.locator('#rows .mark').innerText()).toBe('!');
    expect(dev.world.cloud.inbox.received()).toEqual([]);
  });

  it('reads of an event that came several times the worst that came of it', async () => {
    const { page, dev } = await openPage();
    await dev.world.setFaults({ ...dev.world.faults(), copies: 3 });
    await send(page);
    await page.locator('#rows .row').nth(2).waitFor();
    const bad = await page.locator('#rows .bad').count();
    await outcomeOf(page)
      .getByText(bad === 0 ? '3 of 3 requests: Okta takes the code for sent.' : `${bad} of 3 requests: Okta sends`)
      .waitFor();
    expect(await outcomeOf(page).getAttribute('data-state')).toBe(bad === 0 ? 'good' : 'bad');
  });
});

describe.skipIf(!hasChromium)('whoever does not see the page', () => {
  it('is told of the verdict on what others send, and nothing of what was before', async () => {
    const { page, dev } = await openPage();
    const log = page.getByRole('log');
    await dev.world.call(request());
    await log.getByText('SMS, +34…78, Okta takes the code for sent.').waitFor();
    // The message that arrived with it is told all the same.
    await log.getByText(`An SMS on ${marked.phone}`).waitFor();
    await page.reload();
    await page.locator('#rows .row').waitFor();
    await dev.world.call(request({ channel: 'voice', phoneNumber: marked.otherPhone }));
    await log.getByText('Call, +33…79, Okta takes the code for sent.').waitFor();
    expect(await log.getByText('SMS, ').count()).toBe(0);
  });
});
