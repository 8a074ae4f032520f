import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isObject, parseJson } from '../../src/core/decode.ts';
import { dryRunPrefix, parseHookRequest } from '../../src/core/hook-request.ts';
import { requestTypes } from '../../src/core/request-type.ts';
import sample from '../fixtures/okta-hook-request.json' with { type: 'json' };
import { problemsIn, valueIn } from '../support/decoded.ts';
import { marked } from '../support/marked.ts';

type Place = readonly (string | number)[];

const placeOf = (path: string): Place => (path === '' ? [] : path.split('.'));

/** A copy of a JSON document with another value at a place; `undefined` takes the place out. */
function withValueAt(document: unknown, [head, ...rest]: Place, value: unknown): unknown {
  if (head === undefined) return value;
  if (!isObject(document)) throw new Error(`the document has no "${head}"`);
  const changed = { ...document, [head]: withValueAt(document[head], rest, value) };
  return Object.fromEntries(Object.entries(changed).filter(([, entry]) => entry !== undefined));
}

/** The paths of all objects and leaves of a document, itself included. */
function pathsOf(document: unknown, path = ''): readonly string[] {
  if (!isObject(document)) return [path];
  return [
    path,
    ...Object.keys(document).flatMap((key) => pathsOf(document[key], path === '' ? key : `${path}.${key}`)),
  ];
}

const isAtOrBelow = (path: string, place: string) => place === '' || path === place || path.startsWith(`${place}.`);

/** Okta's documented request, as of a Spanish user whose code, number and name are marked. */
const request = {
  ...sample,
  data: {
    ...sample.data,
    context: { request: { ...sample.data.context.request, url: { value: '/api/v1/authn/factors/verify' } } },
    userProfile: { ...sample.data.userProfile, firstName: marked.firstName },
    messageProfile: {
      ...sample.data.messageProfile,
      msgTemplate: `Your code is ${marked.otp}`,
      phoneNumber: marked.phone,
      otpCode: marked.otp,
      locale: 'es_MX',
    },
  },
};

const withValue = (path: string, value: unknown) => parseHookRequest(withValueAt(request, placeOf(path), value));
const inMessage = (key: string) => `data.messageProfile.${key}`;

describe('Okta’s documented sample request', () => {
  it('is decoded as it stands', () => {
    const decoded = valueIn(parseHookRequest(sample));
    expect(decoded).toMatchObject({
      eventId: 'uS5871kJThSsU8qlA1LTcg',
      requestType: 'pre-enrollment',
      requestId: 'reqRgSk8IBBRhuo0YdlEDTmUw',
      isPreview: true,
      isDryRun: false,
      channel: 'sms',
      expiresAt: Date.parse('2022-01-28T21:48:34.321Z'),
      locale: 'EN-US',
    });
    expect(decoded.firstName?.reveal()).toBe('test');
    expect(decoded.otp.reveal()).toBe('11111');
    expect(decoded.oktaText?.reveal()).toBe('(HOOK)Your code is 11111');
    // Okta's preview sends its number without the +.
    expect(decoded.phone.e164.reveal()).toBe('+9876543210');
  });

  it('is decoded alike with its code and number as JSON numbers, as Okta’s specification shows them', () => {
    const numbers = withValueAt(
      withValueAt(sample, placeOf(inMessage('otpCode')), 11111),
      placeOf(inMessage('phoneNumber')),
      9876543210,
    );
    const decoded = valueIn(parseHookRequest(numbers));
    expect(decoded.otp.reveal()).toBe('11111');
    expect(decoded.phone.e164.reveal()).toBe('+9876543210');
  });

  it('shows neither its code, its number nor its name when the decoded request is printed', () => {
    const printed = JSON.stringify(valueIn(parseHookRequest(request)));
    for (const secret of [marked.otp, marked.phone.slice(1), marked.firstName]) expect(printed).not.toContain(secret);
  });
});

describe('the delivery channel', () => {
  it.each([
    ['SMS', 'sms'],
    ['sms', 'sms'],
    ['voice call', 'voice'],
    ['VOICE CALL', 'voice'],
    ['Voice', 'voice'],
    ['CALL', 'voice'],
  ])('spelt "%s" is %s', (spelling, channel) => {
    expect(valueIn(withValue(inMessage('deliveryChannel'), spelling)).channel).toBe(channel);
  });

  it('that nobody knows is a problem at its place', () => {
    expect(problemsIn(withValue(inMessage('deliveryChannel'), 'carrier pigeon'))).toEqual([
      { path: 'data.messageProfile.deliveryChannel', message: 'must be SMS or voice call' },
    ]);
  });
});

describe('the code', () => {
  it.each([
    ['5 digits', '11111'],
    ['6 digits', marked.otp],
    ['one digit', '7'],
    ['leading zeros', '000042'],
    ['letters among its digits', 'A1b2C3'],
    ['32 digits', '1'.repeat(32)],
  ])('may have %s', (_, code) => {
    expect(valueIn(withValue(inMessage('otpCode'), code)).otp.reveal()).toBe(code);
  });

  it('may be 0 as a JSON number', () => {
    expect(valueIn(withValue(inMessage('otpCode'), 0)).otp.reveal()).toBe('0');
  });

  it.each<[string, unknown, string]>([
    ['a space', '739 146', 'must be a code of digits'],
    ['markup', '<break/>', 'must be a code of digits'],
    ['a placeholder', '{{otp}}', 'must be a code of digits'],
    ['33 digits', '1'.repeat(33), 'must be a code of digits'],
    ['65 digits', '1'.repeat(65), 'is longer than 64 characters'],
    ['white space around it', ` ${marked.otp}`, 'must be a string of digits'],
    ['nothing in it', '', 'is empty'],
    ['a sign', -11111, 'must be a string'],
    ['a fraction', 1111.5, 'must be a string'],
    ['more digits than a JSON number keeps', 2 ** 53, 'must be a string'],
  ])('is refused with %s', (_, code, message) => {
    expect(problemsIn(withValue(inMessage('otpCode'), code))).toEqual([{ path: inMessage('otpCode'), message }]);
  });
});

describe('the number', () => {
  it('may lack its +, and may be a JSON number', () => {
    for (const written of [marked.phone, marked.phone.slice(1), Number(marked.phone)]) {
      expect(valueIn(withValue(inMessage('phoneNumber'), written)).phone.e164.reveal()).toBe(marked.phone);
    }
  });

  it('is refused at its place with an extension', () => {
    expect(problemsIn(withValue(inMessage('phoneNumber'), `${marked.phone} x12`))).toEqual([
      { path: inMessage('phoneNumber'), message: 'has an extension, which a code cannot be sent to' },
    ]);
  });
});

describe('what the request is for', () => {
  it.each(requestTypes)('is %s', (type) => {
    expect(valueIn(withValue('requestType', `com.okta.user.telephony.${type}`)).requestType).toBe(type);
  });

  it('is one of the four types that Okta documents', () => {
    expect(requestTypes).toEqual(['pre-enrollment', 'mfa-verification', 'account-unlock', 'password-reset']);
  });

  it.each(['com.okta.user.telephony.something-new', 'pre-enrollment', undefined, null])(
    'is undefined for %s, and the request is served all the same',
    (type) => {
      expect(valueIn(withValue('requestType', type)).requestType).toBeUndefined();
    },
  );

  it('is no matter of a hook of another type', () => {
    expect(problemsIn(withValue('eventType', 'com.okta.oauth2.tokens.transform'))).toEqual([
      { path: 'eventType', message: 'must be one of com.okta.telephony.provider' },
    ]);
  });
});

describe('a request', () => {
  it('is Okta’s preview by the end of its URL', () => {
    const url = 'data.context.request.url.value';
    expect(valueIn(withValue(url, '/com.okta.telephony.provider/generatePreview')).isPreview).toBe(true);
    expect(valueIn(withValue(url, '/generatePreview/else')).isPreview).toBe(false);
    for (const absent of ['data.context.request.url', 'data.context.request', 'data.context']) {
      expect(valueIn(withValue(absent, undefined)).isPreview).toBe(false);
    }
  });

  it('is a dry run by the beginning of its event id', () => {
    expect(valueIn(withValue('eventId', `${dryRunPrefix}1`)).isDryRun).toBe(true);
    expect(valueIn(withValue('eventId', `1${dryRunPrefix}`)).isDryRun).toBe(false);
  });

  it.each([
    ['white space', 'a b', 'must be free of white space'],
    ['more than 256 characters', 'a'.repeat(257), 'is longer than 256 characters'],
    ['nothing', '', 'is empty'],
  ])('is refused with an event id of %s', (_, eventId, message) => {
    expect(problemsIn(withValue('eventId', eventId))).toEqual([{ path: 'eventId', message }]);
  });

  it.each([
    ['eventId', 256, ''],
    ['requestType', 4096, ''],
    ['data.context.request.id', 4096, ''],
    ['data.userProfile.firstName', 4096, ''],
    [inMessage('msgTemplate'), 4096, ''],
    [inMessage('deliveryChannel'), 64, 'sms'],
    [inMessage('otpExpires'), 64, '2022-01-28T21:48:34.'],
  ])('holds at %s up to %i characters', (path, max, start) => {
    const end = path.endsWith('otpExpires') ? 'Z' : '';
    const filler = path.endsWith('deliveryChannel') ? ' ' : '1';
    const ofLength = (length: number) => start.padEnd(length - end.length, filler) + end;
    expect(parsesWith(path, ofLength(max))).toBe(true);
    expect(problemsIn(withValue(path, ofLength(max + 1)))).toEqual([
      { path, message: `is longer than ${max} characters` },
    ]);
  });

  it.each(['2022-01-28T21:48:34.321Z', '2022-01-28T22:48:34.321+01:00'])(
    'says when its code stops working: %s',
    (time) => {
      expect(valueIn(withValue(inMessage('otpExpires'), time)).expiresAt).toBe(1643406514321);
    },
  );

  // JavaScript itself reads the first two, as a year and as a month.
  it.each(['11111', '5', 'in five minutes', '2022-13-45T00:00:00Z', '28/01/2022'])('has no expiry in "%s"', (time) => {
    expect(problemsIn(withValue(inMessage('otpExpires'), time))).toEqual([
      { path: inMessage('otpExpires'), message: 'must be an ISO 8601 time' },
    ]);
  });

  it.each([
    'data.context',
    'data.userProfile',
    inMessage('msgTemplate'),
    inMessage('otpExpires'),
    inMessage('locale'),
    'requestType',
    'eventType',
  ])('can do without %s, absent or null', (path) => {
    expect(parsesWith(path, undefined)).toBe(true);
    expect(parsesWith(path, null)).toBe(true);
  });

  it.each(['', ' '])('has no name, locale, message or id where there is only "%s"', (nothing) => {
    expect(valueIn(withValue('data.userProfile.firstName', nothing)).firstName).toBeUndefined();
    expect(valueIn(withValue(inMessage('locale'), nothing)).locale).toBeUndefined();
    expect(valueIn(withValue(inMessage('msgTemplate'), nothing)).oktaText).toBeUndefined();
    expect(valueIn(withValue('data.context.request.id', nothing)).requestId).toBeUndefined();
  });

  // The AWS guidance kept the language in a variable of its module, and a user without one got that of the user before.
  it('without a locale has none, whoever was served before', () => {
    expect(valueIn(withValue(inMessage('locale'), 'es')).locale).toBe('es');
    expect(valueIn(withValue(inMessage('locale'), undefined)).locale).toBeUndefined();
  });

  it('that lacks everything hears of everything at once', () => {
    expect(problemsIn(parseHookRequest({ data: { messageProfile: {} } }))).toEqual(
      ['eventId', inMessage('phoneNumber'), inMessage('deliveryChannel'), inMessage('otpCode')].map((path) => ({
        path,
        message: 'is missing',
      })),
    );
  });
});

const parsesWith = (path: string, value: unknown) => withValue(path, value).ok;

/** The only places that must be there, and be what they should. */
const required = [
  '',
  'eventId',
  'data',
  'data.messageProfile',
  ...['phoneNumber', 'deliveryChannel', 'otpCode'].map(inMessage),
];
/** The places that are read. A value of the wrong type there is a problem; anywhere else it is nobody's business. */
const read = [
  ...required,
  'eventType',
  'requestType',
  'data.context',
  'data.context.request',
  'data.context.request.id',
  'data.context.request.url',
  'data.context.request.url.value',
  'data.userProfile',
  'data.userProfile.firstName',
  ...['msgTemplate', 'otpExpires', 'locale'].map(inMessage),
];
const objects = pathsOf(request).filter((path) =>
  pathsOf(request).some((other) => other !== path && isAtOrBelow(other, path)),
);

describe('a value of the wrong type', () => {
  it.each(pathsOf(request).map((path) => ({ path })))(
    'at "$path" is a problem there or below, or no matter at all',
    ({ path }) => {
      const wrong: readonly (readonly [unknown, boolean])[] = [
        [undefined, required.includes(path)],
        [null, required.includes(path)],
        [true, read.includes(path)],
        [-1.5, read.includes(path)],
        [Number(marked.otp), read.includes(path) && ![inMessage('otpCode'), inMessage('phoneNumber')].includes(path)],
        [[marked.otp, marked.phone, marked.firstName], read.includes(path)],
        [
          { [marked.firstName]: marked.otp },
          required.includes(path) || (read.includes(path) && !objects.includes(path)),
        ],
        [marked.firstName.repeat(400), read.includes(path)],
      ];
      for (const [value, isRefused] of wrong) {
        const decoded = withValue(path, value);
        if (isRefused) expect(decoded.ok, JSON.stringify(value)?.slice(0, 20)).toBe(false);
        else if (!read.includes(path)) expect(decoded).toEqual(parseHookRequest(request));
        if (!decoded.ok)
          for (const problem of decoded.problems) expect(problem.path).toSatisfy((at: string) => isAtOrBelow(at, path));
      }
    },
  );

  it('anywhere never makes the decoder throw, nor say the code, the number or the name', () => {
    const value = fc.oneof(
      fc.jsonValue(),
      fc.constantFrom(marked.otp, marked.phone, marked.firstName, Number(marked.otp), Number(marked.phone)),
      fc.constant({ [marked.firstName]: [marked.phone, { code: marked.otp }] }),
    );
    fc.assert(
      fc.property(fc.constantFrom(...pathsOf(request)), value, (path, replacement) => {
        const decoded = withValue(path, replacement);
        if (decoded.ok) return;
        expect(decoded.problems.length).toBeGreaterThan(0);
        const said = JSON.stringify(decoded.problems);
        for (const secret of [marked.otp, marked.phone.slice(1), marked.firstName]) expect(said).not.toContain(secret);
        for (const problem of decoded.problems) expect(isAtOrBelow(problem.path, path)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it('is found in whatever JSON may come', () => {
    fc.assert(
      fc.property(fc.json(), (body) => {
        expect(problemsIn(parseHookRequest(valueIn(parseJson(body)))).length).toBeGreaterThan(0);
      }),
    );
  });
});

it('takes an empty otpExpires for one that Okta did not send', () => {
  expect(valueIn(withValue('data.messageProfile.otpExpires', '')).expiresAt).toBeUndefined();
});
