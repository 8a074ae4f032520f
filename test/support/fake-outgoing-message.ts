import { parseIdentity } from '../../src/core/identity.ts';
import type { OutgoingMessage } from '../../src/core/messages.ts';
import { Secret } from '../../src/core/secret.ts';
import { marked } from './marked.ts';

function identity(value: string) {
  const parsed = parseIdentity(value);
  if (!parsed.ok) throw new Error('the identity of a test is none');
  return parsed.value;
}

/** A message that is ready to go, with some of its parts otherwise. */
export function createSms(parts: Partial<OutgoingMessage> = {}): OutgoingMessage {
  return {
    to: new Secret(marked.phone),
    from: identity('+34600000001'),
    message: { channel: 'sms', body: new Secret(`Your code is ${marked.otp}`) },
    ttlSeconds: 300,
    maxPrice: undefined,
    context: { eventId: 'one', catalogVersion: '42' },
    countryParameters: undefined,
    dryRun: false,
    ...parts,
  };
}

/** The same as a call. */
export const createCall = (parts: Partial<OutgoingMessage> = {}): OutgoingMessage =>
  createSms({
    message: { channel: 'voice', voiceId: 'LUCIA', body: new Secret(`<speak>${marked.otp}</speak>`) },
    ...parts,
  });
