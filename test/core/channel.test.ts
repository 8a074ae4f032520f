import { describe, expect, it } from 'vitest';
import { channels, otherChannel, parseChannel } from '../../src/core/channel.ts';

describe('the delivery channel', () => {
  it.each(['SMS', 'sms', 'Sms', ' sms '])('is SMS when Okta writes "%s"', (spelling) => {
    expect(parseChannel(spelling)).toBe('sms');
  });

  it.each([
    'voice call',
    'VOICE CALL',
    'Voice Call',
    'voice  call',
    'voice_call',
    'VOICE-CALL',
    'Voice',
    'voice',
    'CALL',
    'call',
  ])('is voice when Okta writes "%s"', (spelling) => {
    expect(parseChannel(spelling)).toBe('voice');
  });

  it.each(['', ' ', 'email', 'sms call', 'voicecall', 'voice call please', 'push', 'toString'])(
    'is unknown when Okta writes "%s"',
    (spelling) => {
      expect(parseChannel(spelling)).toBeUndefined();
    },
  );

  it('has exactly one other', () => {
    expect(channels).toEqual(['sms', 'voice']);
    expect(channels.map(otherChannel)).toEqual(['voice', 'sms']);
  });
});
