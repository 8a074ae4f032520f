import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decode } from '../../src/core/decode.ts';
import { numberList, standingOf } from '../../src/core/number-list.ts';
import { Secret } from '../../src/core/secret.ts';
import { problemsIn, valueIn } from '../support/decoded.ts';
import { marked } from '../support/marked.ts';

const standing = (written: unknown, number: string = marked.phone) =>
  standingOf(valueIn(decode(numberList, written)), new Secret(number));

describe('a number', () => {
  it('is unlisted on an empty list', () => {
    expect(standing({})).toBe('unlisted');
  });

  it('is denied or allowed by its exact form', () => {
    expect(standing({ deny: [marked.otherPhone, marked.phone] })).toBe('denied');
    expect(standing({ allow: [marked.otherPhone, marked.phone] })).toBe('allowed');
    expect(standing({ deny: [marked.otherPhone] })).toBe('unlisted');
  });

  it('is not meant by the start of a number unless * stands behind it', () => {
    const start = marked.phone.slice(0, -1);
    expect(standing({ deny: [start] })).toBe('unlisted');
    expect(standing({ deny: [`${start}*`] })).toBe('denied');
    expect(standing({ deny: [`${marked.phone}*`] })).toBe('denied');
    expect(standing({ deny: [`${marked.phone}0*`] })).toBe('unlisted');
    expect(standing({ deny: ['+4*'] })).toBe('unlisted');
  });

  it('is allowed when it is on both lists, whichever of them is the more exact', () => {
    expect(standing({ allow: [marked.phone], deny: ['+34*'] })).toBe('allowed');
    expect(standing({ allow: ['+34*'], deny: [marked.phone] })).toBe('allowed');
    expect(standing({ allow: [marked.phone], deny: ['+34*'] }, marked.landline)).toBe('denied');
  });

  it('is denied by each of its own beginnings, and by no beginning of another', () => {
    const digits = fc.stringMatching(/^[1-9]\d{7,14}$/).map((found) => `+${found}`);
    fc.assert(
      fc.property(digits, digits, fc.integer({ min: 2, max: 8 }), (number, other, length) => {
        const start = other.slice(0, length);
        expect(standing({ deny: [`${number.slice(0, length)}*`] }, number)).toBe('denied');
        expect(standing({ deny: [`${start}*`] }, number)).toBe(
          number.slice(0, length) === start ? 'denied' : 'unlisted',
        );
      }),
    );
  });
});

describe('the list of numbers', () => {
  it('is two lists, and may name the schema that an editor goes by', () => {
    const written = { $schema: './schemas/numbers.json', allow: ['+1*'], deny: ['+12065550100', '+123456789012345*'] };
    expect(valueIn(decode(numberList, written))).toMatchObject({ allow: written.allow, deny: written.deny });
    expect(valueIn(decode(numberList, {}))).toEqual({ allow: [], deny: [] });
  });

  it.each(['*', '+*', '34612345678', '+0612345678', '+34 612 345 678', '+3461*5678', '+34**', '+1234567890123456'])(
    'refuses %j',
    (entry) => {
      const message = 'must be a number in E.164 form, or the start of one with * behind it';
      expect(problemsIn(decode(numberList, { deny: ['+34*', entry] }))).toEqual([{ path: 'deny[1]', message }]);
      expect(problemsIn(decode(numberList, { allow: [entry] }))).toEqual([{ path: 'allow[0]', message }]);
    },
  );

  it('refuses a list by another name', () => {
    expect(problemsIn(decode(numberList, { block: ['+34*'], allow: null }))).toEqual([
      { path: 'block', message: 'is not a known setting' },
      { path: 'allow', message: 'must be a list' },
    ]);
  });
});
