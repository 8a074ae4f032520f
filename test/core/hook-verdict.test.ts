import { describe, expect, it } from 'vitest';
import { actionReply, badRequestReply, errorReply } from '../../src/core/hook-response.ts';
import { judgeHookResponse, oktaWaitsMs } from '../../src/core/hook-verdict.ts';

const action = (status: unknown) => ({ commands: [{ type: 'com.okta.telephony.action', value: [{ status }] }] });
const noStatus = 'the answer has no status at commands[0].value[0].status';

describe('Okta takes the code for sent', () => {
  it.each([
    ['SUCCESSFUL', 'Okta takes the code for sent'],
    ['PENDING', 'Okta takes the code for accepted, not yet delivered'],
  ])('after a timely 200 with %s', (status, reason) => {
    const answer = { status: 200, body: action(status), tookMs: oktaWaitsMs - 1 };
    expect(judgeHookResponse(answer)).toEqual({ codeTakenForSent: true, reason });
  });

  it('after our own success', () => {
    const reply = actionReply('SUCCESSFUL', { provider: 'AWS', transactionId: 'msg-1', metadata: 'parts=1' });
    expect(judgeHookResponse({ ...reply, tookMs: 10 }).codeTakenForSent).toBe(true);
  });
});

describe('Okta sends the code itself', () => {
  it.each<[string, { status?: number; body?: unknown; tookMs?: number }, string]>([
    ['an answer after 3 s', { tookMs: 3000 }, 'no answer within 3000 ms'],
    ['a 400', { status: 400 }, 'HTTP 400 instead of 200'],
    ['a 500', { status: 500 }, 'HTTP 500 instead of 200'],
    ['a 204', { status: 204, body: undefined }, 'HTTP 204 instead of 200'],
    ['our own answer to a bad request', badRequestReply([]), 'HTTP 400 instead of 200'],
    ['our own error', errorReply('This number cannot receive codes.'), 'the answer is an error'],
    ['our own failure', actionReply('FAILED', { provider: 'AWS' }), 'the answer has the status FAILED'],
    ['an error beside a success', { body: { ...action('SUCCESSFUL'), error: {} } }, 'the answer is an error'],
    ['no body', { body: undefined }, 'the answer is not a JSON object'],
    ['a text', { body: 'SUCCESSFUL' }, 'the answer is not a JSON object'],
    ['a list', { body: [action('SUCCESSFUL')] }, 'the answer is not a JSON object'],
    ['the status SUCCESS, as some samples have it', { body: action('SUCCESS') }, 'the status is none that Okta knows'],
    ['a status in lower case', { body: action('successful') }, 'the status is none that Okta knows'],
    ['a status that is no string', { body: action(1) }, noStatus],
    ['an empty object', { body: {} }, noStatus],
    ['no command', { body: { commands: [] } }, noStatus],
    ['a command that is a string', { body: { commands: ['SUCCESSFUL'] } }, noStatus],
    ['commands that are no list', { body: { commands: action('SUCCESSFUL').commands[0] } }, noStatus],
    ['no value', { body: { commands: [{ type: 'com.okta.telephony.action' }] } }, noStatus],
    [
      'a value that is no list, as some samples have it',
      { body: { commands: [{ type: 'com.okta.telephony.action', value: { status: 'SUCCESSFUL' } }] } },
      noStatus,
    ],
    [
      'the command of another hook',
      { body: { commands: [{ type: 'com.okta.action.update', value: [{ status: 'SUCCESSFUL' }] }] } },
      noStatus,
    ],
  ])('after %s', (_, answer, reason) => {
    const whole = { status: 200, body: action('SUCCESSFUL'), tookMs: 10, ...answer };
    expect(judgeHookResponse(whole)).toEqual({ codeTakenForSent: false, reason });
  });
});
