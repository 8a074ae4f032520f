import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ConditionScope } from '../../src/deploy/conditions.ts';
import { decided, isConditionMet } from '../../src/deploy/conditions.ts';
import type { Plain } from '../../src/deploy/stack-definition.ts';

const values = { Stage: 'prod', Empty: '', Regions: 'eu-west-1,us-east-1' };
const ref = (name: string) => ({ Ref: name });
const equals = (one: Plain, other: Plain) => ({ 'Fn::Equals': [one, other] });
const not = (inner: Plain) => ({ 'Fn::Not': [inner] });
const and = (...all: readonly Plain[]) => ({ 'Fn::And': all });
const or = (...all: readonly Plain[]) => ({ 'Fn::Or': all });
const [yes, no] = [equals(ref('Stage'), 'prod'), equals(ref('Stage'), 'test')];
/** Only AWS knows it. */
const unknown = equals(ref('AWS::Region'), 'eu-west-1');

const scope = (conditions: Readonly<Record<string, Plain>>): ConditionScope => ({ conditions, values });
const isMet = (condition: Plain, others: Readonly<Record<string, Plain>> = {}) =>
  isConditionMet('It', scope({ ...others, It: condition }));

describe('a condition of a template', () => {
  it.each<[string, Plain, boolean]>([
    ['a parameter that has the value', yes, true],
    ['a parameter that has another one', no, false],
    ['two literals, a number and a text', equals(5, '5'), true],
    ['a truth and a text', equals(true, 'false'), false],
    ['an empty parameter', equals(ref('Empty'), ''), true],
    ['not what is met', not(yes), false],
    ['not what is not', not(no), true],
    ['all of them', and(yes, yes), true],
    ['not all of them', and(yes, no), false],
    ['one of them', or(no, yes), true],
    ['none of them', or(no, no), false],
    ['a list that is joined', equals({ 'Fn::Join': ['', ref('Regions')] }, 'eu-west-1us-east-1'), true],
    ['a list that is not empty', not(equals({ 'Fn::Join': ['', ref('Regions')] }, '')), true],
    ['texts and parameters that are joined', equals({ 'Fn::Join': ['-', [ref('Stage'), 'x', 1]] }, 'prod-x-1'), true],
  ])('compares %s', (_, condition, met) => {
    expect(isMet(condition)).toBe(met);
  });

  it('can be another one', () => {
    expect(isMet({ Condition: 'Other' }, { Other: no })).toBe(false);
    expect(isMet(not({ Condition: 'Other' }), { Other: no })).toBe(true);
  });

  it.each<[string, Plain]>([
    ["AWS' own values", unknown],
    ['a parameter that is not there', equals('x', ref('Nobody'))],
    ['a parameter called like what every object has', equals(ref('constructor'), 'x')],
    ['a condition that is not there', { Condition: 'Nobody' }],
    ['a condition called like what every object has', { Condition: 'toString' }],
    ['a function that is not known here', { 'Fn::Sometimes': [] }],
    ['a map', equals({ 'Fn::FindInMap': ['a', 'b', 'c'] }, 'x')],
    ['a list', equals(['a'], 'x')],
    ['a list joined of what is not known', equals({ 'Fn::Join': ['', ['a', ref('Nobody')]] }, 'x')],
    ['a join of nothing', equals({ 'Fn::Join': [''] }, 'x')],
    ['a join that is none', equals({ 'Fn::Join': 'x' }, 'x')],
    ['a text', 'x'],
    ['nothing at all', {}],
  ])('that hangs on %s counts as met, and so does its opposite', (_, condition) => {
    expect(isMet(condition)).toBe(true);
    expect(isMet(not(condition))).toBe(true);
    // What decides without it decides.
    expect(isMet(and(condition, no))).toBe(false);
    expect(isMet(not(or(condition, yes)))).toBe(false);
    expect(isMet(and(condition, yes))).toBe(true);
    expect(isMet(or(condition, no))).toBe(true);
  });

  it('that is not there counts as met', () => {
    expect(isConditionMet('Nobody', scope({}))).toBe(true);
  });

  const formula = fc.letrec<{ any: Plain }>((tie) => ({
    any: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom<Plain>(yes, no),
      tie('any').map(not),
      fc.array(tie('any'), { minLength: 1, maxLength: 3 }).map((all) => and(...all)),
      fc.array(tie('any'), { minLength: 1, maxLength: 3 }).map((all) => or(...all)),
    ),
  })).any;

  it('is met exactly if logic says so', () => {
    const logic = (condition: Plain): boolean => {
      const [[name, argument] = ['', null]] = Object.entries(condition ?? {});
      const all: readonly Plain[] = Array.isArray(argument) ? argument : [];
      if (name === 'Fn::Not') return !all.some(logic);
      if (name === 'Fn::And') return all.every(logic);
      return name === 'Fn::Or' ? all.some(logic) : condition === yes;
    };
    fc.assert(fc.property(formula, (condition) => isMet(condition) === logic(condition)));
  });

  it('never leaves a resource out because of what is not known', () => {
    const blur = (condition: Plain, hidden: Plain): Plain =>
      JSON.parse(JSON.stringify(condition).replaceAll(JSON.stringify(hidden), JSON.stringify(unknown)));
    fc.assert(
      fc.property(formula, fc.constantFrom<Plain>(yes, no), (condition, hidden) => {
        fc.pre(isMet(condition));
        expect(isMet(blur(condition, hidden))).toBe(true);
      }),
    );
  });
});

describe('a choice in a template', () => {
  const choose = (value: Plain) => decided(value, scope({ Yes: yes, No: no, Unknown: unknown }));
  const iff = (condition: string, met: Plain, unmet: Plain) => ({ 'Fn::If': [condition, met, unmet] });
  const nothing = ref('AWS::NoValue');

  it('is what its condition says, however deep', () => {
    expect(choose({ a: iff('Yes', 1, 2), b: [{ c: iff('No', 1, iff('Yes', { d: ref('X') }, 2)) }] })).toEqual({
      a: 1,
      b: [{ c: { d: ref('X') } }],
    });
    expect(choose('text')).toBe('text');
    expect(choose(null)).toBeNull();
  });

  it('leaves out what has no value', () => {
    expect(choose({ a: iff('No', 1, nothing), b: nothing, c: [iff('Yes', nothing, 1), 2] })).toEqual({ c: [2] });
  });

  it('stays as it is where its condition is not known, and decided inside', () => {
    expect(choose({ a: iff('Unknown', iff('Yes', 1, 2), nothing) })).toEqual({ a: iff('Unknown', 1, nothing) });
    expect(choose(iff('Nobody', 1, 2))).toEqual(iff('Nobody', 1, 2));
  });

  it('that is not written as one is left to CloudFormation', () => {
    expect(choose({ 'Fn::If': 'Yes' })).toEqual({ 'Fn::If': 'Yes' });
    expect(choose({ a: { 'Fn::If': ['No', 1] } })).toEqual({ a: null });
  });
});
