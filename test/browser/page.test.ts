import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { chattySender } from '../support/chatty-sender.ts';
import { marked } from '../support/marked.ts';
import { hasChromium, openPage, request, stopLater } from './open-page.ts';

describe.skipIf(!hasChromium)('the page of okta-otp dev', () => {
  it('warns of a function that prints a secret, also who opens it later', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'okta-otp-chatty-'));
    stopLater(() => rm(folder, { recursive: true, force: true }));
    const { page, dev } = await openPage({ sender: await chattySender(folder) });
    expect(await page.getByRole('alert').innerText()).toBe('');
    await dev.world.call(request());
    await page.getByText('A function printed a secret: output holds a code').first().waitFor();
    const warnings = await page.getByRole('alert').getByText('A function printed a secret').count();
    await page.reload();
    await page.getByText('A function printed a secret: output holds a code').first().waitFor();
    expect(await page.getByRole('alert').getByText('A function printed a secret').count()).toBe(warnings);
  });

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
    // Each bar stands where its step began: within what Okta waits, and none before the one above it.
    const starts = await page.locator('.timeline .bar').evaluateAll((bars) =>
      bars.map((bar) => {
        const [box, track] = [bar.getBoundingClientRect(), bar.parentElement?.getBoundingClientRect()];
        return track === undefined ? -1 : (box.left - track.left) / track.width;
      }),
    );
    const [token = -1, authorizer = -1, sender = -1, claim = -1, send = -1] = starts;
    expect(token).toBe(0);
    expect(authorizer).toBeGreaterThanOrEqual(token);
    expect(sender).toBeGreaterThanOrEqual(authorizer);
    expect(claim).toBeGreaterThanOrEqual(sender);
    expect(send).toBeGreaterThan(0);
    expect(Math.max(...starts)).toBeLessThan(1);
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
