import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Answer, Cause } from '../../src/core/failure-policy.ts';
import {
  answerFor,
  causeNames,
  causes,
  decidingCause,
  isFailure,
  nextStepAfter,
  sentenceFor,
} from '../../src/core/failure-policy.ts';

const withDefault = (answer: Answer) => causeNames.filter((cause) => answerFor(cause, {}) === answer);
const withNext = (next: string) => causeNames.filter((cause) => nextStepAfter(cause) === next);

describe('the default answers', () => {
  it('suppress what must not go out at all', () => {
    expect(withDefault('suppress')).toEqual([
      'number-denied',
      'country-blocked',
      'protect-country-blocked',
      'protect-number-blocked',
      'destination-country-blocked',
    ]);
  });

  it('tell the user of an opt-out, which only the user can undo', () => {
    expect(withDefault('error')).toEqual(['opted-out']);
  });

  it('let Okta send in every other case, an unlisted country among them', () => {
    expect(withDefault('fallback')).toHaveLength(causeNames.length - 6);
    expect(answerFor('country-unlisted', {})).toBe('fallback');
    expect(answerFor('kill-switch', {})).toBe('fallback');
  });

  it('give way to those that an operator wants, cause by cause', () => {
    const overrides = { 'country-unlisted': 'suppress', 'opted-out': 'fallback' } as const;
    expect(answerFor('country-unlisted', overrides)).toBe('suppress');
    expect(answerFor('opted-out', overrides)).toBe('fallback');
    expect(answerFor('country-blocked', overrides)).toBe('suppress');
  });
});

describe('what is tried next', () => {
  it('is nothing after a message that may have gone out, and after a block', () => {
    expect(withNext('stop')).toEqual(
      expect.arrayContaining(['ambiguous', ...withDefault('suppress'), 'kill-switch', 'expired-code', 'too-late']),
    );
  });

  it('is another text when the text is the problem', () => {
    expect(withNext('text')).toEqual(['no-template', 'message-refused']);
  });

  it('is the other channel when this one cannot reach the number', () => {
    expect(withNext('channel')).toEqual([
      'country-off',
      'country-unlisted',
      'landline',
      'opted-out',
      'daily-call-limit',
      'country-not-enabled',
      'spend-limit',
    ]);
  });

  it('is never a further send where the answer must hold', () => {
    const held = withDefault('suppress').map(nextStepAfter);
    expect(new Set(held)).toEqual(new Set(['stop']));
  });
});

describe('what the end user reads', () => {
  it('is a plain sentence with a way out for every cause', () => {
    for (const cause of causeNames) expect(sentenceFor(cause)).toMatch(/^[A-Z][^<>{}]+\. Choose another way to verify/);
  });

  it('says that the number has opted out, and nothing of ours', () => {
    expect(sentenceFor('opted-out')).toContain('opted out');
    for (const cause of causeNames) expect(sentenceFor(cause)).not.toMatch(/AWS|catalog|pool|identity|Lambda|Okta/i);
  });
});

describe('a failure', () => {
  it('is what neither the operator nor the user, Okta or AWS wanted', () => {
    const wanted = causeNames.filter((cause) => !isFailure(cause)).map((cause) => [cause, causes[cause].wantedBy]);
    expect(Object.fromEntries(wanted)).toEqual({
      'kill-switch': 'operator',
      'number-denied': 'operator',
      'country-blocked': 'operator',
      'country-off': 'operator',
      'country-unlisted': 'operator',
      landline: 'user',
      'expired-code': 'okta',
      'duplicate-in-flight': 'okta',
      'protect-country-blocked': 'operator',
      'protect-number-blocked': 'operator',
      'destination-country-blocked': 'aws',
      'opted-out': 'user',
      'daily-call-limit': 'user',
    });
  });

  it('is a limit that is reached, even if somebody set it', () => {
    expect((['spend-limit', 'price-over-threshold', 'quota-exceeded', 'throttled'] as const).map(isFailure)).toEqual([
      ...[true, true, true, true],
    ]);
  });

  it('is never what is suppressed, which would ring during an attack', () => {
    expect(withDefault('suppress').filter(isFailure)).toEqual([]);
  });
});

it('has every cause in words for operators', () => {
  for (const cause of causeNames) expect(causes[cause].words).toMatch(/^[a-z].{10,}[^.]$/);
});

describe('which of several causes decides', () => {
  const named = fc.constantFrom(...causeNames);

  it.each<{ met: readonly Cause[]; decides: Cause }>([
    { met: ['throttled'], decides: 'throttled' },
    { met: ['throttled', 'network'], decides: 'network' },
    { met: ['opted-out', 'no-template'], decides: 'opted-out' },
    { met: ['opted-out', 'destination-country-blocked'], decides: 'destination-country-blocked' },
    { met: ['landline', 'daily-call-limit'], decides: 'daily-call-limit' },
    // A country without calls must not hide that its SMS are throttled.
    { met: ['throttled', 'country-unlisted'], decides: 'throttled' },
    { met: ['throttled', 'network', 'country-off'], decides: 'network' },
    { met: [], decides: 'internal' },
  ])('is $decides of $met', ({ met, decides }) => {
    expect(decidingCause(met, {})).toBe(decides);
  });

  it('heeds the answers of an operator', () => {
    expect(decidingCause(['country-unlisted', 'network'], { 'country-unlisted': 'suppress' })).toBe('country-unlisted');
  });

  it('never answers milder than the strictest that was met', () => {
    const order = { fallback: 0, error: 1, suppress: 2 };
    fc.assert(
      fc.property(fc.array(named, { minLength: 1 }), (met) => {
        const decided = decidingCause(met, {});
        expect(met).toContain(decided);
        const strictest = Math.max(...met.map((cause) => order[answerFor(cause, {})]));
        expect(order[answerFor(decided, {})]).toBe(strictest);
      }),
    );
  });
});
