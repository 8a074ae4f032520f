import { expect, it } from 'vitest';
import { sleepThroughPings } from '../../src/handlers/warm-ping.ts';

const asked: unknown[] = [];
const handler = sleepThroughPings(async (event) => {
  asked.push(event);
  return 'answered';
});

it('answers the ping that keeps it warm without bothering the handler', async () => {
  expect(await handler({ type: 'okta-otp.warm-ping' })).toEqual({ warm: true });
  expect(asked).toEqual([]);
});

it.each([
  { type: 'TOKEN', authorizationToken: 'Bearer a.b.c' },
  { body: '{"type":"okta-otp.warm-ping"}' },
  'ping',
  null,
])('hands everything else on: %j', async (event) => {
  expect(await handler(event)).toBe('answered');
  expect(asked.at(-1)).toBe(event);
});
