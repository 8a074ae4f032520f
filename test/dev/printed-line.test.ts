import { describe, expect, it } from 'vitest';
import { readLine, withLine } from '../../src/dev/printed-line.ts';

const thrown = (errorType: string, errorMessage: string) =>
  `ERROR\tInvoke Error\t${JSON.stringify({ errorType, errorMessage, stack: ['at the end'] })}`;

describe('a line of the functions', () => {
  it.each([
    ['{"type":"delivery","eventId":"event-1"}', { kind: 'delivery' }],
    ['{"type":"authorization","outcome":"allow"}', { kind: 'authorization', reason: undefined }],
    [
      '{"type":"authorization","outcome":"refuse","reason":"wrong client"}',
      { kind: 'authorization', reason: 'wrong client' },
    ],
    [
      '{"type":"authorization","outcome":"unavailable"}',
      { kind: 'authorization', reason: 'the issuer gave no key set' },
    ],
    [thrown('Error', 'Unauthorized'), { kind: 'expected' }],
    [thrown('Error', 'KeySetUnavailable'), { kind: 'expected' }],
    [thrown('TypeError', 'no such thing'), { kind: 'other', reason: 'TypeError, no such thing' }],
    ['ERROR\tInvoke Error\tno JSON', { kind: 'other', reason: 'ERROR\tInvoke Error\tno JSON' }],
    ['Warning: HTTPS check is disabled. This allows for much.', { kind: 'expected' }],
    ['Task timed out after 5.00 seconds', { kind: 'other', reason: 'Task timed out after 5.00 seconds' }],
    ['[1]', { kind: 'other', reason: '[1]' }],
  ])('%s is read as what it is', (text, line) => {
    expect(readLine(text)).toMatchObject(line);
  });

  it('is cut where it would go on for pages', () => {
    const line = readLine('x'.repeat(100_000));
    expect(line.kind === 'other' ? line.text.length : 0).toBe(4_000);
  });

  it('adds to what was printed before, each function for itself', () => {
    const lines = [
      ['authorizer', '{"type":"authorization","outcome":"refuse","reason":"expired"}'],
      ['authorizer', thrown('Error', 'Unauthorized')],
      ['sender', 'first'],
      ['sender', thrown('TypeError', 'second')],
      ['sender', '{"type":"delivery"}'],
    ] as const;
    expect(lines.reduce((before, [by, text]) => withLine(before, by, readLine(text)), {})).toEqual({
      authorizer: 'expired',
      sender: 'TypeError, second',
      record: { type: 'delivery' },
    });
  });
});
