import { describe, expect, it } from 'vitest';
import type { Facts } from '../../src/core/expectation.ts';
import { factNames, parseExpectation, unmetBy } from '../../src/core/expectation.ts';

const parsed = (written: string) => {
  const expectation = parseExpectation(written);
  if (!expectation.ok) throw new Error('not an expectation');
  return expectation.value;
};

describe('an expectation', () => {
  it.each([
    ['status=SUCCESSFUL', 'status', 'SUCCESSFUL'],
    ['maxMs=2500', 'maxMs', '2500'],
    ['locale=ES_mx', 'locale', 'es-MX'],
    ['locale=none', 'locale', 'none'],
    ['cause=throttled', 'cause', 'throttled'],
    ['country=ES', 'country', 'ES'],
    ['identity=+34…56', 'identity', '+34…56'],
    ['receipt=TEXT_DELIVERED', 'receipt', 'TEXT_DELIVERED'],
    ['template=general', 'template', 'general'],
  ])('%s is read', (written, name, value) => {
    expect(parsed(written)).toEqual({ name, value });
  });

  it.each(['color=red', '', '=', 'status '])('%j is nothing that can be expected', (written) => {
    expect(parseExpectation(written)).toEqual({
      ok: false,
      problems: [{ path: '', message: 'is nothing that can be expected of a call' }],
    });
  });

  it.each(factNames)('of %s needs a value', (name) => {
    for (const written of [name, `${name}=`]) {
      expect(parseExpectation(written)).toMatchObject({ ok: false, problems: [{ path: name }] });
    }
  });

  it.each(['status=GOOD', 'maxMs=fast', 'locale=a b', 'country=Spain', 'cause=bad-luck', 'parts=-1', 'ledger=maybe'])(
    'refuses %s',
    (written) => {
      expect(parseExpectation(written).ok).toBe(false);
    },
  );
});

describe('what was not met', () => {
  const facts: Facts = { status: 'SUCCESSFUL', maxMs: 812.4, parts: 2, locale: 'es' };
  const unmet = (...written: string[]) => unmetBy(facts, written.map(parsed));

  it('is nothing when all is as expected', () => {
    expect(unmet('status=SUCCESSFUL', 'maxMs=813', 'parts=2', 'locale=es', 'cause=none')).toEqual([]);
  });

  it('says what was expected and what came', () => {
    expect(unmet('status=FAILED', 'parts=1', 'identity=ACME')).toEqual([
      { name: 'status', expected: 'FAILED', got: 'SUCCESSFUL' },
      { name: 'parts', expected: '1', got: '2' },
      { name: 'identity', expected: 'ACME', got: 'none' },
    ]);
  });

  it('measures time against the most that is allowed', () => {
    expect(unmet('maxMs=812')).toEqual([{ name: 'maxMs', expected: 'at most 812 ms', got: '812 ms' }]);
    expect(unmetBy({}, [parsed('maxMs=812')])).toEqual([{ name: 'maxMs', expected: 'at most 812 ms', got: 'no time' }]);
  });
});
