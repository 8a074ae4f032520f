import { describe, expect, it } from 'vitest';
import { marked } from '../support/marked.ts';
import { hasChromium, openPage, request } from './open-page.ts';

describe.skipIf(!hasChromium)('the head of the page', () => {
  it('shows that the sources do not build until the functions start anew', async () => {
    const { page, dev } = await openPage();
    const alert = page.getByRole('alert');
    dev.tell({ type: 'sources-broken', why: 'src/core/a.ts:1:2: one' });
    await alert
      .getByText('The sources do not build, and the functions run on as they were: src/core/a.ts:1:2: one')
      .waitFor();
    dev.tell({ type: 'sources-broken', why: 'src/core/b.ts:3:4: another' });
    await alert.getByText('src/core/b.ts:3:4: another').waitFor();
    expect(await alert.getByText('do not build').count()).toBe(1);
    const box = await alert.boundingBox();
    expect(box?.height).toBeGreaterThan(20);
    // It is no matter of deliveries: those go on with what was there before.
    await dev.world.call(request());
    await page.locator('#rows .row').waitFor();
    expect(await alert.getByText('do not build').isVisible()).toBe(true);
    await dev.world.cold('the sources have changed');
    await alert.getByText('do not build').waitFor({ state: 'detached' });
  });

  it('shows that the functions start anew until they have', async () => {
    const { page, dev } = await openPage();
    await dev.world.cold('the sources have changed');
    const news = page.getByRole('banner').getByText('Cold start with the next request: the sources have changed');
    await news.waitFor();
    expect((await news.boundingBox())?.width).toBeGreaterThan(100);
    await page.getByRole('log').getByText('The functions start anew: the sources have changed').waitFor();
    await dev.world.call(request());
    await news.waitFor({ state: 'hidden' });
  });

  it('shows on the templates too that a call rings, and leads to it', async () => {
    const { page, dev } = await openPage();
    await page.getByRole('link', { name: 'Templates' }).click();
    await dev.world.call(request({ channel: 'voice' }));
    const ringing = page.getByRole('banner').getByRole('button', { name: `${marked.phone} rings: answer (Alt+A)` });
    await ringing.click();
    await page.getByRole('article', { name: marked.phone }).getByText('On the line').waitFor();
    expect(await ringing.isVisible()).toBe(false);
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Hang up');
    expect(await page.getByRole('link', { name: 'Phones' }).getAttribute('aria-current')).toBe('page');
  });

  it('shows no call that is answered by its key, declined, or missed', async () => {
    const { page, dev } = await openPage();
    await page.clock.install();
    await page.getByRole('link', { name: 'Templates' }).click();
    const ringing = page.getByRole('banner').getByRole('button', { name: /rings/ });
    for (const phoneNumber of [marked.phone, marked.otherPhone]) {
      await dev.world.call(request({ channel: 'voice', phoneNumber }));
      await ringing.getByText(phoneNumber).waitFor();
    }
    // The newest first, then the one before.
    await page.keyboard.press('Alt+x');
    await ringing.getByText(marked.phone).waitFor();
    await page.keyboard.press('Alt+a');
    await page.getByRole('article', { name: marked.phone }).getByText('On the line').waitFor();
    expect(await ringing.isVisible()).toBe(false);
    await page.keyboard.press('Alt+x');
    await page.getByRole('link', { name: 'Templates' }).click();
    await dev.world.call(request({ channel: 'voice' }));
    await ringing.waitFor();
    await page.clock.runFor(35_000);
    expect(await ringing.isVisible()).toBe(false);
  });

  it('leaves the keys of a call to the editor while it is open', async () => {
    const { page, dev } = await openPage();
    await page.getByRole('link', { name: 'Templates' }).click();
    await page.getByRole('button', { name: 'Edit fi', exact: true }).click();
    await dev.world.call(request({ channel: 'voice' }));
    await page.locator('#ringing').waitFor();
    await page.keyboard.press('Alt+a');
    await page.keyboard.press('Escape');
    expect(await page.locator('#ringing').isVisible()).toBe(true);
  });
});
