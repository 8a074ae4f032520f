import { describe, expect, it } from 'vitest';
import { marked } from '../support/marked.ts';
import { hasChromium, openPage } from './open-page.ts';

describe.skipIf(!hasChromium)('the form that composes a request', () => {
  it('says at the field what is wrong, leads there, and sends nothing', async () => {
    const { page, dev } = await openPage();
    const number = page.getByLabel('Number', { exact: true });
    const code = page.getByLabel('Code', { exact: true });
    await number.fill('home');
    await code.fill('12');
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await page.getByText('Nothing was sent: look at the fields.').waitFor();
    for (const [field, id] of [
      [number, 'phoneNumber-problem'],
      [code, 'otp-problem'],
    ] as const) {
      expect(await field.getAttribute('aria-invalid')).toBe('true');
      expect(await field.getAttribute('aria-describedby')).toBe(id);
      expect(await page.locator(`#${id}`).innerText()).toMatch(/^[A-Z].*\.$/);
    }
    expect(await page.locator('#otp-problem').innerText()).toBe('Must be 4 to 10 digits.');
    expect(await number.evaluate((field) => field === document.activeElement)).toBe(true);
    expect(dev.world.cloud.inbox.received()).toEqual([]);

    await number.fill(marked.phone);
    await code.fill(marked.otp);
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await page.locator('#compose-outcome').getByText('Okta takes the code for sent.').waitFor();
    expect(await number.getAttribute('aria-invalid')).toBeNull();
    expect(await page.locator('#phoneNumber-problem').innerText()).toBe('');
  });

  it('sends the same event again, which sends no second message', async () => {
    const { page, dev } = await openPage();
    const again = page.getByRole('button', { name: 'Send again (same event)' });
    expect(await again.isDisabled()).toBe(true);
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await page.locator('#compose-outcome').getByText('Okta takes the code for sent.').waitFor();
    await again.click();
    await page.getByText('The same event again: Okta takes the code for sent.').waitFor();
    await page.locator('#rows .row').nth(1).waitFor();
    await page.locator('#rows .row').first().click();
    await page
      .locator('.consequence')
      .getByText('This event had been answered before, so no second message went out.')
      .waitFor();
    expect(dev.world.cloud.inbox.received()).toHaveLength(1);
  });

  it('shows each time that Okta gave no token', async () => {
    const { page } = await openPage();
    await page.getByLabel('Okta tokens', { exact: true }).selectOption('outage');
    await page.locator('#broken').getByText('Okta tokens: outage').waitFor();
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await page.getByText('Not sent: the authorization server gave no token').waitFor();
    await page.getByRole('button', { name: 'Send again (same event)' }).click();
    await page.locator('#rows .row').nth(1).waitFor();
    expect(await page.locator('#rows .status').allInnerTexts()).toEqual(['not asked', 'not asked']);
  });
});

describe.skipIf(!hasChromium)('the form that breaks things', () => {
  it('names the field that it cannot take, and changes nothing', async () => {
    const { page, dev } = await openPage();
    const copies = page.getByLabel('Copies of each event');
    await copies.fill('99');
    await copies.press('Tab');
    await page.getByText(/^Not changed: Copies of each event .*must be/).waitFor();
    expect(await copies.getAttribute('aria-invalid')).toBe('true');
    expect(dev.world.faults().copies).toBe(1);
    await copies.fill('2');
    await copies.press('Tab');
    await page.locator('#broken').getByText('every event from this page 2 times').waitFor();
    expect(await copies.getAttribute('aria-invalid')).toBeNull();
    await page.getByRole('button', { name: 'Mend everything' }).click();
    await page.getByText('Nothing is broken').waitFor();
    expect(await copies.inputValue()).toBe('1');
  });

  it('says that only its own requests come several times, and it is so', async () => {
    const { page, dev } = await openPage();
    const copies = page.getByLabel('Copies of each event');
    const hint = page.getByText('Only requests from this page.');
    expect(await hint.isVisible()).toBe(true);
    expect(await copies.getAttribute('aria-describedby')).toBe(await hint.getAttribute('id'));
    await copies.fill('2');
    await copies.press('Tab');
    await page.locator('#broken').getByText('every event from this page 2 times').waitFor();
    await fetch(dev.places.hook, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' });
    await page.locator('#rows').getByText('from outside').waitFor();
    expect(await page.locator('#rows .row').count()).toBe(1);
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await page.locator('#rows .row').nth(2).waitFor();
    expect(await page.locator('#rows').getByText('from outside').count()).toBe(1);
  });

  it('calls things what they are', async () => {
    const { page } = await openPage();
    const messaging = page.getByLabel('End User Messaging', { exact: true });
    const wordsOf = async (value: string) => await messaging.locator(`option[value="${value}"]`).innerText();
    expect(await wordsOf('outage')).toBe('is down (HTTP 500)');
    expect(await wordsOf('exception ThrottlingException')).toMatch(/^ThrottlingException/);
    expect(await wordsOf('exception ConflictException')).toBe('ConflictException, without a reason');
  });

  it('shows on every page what one of them has broken', async () => {
    const { page, dev } = await openPage();
    const other = await page.context().newPage();
    await other.goto(dev.places.page);
    await page
      .getByLabel('End User Messaging', { exact: true })
      .selectOption({ value: 'exception ConflictException DESTINATION_PHONE_NUMBER_OPTED_OUT' });
    await other.locator('#broken').getByText('ConflictException DESTINATION_PHONE_NUMBER_OPTED_OUT').waitFor();
    expect(await other.getByLabel('End User Messaging', { exact: true }).inputValue()).toBe(
      'exception ConflictException DESTINATION_PHONE_NUMBER_OPTED_OUT',
    );
    await page.getByLabel('DynamoDB', { exact: true }).selectOption('latency');
    await other.locator('#broken').getByText('DynamoDB: latency 2500 ms').waitFor();
    expect(await page.locator('#fault-dynamodb-ms').isEnabled()).toBe(true);
    expect(await page.locator('#fault-queue-ms').isEnabled()).toBe(false);
  });

  it('lets the functions start anew, which the next delivery shows', async () => {
    const { page } = await openPage();
    await page.getByRole('button', { name: 'Cold start' }).click();
    await page.getByText('The functions start anew with the next request.').waitFor();
  });
});

describe.skipIf(!hasChromium)('the template editor', () => {
  it('keeps what was typed until it is discarded, and shows what it was while it is no good', async () => {
    const { page } = await openPage();
    await page.getByRole('link', { name: 'Templates' }).click();
    await page.getByRole('button', { name: 'Edit en', exact: true }).click();
    const editor = page.getByRole('dialog');
    const text = editor.getByLabel('SMS', { exact: true });
    const before = await text.inputValue();
    const discard = editor.getByRole('button', { name: 'Discard changes' });
    expect(await discard.isDisabled()).toBe(true);
    await text.fill('nothing');
    // Its other texts are as good as they were.
    expect(await editor.locator('.beside.stale').count()).toBe(1);
    await editor.getByRole('button', { name: 'Save' }).click();
    await editor.getByText('Not saved: correct the errors first.').waitFor();
    await editor.getByRole('button', { name: 'Close' }).click();
    await page.getByRole('button', { name: 'Edit en', exact: true }).click();
    expect(await text.inputValue()).toBe('nothing');
    await discard.click();
    expect(await text.inputValue()).toBe(before);
    expect(await editor.locator('.beside.stale').count()).toBe(0);
    await editor.getByText('Nothing is wrong with it.').waitFor();
  });

  it('edits the file as a whole too, and its texts follow', async () => {
    const { page } = await openPage();
    await page.getByRole('link', { name: 'Templates' }).click();
    await page.getByRole('button', { name: 'Edit en', exact: true }).click();
    const editor = page.getByRole('dialog');
    await editor.getByText('templates/en.json', { exact: true }).first().click();
    const file = { locale: 'en', reviewed: false, sms: { text: '{{otp}} by file' }, voice: null };
    await editor.locator('#editor-json').fill(JSON.stringify(file));
    await editor.getByText('123456 by file').waitFor();
    expect(await editor.getByLabel('SMS', { exact: true }).inputValue()).toBe('{{otp}} by file');
    expect(await editor.getByLabel('Call (SSML)', { exact: true }).count()).toBe(0);
    expect(await editor.getByLabel('Read by a native speaker').isChecked()).toBe(false);
    await editor.getByRole('button', { name: 'Save' }).click();
    await editor.waitFor({ state: 'hidden' });
    await page.getByText('Version 2 serves').waitFor();
  });

  it('filters the languages by name and by words', async () => {
    const { page } = await openPage();
    await page.getByRole('link', { name: 'Templates' }).click();
    const shown = () => page.locator('.card:visible h3').allInnerTexts();
    const filter = page.getByLabel('Filter', { exact: true });
    await filter.fill('deutsch');
    expect(await shown()).toEqual(['de']);
    await filter.fill('klingon');
    await page.getByText('No language has that.').waitFor();
    expect(await shown()).toEqual([]);
    await filter.fill('');
    await page.getByLabel('Channel', { exact: true }).last().selectOption('voice');
    expect(await page.locator('.card .bubble:not(.spoken)').count()).toBe(0);
    await page.getByLabel('First name', { exact: true }).last().fill('Zoraida');
    await page.locator('.card').getByText('Zoraida').first().waitFor();
  });
});
