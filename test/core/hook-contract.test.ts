import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkAssignment, checkHookBody, contractPaths, pathsLike, setField } from '../../src/core/hook-contract.ts';
import { parseHookRequest } from '../../src/core/hook-request.ts';
import { parseLocale } from '../../src/core/locale.ts';
import { parsePhone } from '../../src/core/phone.ts';
import { requestTypePrefix, requestTypes } from '../../src/core/request-type.ts';
import { hookBody } from '../support/local-cloud.ts';

/** What the decoder makes of the field, in the form in which it was set. */
function readBack(path: string, value: string): unknown {
  const parsed = parseHookRequest(setField(hookBody(), { path, value }));
  if (!parsed.ok) return parsed.problems;
  const { eventId, requestType, requestId, firstName, channel, phone, otp, expiresAt, locale, oktaText } = parsed.value;
  const read = new Map<string, unknown>([
    ['eventId', eventId],
    ['requestType', requestType],
    ['data.context.request.id', requestId],
    ['data.userProfile.firstName', firstName?.reveal()],
    ['data.messageProfile.deliveryChannel', channel],
    ['data.messageProfile.phoneNumber', phone.e164.reveal()],
    ['data.messageProfile.otpCode', otp.reveal()],
    ['data.messageProfile.otpExpires', expiresAt],
    ['data.messageProfile.locale', locale],
    ['data.messageProfile.msgTemplate', oktaText?.reveal()],
  ]);
  return read.get(path);
}

/** What a person meant by a value that was accepted. */
function meant(path: string, value: string): unknown {
  switch (path) {
    case 'requestType':
      return requestTypes.find((type) => requestTypePrefix + type === value);
    case 'data.messageProfile.deliveryChannel':
      return /sms/i.test(value) ? 'sms' : 'voice';
    case 'data.messageProfile.phoneNumber': {
      const phone = parsePhone(value);
      return phone.ok ? phone.value.e164.reveal() : 'no number';
    }
    case 'data.messageProfile.otpExpires':
      return value === '' ? undefined : Date.parse(value);
    case 'data.userProfile.firstName':
    case 'data.messageProfile.locale':
    case 'data.messageProfile.msgTemplate':
      return value === '' ? undefined : value;
    default:
      return value;
  }
}

const readPaths = [
  'eventId',
  'requestType',
  'data.context.request.id',
  'data.userProfile.firstName',
  'data.messageProfile.deliveryChannel',
  'data.messageProfile.phoneNumber',
  'data.messageProfile.otpCode',
  'data.messageProfile.otpExpires',
  'data.messageProfile.locale',
  'data.messageProfile.msgTemplate',
];

const plausible = fc.oneof(
  fc.string(),
  fc.constantFrom('', ' ', 'SMS', 'sms', 'Voice', 'voice call', 'CALL', 'fax', 'pt-BR', 'en_US', 'es-419', '739146'),
  fc.constantFrom(...requestTypes.map((type) => requestTypePrefix + type), `${requestTypePrefix}from-the-future`),
  fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('2999-01-01') }).map((date) => date.toISOString()),
  fc.bigInt({ min: 1_000_000n, max: 999_999_999_999_999n }).map((digits) => `+${digits}`),
  fc.stringMatching(/^[0-9]{1,12}$/),
);

describe('the contract of the hook request', () => {
  it("has exactly the fields of Okta's documented request", () => {
    const leaves = (value: object, above: string): string[] =>
      Object.entries(value).flatMap(([key, inner]: [string, unknown]) =>
        typeof inner === 'object' && inner !== null ? leaves(inner, `${above}${key}.`) : [`${above}${key}`],
      );
    expect(leaves(hookBody(), '')).toEqual(contractPaths);
  });

  it('accepts every field of the sample as it is', () => {
    expect(checkHookBody(hookBody())).toEqual({ ok: true, value: { body: expect.anything(), unknownPaths: [] } });
  });

  it('whatever it accepts, the decoder reads as it was meant', () => {
    fc.assert(
      fc.property(fc.constantFrom(...readPaths), plausible, (path, value) => {
        fc.pre(checkAssignment({ path, value }).length === 0);
        expect(readBack(path, value)).toEqual(meant(path, value));
      }),
      { numRuns: 3000 },
    );
  });

  it('whatever it accepts of the fields that nobody reads, the decoder takes the request', () => {
    fc.assert(
      fc.property(fc.constantFrom(...contractPaths), plausible, (path, value) => {
        fc.pre(checkAssignment({ path, value }).length === 0);
        expect(parseHookRequest(setField(hookBody(), { path, value })).ok).toBe(true);
        expect(checkHookBody(setField(hookBody(), { path, value })).ok).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });

  it('a locale that it accepts is a tag', () => {
    expect(checkAssignment({ path: 'data.messageProfile.locale', value: 'pt-BR' })).toEqual([]);
    expect(parseLocale('not a tag')).toBeUndefined();
    expect(checkAssignment({ path: 'data.messageProfile.locale', value: 'not a tag' })).toEqual([
      { path: 'data.messageProfile.locale', message: 'must be a BCP 47 tag such as pt-BR' },
    ]);
  });

  it.each([
    ['eventId', 'two words'],
    ['eventType', 'com.okta.another'],
    ['requestType', 'password-reset'],
    ['eventTime', 'yesterday'],
    ['data.context.request.method', 'post'],
    ['data.context.request.ipAddress', 'here'],
    ['data.messageProfile.deliveryChannel', 'fax'],
    ['data.messageProfile.otpExpires', 'soon'],
    ['data.messageProfile.otpCode', ''],
    ['data.messageProfile.phoneNumber', 'home'],
  ])('refuses a %s that is none, and names it alone', (path, value) => {
    const [problem] = checkAssignment({ path, value });
    expect(problem?.path).toBe(path);
    if (value !== '') expect(problem?.message).not.toContain(value);
  });

  it.each(['data', 'data.messageProfile', 'data.messageProfile.otp', 'locale', '__proto__', 'toString'])(
    'has no field %s',
    (path) => {
      expect(checkAssignment({ path, value: 'x' })).toEqual([{ path, message: 'is no field of the hook request' }]);
    },
  );

  it('knows what a mistyped path may have meant', () => {
    expect(pathsLike('locale')).toEqual(['data.messageProfile.locale']);
    expect(pathsLike('data.profile.LOCALE')).toEqual(['data.messageProfile.locale']);
    expect(pathsLike('data.userProfile')).toHaveLength(4);
    expect(pathsLike('nothing')).toEqual([]);
  });
});

describe('setting a field', () => {
  it('changes that one alone and leaves what it was given', () => {
    const before = hookBody();
    const copy = structuredClone(before);
    const after = setField(before, { path: 'data.messageProfile.locale', value: 'fr' });
    expect(before).toEqual(copy);
    expect(after).toEqual({
      ...copy,
      data: { ...copy.data, messageProfile: { ...copy.data.messageProfile, locale: 'fr' } },
    });
  });

  it('makes the objects that are missing on the way', () => {
    expect(setField({ data: 'odd' }, { path: 'data.messageProfile.locale', value: 'fr' })).toEqual({
      data: { messageProfile: { locale: 'fr' } },
    });
    expect(setField({}, { path: 'data.userProfile.login', value: 'x' })).toEqual({
      data: { userProfile: { login: 'x' } },
    });
  });
});

describe('checking a whole request', () => {
  it('tells what the contract does not have', () => {
    const body = { ...hookBody(), novelty: { deep: 1 }, list: [1] };
    expect(checkHookBody(body)).toMatchObject({ ok: true, value: { unknownPaths: ['novelty.deep', 'list'] } });
  });

  it('reports what is missing and what is of another form, each once', () => {
    const body = setField({ ...hookBody(), eventTime: 5 }, { path: 'data.messageProfile.otpExpires', value: 'soon' });
    const { eventId: _, ...rest } = body;
    const checked = checkHookBody(rest);
    expect(checked.ok ? [] : checked.problems.map(({ path }) => path)).toEqual([
      'eventTime',
      'data.messageProfile.otpExpires',
      'eventId',
    ]);
  });

  it('takes a null for a field that is not there', () => {
    const body = { ...hookBody(), source: null };
    expect(checkHookBody(body).ok).toBe(true);
  });

  it.each([[[]], ['text'], [null]])('refuses %j, which is no request', (value) => {
    expect(checkHookBody(value)).toEqual({ ok: false, problems: [{ path: '', message: 'must be an object' }] });
  });
});
