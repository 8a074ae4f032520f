import { describe, expect, it } from 'vitest';
import { renderMessage } from '../../src/core/render.ts';
import { Secret } from '../../src/core/secret.ts';
import { hear } from '../../src/local/end-user-messaging/speech.ts';
import type { ArrivingCall, ArrivingSms, ReceivedMessage } from '../../src/local/phone.ts';
import { createPhoneInbox } from '../../src/local/phone.ts';

const sms = (body: string, to = '+33612345678'): ArrivingSms => ({
  channel: 'sms',
  messageId: 'message-1',
  to,
  from: 'ACME',
  body,
  at: 1_700_000_000_000,
});

const call = (value: string): ArrivingCall => ({
  channel: 'voice',
  messageId: 'message-2',
  to: '+33612345678',
  from: '+12…99',
  voiceId: 'LEA',
  script: { kind: 'ssml', value },
  at: 1_700_000_000_000,
});

describe('the phone inbox', () => {
  it('keeps text messages with the encoding and the parts they travelled in', () => {
    const inbox = createPhoneInbox();
    inbox.deliver(sms('Your code is 123456'));
    inbox.deliver(sms('Ваш код 123456'.repeat(6)));
    expect(inbox.received()).toEqual([
      { ...sms('Your code is 123456'), encoding: 'GSM-7', parts: 1 },
      { ...sms('Ваш код 123456'.repeat(6)), encoding: 'UCS-2', parts: 2 },
    ]);
  });

  it('forgets the oldest where it remembers only so many', async () => {
    const inbox = createPhoneInbox(2);
    const told: string[] = [];
    inbox.onMessage(({ messageId }) => told.push(messageId));
    for (const messageId of ['a', 'b', 'c']) inbox.deliver({ ...sms('words'), messageId });
    expect(inbox.received().map(({ messageId }) => messageId)).toEqual(['b', 'c']);
    expect(told).toEqual(['a', 'b', 'c']);
    expect(await inbox.next()).toMatchObject({ messageId: 'b' });
  });

  it('keeps calls with what was heard', () => {
    const inbox = createPhoneInbox();
    inbox.deliver(call('<speak>Bonjour<break time="1s"/>Marie</speak>'));
    expect(inbox.received()).toEqual([
      { ...call('<speak>Bonjour<break time="1s"/>Marie</speak>'), transcript: 'Bonjour, Marie' },
    ]);
  });

  it('hands out what it received as a list of its own', () => {
    const inbox = createPhoneInbox();
    const before = inbox.received();
    inbox.deliver(sms('hello'));
    expect(before).toEqual([]);
    expect(inbox.received()).toHaveLength(1);
  });

  it('calls back for messages until that is ended', () => {
    const inbox = createPhoneInbox();
    const heard: ReceivedMessage[] = [];
    const first = inbox.onMessage((message) => heard.push(message));
    const second = inbox.onMessage((message) => heard.push(message));
    inbox.deliver(sms('one'));
    expect(heard).toHaveLength(2);
    first();
    inbox.deliver(sms('two'));
    expect(heard).toHaveLength(3);
    second();
    inbox.deliver(sms('three'));
    expect(heard).toHaveLength(3);
  });

  it('gives out every message once, oldest first, whether it came before or after it was asked for', async () => {
    const inbox = createPhoneInbox();
    inbox.deliver(sms('one'));
    inbox.deliver(sms('two'));
    const bodies = [await inbox.next(), await inbox.next()].map((message) => message.channel === 'sms' && message.body);
    expect(bodies).toEqual(['one', 'two']);
    const [third, fourth] = [inbox.next(), inbox.next()];
    inbox.deliver(sms('three'));
    inbox.deliver(sms('four'));
    expect(await third).toMatchObject({ body: 'three' });
    expect(await fourth).toMatchObject({ body: 'four' });
  });

  it('leaves messages that do not match to others', async () => {
    const inbox = createPhoneInbox();
    const toSpain = inbox.next(({ to }) => to.startsWith('+34'));
    inbox.deliver(sms('for France'));
    inbox.deliver(sms('for Spain', '+34612345678'));
    expect(await toSpain).toMatchObject({ body: 'for Spain' });
    expect(await inbox.next()).toMatchObject({ body: 'for France' });
  });
});

describe('what is heard of a call', () => {
  const ssml = (value: string) => hear({ kind: 'ssml', value });

  it('hears a code of ours digit by digit', () => {
    const message = renderMessage(
      {
        channel: 'voice',
        locale: 'en',
        requestType: undefined,
        voiceId: 'JOANNA',
        ssml: '<speak><p>Hello {{firstName}}, your {{org}} code is: <break time="1s"/>{{otp}}.</p><p>Once more: {{otp}}</p></speak>',
      },
      {
        otp: new Secret('012345'),
        minutes: 5,
        firstName: new Secret('Zoë'),
        org: 'Fish & Chips',
        autofillDomain: undefined,
      },
    );
    expect(ssml(message.body.reveal())).toBe(
      'Hello Zoë, your Fish & Chips code is: 0, 1, 2, 3, 4, 5. Once more: 0, 1, 2, 3, 4, 5',
    );
  });

  it.each([
    ['a number that nothing spells out, as one', '<speak>Code 123456</speak>', 'Code 123456'],
    ['characters one by one', '<speak><say-as interpret-as="spell-out">A12</say-as>!</speak>', 'A 1 2!'],
    ['a date as it is', '<speak><say-as interpret-as="date">12</say-as></speak>', '12'],
    [
      'the alias instead of what it stands for',
      '<speak><sub alias="one time">OTP <w>x</w></sub> code</speak>',
      'one time code',
    ],
    ['entities as their characters', '<speak>&lt;&#65;&#x42;&gt; &quot;&apos;</speak>', `<AB> "'`],
    ['nothing of comments', '<speak>a<!-- b --> c</speak>', 'a c'],
    ['nothing of broken markup', '<speak>a', ''],
  ])('hears %s', (_, value, heard) => {
    expect(ssml(value)).toBe(heard);
  });

  it('reads plain text as it is written', () => {
    expect(hear({ kind: 'text', value: 'Your <code> is\n 1 & 2' })).toBe('Your <code> is 1 & 2');
  });
});
