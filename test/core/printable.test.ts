import { expect, it } from 'vitest';
import { printable } from '../../src/core/printable.ts';

it('shows a name without what would control a terminal, and no more than a line holds', () => {
  expect(printable('Ána \u001b[31mB\u202e\n')).toBe('Ána [31mB');
  expect(printable('x'.repeat(200))).toBe('x'.repeat(80));
});

it('has a word for a name of which nothing is left', () => {
  expect(printable('\u0007')).toBe('somebody');
});
