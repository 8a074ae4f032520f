import { describe, expect, it } from 'vitest';
import { decode } from '../../src/core/decode.ts';
import { composed } from '../../src/dev/compose.ts';
import { marked } from '../support/marked.ts';

const phoneNumber = marked.phone;
const problemsOf = (typed: object) => {
  const decoded = decode(composed, typed);
  return decoded.ok ? [] : decoded.problems;
};

describe('a composed request', () => {
  it('needs a number, and the rest is made up', () => {
    expect(decode(composed, { phoneNumber })).toEqual({
      ok: true,
      value: {
        channel: 'sms',
        requestType: 'mfa-verification',
        locale: 'en-US',
        phoneNumber,
        firstName: undefined,
        lastName: undefined,
        otp: undefined,
        eventId: undefined,
      },
    });
    expect(problemsOf({}).map(({ path }) => path)).toEqual(['phoneNumber']);
  });

  it('takes a number as people write it', () => {
    const spaced = phoneNumber.replace(/(\d{3})/g, '$1 ');
    expect(decode(composed, { phoneNumber: spaced })).toMatchObject({ ok: true, value: { phoneNumber } });
  });

  it.each([
    ['phoneNumber', 'home'],
    ['phoneNumber', '+34 1'],
    ['channel', 'fax'],
    ['requestType', 'com.okta.user.telephony.mfa-verification'],
    ['locale', 'not a tag'],
    ['firstName', 'x'.repeat(51)],
    ['lastName', 7],
    ['otp', '123'],
    ['otp', '12345678901'],
    ['otp', 'abcdef'],
    ['eventId', 'with space'],
    ['colour', 'red'],
  ])('is refused by its field "%s"', (field, value) => {
    const problems = problemsOf({ phoneNumber, [field]: value });
    expect(problems.map(({ path }) => path)).toEqual([field]);
    if (typeof value === 'string' && value.length > 3) expect(problems[0]?.message).not.toContain(value);
  });
});
