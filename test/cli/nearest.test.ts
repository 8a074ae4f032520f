import { describe, expect, it } from 'vitest';
import { nearest } from '../../src/cli/nearest.ts';

describe('the nearest name', () => {
  it.each([
    ['prod', 'prod'],
    ['PROD', 'prod'],
    ['prd', 'prod'],
    ['porod', 'prod'],
    ['prdo', 'prod'],
    ['stagign', 'staging'],
    ['stage', undefined],
    ['x', undefined],
    ['', undefined],
  ])('to %j is %j', (typed, meant) => {
    expect(nearest(typed, ['dev', 'prod', 'staging'])).toBe(meant);
  });

  it('is the one with the fewest slips', () => {
    expect(nearest('prod-e', ['prod-us', 'prod-eu'])).toBe('prod-eu');
  });

  it('is never one of a few letters that merely has the same length', () => {
    expect(nearest('ab', ['xy'])).toBeUndefined();
  });
});
