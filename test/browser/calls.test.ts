import type { Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { marked } from '../support/marked.ts';
import { giveVoices, spokenBy } from './fake-voice.ts';
import { hasChromium, openPage, request } from './open-page.ts';

const call = request({ channel: 'voice' });
const english = (ssml: string) => ({
  path: 'templates/en.json',
  text: JSON.stringify({ locale: 'en', reviewed: true, sms: { text: '{{otp}}' }, voice: { voiceId: 'AMY', ssml } }),
});
const phoneOf = (page: Page, number: string = marked.phone) => page.getByRole('article', { name: number });

/** A page whose browser has voices, and whose clock stands until it is told to go on. */
async function openWithVoices(langs: readonly string[], ssml: string, sentenceMs = 0) {
  const opened = await openPage({
    files: [english(ssml)],
    async prepare(page) {
      await giveVoices(page, langs, sentenceMs);
      await page.clock.install();
    },
  });
  await opened.page.clock.pauseAt(Date.now() + 1_000);
  return opened;
}

describe.skipIf(!hasChromium)('a call that is answered', () => {
  it('is heard: sentence by sentence, digit by digit, with its pauses, at its rate, by the voice of its language', async () => {
    const ssml =
      '<speak><prosody rate="slow">Hello.<break time="1500ms"/>{{otp}}.</prosody><break time="2s"/>Bye</speak>';
    const { page, dev } = await openWithVoices(['de-DE', 'en-US', 'en_GB'], ssml);
    await dev.world.call(call);
    const phone = phoneOf(page);
    await phone.getByRole('button', { name: 'Answer', exact: true }).click();
    await phone.getByText('The browser speaks.').waitFor();
    // What follows a pause is not to be seen before it is said.
    expect(await phone.locator('.word:visible').allInnerTexts()).toEqual(['Hello.']);
    await page.clock.runFor(60_000);
    await phone.getByText('All is said').waitFor();
    const { said } = await spokenBy(page);
    expect(said.map(({ text, afterMs }) => `${afterMs} ${text}`)).toEqual([
      '0 Hello.',
      ...[...marked.otp].map((digit, at) => `${at === 0 ? 1500 : 600} ${at === 5 ? `${digit}.` : digit}`),
      '2000 Bye',
    ]);
    expect(new Set(said.map(({ lang }) => lang))).toEqual(new Set(['en_GB']));
    expect(said.map(({ rate }) => rate)).toEqual([...said.slice(1).map(() => 0.75), 1]);
    expect((await phone.locator('.word.said').allInnerTexts()).join(' ')).toBe(
      `Hello. ${[...marked.otp].join(' ')}. Bye`,
    );
  });

  it('can be hung up before its end, and listened to again from its beginning', async () => {
    const { page, dev } = await openWithVoices(['en-GB'], '<speak>One<break time="5s"/>{{otp}}</speak>');
    await dev.world.call(call);
    const phone = phoneOf(page);
    await phone.getByRole('button', { name: 'Answer', exact: true }).click();
    await phone.getByText('The browser speaks.').waitFor();
    await phone.getByRole('button', { name: 'Hang up' }).click();
    await phone.getByText('Call, answered').waitFor();
    await page.clock.runFor(60_000);
    expect((await spokenBy(page)).said.map(({ text }) => text)).toEqual(['One']);
    expect((await spokenBy(page)).cancelled).not.toEqual([]);

    await phone.getByRole('button', { name: 'Listen again' }).click();
    await phone.getByText('The browser speaks.').waitFor();
    await page.clock.runFor(60_000);
    await phone.getByText('All is said').waitFor();
    expect((await spokenBy(page)).said.map(({ text }) => text)).toEqual(['One', 'One', ...marked.otp]);
    await phone.getByRole('button', { name: 'Hang up' }).click();
    expect(await phone.locator('.bubble').count()).toBe(1);
  });

  it('goes by in silence where there is a voice, but of another language', async () => {
    const { page, dev } = await openWithVoices(['de-DE', 'fr-FR'], '<speak>One {{otp}}</speak>');
    await dev.world.call(call);
    const phone = phoneOf(page);
    await phone.getByRole('button', { name: 'Answer', exact: true }).click();
    await phone
      .getByText('Nothing is heard: this browser has no voice for en-GB. The words go by on a timer.')
      .waitFor();
    await page.clock.runFor(60_000);
    await phone.getByText('All is said').waitFor();
    expect((await spokenBy(page)).said).toEqual([]);
  });
});

describe.skipIf(!hasChromium)('a call that nobody answers', () => {
  it('is missed after half a minute, and can be listened to later', async () => {
    const { page, dev } = await openWithVoices(['en-GB'], '<speak>One {{otp}}</speak>');
    await dev.world.call(call);
    const phone = phoneOf(page);
    await phone.getByText('Incoming call').waitFor();
    await page.clock.runFor(25_000);
    expect(await phone.getByText('Incoming call').count()).toBe(1);
    await page.clock.runFor(10_000);
    await phone.getByText('Call, missed').waitFor();
    // What was said on it is not told before somebody has listened.
    expect(await phone.innerText()).not.toContain('One');
    await phone.getByRole('button', { name: 'Listen', exact: true }).click();
    await page.clock.runFor(60_000);
    await phone.getByText('All is said').waitFor();
    await phone.getByRole('button', { name: 'Hang up' }).click();
    await phone.getByText('Call, answered').waitFor();
  });

  it('is declined by its button or by Alt+X, and says nothing', async () => {
    const { page, dev } = await openWithVoices(['en-GB'], '<speak>One {{otp}}</speak>');
    const phone = phoneOf(page);
    await dev.world.call(call);
    await phone.getByRole('button', { name: 'Decline' }).click();
    await phone.getByText('Call, declined').waitFor();
    await dev.world.call(call);
    await phone.getByText('Incoming call').waitFor();
    await page.keyboard.press('Alt+x');
    await phone.getByText('Call, declined').nth(1).waitFor();
    expect((await spokenBy(page)).said).toEqual([]);
  });

  it('is missed where the line is busy, which another phone is not', async () => {
    const { page, dev } = await openWithVoices(['en-GB'], '<speak>One<break time="9s"/>{{otp}}</speak>');
    await dev.world.call(call);
    await phoneOf(page).getByRole('button', { name: 'Answer', exact: true }).click();
    await dev.world.call(call);
    await dev.world.call({ ...call, phoneNumber: marked.otherPhone });
    await phoneOf(page, marked.otherPhone).getByText('Incoming call').waitFor();
    expect(await phoneOf(page).locator('.call[data-state="speaking"]').count()).toBe(1);
    expect(await phoneOf(page).getByText('Call, missed').count()).toBe(1);
    // The keys are for the one that rings.
    await page.keyboard.press('Alt+x');
    await phoneOf(page, marked.otherPhone).getByText('Call, declined').waitFor();
    expect(await phoneOf(page).locator('.call[data-state="speaking"]').count()).toBe(1);
  });
});

describe.skipIf(!hasChromium)('a second call', () => {
  const ssml = '<speak>One two three four<break time="1s"/>{{otp}}</speak>';
  const silent = 'Nothing is heard: the browser says something else now. The words go by on a timer.';

  const saidOn = async (phone: Locator) =>
    (await phone.locator('.word.said').allInnerTexts()).map((word) => word.trim());

  /** Two calls that are answered, the first of them in the middle of its first sentence. */
  async function answerTwo() {
    const opened = await openWithVoices(['en-GB'], ssml, 6_000);
    const { page, dev } = opened;
    const [first, second] = [phoneOf(page), phoneOf(page, marked.otherPhone)];
    await dev.world.call(call);
    await first.getByRole('button', { name: 'Answer', exact: true }).click();
    await first.getByText('The browser speaks.').waitFor();
    await page.clock.runFor(1_000);
    await dev.world.call({ ...call, phoneNumber: marked.otherPhone, otp: marked.otherOtp });
    await second.getByRole('button', { name: 'Answer', exact: true }).click();
    await second.getByText('The browser speaks.').waitFor();
    return { page, first, second };
  }

  it('has the voice for itself, and the first goes on by a timer from where it was', async () => {
    const { page, first, second } = await answerTwo();
    await first.getByText(silent).waitFor();
    expect(await saidOn(first)).toEqual(['One', 'two', 'three']);
    expect(await second.getByText('The browser speaks.').count()).toBe(1);
    await page.clock.runFor(90_000);
    await first.getByText('All is said').waitFor();
    await second.getByText('All is said').waitFor();
    expect(await second.getByText('The browser speaks.').count()).toBe(1);
    // Its sentence of six seconds has begun at once, and nothing of the first call stands between.
    expect((await spokenBy(page)).said.map(({ text }) => text)).toEqual([
      'One two three four',
      'One two three four',
      ...marked.otherOtp,
    ]);
    expect(await saidOn(first)).toEqual(['One', 'two', 'three', 'four', ...marked.otp]);
  });

  it('is heard to its end when the first is hung up', async () => {
    const { page, first, second } = await answerTwo();
    const before = (await spokenBy(page)).cancelled.length;
    await first.getByRole('button', { name: 'Hang up' }).click();
    await first.getByText('Call, answered').waitFor();
    expect((await spokenBy(page)).cancelled).toHaveLength(before);
    await page.clock.runFor(90_000);
    await second.getByText('All is said').waitFor();
    expect(await second.getByText('The browser speaks.').count()).toBe(1);
    expect((await spokenBy(page)).said.map(({ text }) => text).slice(1)).toEqual([
      'One two three four',
      ...marked.otherOtp,
    ]);
  });

  it('takes the voice from a text of the gallery too', async () => {
    const { page, dev } = await openWithVoices(['en-GB'], ssml, 6_000);
    await page.getByRole('link', { name: 'Templates' }).click();
    await page.clock.runFor(1_000);
    const card = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: 'en', exact: true }) });
    await card.getByRole('button', { name: 'Hear it' }).click();
    await card.getByRole('button', { name: 'Stop' }).waitFor();
    await dev.world.call(call);
    await page.getByRole('button', { name: /rings: answer/ }).click();
    await phoneOf(page).getByText('The browser speaks.').waitFor();
    await page.clock.runFor(90_000);
    await phoneOf(page).getByText('All is said').waitFor();
    expect((await spokenBy(page)).said.map(({ text }) => text)).toEqual([
      'One two three four',
      'One two three four',
      ...marked.otp,
    ]);
    await page.getByRole('link', { name: 'Templates' }).click();
    await card.getByText('Nothing is heard: the browser says something else now.').waitFor();
    await card.getByRole('button', { name: 'Hear it' }).waitFor();
  });
});

describe.skipIf(!hasChromium)('a text of the gallery', () => {
  it('is heard as a call would be, and a second one ends the first', async () => {
    const { page } = await openWithVoices(['en-GB', 'de-DE'], '<speak>One<break time="9s"/>{{otp}}</speak>');
    await page.getByRole('link', { name: 'Templates' }).click();
    await page.clock.runFor(1_000);
    const cardOf = (locale: string) =>
      page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: locale, exact: true }) });
    await cardOf('en').getByRole('button', { name: 'Hear it' }).click();
    await cardOf('en').getByRole('button', { name: 'Stop' }).waitFor();
    await cardOf('de').getByRole('button', { name: 'Hear it' }).click();
    await cardOf('en').getByRole('button', { name: 'Hear it' }).waitFor();
    const { said } = await spokenBy(page);
    expect(said.map(({ lang }) => lang)).toEqual(['en-GB', 'de-DE']);
    await cardOf('fr').getByRole('button', { name: 'Hear it' }).click();
    await cardOf('fr').getByText('Nothing is heard: this browser has no voice for fr-FR.').waitFor();
    await cardOf('fr').getByRole('button', { name: 'Hear it' }).waitFor();
  });
});
