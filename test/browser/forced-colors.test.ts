import type { Locator } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { marked } from '../support/marked.ts';
import { hasChromium, openPage, request } from './open-page.ts';

const styleOf = (shown: Locator) =>
  shown.evaluate((element) => {
    const { backgroundColor, color, outlineStyle, outlineOffset, borderTopStyle, borderTopWidth } =
      getComputedStyle(element);
    return { backgroundColor, color, outlineStyle, outlineOffset, border: `${borderTopWidth} ${borderTopStyle}` };
  });

describe.skipIf(!hasChromium)('with the colours of the system', () => {
  it('the chosen channel and the view can be told from the others', async () => {
    const { page } = await openPage({ context: { forcedColors: 'active' } });
    expect(await page.evaluate(() => matchMedia('(forced-colors: active)').matches)).toBe(true);
    const channel = (name: string) => page.locator('.choice span', { hasText: name });
    for (const [chosen, other] of [
      [channel('SMS'), channel('Call')],
      [page.getByRole('link', { name: 'Phones' }), page.getByRole('link', { name: 'Templates' })],
    ] as const) {
      const [marked, plain] = [await styleOf(chosen), await styleOf(other)];
      expect(marked.backgroundColor).not.toBe(plain.backgroundColor);
      expect(marked.color).not.toBe(marked.backgroundColor);
      expect([marked.outlineStyle, plain.outlineStyle]).toEqual(['solid', 'none']);
    }
    await channel('Call').click();
    expect((await styleOf(channel('Call'))).outlineStyle).toBe('solid');
    expect((await styleOf(channel('SMS'))).outlineStyle).toBe('none');
    // Chosen by the keyboard it shows the focus, around itself.
    await page.getByLabel('Call', { exact: true }).first().focus();
    await page.keyboard.press('ArrowLeft');
    expect(await styleOf(channel('SMS'))).toMatchObject({ outlineStyle: 'solid', outlineOffset: '2px' });
  });

  it('handsets, bubbles and the buttons of a call have an edge', async () => {
    const { page, dev } = await openPage({ context: { forcedColors: 'active' } });
    await dev.world.call(request());
    await dev.world.call(request({ channel: 'voice', phoneNumber: marked.otherPhone }));
    const phone = page.getByRole('article', { name: marked.otherPhone });
    const [answer, decline] = [
      phone.getByRole('button', { name: 'Answer', exact: true }),
      phone.getByRole('button', { name: 'Decline' }),
    ];
    const bubble = page.getByRole('article', { name: marked.phone }).locator('.bubble');
    for (const shown of [phone, bubble, answer, decline]) expect((await styleOf(shown)).border).toBe('1px solid');
    await answer.click();
    expect((await styleOf(phone.locator('.transcript-box'))).border).toBe('1px solid');
    const [now, word] = [phone.locator('.word.now'), phone.locator('.word').last()];
    expect((await styleOf(now)).backgroundColor).not.toBe((await styleOf(word)).backgroundColor);
  });
});
