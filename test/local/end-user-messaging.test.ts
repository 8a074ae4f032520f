import { Agent } from 'node:http';
import type { SendTextMessageCommandInput, SendVoiceMessageCommandInput } from '@aws-sdk/client-pinpoint-sms-voice-v2';
import {
  PinpointSMSVoiceV2Client,
  SendTextMessageCommand,
  SendTextMessageRequest$,
  SendVoiceMessageCommand,
  SendVoiceMessageRequest$,
  VoiceId,
} from '@aws-sdk/client-pinpoint-sms-voice-v2';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { renderMessage } from '../../src/core/render.ts';
import { Secret } from '../../src/core/secret.ts';
import { parseSsml } from '../../src/core/ssml.ts';
import type { Account, OwnedIdentity } from '../../src/local/end-user-messaging/account.ts';
import { operations } from '../../src/local/end-user-messaging/operations.ts';
import type { EndUserMessagingOptions } from '../../src/local/end-user-messaging.ts';
import { createEndUserMessaging } from '../../src/local/end-user-messaging.ts';
import { createPhoneInbox } from '../../src/local/phone.ts';
import { serve } from '../../src/local/serve.ts';

const at = 1_700_000_000_000;
const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** The service on a port of its own, with the SDK's real client for it. */
async function start(account?: Account, options: Partial<EndUserMessagingOptions> = {}) {
  const inbox = createPhoneInbox();
  let messages = 0;
  const service = createEndUserMessaging({
    inbox,
    now: () => at,
    newMessageId: () => `message-${++messages}`,
    ...(account === undefined ? {} : { account }),
    ...options,
  });
  const { url, close } = await serve(service.serve);
  const httpAgent = new Agent({ keepAlive: true, maxSockets: 1 });
  const client = new PinpointSMSVoiceV2Client({
    endpoint: url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
    requestHandler: { httpAgent },
  });
  closing.push(close, () => client.destroy());
  return {
    inbox,
    service,
    url,
    text: (over: Partial<SendTextMessageCommandInput> = {}, abortSignal?: AbortSignal) =>
      client.send(new SendTextMessageCommand({ ...sms, ...over }), abortSignal ? { abortSignal } : {}),
    call: (over: Partial<SendVoiceMessageCommandInput> = {}) =>
      client.send(new SendVoiceMessageCommand({ ...voice, ...over })),
  };
}

const sms: SendTextMessageCommandInput = {
  DestinationPhoneNumber: '+33612345678',
  OriginationIdentity: 'ACME',
  MessageBody: 'Your code is 123456',
  MessageType: 'TRANSACTIONAL',
  TimeToLive: 300,
};

const voice: SendVoiceMessageCommandInput = {
  DestinationPhoneNumber: '+33612345678',
  OriginationIdentity: '+12065550100',
  MessageBody: '<speak>Your code is <say-as interpret-as="characters">123456</say-as></speak>',
  MessageBodyTextType: 'SSML',
  VoiceId: 'JOANNA',
  TimeToLive: 300,
};

/** Headers of a request that the service reads; the signature is well-formed, which is all that is asked of it. */
const headers = (target: string, service = 'sms-voice') => ({
  'content-type': 'application/x-amz-json-1.0',
  'x-amz-target': target,
  authorization:
    `AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/${service}/aws4_request, ` +
    `SignedHeaders=host;x-amz-date, Signature=${'0'.repeat(64)}`,
});

const post = async (url: string, init: { headers: Record<string, string>; body?: string; method?: string }) => {
  const response = await fetch(url, { method: 'POST', ...init });
  return { status: response.status, body: JSON.parse(await response.text()) };
};

describe('the local End User Messaging', () => {
  it('delivers a text message', async () => {
    const { text, inbox } = await start();
    const { MessageId } = await text();
    expect(MessageId).toBe('message-1');
    expect(inbox.received()).toEqual([
      {
        channel: 'sms',
        messageId: 'message-1',
        to: '+33612345678',
        from: 'ACME',
        body: 'Your code is 123456',
        encoding: 'GSM-7',
        parts: 1,
        at,
      },
    ]);
  });

  it('delivers a call, spoken by the voice that was asked for', async () => {
    const { call, inbox } = await start();
    await call();
    expect(inbox.received()).toEqual([
      {
        channel: 'voice',
        messageId: 'message-1',
        to: '+33612345678',
        from: '+12065550100',
        voiceId: 'JOANNA',
        script: { kind: 'ssml', value: voice.MessageBody },
        transcript: 'Your code is 1 2 3 4 5 6',
        at,
      },
    ]);
  });

  it('reads plain text with its default voice', async () => {
    const { call, inbox } = await start();
    await call({ MessageBody: 'a < b', MessageBodyTextType: undefined, VoiceId: undefined });
    expect(inbox.received()).toMatchObject([
      { voiceId: 'MATTHEW', script: { kind: 'text', value: 'a < b' }, transcript: 'a < b' },
    ]);
  });

  it('takes a number without a plus for the same number', async () => {
    const { text, inbox } = await start();
    await text({ DestinationPhoneNumber: '33612345678' });
    expect(inbox.received()).toMatchObject([{ to: '+33612345678' }]);
  });

  it('checks a dry run and delivers nothing', async () => {
    const { text, call, inbox } = await start();
    expect(await text({ DryRun: true })).toMatchObject({ MessageId: 'message-1' });
    expect(await call({ DryRun: true })).toMatchObject({ MessageId: 'message-2' });
    await expect(text({ DryRun: true, TimeToLive: 4 })).rejects.toMatchObject({ name: 'ValidationException' });
    expect(inbox.received()).toEqual([]);
  });

  it('tells what was asked of it and what came of that', async () => {
    const { text, call, service } = await start();
    await text({ Context: { eventId: 'e-1' } });
    await call({ VoiceId: 'MATTHEW', TimeToLive: 4 }).catch(() => undefined);
    expect(service.requests()).toMatchObject([
      {
        operation: 'SendTextMessage',
        input: { ...sms, Context: { eventId: 'e-1' } },
        at,
        outcome: { kind: 'accepted', messageId: 'message-1' },
      },
      {
        operation: 'SendVoiceMessage',
        input: { TimeToLive: 4 },
        outcome: { kind: 'refused', exception: { name: 'ValidationException' } },
      },
    ]);
  });
});

describe('the members of a request', () => {
  it.each([
    ['SendTextMessage', SendTextMessageRequest$] as const,
    ['SendVoiceMessage', SendVoiceMessageRequest$] as const,
  ])('are those of %s in the SDK', (name, schema) => {
    expect(Object.keys(operations[name].members).toSorted()).toEqual(schema[4].toSorted());
  });

  it('take every voice of the SDK and no other', () => {
    const { VoiceId: constraint } = operations.SendVoiceMessage.members;
    expect(constraint.kind === 'one-of' && constraint.values.toSorted()).toEqual(Object.values(VoiceId).toSorted());
  });

  const refusals: readonly (readonly [string, Partial<SendTextMessageCommandInput>, string, string])[] = [
    ['a body of 1601 characters', { MessageBody: 'x'.repeat(1601) }, 'MAXIMUM_SIZE_EXCEEDED', 'MessageBody'],
    ['a blank body', { MessageBody: ' \n ' }, 'INVALID_PARAMETER', 'MessageBody'],
    ['no body', { MessageBody: undefined }, 'MISSING_PARAMETER', 'MessageBody'],
    ['no number', { DestinationPhoneNumber: undefined }, 'MISSING_PARAMETER', 'DestinationPhoneNumber'],
    ['a number with spaces', { DestinationPhoneNumber: '+33 612' }, 'INVALID_PARAMETER', 'DestinationPhoneNumber'],
    ['a number of no country', { DestinationPhoneNumber: '+999123' }, 'CANNOT_PARSE', 'DestinationPhoneNumber'],
    ['an identity with a space', { OriginationIdentity: 'AC ME' }, 'INVALID_PARAMETER', 'OriginationIdentity'],
    ['an ARN of another service', { OriginationIdentity: 'arn:aws:sns:x' }, 'INVALID_ARN', 'OriginationIdentity'],
    ['a time to live of 4 s', { TimeToLive: 4 }, 'INVALID_PARAMETER', 'TimeToLive'],
    ['a time to live over 72 h', { TimeToLive: 259_201 }, 'INVALID_PARAMETER', 'TimeToLive'],
    ['half a second to live', { TimeToLive: 5.5 }, 'INVALID_PARAMETER', 'TimeToLive'],
    ['a price in words', { MaxPrice: '1' }, 'INVALID_PARAMETER', 'MaxPrice'],
    ['a price of three digits', { MaxPrice: '100.5' }, 'INVALID_PARAMETER', 'MaxPrice'],
    ['a long keyword', { Keyword: 'k'.repeat(31) }, 'INVALID_PARAMETER', 'Keyword'],
    ['an empty configuration set', { ConfigurationSetName: '' }, 'INVALID_PARAMETER', 'ConfigurationSetName'],
    ['six context entries', { Context: entries(6) }, 'INVALID_PARAMETER', 'Context'],
    ['a context key with a space', { Context: { 'a b': 'c' } }, 'INVALID_PARAMETER', 'Context'],
    ['a context value with an edge of space', { Context: { a: 'c ' } }, 'INVALID_PARAMETER', 'Context'],
    ['a context value of 801', { Context: { a: 'c'.repeat(801) } }, 'INVALID_PARAMETER', 'Context'],
    [
      'a parameter of India with a space',
      { DestinationCountryParameters: { IN_ENTITY_ID: '1 2' } },
      'INVALID_PARAMETER',
      'DestinationCountryParameters',
    ],
  ];
  it.each(refusals)('refuse a text message with %s', async (_, over, reason, field) => {
    const { text, inbox } = await start();
    await expect(text(over)).rejects.toMatchObject({
      name: 'ValidationException',
      Reason: reason,
      Fields: [{ Name: field }],
      $metadata: { httpStatusCode: 400, attempts: 1 },
    });
    expect(inbox.received()).toEqual([]);
  });

  it('take the bounds themselves', async () => {
    const { text, inbox } = await start();
    await text({
      MessageBody: 'x'.repeat(1600),
      TimeToLive: 5,
      MaxPrice: '.05',
      Context: entries(5),
      DestinationCountryParameters: { IN_ENTITY_ID: 'e', IN_TEMPLATE_ID: 't' },
      ProtectConfigurationId: 'protect-0123456789abcdef0',
      ConfigurationSetName: 'okta-otp',
      MessageFeedbackEnabled: true,
    });
    await text({ TimeToLive: 259_200 });
    expect(inbox.received()).toHaveLength(2);
  });

  const scripts: readonly (readonly [string, Partial<SendVoiceMessageCommandInput>, string])[] = [
    ['SSML of 6001 characters', { MessageBody: ssml('x'.repeat(6001 - ssml('').length)) }, 'MAXIMUM_SIZE_EXCEEDED'],
    ['text of 3001', { MessageBody: 'x'.repeat(3001), MessageBodyTextType: 'TEXT' }, 'MAXIMUM_SIZE_EXCEEDED'],
    ['SSML without speak', { MessageBody: 'Your code' }, 'INVALID_PARAMETER'],
    ['another root than speak', { MessageBody: '<p>Your code</p>' }, 'INVALID_PARAMETER'],
    ['an open element', { MessageBody: ssml('<p>Your code') }, 'INVALID_PARAMETER'],
    ['crossing elements', { MessageBody: ssml('<p><s>Your code</p></s>') }, 'INVALID_PARAMETER'],
    ['no end of speak', { MessageBody: '<speak>Your code' }, 'INVALID_PARAMETER'],
    ['text after speak', { MessageBody: `${ssml('a')} b` }, 'INVALID_PARAMETER'],
    ['two roots', { MessageBody: ssml('a') + ssml('b') }, 'INVALID_PARAMETER'],
    ['a bare ampersand', { MessageBody: ssml('Fish & Chips') }, 'INVALID_PARAMETER'],
    ['an entity of HTML', { MessageBody: ssml('a&nbsp;b') }, 'INVALID_PARAMETER'],
    ['a number of no character', { MessageBody: ssml('&#0;') }, 'INVALID_PARAMETER'],
    ['a number beyond Unicode', { MessageBody: ssml('&#x110000;') }, 'INVALID_PARAMETER'],
    ['a bare ampersand in an attribute', { MessageBody: ssml('<sub alias="a & b">c</sub>') }, 'INVALID_PARAMETER'],
    ['nothing but a comment', { MessageBody: '<!-- speak -->' }, 'INVALID_PARAMETER'],
    ['a bare less-than sign', { MessageBody: ssml('1 < 2') }, 'INVALID_PARAMETER'],
    ['an attribute without quotes', { MessageBody: ssml('<break time=1s/>') }, 'INVALID_PARAMETER'],
    ['an attribute twice', { MessageBody: ssml('<break time="1s" time="2s"/>') }, 'INVALID_PARAMETER'],
    ['a control character', { MessageBody: ssml('a\u0007') }, 'INVALID_PARAMETER'],
  ];
  it.each(scripts)('refuse a call with %s', async (_, over, reason) => {
    const { call, inbox } = await start();
    await expect(call(over)).rejects.toMatchObject({
      name: 'ValidationException',
      Reason: reason,
      Fields: [{ Name: 'MessageBody' }],
    });
    expect(inbox.received()).toEqual([]);
  });

  it('take the SSML that we render, whatever the organization and the user are called', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (org, firstName) => {
        const template = {
          channel: 'voice',
          locale: 'en',
          requestType: undefined,
          ssml: ssml('<p>Hello {{firstName}}, <sub alias="{{org}}">we</sub> say {{otp}}</p>'),
          voiceId: 'JOANNA',
        } as const;
        const otp = new Secret('123456');
        const values = { otp, minutes: 5, firstName: new Secret(firstName), org, autofillDomain: undefined };
        const { body } = renderMessage(template, values);
        expect(parseSsml(body.reveal())).toMatchObject({ ok: true });
      }),
    );
  });

  it('take SSML of 6000 characters, and with everything XML allows around it', async () => {
    const { call, inbox } = await start();
    await call({ MessageBody: ssml('x'.repeat(6000 - ssml('').length)) });
    await call({ MessageBody: `<?xml version="1.0"?>\n<!-- code -->\n<speak xml:lang='en'>a &amp; b</speak>\n` });
    expect(inbox.received()).toMatchObject([{}, { transcript: 'a & b' }]);
  });

  it.each([
    ['a voice that does not exist', { VoiceId: 'ALEXA' }, 'VoiceId'],
    ['a script that is neither text nor SSML', { MessageBodyTextType: 'HTML' }, 'MessageBodyTextType'],
    ['the type of a text message', { MessageType: 'TRANSACTIONAL' }, 'MessageType'],
    ['the price of a text message', { MaxPrice: '0.50' }, 'MaxPrice'],
    ['a number as text', { TimeToLive: '300' }, 'TimeToLive'],
    ['yes for true', { DryRun: 'yes' }, 'DryRun'],
    ['a list for a map', { Context: [] }, 'Context'],
    ['a member of the prototype', { constructor: 'x' }, 'constructor'],
  ])('refuse a call with %s, whatever client sends it', async (_, over, field) => {
    const { url, inbox } = await start();
    const { status, body } = await post(url, {
      headers: headers('PinpointSMSVoiceV2.SendVoiceMessage'),
      body: JSON.stringify({ ...voice, ...over }),
    });
    expect(status).toBe(400);
    expect(body).toMatchObject({
      __type: 'com.amazonaws.pinpointsmsvoicev2#ValidationException',
      Reason: 'INVALID_PARAMETER',
      Fields: [{ Name: field }],
    });
    expect(inbox.received()).toEqual([]);
  });

  it('are all named at once when several are wrong', async () => {
    const { text } = await start();
    await expect(text({ DestinationPhoneNumber: undefined, TimeToLive: 1, MaxPrice: 'x' })).rejects.toMatchObject({
      Reason: 'MISSING_PARAMETER',
      Fields: [{ Name: 'DestinationPhoneNumber' }, { Name: 'MaxPrice' }, { Name: 'TimeToLive' }],
    });
  });

  it('come back quoted, so that a sender that logs the message is found out', async () => {
    const { text } = await start();
    await expect(text({ OriginationIdentity: 'code 123456' })).rejects.toMatchObject({
      message: expect.stringContaining('123456'),
    });
  });

  it('count as absent when they are null', async () => {
    const { url, inbox } = await start();
    await post(url, {
      headers: headers('PinpointSMSVoiceV2.SendTextMessage'),
      body: JSON.stringify({ ...sms, MaxPrice: null }),
    });
    expect(inbox.received()).toHaveLength(1);
  });
});

describe('the protocol', () => {
  const target = 'PinpointSMSVoiceV2.SendTextMessage';
  const body = JSON.stringify(sms);
  const { authorization: _, ...unsigned } = headers(target);

  it.each([
    [
      'an operation that it does not have',
      { headers: headers('PinpointSMSVoiceV2.PutKeyword'), body },
      'UnknownOperation',
    ],
    [
      'an operation of another service',
      { headers: headers('DynamoDB_20120810.SendTextMessage'), body },
      'UnknownOperation',
    ],
    [
      'another content type',
      { headers: { ...headers(target), 'content-type': 'application/json' }, body },
      'UnknownOperation',
    ],
    ['another method', { headers: headers(target), method: 'PUT', body }, 'UnknownOperation'],
    ['no signature', { headers: unsigned, body }, 'MissingAuthenticationToken'],
    ['a bearer token', { headers: { ...unsigned, authorization: 'Bearer x' }, body }, 'IncompleteSignature'],
    ['a signature for another service', { headers: headers(target, 'sns'), body }, 'InvalidSignature'],
    ['what is not JSON', { headers: headers(target), body: '{' }, 'Serialization'],
    ['what is not an object', { headers: headers(target), body: '[]' }, 'Serialization'],
  ])('refuses %s', async (_, init, name) => {
    const { url, inbox, service } = await start();
    const answer = await post(url, init);
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ __type: `com.amazon.coral.service#${name}Exception` });
    expect(inbox.received()).toEqual([]);
    expect(service.requests()).toEqual([]);
  });

  it('answers with a request id', async () => {
    const { text } = await start();
    const { $metadata } = await text();
    expect($metadata.requestId).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('origination identities', () => {
  const number: OwnedIdentity = {
    kind: 'phone-number',
    values: ['+12065550100', 'phone-0123456789abcdef0'],
    capabilities: ['SMS', 'VOICE'],
    status: 'ACTIVE',
  };
  const textOnly: OwnedIdentity = { ...number, values: ['+12065550101'], capabilities: ['SMS'] };
  const pending: OwnedIdentity = { ...number, values: ['+12065550102'], status: 'PENDING' };
  const senderId: OwnedIdentity = {
    kind: 'sender-id',
    values: ['ACME'],
    capabilities: ['SMS'],
    status: 'ACTIVE',
    countries: ['GB'],
  };
  const pool: OwnedIdentity = {
    kind: 'pool',
    values: ['pool-0123456789abcdef0'],
    capabilities: ['SMS'],
    status: 'ACTIVE',
  };
  const account: Account = { identities: [pending, number, textOnly, senderId, pool] };

  it.each([undefined, account])('never call from a sender ID', async (of) => {
    const { call, inbox } = await start(of);
    await expect(call({ OriginationIdentity: 'ACME' })).rejects.toMatchObject({
      name: 'ValidationException',
      Reason: 'INVALID_PARAMETER',
      Fields: [{ Name: 'OriginationIdentity' }],
    });
    expect(inbox.received()).toEqual([]);
  });

  it('serve under each of their values', async () => {
    const { text, inbox } = await start(account);
    for (const OriginationIdentity of number.values) await text({ OriginationIdentity });
    expect(inbox.received().map(({ from }) => from)).toEqual(['+12065550100', 'phone-0123456789abcdef0']);
  });

  it('are not needed for a text message of the default account', async () => {
    const { text, inbox } = await start();
    await text({ OriginationIdentity: undefined });
    expect(inbox.received()).toMatchObject([{ from: 'shared route' }]);
  });

  it('are chosen by the service for a text message that names none, but not for a call', async () => {
    const { text, call, inbox } = await start(account);
    await text({ OriginationIdentity: undefined });
    expect(inbox.received()).toMatchObject([{ from: 'shared route' }]);
    await expect(call({ OriginationIdentity: undefined })).rejects.toMatchObject({
      Reason: 'MISSING_PARAMETER',
      Fields: [{ Name: 'OriginationIdentity' }],
    });
    const poor = await start({ identities: [pending, senderId] });
    await expect(poor.text({ OriginationIdentity: undefined })).rejects.toMatchObject({
      name: 'ConflictException',
      Reason: 'NO_ORIGINATION_IDENTITIES_FOUND',
    });
  });

  const arn = (of: string) => `arn:aws:sms-voice:us-east-1:123456789012:${of}`;
  it.each([
    ['+12065550199', 'phone-number'],
    ['phone-ffffffffffffffff0', 'phone-number'],
    [arn('phone-number/phone-ffffffffffffffff0'), 'phone-number'],
    ['pool-ffffffffffffffff0', 'pool'],
    [arn('pool/pool-ffffffffffffffff0'), 'pool'],
    ['OTHER', 'sender-id'],
    [arn('sender-id/OTHER/GB'), 'sender-id'],
  ])('are not found if the account has no %s', async (OriginationIdentity, type) => {
    const { text } = await start(account);
    await expect(text({ OriginationIdentity })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      ResourceType: type,
      ResourceId: OriginationIdentity,
    });
  });

  it.each([
    ['an inactive number', '+12065550102', 'ConflictException', 'RESOURCE_NOT_ACTIVE'],
    ['a number without voice', '+12065550101', 'ConflictException', 'NUMBER_CAPABILITIES_MISMATCH'],
    ['a pool without voice', 'pool-0123456789abcdef0', 'ConflictException', 'NO_ORIGINATION_IDENTITIES_FOUND'],
  ])('do not call from %s', async (_, OriginationIdentity, name, Reason) => {
    const { call } = await start(account);
    await expect(call({ OriginationIdentity })).rejects.toMatchObject({ name, Reason });
  });

  it('of a pool reach only their countries', async () => {
    const { text } = await start({ identities: [{ ...pool, countries: ['GB'] }] });
    await expect(text({ OriginationIdentity: 'pool-0123456789abcdef0' })).rejects.toMatchObject({
      name: 'ConflictException',
      Reason: 'NO_ORIGINATION_IDENTITIES_FOUND',
    });
  });

  it('reach only their countries', async () => {
    const { text, inbox } = await start(account);
    await expect(text()).rejects.toMatchObject({
      name: 'ValidationException',
      Reason: 'INVALID_IDENTITY_FOR_DESTINATION_COUNTRY',
    });
    await text({ DestinationPhoneNumber: '+447400123456' });
    expect(inbox.received()).toMatchObject([{ to: '+447400123456', from: 'ACME' }]);
  });

  it('that are not well-formed are owned by no account', async () => {
    const { text } = await start();
    await expect(text({ OriginationIdentity: 'LONGER-THAN-ELEVEN' })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      ResourceType: 'sender-id',
    });
  });
});

describe('what the account forbids', () => {
  const to = '+33612345678';
  const conflict = (Reason: string) => ({ name: 'ConflictException', Reason });

  it('holds for a number that opted out, from then on', async () => {
    const optedOut = new Set<string>();
    const { text, inbox } = await start({ optedOut });
    await text();
    optedOut.add(to);
    await expect(text()).rejects.toMatchObject({
      ...conflict('DESTINATION_PHONE_NUMBER_OPTED_OUT'),
      ResourceType: 'opted-out-number',
    });
    expect(inbox.received()).toHaveLength(1);
  });

  it('holds for a number that opted out even if its protect rule allows it', async () => {
    const { text } = await start({ optedOut: new Set([to]), protect: { numbers: new Map([[to, 'ALLOW']]) } });
    await expect(text()).rejects.toMatchObject(conflict('DESTINATION_PHONE_NUMBER_OPTED_OUT'));
  });

  it('holds for a country, by channel', async () => {
    const { text, call, inbox } = await start({ protect: { blockedCountries: { VOICE: new Set(['FR']) } } });
    await text();
    await expect(call()).rejects.toMatchObject(conflict('DESTINATION_COUNTRY_BLOCKED_BY_PROTECT_CONFIGURATION'));
    await call({ DestinationPhoneNumber: '+447400123456' });
    expect(inbox.received().map(({ channel }) => channel)).toEqual(['sms', 'voice']);
  });

  it('holds for a number, whose rule goes before that of its country', async () => {
    const { text, inbox } = await start({
      protect: {
        blockedCountries: { SMS: new Set(['FR']) },
        numbers: new Map([
          [to, 'ALLOW'],
          ['+447400123456', 'BLOCK'],
        ]),
      },
    });
    await text();
    await expect(text({ DestinationPhoneNumber: '+447400123456' })).rejects.toMatchObject(
      conflict('DESTINATION_PHONE_NUMBER_BLOCKED_BY_PROTECT_NUMBER_OVERRIDE'),
    );
    await expect(text({ DestinationPhoneNumber: '+33698765432' })).rejects.toMatchObject(
      conflict('DESTINATION_COUNTRY_BLOCKED_BY_PROTECT_CONFIGURATION'),
    );
    expect(inbox.received()).toHaveLength(1);
  });

  it('holds in the sandbox for every number that is not verified', async () => {
    const { text, inbox } = await start({ verified: new Set([to]) });
    await text();
    await expect(text({ DestinationPhoneNumber: '+447400123456' })).rejects.toMatchObject(
      conflict('DESTINATION_PHONE_NUMBER_NOT_VERIFIED'),
    );
    expect(inbox.received()).toHaveLength(1);
  });
});

describe('faults', () => {
  it.each([
    ['ThrottlingException', undefined, undefined, 400],
    ['ThrottlingException', undefined, 429, 429],
    ['InternalServerException', undefined, undefined, 500],
    ['AccessDeniedException', 'ACCOUNT_DISABLED', undefined, 400],
    ['ServiceQuotaExceededException', 'MONTHLY_SPEND_LIMIT_REACHED_FOR_TEXT', undefined, 400],
    ['ResourceNotFoundException', undefined, undefined, 400],
    ['ValidationException', 'PRICE_OVER_THRESHOLD', undefined, 400],
    ['ConflictException', 'KEYWORD_MISMATCH', undefined, 400],
  ] as const)('refuse the next request with %s %s', async (name, reason, status, httpStatusCode) => {
    const { text, service, inbox } = await start();
    service.breakNext({ kind: 'exception', name, reason, status });
    const refused = expect(text()).rejects;
    await refused.toMatchObject({ name, $metadata: { httpStatusCode }, ...(reason ? { Reason: reason } : {}) });
    await text();
    expect(inbox.received()).toHaveLength(1);
  });

  it('are met in order, and stay if they are set', async () => {
    const { text, service } = await start();
    service.setFault({ kind: 'exception', name: 'InternalServerException' });
    service.breakNext({ kind: 'exception', name: 'ThrottlingException' });
    service.breakNext({ kind: 'exception', name: 'AccessDeniedException' });
    const names = [];
    for (let request = 0; request < 4; request++) names.push(await text().catch((error: Error) => error.name));
    expect(names).toEqual([
      'ThrottlingException',
      'AccessDeniedException',
      'InternalServerException',
      'InternalServerException',
    ]);
    service.setFault(undefined);
    expect(await text()).toMatchObject({ MessageId: 'message-1' });
  });

  it('are forgotten with the oldest requests where only so many are remembered', async () => {
    const { text, service } = await start(undefined, { kept: 2 });
    for (const body of ['one', 'two', 'three']) await text({ MessageBody: body });
    expect(service.requests()).toMatchObject([{ input: { MessageBody: 'two' } }, { input: { MessageBody: 'three' } }]);
  });

  it('answer HTTP 500 in an outage, and nothing arrives', async () => {
    const { text, service, inbox } = await start();
    service.breakNext({ kind: 'outage' });
    await expect(text()).rejects.toMatchObject({
      name: 'InternalServerException',
      $metadata: { httpStatusCode: 500 },
    });
    expect(inbox.received()).toEqual([]);
  });

  it('reset the connection, and nothing arrives', async () => {
    const { text, service, inbox } = await start();
    service.breakNext({ kind: 'reset' });
    await expect(text()).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(inbox.received()).toEqual([]);
    expect(service.requests()).toMatchObject([{ outcome: { kind: 'ignored' } }]);
  });

  it('kill a kept-alive connection when it is used again, once', async () => {
    const { text, service, inbox } = await start();
    service.breakNext({ kind: 'reset-reused' });
    await text({ MessageBody: 'one' });
    await expect(text({ MessageBody: 'two' })).rejects.toMatchObject({ code: 'ECONNRESET' });
    await text({ MessageBody: 'three' });
    await text({ MessageBody: 'four' });
    expect(inbox.received()).toMatchObject([{ body: 'one' }, { body: 'three' }, { body: 'four' }]);
  });

  it('kill every kept-alive connection until that is cleared', async () => {
    const { text, service, inbox } = await start();
    service.setFault({ kind: 'reset-reused' });
    await text();
    await expect(text()).rejects.toMatchObject({ code: 'ECONNRESET' });
    await text();
    await expect(text()).rejects.toMatchObject({ code: 'ECONNRESET' });
    service.setFault(undefined);
    await text();
    await text();
    expect(inbox.received()).toHaveLength(4);
  });

  it('leave the sender in doubt about a message that went out', async () => {
    const { text, service, inbox } = await start();
    service.breakNext({ kind: 'accept-then-reset' });
    await expect(text()).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(inbox.received()).toHaveLength(1);
  });

  it('leave a request without an answer until the client gives up, and nothing arrives', async () => {
    const arrived = Promise.withResolvers<void>();
    const now = () => {
      arrived.resolve();
      return at;
    };
    const { text, service, inbox } = await start(undefined, { now });
    const patience = new AbortController();
    service.setFault({ kind: 'hang' });
    const failed = expect(text({}, patience.signal)).rejects.toMatchObject({ name: 'AbortError' });
    await arrived.promise;
    patience.abort();
    await failed;
    expect(inbox.received()).toEqual([]);
    expect(service.requests()).toMatchObject([{ outcome: { kind: 'ignored' } }]);
  });

  it('answer late what was done at once', async () => {
    const timer = Promise.withResolvers<{ readonly ms: number; readonly run: () => void }>();
    const { text, service, inbox } = await start(undefined, {
      after: (ms, run) => {
        timer.resolve({ ms, run });
        return () => {};
      },
    });
    service.breakNext({ kind: 'latency', ms: 1_500 });
    let answered = false;
    const sending = text().then(({ MessageId }) => {
      answered = true;
      return MessageId;
    });
    const { ms, run } = await timer.promise;
    expect(inbox.received()).toHaveLength(1);
    expect(answered).toBe(false);
    expect(ms).toBe(1_500);
    run();
    expect(await sending).toBe('message-1');
  });

  it('delay by the clock of the machine unless told otherwise', async () => {
    const { text, service } = await start();
    service.breakNext({ kind: 'latency', ms: 0 });
    expect(await text()).toMatchObject({ MessageId: 'message-1' });
  });

  it('do not wait on for a client that has left', async () => {
    const cancelled = Promise.withResolvers<void>();
    const { text, service, inbox } = await start(undefined, { after: () => cancelled.resolve });
    const patience = new AbortController();
    service.breakNext({ kind: 'latency', ms: 60_000 });
    const failed = expect(text({}, patience.signal)).rejects.toMatchObject({ name: 'AbortError' });
    await inbox.next();
    patience.abort();
    await failed;
    await cancelled.promise;
    expect(inbox.received()).toHaveLength(1);
  });
});

function ssml(inside: string): string {
  return `<speak>${inside}</speak>`;
}

function entries(count: number): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`key-${index}`, 'value']));
}
