import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Decoder } from '../../src/core/decode.ts';
import {
  array,
  boolean,
  choose,
  decode,
  embedded,
  exactObject,
  integer,
  nullable,
  number,
  object,
  oneOf,
  optional,
  parseJson,
  record,
  refine,
  renderProblems,
  string,
  withDefault,
} from '../../src/core/decode.ts';
import { problemsIn, valueIn } from '../support/decoded.ts';
import { marked } from '../support/marked.ts';

const letters = { pattern: /^[a-z]+$/ };
const upper = refine(string(), (value, refuse) =>
  value === 'forbidden' ? refuse('is forbidden') : value.toUpperCase(),
);
const even = embedded(integer(), (value) =>
  value % 2 === 0
    ? { ok: true, value: value / 2 }
    : {
        ok: false,
        problems: [
          { path: '', message: 'must be even' },
          { path: 'half', message: 'must be whole' },
        ],
      },
);

describe('a decoder takes what fits and says what is wrong with the rest', () => {
  it.each<[string, Decoder<unknown>, unknown, unknown]>([
    ['a string', string(), 'hello', 'hello'],
    ['a string of the greatest length', string({ max: 5 }), 'hello', 'hello'],
    ['a string of the asked form', string(letters), 'hello', 'hello'],
    ['a number', number(), -1.5, -1.5],
    ['the least number', number({ min: 1, max: 2 }), 1, 1],
    ['the greatest number', number({ min: 1, max: 2 }), 2, 2],
    ['a whole number', integer(), 3, 3],
    ['true', boolean, true, true],
    ['false', boolean, false, false],
    ['one of a set', oneOf(['sms', 'voice']), 'voice', 'voice'],
    ['an absent optional', optional(string()), undefined, undefined],
    ['a null optional', optional(string()), null, undefined],
    ['a present optional', optional(string()), 'hello', 'hello'],
    ['a null that may be one', nullable(string()), null, undefined],
    ['a value that may be null', nullable(string()), 'hello', 'hello'],
    ['an absent value with a default', withDefault(number(), 7), undefined, 7],
    ['a present value with a default', withDefault(number(), 7), 8, 8],
    ['an empty list', array(number()), [], []],
    ['a list', array(number()), [1, 2], [1, 2]],
    ['a map', record(number()), { a: 1, b: 2 }, { a: 1, b: 2 }],
    ['an object, without what nobody asked for', object({ a: number() }), { a: 1, b: 2 }, { a: 1 }],
    ['an exact object', exactObject({ a: number(), b: optional(number()) }), { a: 1 }, { a: 1, b: undefined }],
    ['a refined value', upper, 'hello', 'HELLO'],
    ['a value that another parser reads', even, 4, 2],
    [
      'a value whose decoder depends on it',
      choose<string | number>((v) => (typeof v === 'number' ? number() : string())),
      5,
      5,
    ],
  ])('takes %s', (_, decoder, value, expected) => {
    expect(valueIn(decode(decoder, value))).toEqual(expected);
  });

  it.each<[string, Decoder<unknown>, unknown, string]>([
    ['an absent string', string(), undefined, 'is missing'],
    ['a number for a string', string(), 5, 'must be a string'],
    ['a string of white space', string(), ' \n', 'is empty'],
    ['a string that is too long', string({ max: 5 }), 'hello!', 'is longer than 5 characters'],
    ['a string of another form', string(letters), 'A', 'must be of another form'],
    [
      'a string of another form, in words',
      string({ ...letters, expected: 'in lower case' }),
      'A',
      'must be in lower case',
    ],
    ['an absent number', number(), undefined, 'is missing'],
    ['a string for a number', number(), '5', 'must be a number'],
    ['an infinite number', number(), Number.POSITIVE_INFINITY, 'must be a number'],
    ['no number', number(), Number.NaN, 'must be a number'],
    ['a number that is too small', number({ min: 1 }), 0.9, 'must be at least 1'],
    ['a number that is too large', number({ max: 2 }), 2.1, 'must be at most 2'],
    ['a fraction for a whole number', integer(), 1.5, 'must be a whole number'],
    ['a string for a whole number', integer(), '1', 'must be a number'],
    ['an absent boolean', boolean, undefined, 'is missing'],
    ['a word for a boolean', boolean, 'true', 'must be true or false'],
    ['an absent choice', oneOf(['sms', 'voice']), undefined, 'is missing'],
    ['a choice that is none of the set', oneOf(['sms', 'voice']), 'fax', 'must be one of sms, voice'],
    ['an absent value that may be null', nullable(string()), undefined, 'is missing (null says that there is none)'],
    ['another value than the one that may be null', nullable(string()), 5, 'must be a string'],
    ['null where only absence has a default', withDefault(number(), 7), null, 'must be a number'],
    ['an absent list', array(number()), undefined, 'is missing'],
    ['an object for a list', array(number()), { length: 0 }, 'must be a list'],
    ['an absent map', record(number()), undefined, 'is missing'],
    ['a list for a map', record(number()), [1], 'must be an object'],
    ['an absent object', object({}), undefined, 'is missing'],
    ['null for an object', object({}), null, 'must be an object'],
    ['a list for an exact object', exactObject({}), [], 'must be an object'],
    ['what a refinement refuses', upper, 'forbidden', 'is forbidden'],
    ['what comes before the other parser', even, 'four', 'must be a number'],
  ])('refuses %s', (_, decoder, value, message) => {
    expect(problemsIn(decode(decoder, value))).toEqual([{ path: '', message }]);
  });
});

describe('the path of a problem', () => {
  it('names list items by index and object members by key, and the first problem never hides the second', () => {
    const decoder = object({ issuers: array(string()), limits: record(number()), even });
    expect(problemsIn(decode(decoder, { issuers: ['a', 5, null], limits: { FR: 1, ES: '2' }, even: 3 }))).toEqual([
      { path: 'issuers[1]', message: 'must be a string' },
      { path: 'issuers[2]', message: 'must be a string' },
      { path: 'limits.ES', message: 'must be a number' },
      { path: 'even', message: 'must be even' },
      { path: 'even.half', message: 'must be whole' },
    ]);
  });

  it('starts where the caller says', () => {
    expect(problemsIn(decode(object({ a: string() }), {}, 'settings'))).toEqual([
      { path: 'settings.a', message: 'is missing' },
    ]);
  });

  it('shows a key that nobody knows in a file that people write, beside what is wrong with the known ones', () => {
    expect(problemsIn(decode(exactObject({ a: number() }), { a: 'one', b: 2 }))).toEqual([
      { path: 'b', message: 'is not a known setting' },
      { path: 'a', message: 'must be a number' },
    ]);
    expect(problemsIn(decode(exactObject({ a: number() }), { a: 1, b: 2 }))).toEqual([
      { path: 'b', message: 'is not a known setting' },
    ]);
  });

  it('is rendered before its message, and the whole input by a name', () => {
    const problems = [
      { path: '', message: 'is not valid JSON' },
      { path: 'data.locale', message: 'must be a string' },
    ];
    expect(renderProblems(problems, 'the body')).toBe('the body is not valid JSON; data.locale must be a string');
  });
});

describe('a step that comes after a decoder', () => {
  it.each<[string, Decoder<unknown>, unknown]>([
    ['a list with a wrong item', array(number()), [1, 'two']],
    ['a map with a wrong value', record(number()), { a: 1, b: 'two' }],
    ['an object with a wrong member', object({ a: number(), b: number() }), { a: 1, b: 'two' }],
    ['an exact object with a key too many', exactObject({ a: number() }), { a: 1, b: 2 }],
    ['what another step refused', upper, 'forbidden'],
    ['what another parser refused', even, 3],
    ['what another parser was not given', even, 'three'],
  ])('never sees %s', (_, decoder, value) => {
    const seen: unknown[] = [];
    const watching = refine(decoder, (decoded) => {
      seen.push(decoded);
      return decoded;
    });
    expect(decode(watching, value).ok).toBe(false);
    expect(seen).toEqual([]);
  });
});

describe('an input from outside', () => {
  it('never reads what an object inherits', () => {
    expect(problemsIn(decode(object({ toString: string() }), {}))).toEqual([
      { path: 'toString', message: 'is missing' },
    ]);
    expect(problemsIn(decode(exactObject({}), JSON.parse('{"constructor":1}')))).toEqual([
      { path: 'constructor', message: 'is not a known setting' },
    ]);
  });

  it('cannot set the prototype of what comes out', () => {
    const decoded = valueIn(decode(record(record(number())), JSON.parse('{"__proto__":{"polluted":1}}')));
    expect(Object.getPrototypeOf(decoded)).toBe(Object.prototype);
    expect(Object.keys(decoded)).toEqual(['__proto__']);
  });

  it('counts as refused when a decoder adds a problem and still gives a value', () => {
    const lenient: Decoder<string> = (_, path, problems) => {
      problems.push({ path, message: 'is odd' });
      return 'value';
    };
    expect(problemsIn(decode(lenient, 1))).toEqual([{ path: '', message: 'is odd' }]);
  });

  it('is parsed as JSON, and a syntax error does not quote it', () => {
    expect(valueIn(parseJson('{"a":[1]}'))).toEqual({ a: [1] });
    expect(problemsIn(parseJson(`{"otpCode":${marked.otp}x`))).toEqual([{ path: '', message: 'is not valid JSON' }]);
  });

  it('gives a value or problems whatever it is, never an exception', () => {
    const decoder = exactObject({ a: array(object({ b: string() })), c: record(optional(integer())), d: boolean });
    fc.assert(
      fc.property(
        fc.oneof(fc.jsonValue(), fc.record({ a: fc.jsonValue(), c: fc.jsonValue(), d: fc.jsonValue() })),
        (value) => {
          const decoded = decode(decoder, value);
          return decoded.ok || decoded.problems.length > 0;
        },
      ),
    );
  });
});

it('shows the first twenty problems and counts the rest', () => {
  const problems = Array.from({ length: 23 }, (_, index) => ({ path: `items[${index}]`, message: 'is missing' }));
  const rendered = renderProblems(problems, 'the file').split('; ');
  expect(rendered).toHaveLength(21);
  expect(rendered.at(-1)).toBe('and 3 more');
});
