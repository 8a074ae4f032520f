import { describe, expect, it } from 'vitest';
import { marked } from '../support/marked.ts';
import { hasChromium, openPage } from './open-page.ts';

describe.skipIf(!hasChromium)('the page of okta-otp dev', () => {
  it('shows an SMS as its handset does, and the delivery that brought it', async () => {
    const { page } = await openPage();
    await page.getByLabel('Code', { exact: true }).fill(marked.otp);
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    const phone = page.getByRole('article', { name: marked.phone });
    await phone.getByText('is your verification code for Example Corp').waitFor();
    expect(await phone.locator('.code').innerText()).toBe(marked.otp);
    expect(await phone.locator('.meta').innerText()).toMatch(/ · 1 part GSM-7$/);
    const row = page.locator('#rows .row');
    await row.getByText('Okta takes the code for sent.').waitFor();
    await row.click();
    expect(await page.locator('.timeline .step-name').allInnerTexts()).toEqual(
      expect.arrayContaining(['token', 'authorizer', 'claim', 'catalog', 'template', 'identity', 'send', 'receipt']),
    );
  });

  it('rings, and shows the words of a call as they are said; without a voice it says so', async () => {
    const { page } = await openPage();
    await page.clock.install();
    await page.getByText('Call', { exact: true }).first().click();
    await page.getByLabel('Code', { exact: true }).fill(marked.otp);
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    const phone = page.getByRole('article', { name: marked.phone });
    await phone.getByRole('button', { name: 'Answer' }).click();
    await phone.getByText('Nothing is heard: this browser has no voice for en-US.').waitFor();
    const said = phone.locator('.word.said');
    const before = await said.count();
    expect(await phone.locator('.word').count()).toBeGreaterThan(before);
    await page.clock.runFor(120_000);
    await phone.getByText('All is said').waitFor();
    expect((await said.allInnerTexts()).join(' ')).toContain([...marked.otp].join(' '));
    await phone.getByRole('button', { name: 'Hang up' }).click();
    await phone.getByText('Call, answered').waitFor();
  });

  it('changes the verdict when something is broken, and mends it again', async () => {
    const { page } = await openPage();
    await page.getByLabel('End User Messaging').selectOption('throttling');
    await page.locator('#broken').getByText('End User Messaging: throttling').waitFor();
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await page.locator('#rows').getByText('Okta sends the code itself').waitFor();
    await page.getByRole('button', { name: 'Mend everything' }).click();
    await page.getByText('Nothing is broken').waitFor();
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await page.locator('#rows').getByText('Okta takes the code for sent.').waitFor();
  });

  it('previews an edited template, and the next message says it', async () => {
    const { page } = await openPage();
    await page.getByRole('link', { name: 'Templates' }).click();
    await page.getByRole('button', { name: 'Edit en', exact: true }).click();
    const editor = page.getByRole('dialog');
    const text = editor.getByLabel('SMS', { exact: true });
    await text.fill('no code');
    await editor.locator('.findings').getByText('lacks {{otp}}').waitFor();
    await text.fill('{{otp}} opens the door of {{org}}');
    await editor.getByText('123456 opens the door of Example Corp').waitFor();
    await editor.getByRole('button', { name: 'Save' }).click();
    await editor.waitFor({ state: 'hidden' });
    await page.getByRole('link', { name: 'Phones' }).click();
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await page.getByRole('article').getByText('opens the door of Example Corp').waitFor();
  });
});
