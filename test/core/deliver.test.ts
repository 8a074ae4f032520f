import { describe, expect, it } from 'vitest';
import type { Delivery } from '../../src/core/deliver.ts';
import { metricsOf } from '../../src/core/delivery-record.ts';
import type { Cause } from '../../src/core/failure-policy.ts';
import { answerFor, causeNames, nextStepAfter, sentenceFor } from '../../src/core/failure-policy.ts';
import type { HookStatus } from '../../src/core/hook-response.ts';
import { createCatalog } from '../support/fake-catalog.ts';
import { createHookRequest, previewUrl } from '../support/fake-hook-request.ts';
import { createFakeSender } from '../support/fake-sender.ts';
import { marked } from '../support/marked.ts';

const said = ({ reply }: Delivery) => ('commands' in reply.body ? reply.body.commands[0].value[0] : undefined);
const errorOf = ({ reply }: Delivery) => ('error' in reply.body ? reply.body.error : undefined);
const status = (delivery: Delivery): HookStatus | undefined => said(delivery)?.status;

describe('a delivery', () => {
  it('sends the code, tells Okta and keeps the answer', async () => {
    const sender = createFakeSender();
    const delivery = await sender.deliver(createHookRequest());
    expect(delivery.reply).toEqual({
      status: 200,
      body: {
        commands: [
          {
            type: 'com.okta.telephony.action',
            value: [
              {
                status: 'SUCCESSFUL',
                provider: 'Acme Messaging',
                transactionId: 'message-1',
                transactionMetadata: 'channel=sms; locale=en; template=general',
              },
            ],
          },
        ],
      },
    });
    expect(sender.ledger.replyOf('uS5871kJThSsU8qlA1LTcg')).toEqual(delivery.reply);
    expect(sender.failures.records()).toEqual([]);
    expect(sender.clock.pending()).toBe(0);
    expect(sender.unsettled()).toBe(0);
  });

  it('tells which text it was: language and template by the names of the catalog', async () => {
    const sender = createFakeSender();
    const told = async (parts: Parameters<typeof createHookRequest>[0]) =>
      said(await sender.deliver(createHookRequest(parts)))?.transactionMetadata;
    const requestType = 'com.okta.user.telephony.password-reset';
    expect(await told({ eventId: 'a', locale: 'es-AR', requestType })).toBe(
      'channel=sms; locale=es; template=password-reset',
    );
    expect(await told({ eventId: 'b', locale: 'fr' })).toBe('channel=sms; locale=en; template=general');
  });

  it('tells that it was none of the catalog where Okta rendered it', async () => {
    const sender = createFakeSender({ catalog: createCatalog({ templates: [] }) });
    const delivery = await sender.deliver(createHookRequest());
    expect(said(delivery)?.transactionMetadata).toBe('channel=sms; locale=none; template=none');
  });

  it('is recorded with everything that may be told', async () => {
    const sender = createFakeSender();
    sender.messages.sends.always({ ms: 120 });
    sender.ledger.claims.always({ ms: 30 });
    sender.ledger.settles.always({ ms: 20 });
    const at = sender.clock.now();
    const { record } = await sender.deliver(createHookRequest({ locale: 'es_MX' }));
    expect(record).toEqual({
      type: 'delivery',
      at,
      eventId: 'uS5871kJThSsU8qlA1LTcg',
      oktaRequestId: 'reqRgSk8IBBRhuo0YdlEDTmUw',
      outcome: 'accepted',
      answer: 'successful',
      cause: undefined,
      messageId: 'message-1',
      channel: 'sms',
      requestType: 'mfa-verification',
      country: 'ES',
      lineType: 'mobile',
      numberHash: '1:hash',
      dryRun: false,
      preview: false,
      wantedLocale: 'es-MX',
      template: { locale: 'es', match: 'less-specific', requestType: undefined },
      attempts: [{ channel: 'sms', identity: '+34…01', text: 'template', outcome: 'accepted', ms: 120 }],
      catalog: { version: 1, source: 'table' },
      ledger: 'claimed',
      unfinished: [],
      ms: { prepare: 30, send: 120, settle: 20, total: 170 },
      leftMs: 2200 - 170,
    });
  });

  it('needs neither ledger nor queue nor hash', async () => {
    const sender = createFakeSender({ deps: { ledger: undefined, failures: undefined, hashNumber: undefined } });
    sender.messages.refuse('account-disabled');
    const delivery = await sender.deliver(createHookRequest({ locale: undefined, requestId: '' }));
    expect(status(delivery)).toBe('FAILED');
    expect(delivery.record).toMatchObject({ ledger: 'off', unfinished: [], cause: 'account-disabled' });
    expect(delivery.record.numberHash).toBeUndefined();
    expect(delivery.record.wantedLocale).toBeUndefined();
  });

  it('claims the event and reads the pointer side by side', async () => {
    const sender = createFakeSender();
    sender.ledger.claims.always({ ms: 100 });
    sender.table.pointers.always({ ms: 90 });
    const { record } = await sender.deliver(createHookRequest());
    expect(record.ms.prepare).toBe(100);
  });

  it('shares nothing with the one before it', async () => {
    const sender = createFakeSender();
    const spanish = createHookRequest({ eventId: 'one', locale: 'es', firstName: marked.firstName });
    const plain = createHookRequest({
      eventId: 'two',
      locale: undefined,
      firstName: '',
      phoneNumber: marked.otherPhone,
      otpCode: marked.otherOtp,
      msgTemplate: '',
      requestId: '',
    });
    const first = await sender.deliver(spanish);
    const second = await sender.deliver(plain);
    expect(
      sender.messages.arrived().map(({ to, from, message }) => [to.reveal(), from.value, message.body.reveal()]),
    ).toEqual([
      [marked.phone, '+34600000001', `Tu código de Acme es ${marked.otp}.`],
      [marked.otherPhone, 'ACME', `Hi, your Acme code is ${marked.otherOtp}. It works for 5 min.`],
    ]);
    expect(first.record.template?.locale).toBe('es');
    expect(second.record).toMatchObject({ template: { locale: 'en', match: 'default' }, country: 'FR' });
    expect(second.record.oktaRequestId).toBeUndefined();
  });
});

describe('a delivery without a catalog', () => {
  it('is left to Okta', async () => {
    const sender = createFakeSender({ catalog: undefined });
    const delivery = await sender.deliver(createHookRequest());
    expect(said(delivery)).toMatchObject({ status: 'FAILED', transactionMetadata: 'cause=no-catalog' });
    expect(delivery.record.catalog).toBeUndefined();
    expect(sender.failures.records()).toMatchObject([{ cause: 'no-catalog', outcome: 'refused' }]);
  });

  it('in the table uses the one beside the bundle', async () => {
    const sender = createFakeSender({ catalog: undefined, bundled: createCatalog({ settings: { org: 'Bundled' } }) });
    const delivery = await sender.deliver(createHookRequest());
    expect(status(delivery)).toBe('SUCCESSFUL');
    expect(delivery.record.catalog).toEqual({ version: 0, source: 'bundled' });
    expect(sender.messages.arrived()[0]?.message.body.reveal()).toContain('Bundled');
  });
});

describe('the answer to a refusal', () => {
  const refusedFor = async (cause: Cause) => {
    const sender = createFakeSender();
    sender.messages.decide(() => cause);
    return { sender, delivery: await sender.deliver(createHookRequest()) };
  };

  it.each(causeNames)('follows the table for %s', async (cause) => {
    const { sender, delivery } = await refusedFor(cause);
    const expected = { fallback: 'FAILED', suppress: 'SUCCESSFUL', error: undefined }[answerFor(cause, {})];
    expect(status(delivery)).toBe(expected);
    expect(delivery.record).toMatchObject({ outcome: 'refused', cause, answer: answerFor(cause, {}) });
    expect(delivery.record.messageId).toBeUndefined();
    expect(delivery.reply.status).toBe(200);
    expect(sender.failures.records()).toHaveLength(1);
    if (nextStepAfter(cause) === 'stop') expect(sender.messages.asked()).toHaveLength(1);
  });

  it('suppresses with a success that names no message', async () => {
    const { delivery } = await refusedFor('protect-country-blocked');
    expect(said(delivery)).toEqual({
      status: 'SUCCESSFUL',
      provider: 'Acme Messaging',
      transactionMetadata: 'cause=protect-country-blocked',
    });
  });

  it('is a plain sentence after an opt-out on both channels', async () => {
    const { sender, delivery } = await refusedFor('opted-out');
    expect(errorOf(delivery)).toEqual({ errorSummary: sentenceFor('opted-out'), errorCauses: [] });
    expect(sender.messages.asked().map(({ message }) => message.channel)).toEqual(['sms', 'voice']);
  });

  it('names what failed, not that the country has no calls', async () => {
    const sender = createFakeSender({ catalog: createCatalog({ originationIdentities: { ES: { sms: ['ACME'] } } }) });
    sender.messages.decide(() => 'throttled');
    const { record } = await sender.deliver(createHookRequest());
    expect(record).toMatchObject({ cause: 'throttled', attempts: [{ outcome: 'throttled' }] });
    expect(metricsOf(record)).toMatchObject({ Failures: 1, Fallbacks: 1, ChosenFallbacks: 0 });
  });

  it('rings nothing while the kill switch is off, and still lies in the failures queue', async () => {
    const sender = createFakeSender({ catalog: createCatalog({ settings: { enabled: false } }) });
    const { record } = await sender.deliver(createHookRequest());
    expect(metricsOf(record)).toMatchObject({ Failures: 0, Fallbacks: 0, ChosenFallbacks: 1 });
    expect(sender.failures.records()).toMatchObject([{ cause: 'kill-switch' }]);
  });

  it('is what the operator wants instead', async () => {
    const sender = createFakeSender({ deps: { answers: { 'country-unlisted': 'error', 'no-catalog': 'suppress' } } });
    const delivery = await sender.deliver(createHookRequest({ phoneNumber: '+4915112345678' }));
    expect(errorOf(delivery)?.errorSummary).toBe(sentenceFor('country-unlisted'));
  });

  it('lets Okta send while the kill switch is off', async () => {
    const sender = createFakeSender({ catalog: createCatalog({ settings: { enabled: false } }) });
    const delivery = await sender.deliver(createHookRequest());
    expect(status(delivery)).toBe('FAILED');
    expect(delivery.record).toMatchObject({ cause: 'kill-switch', attempts: [] });
  });

  it.each(['SMS', 'voice call'])(
    'suppresses for a number that the catalog denies, asked for by %s',
    async (deliveryChannel) => {
      const sender = createFakeSender({ catalog: createCatalog({ numbers: { deny: ['+34612*'] } }) });
      const delivery = await sender.deliver(createHookRequest({ deliveryChannel }));
      expect(said(delivery)).toEqual({
        status: 'SUCCESSFUL',
        provider: 'Acme Messaging',
        transactionMetadata: 'cause=number-denied',
      });
      expect(delivery.record).toMatchObject({
        outcome: 'refused',
        cause: 'number-denied',
        answer: 'suppress',
        attempts: [],
      });
      expect(sender.messages.asked()).toEqual([]);
      expect(
        (await sender.deliver(createHookRequest({ eventId: 'other', phoneNumber: marked.otherPhone }))).record.outcome,
      ).toBe('accepted');
    },
  );

  it('suppresses for a country that the catalog blocks', async () => {
    const sender = createFakeSender();
    const delivery = await sender.deliver(createHookRequest({ phoneNumber: '+8501921234567' }));
    expect(status(delivery)).toBe('SUCCESSFUL');
    expect(delivery.record).toMatchObject({ cause: 'country-blocked', country: 'KP', answer: 'suppress' });
    expect(sender.messages.asked()).toEqual([]);
  });
});

describe('a landline', () => {
  it('is called when Okta asked for an SMS', async () => {
    const sender = createFakeSender();
    const delivery = await sender.deliver(createHookRequest({ phoneNumber: marked.landline }));
    expect(said(delivery)?.transactionMetadata).toBe('channel=voice; locale=en; template=general');
    expect(delivery.record).toMatchObject({ channel: 'sms', lineType: 'landline', attempts: [{ channel: 'voice' }] });
  });
});

describe("Okta's preview", () => {
  const preview = () =>
    createHookRequest({ url: previewUrl, otpExpires: '2022-01-28T21:48:34.321Z', phoneNumber: marked.phone });

  it('is sent every time, although its event id is always the same and its code expired years ago', async () => {
    const sender = createFakeSender();
    const first = await sender.deliver(preview());
    const second = await sender.deliver(preview());
    expect([status(first), status(second)]).toEqual(['SUCCESSFUL', 'SUCCESSFUL']);
    expect(sender.messages.arrived()).toHaveLength(2);
    expect(second.record).toMatchObject({ preview: true, ledger: 'skipped' });
    expect(sender.ledger.claims.made() + sender.ledger.settles.made()).toBe(0);
  });
});

describe('a dry run', () => {
  it('goes all the way but the last, and says so', async () => {
    const sender = createFakeSender();
    const delivery = await sender.deliver(createHookRequest({ eventId: 'dryrun-1' }));
    expect(said(delivery)).toMatchObject({
      status: 'SUCCESSFUL',
      transactionMetadata: 'dry run, nothing was sent; channel=sms; locale=en; template=general',
    });
    expect(delivery.record.dryRun).toBe(true);
    expect(sender.messages.asked().map(({ dryRun }) => dryRun)).toEqual([true]);
    expect(sender.messages.arrived()).toEqual([]);
  });

  it('that fails says so too, and leaves nothing in the queue', async () => {
    const sender = createFakeSender();
    sender.messages.decide(() => 'account-disabled');
    const delivery = await sender.deliver(createHookRequest({ eventId: 'dryrun-2' }));
    expect(said(delivery)?.transactionMetadata).toBe('dry run, nothing was sent; cause=account-disabled');
    expect(sender.failures.records()).toEqual([]);
  });
});
