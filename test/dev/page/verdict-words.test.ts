import { describe, expect, it } from 'vitest';
import type { Delivery } from '../../../src/dev/events.ts';
import { verdictWords } from '../../../src/dev/page/verdict-words.ts';

const base: Delivery = {
  id: 'request-1',
  at: 0,
  from: 'page',
  status: 200,
  steps: [],
  verdict: { codeTakenForSent: true, reason: 'Okta takes the code for sent' },
  tookMs: 80,
  budgetMs: 3000,
};
const late = { codeTakenForSent: false, reason: 'no answer within 3000 ms' };
const twice = 'The message went out all the same: the user gets the code twice.';
const wordsOf = (change: Partial<Delivery>) => verdictWords({ ...base, ...change });

describe('where Okta takes the code for sent, the user', () => {
  it.each<[string, Delivery['record'], string, string?]>([
    ['has one code', { outcome: 'accepted' }, 'The user has one code.'],
    [
      'has the first one of a repeated event',
      { outcome: 'duplicate', answer: 'successful' },
      'This event had been answered before, so no second message went out.',
    ],
    [
      'gets none where a refusal holds',
      { outcome: 'refused', answer: 'suppress', cause: 'country-blocked' },
      'Nothing was sent, and Okta, which is told SUCCESSFUL, does not send it either.',
      'warn',
    ],
    [
      'gets none of a dry run',
      { outcome: 'accepted', dryRun: true },
      'This was a dry run: nothing goes out, whatever the answer is.',
      'warn',
    ],
  ])('%s', (_, record, consequence, tone = 'good') => {
    expect(wordsOf({ record })).toEqual({ tone, headline: 'Okta takes the code for sent.', consequence });
  });
});

describe('where Okta sends the code itself, the user', () => {
  const fromOkta = 'The user gets the code from Okta, if Okta may send to that number.';
  it.each<[string, Partial<Delivery>, string]>([
    ['gets it from Okta', { record: { outcome: 'refused', cause: 'throttled', attempts: [] } }, fromOkta],
    ['gets it from Okta where the sender was not reached', { record: undefined }, fromOkta],
    ['gets it from Okta where the log line is none', { record: { outcome: 3 } }, fromOkta],
    ['gets it twice when the answer was late', { messageId: 'message-1', record: { outcome: 'accepted' } }, twice],
    [
      'gets it twice when the answer to a repeated event was late',
      { record: { outcome: 'duplicate', answer: 'successful' } },
      twice,
    ],
    [
      'gets it from Okta when a repeated event is answered as before',
      { record: { outcome: 'duplicate', answer: 'fallback' } },
      fromOkta,
    ],
    [
      'perhaps gets it twice when the first one of the event was still on its way',
      { record: { outcome: 'refused', cause: 'duplicate-in-flight' } },
      'The same event was still on its way: if its message goes out, the user gets the code twice.',
    ],
    [
      'perhaps gets it twice when the service did not answer',
      { record: { outcome: 'refused', cause: 'ambiguous', attempts: [{ outcome: 'ambiguous' }] } },
      'Nobody knows whether the message went out too: the user may get the code twice.',
    ],
  ])('%s', (_, change, consequence) => {
    expect(wordsOf({ verdict: late, ...change })).toEqual({
      tone: 'bad',
      headline: 'Okta sends the code itself: no answer within 3000 ms.',
      consequence,
    });
  });
});
