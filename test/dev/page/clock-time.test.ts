import { expect, it } from 'vitest';
import { clockTime } from '../../../src/dev/page/clock-time.ts';

it('a time is written with its seconds, and without the day', () => {
  const words = clockTime(new Date(2026, 2, 4, 15, 7, 9).getTime());
  expect(words).toMatch(/(15|3).07.09/);
  expect(words).not.toContain('2026');
});
