import { describe, expect, it } from 'vitest';
import { createTemplateFinder } from '../../src/core/catalog.ts';
import type { CurrentCatalog } from '../../src/core/catalog-cache.ts';
import { within } from '../../src/core/deadline.ts';
import type { AnswerOverrides } from '../../src/core/failure-policy.ts';
import type { HookRequest } from '../../src/core/hook-request.ts';
import type { SentCode } from '../../src/core/send-code.ts';
import { sendCode } from '../../src/core/send-code.ts';
import { createSendLatency } from '../../src/core/send-latency.ts';
import type { WrittenCatalog } from '../support/fake-catalog.ts';
import { createCatalog } from '../support/fake-catalog.ts';
import { createHookRequest, previewUrl } from '../support/fake-hook-request.ts';
import { createFakeMessages } from '../support/fake-messages.ts';
import { marked } from '../support/marked.ts';
import { createVirtualClock } from '../support/virtual-clock.ts';

function createScene(parts: Partial<WrittenCatalog> = {}, answers: AnswerOverrides = {}) {
  const clock = createVirtualClock();
  const messages = createFakeMessages(clock);
  const latency = createSendLatency(300, 1540);
  const catalog = createCatalog(parts);
  const current: CurrentCatalog = {
    catalog,
    findTemplate: createTemplateFinder(catalog),
    version: 42,
    source: 'table',
  };
  const send = async (request: HookRequest, ms = 2000): Promise<SentCode & { readonly leftMs: number }> => {
    const timed = await clock.run(
      within(clock, clock.now() + ms, async (deadline) => {
        const sent = await sendCode({ clock, messages, latency, answers }, request, current, deadline);
        return { ...sent, leftMs: deadline.leftMs() };
      }),
    );
    if (timed.kind !== 'done') throw new Error(`the send was ${timed.kind}`);
    return timed.value;
  };
  const bodies = () => messages.asked().map(({ message }) => message.body.reveal());
  return { clock, messages, latency, send, bodies };
}

const refused = (sent: SentCode) => (sent.result.kind === 'refused' ? sent.result : undefined);

describe('a message', () => {
  it('goes to the number, from the first identity, with everything that goes along', async () => {
    const { messages, send } = createScene({
      originationIdentities: {
        ES: {
          sms: { identities: ['+34600000001'], maxPrice: '0.25' },
          parameters: { IN_ENTITY_ID: 'entity', IN_TEMPLATE_ID: 'dlt' },
        },
      },
    });
    const sent = await send(createHookRequest());
    expect(sent.result).toMatchObject({ kind: 'accepted', messageId: 'message-1' });
    expect(messages.arrived().map(({ to }) => to.reveal())).toEqual([marked.phone]);
    expect(messages.arrived()).toMatchObject([
      {
        from: { value: '+34600000001' },
        ttlSeconds: 300,
        maxPrice: '0.25',
        countryParameters: { IN_ENTITY_ID: 'entity', IN_TEMPLATE_ID: 'dlt' },
        dryRun: false,
        context: {
          eventId: 'uS5871kJThSsU8qlA1LTcg',
          catalogVersion: '42',
          oktaRequestId: 'reqRgSk8IBBRhuo0YdlEDTmUw',
        },
      },
    ]);
  });

  it('says when its request went out twice', async () => {
    const { send, messages } = createScene();
    messages.resend();
    expect((await send(createHookRequest())).attempts).toMatchObject([{ outcome: 'accepted', resent: true }]);
  });

  it('says the code, the organization, the name and the minutes', async () => {
    const { bodies, send } = createScene();
    await send(createHookRequest());
    expect(bodies()).toEqual([`Hi ${marked.firstName}, your Acme code is ${marked.otp}. It works for 5 min.`]);
  });

  it('ends with the site that the code is for, where the catalog names one', async () => {
    const { bodies, send } = createScene({ settings: { autofillDomain: 'example.com' } });
    await send(createHookRequest({ locale: 'es' }));
    await send(createHookRequest({ deliveryChannel: 'voice call' }));
    expect(bodies()[0]).toBe(`Tu código de Acme es ${marked.otp}.\n@example.com #${marked.otp}`);
    expect(bodies()[1]).not.toContain('example.com');
  });

  it('by telephone says the code digit by digit, and has no parameters of a text message', async () => {
    const { messages, bodies, send } = createScene({
      originationIdentities: { ES: { voice: ['+34600000001'], parameters: { IN_ENTITY_ID: 'entity' } } },
    });
    await send(createHookRequest({ deliveryChannel: 'voice call' }));
    const digits = [...marked.otp].map((digit) => `>${digit}<`);
    expect(digits.every((digit) => bodies()[0]?.includes(digit))).toBe(true);
    expect(messages.arrived()).toMatchObject([{ message: { channel: 'voice', voiceId: 'JOANNA' } }]);
    expect(messages.arrived()[0]?.countryParameters).toBeUndefined();
  });

  it('names no request of Okta where Okta named none', async () => {
    const { messages, send } = createScene();
    await send(createHookRequest({ requestId: '' }));
    expect(Object.keys(messages.arrived()[0]?.context ?? {})).toEqual(['eventId', 'catalogVersion']);
  });

  it('is the text for its request type where there is one', async () => {
    const { bodies, send } = createScene();
    await send(createHookRequest({ locale: 'es_MX', requestType: 'com.okta.user.telephony.password-reset' }));
    expect(bodies()).toEqual([`Para tu nueva contraseña: ${marked.otp}`]);
  });

  it('is the one of Okta when our template is missing or refused', async () => {
    const missing = createScene({ templates: [{ locale: 'fr', channel: 'sms', text: '{{otp}}' }] });
    const sent = await missing.send(createHookRequest());
    expect(missing.bodies()).toEqual([`(HOOK)Your code is ${marked.otp}`]);
    expect(sent.attempts).toMatchObject([{ text: 'okta', outcome: 'accepted' }]);
    expect(sent.template).toBeUndefined();

    const turnedDown = createScene();
    turnedDown.messages.refuse('message-refused');
    const second = await turnedDown.send(createHookRequest());
    expect(turnedDown.bodies()[1]).toBe(`(HOOK)Your code is ${marked.otp}`);
    expect(second.attempts.map(({ text, outcome }) => `${text} ${outcome}`)).toEqual([
      'template message-refused',
      'okta accepted',
    ]);
  });
});

describe('the time to live', () => {
  it.each([
    { left: 'two minutes and a bit', otpExpires: '2026-01-28T21:45:40.500Z', ttlSeconds: 121, minutes: 2 },
    { left: 'one second', otpExpires: '2026-01-28T21:43:41.000Z', ttlSeconds: 5, minutes: 1 },
    { left: 'a week', otpExpires: '2026-02-04T21:43:40.000Z', ttlSeconds: 259_200, minutes: 10_080 },
    { left: 'unsaid', otpExpires: undefined, ttlSeconds: 300, minutes: 5 },
  ])('comes from the time that the code has left: $left', async ({ otpExpires, ttlSeconds, minutes }) => {
    const { messages, bodies, send } = createScene();
    await send(createHookRequest({ otpExpires }));
    expect(messages.arrived().map((message) => message.ttlSeconds)).toEqual([ttlSeconds]);
    expect(bodies()[0]).toContain(`for ${minutes} min`);
  });

  it('is a minute for the preview of Okta, whose code expired years ago', async () => {
    const { messages, send } = createScene();
    await send(createHookRequest({ url: previewUrl, otpExpires: '2022-01-28T21:48:34.321Z' }));
    expect(messages.arrived().map(({ ttlSeconds }) => ttlSeconds)).toEqual([60]);
  });
});

describe('what is not sent', () => {
  it.each(['2026-01-28T21:43:40.000Z', '2026-01-28T21:43:39.999Z'])('a code that expired at %s', async (otpExpires) => {
    const { messages, send } = createScene();
    expect(refused(await send(createHookRequest({ otpExpires })))).toMatchObject({
      cause: 'expired-code',
      answer: 'fallback',
    });
    expect(messages.asked()).toEqual([]);
  });

  it('a message that could not be reported any more', async () => {
    const { messages, send } = createScene();
    expect(refused(await send(createHookRequest(), 299))?.cause).toBe('too-late');
    expect(messages.asked()).toEqual([]);
    expect((await send(createHookRequest(), 300)).result.kind).toBe('accepted');
  });

  it('a second message with too little time left after the first', async () => {
    const { messages, send } = createScene();
    messages.sends.always({ ms: 900 });
    messages.refuse('throttled', 'throttled', 'throttled');
    const sent = await send(createHookRequest(), 1500);
    expect(sent.attempts.map(({ outcome, ms }) => `${outcome} ${ms}`)).toEqual(['throttled 900']);
    expect(refused(sent)?.cause).toBe('too-late');
  });

  it('anything in a country that the catalog blocks, and Okta shall not send either', async () => {
    const { messages, send } = createScene({ originationIdentities: { ES: { enabled: 'blocked' } } });
    expect(refused(await send(createHookRequest()))).toMatchObject({ cause: 'country-blocked', answer: 'suppress' });
    expect(messages.asked()).toEqual([]);
  });

  it('anything to a country that is not listed, and Okta may send', async () => {
    const { send } = createScene();
    expect(refused(await send(createHookRequest({ phoneNumber: '+4915112345678' })))).toMatchObject({
      cause: 'country-unlisted',
      answer: 'fallback',
    });
  });
});

describe('a refusal', () => {
  it('of one identity leads to the next', async () => {
    const { send, messages } = createScene();
    messages.refuse('identity-not-active');
    const sent = await send(createHookRequest());
    expect(sent.attempts.map(({ channel, identity, outcome }) => `${channel} ${identity} ${outcome}`)).toEqual([
      'sms +34…01 identity-not-active',
      'sms +34…02 accepted',
    ]);
  });

  it.each(['protect-country-blocked', 'protect-number-blocked', 'destination-country-blocked'] as const)(
    '%s is final and holds for Okta as well',
    async (cause) => {
      const { send, messages } = createScene();
      messages.refuse(cause);
      const sent = await send(createHookRequest());
      expect(refused(sent)).toMatchObject({ cause, answer: 'suppress' });
      expect(sent.attempts).toHaveLength(1);
    },
  );

  it('for an opt-out leads to a call, and to an error when that fails too', async () => {
    const called = createScene();
    called.messages.decide(({ message }) => (message.channel === 'sms' ? 'opted-out' : undefined));
    expect((await called.send(createHookRequest())).result).toMatchObject({
      kind: 'accepted',
      rung: { channel: 'voice' },
    });

    const lost = createScene();
    lost.messages.decide(({ message }) => (message.channel === 'sms' ? 'opted-out' : 'daily-call-limit'));
    const sent = await lost.send(createHookRequest());
    expect(sent.attempts.map(({ channel }) => channel)).toEqual(['sms', 'voice']);
    expect(refused(sent)).toMatchObject({ cause: 'opted-out', answer: 'error' });
  });

  it('is answered as the operator wants', async () => {
    const { send, messages } = createScene({}, { 'spend-limit': 'suppress' });
    messages.decide(() => 'spend-limit');
    expect(refused(await send(createHookRequest()))).toMatchObject({ cause: 'spend-limit', answer: 'suppress' });
  });

  it('of everything is the last one', async () => {
    const { send, messages } = createScene();
    messages.refuse('throttled', 'service-error', 'network', 'access-denied');
    const sent = await send(createHookRequest());
    expect(sent.attempts).toHaveLength(4);
    expect(refused(sent)).toMatchObject({ cause: 'access-denied', answer: 'fallback' });
  });
});

describe('a service', () => {
  it('that does not answer is left in time to tell Okta, and nothing more is sent', async () => {
    const { clock, messages, send } = createScene();
    messages.sends.always({ hangs: true });
    const sent = await send(createHookRequest());
    expect(refused(sent)).toMatchObject({ cause: 'ambiguous', answer: 'fallback' });
    expect(messages.asked()).toHaveLength(1);
    expect(sent.leftMs).toBe(120);
    expect(messages.sends.unsettled()).toBe(0);
    expect(clock.pending()).toBe(0);
  });

  it('that says itself that it does not know is not asked again', async () => {
    const { messages, send } = createScene();
    messages.refuse('throttled', 'ambiguous');
    expect(refused(await send(createHookRequest()))?.cause).toBe('ambiguous');
    expect(messages.asked()).toHaveLength(2);
  });

  it('that cannot be reached is tried by the other identities', async () => {
    const { messages, send } = createScene();
    messages.sends.next({ fails: true });
    const sent = await send(createHookRequest());
    expect(sent.attempts.map(({ outcome }) => outcome)).toEqual(['network', 'accepted']);
  });

  it('whose adapter breaks ends the delivery as our own failure', async () => {
    const { messages, send } = createScene();
    messages.breakNext(new TypeError('a bug'));
    const sent = await send(createHookRequest());
    expect(refused(sent)).toMatchObject({ cause: 'internal', answer: 'fallback' });
    expect(sent.attempts).toMatchObject([{ outcome: 'internal' }]);
  });

  it('that has become slow raises what has to be left for a send', async () => {
    const { messages, latency, send } = createScene();
    messages.sends.always({ ms: 800 });
    await send(createHookRequest());
    expect(latency.neededMs()).toBe(800);
    expect(refused(await send(createHookRequest(), 799))?.cause).toBe('too-late');
  });
});
