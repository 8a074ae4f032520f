import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createMessages } from '../../src/aws/messages.ts';
import { Secret } from '../../src/core/secret.ts';
import { systemClock } from '../../src/handlers/system-clock.ts';
import type { EndUserMessaging } from '../../src/local/end-user-messaging.ts';
import { createEndUserMessaging } from '../../src/local/end-user-messaging.ts';
import { createPhoneInbox } from '../../src/local/phone.ts';
import type { RunningServer, Serve } from '../../src/local/serve.ts';
import { serve } from '../../src/local/serve.ts';
import { createHttp } from '../../src/net/http.ts';
import { createCall, createSms } from '../support/fake-outgoing-message.ts';
import { marked } from '../support/marked.ts';

const access = {
  region: 'eu-west-1',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local', sessionToken: 'session' },
};
const never = () => new AbortController().signal;

let service: EndUserMessaging;
let server: RunningServer;

beforeEach(async () => {
  service = createEndUserMessaging({ inbox: createPhoneInbox(), now: systemClock.now });
  server = await serve(service.serve);
});

afterEach(async () => {
  await server.close();
});

const messagesAt = (endpoint: string, options: { configurationSet?: string; protectConfiguration?: string } = {}) =>
  createMessages(access, createHttp(systemClock.now), {
    configurationSet: options.configurationSet,
    protectConfiguration: options.protectConfiguration,
    endpoint,
  });

describe('what the service is asked for', () => {
  it('is a transactional text message with all that goes along', async () => {
    const messages = messagesAt(server.url, { configurationSet: 'set', protectConfiguration: 'protect-1' });
    await messages.send(
      createSms({ maxPrice: '0.25', countryParameters: { IN_ENTITY_ID: 'entity', IN_TEMPLATE_ID: undefined } }),
      never(),
    );
    expect(service.requests()).toMatchObject([{ operation: 'SendTextMessage', outcome: { kind: 'accepted' } }]);
    expect(service.requests()[0]?.input).toEqual({
      DestinationPhoneNumber: marked.phone,
      OriginationIdentity: '+34600000001',
      MessageBody: `Your code is ${marked.otp}`,
      MessageType: 'TRANSACTIONAL',
      TimeToLive: 300,
      Context: { eventId: 'one', catalogVersion: '42' },
      DryRun: false,
      ConfigurationSetName: 'set',
      ProtectConfigurationId: 'protect-1',
      MaxPrice: '0.25',
      DestinationCountryParameters: { IN_ENTITY_ID: 'entity' },
    });
  });

  it('is a call in SSML by the voice of the template', async () => {
    await messagesAt(server.url).send(createCall({ maxPrice: '0.5', dryRun: true }), never());
    expect(service.requests()[0]).toMatchObject({ operation: 'SendVoiceMessage', outcome: { kind: 'accepted' } });
    expect(service.requests()[0]?.input).toEqual({
      DestinationPhoneNumber: marked.phone,
      OriginationIdentity: '+34600000001',
      MessageBody: `<speak>${marked.otp}</speak>`,
      MessageBodyTextType: 'SSML',
      VoiceId: 'LUCIA',
      TimeToLive: 300,
      Context: { eventId: 'one', catalogVersion: '42' },
      DryRun: true,
      MaxPricePerMinute: '0.5',
    });
  });

  it('names nothing that is not configured', async () => {
    const messages = messagesAt(server.url);
    await messages.send(createSms(), never());
    await messages.send(createCall(), never());
    const optional = ['MaxPrice', 'MaxPricePerMinute', 'ConfigurationSetName', 'ProtectConfigurationId'];
    const named = service.requests().flatMap(({ input }) => Object.keys(input));
    expect(named.filter((name) => optional.includes(name))).toEqual([]);
  });
});

describe('what becomes of a message', () => {
  it('is unknown when it was accepted and the connection reset instead of an answer', async () => {
    service.breakNext({ kind: 'accept-then-reset' });
    expect(await messagesAt(server.url).send(createSms(), never())).toEqual({ kind: 'refused', cause: 'ambiguous' });
    expect(service.requests()).toMatchObject([{ outcome: { kind: 'accepted' } }]);
  });

  it('is known when only a connection had died that lay idle while the function was frozen', async () => {
    const messages = messagesAt(server.url);
    await messages.send(createSms(), never());
    service.breakNext({ kind: 'reset-reused' });
    expect((await messages.send(createSms(), never())).kind).toBe('accepted');
    expect(service.requests().map(({ outcome }) => outcome.kind)).toEqual(['accepted', 'ignored', 'accepted']);
  });

  it('is decided by the text when the service complains of it', async () => {
    const empty = createSms({ message: { channel: 'sms', body: new Secret('') } });
    expect(await messagesAt(server.url).send(empty, never())).toEqual({ kind: 'refused', cause: 'message-refused' });
    const noTime = createSms({ ttlSeconds: 1 });
    expect(await messagesAt(server.url).send(noTime, never())).toEqual({ kind: 'refused', cause: 'request-refused' });
  });

  it('is asked for once, however the service fails', async () => {
    service.setFault({ kind: 'exception', name: 'InternalServerException', status: 503 });
    await messagesAt(server.url).send(createSms(), never());
    service.setFault({ kind: 'exception', name: 'ThrottlingException' });
    await messagesAt(server.url).send(createSms(), never());
    expect(service.requests()).toHaveLength(2);
  });

  it.each<{ name: string; answer: () => Response }>([
    { name: 'an acceptance without an id', answer: () => Response.json({}) },
    { name: 'a page of HTML', answer: () => new Response('<html>Bad Gateway</html>', { status: 502 }) },
    { name: 'an exception that is none of its own', answer: () => Response.json({ __type: 'Odd' }, { status: 400 }) },
    { name: 'nothing at all', answer: () => new Response(null, { status: 500 }) },
    {
      name: 'fields that are none',
      answer: () =>
        Response.json({ __type: 'Odd', Reason: 7, Fields: ['MessageBody', { Name: 'MessageBody' }] }, { status: 400 }),
    },
  ])('is unknown after $name', async ({ answer }) => {
    const odd: Serve = () => answer();
    const other = await serve(odd);
    expect(await messagesAt(other.url).send(createSms(), never())).toEqual({ kind: 'refused', cause: 'ambiguous' });
    await other.close();
  });
});
