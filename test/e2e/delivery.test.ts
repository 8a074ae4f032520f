import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { hookBody, useLocalCloud } from '../support/local-cloud.ts';
import { marked } from '../support/marked.ts';

const under = useLocalCloud({ senderEnv: { OKTA_OTP_PROVIDER: 'Example Telephony' } });

afterEach(() => expect(under().cloud.leaks()).toEqual([]));

/** The last message of the inbox. */
const arrived = () => under().cloud.inbox.received().at(-1);

describe("Okta's documented request", () => {
  /** As documented, code and number as JSON numbers and without `+`; only its times are moved to now. */
  const documented = () => {
    const sample = JSON.parse(
      readFileSync(join(import.meta.dirname, '..', 'fixtures', 'okta-hook-request.json'), 'utf8'),
    );
    sample.eventTime = new Date().toISOString();
    sample.data.messageProfile.otpExpires = new Date(Date.now() + 300_000).toISOString();
    return sample;
  };

  it('is delivered as it stands', async () => {
    const { status, body } = await under().post(documented());
    expect(status).toBe(200);
    const message = arrived();
    expect(message).toMatchObject({ channel: 'sms', to: '+9876543210' });
    expect(body).toEqual({
      commands: [
        {
          type: 'com.okta.telephony.action',
          value: [
            {
              status: 'SUCCESSFUL',
              provider: 'Example Telephony',
              transactionId: message?.messageId,
              transactionMetadata: 'channel=sms; locale=en; template=general',
            },
          ],
        },
      ],
    });
  });

  it('is delivered with code and number as JSON numbers', async () => {
    const sample = documented();
    sample.data.messageProfile.otpCode = 11111;
    sample.data.messageProfile.phoneNumber = 9876543210;
    sample.eventId = 'numbers';
    const before = under().cloud.inbox.received().length;
    const { body } = await under().post(sample);
    expect(body).toMatchObject({ commands: [{ value: [{ status: 'SUCCESSFUL' }] }] });
    expect(under().cloud.inbox.received()).toHaveLength(before + 1);
    expect(arrived()).toMatchObject({ to: '+9876543210', body: expect.stringContaining('11111') });
  });
});

describe('the channel', () => {
  it.each([
    ['SMS', 'sms'],
    ['sms', 'sms'],
    ['voice call', 'voice'],
    ['VOICE CALL', 'voice'],
    ['Voice', 'voice'],
    ['CALL', 'voice'],
  ])('%s travels by %s', async (deliveryChannel, channel) => {
    const request = hookBody();
    const { data } = request;
    const body = { ...request, data: { ...data, messageProfile: { ...data.messageProfile, deliveryChannel } } };
    expect((await under().post(body)).status).toBe(200);
    expect(arrived()).toMatchObject({ channel, to: marked.phone });
  });

  it('that nobody knows is an error that names the field, and nothing is sent', async () => {
    const request = hookBody();
    const { data } = request;
    const before = under().cloud.messaging.requests().length;
    const { status, body } = await under().post({
      ...request,
      data: { ...data, messageProfile: { ...data.messageProfile, deliveryChannel: 'carrier pigeon' } },
    });
    expect(status).toBe(400);
    expect(body).toMatchObject({
      error: { errorCauses: [{ reason: 'data.messageProfile.deliveryChannel must be SMS or voice call' }] },
    });
    expect(under().cloud.messaging.requests()).toHaveLength(before);
  });
});

describe('the language', () => {
  it.each([
    ['es-AR', /^739146 es tu clave/],
    ['es_AR', /^739146 es tu clave/],
    ['ES', /^739146 es tu clave/],
    ['EN-US', /^739146 is your verification code/],
    ['xx-unknown', /^739146 is your verification code/],
  ])('for %s', async (locale, text) => {
    await under().post(hookBody({ locale }));
    expect(arrived()).toMatchObject({ body: expect.stringMatching(text) });
  });

  it('of one request never shows in the next, nor do its number and code', async () => {
    const { locale: _, ...withoutLocale } = hookBody({ phoneNumber: marked.otherPhone, otp: marked.otherOtp }).data
      .messageProfile;
    await under().post(hookBody({ locale: 'es' }));
    const next = hookBody();
    await under().post({ ...next, data: { ...next.data, messageProfile: withoutLocale } });
    const second = arrived();
    expect(second).toMatchObject({
      to: marked.otherPhone,
      body: expect.stringMatching(/^582037 is your verification code/),
    });
    expect(JSON.stringify(second)).not.toContain(marked.otp);
  });
});

describe('a body that is no hook request', () => {
  const broken = (change: (profile: Record<string, unknown>) => void) => {
    const request = hookBody();
    const profile: Record<string, unknown> = { ...request.data.messageProfile };
    change(profile);
    return { ...request, data: { ...request.data, messageProfile: profile } };
  };

  it.each<[string, unknown, string]>([
    ['malformed JSON', '{"eventId":', 'body is not valid JSON'],
    ['no object', '[]', 'body must be an object'],
    ['a missing field', broken((profile) => delete profile['otpCode']), 'data.messageProfile.otpCode is missing'],
    [
      'a wrong type',
      broken((profile) => {
        profile['deliveryChannel'] = 7;
      }),
      'data.messageProfile.deliveryChannel must be a string',
    ],
    [
      'a number that cannot be parsed',
      broken((profile) => {
        profile['phoneNumber'] = '12';
      }),
      'data.messageProfile.phoneNumber is not a telephone number in E.164 form',
    ],
    ['a megabyte', JSON.stringify({ eventId: 'x'.repeat(1_048_576) }), 'body is larger than 65536 characters'],
  ])('– %s – gets an error that names the field', async (_, body, reason) => {
    const before = under().cloud.messaging.requests().length;
    const answer = await under().post(body);
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ error: { errorSummary: expect.any(String), errorCauses: [{ reason }] } });
    expect(JSON.stringify(answer.body)).not.toContain(marked.otp);
    expect(under().cloud.messaging.requests()).toHaveLength(before);
  });
});

describe('what is printed', () => {
  it('is one line of JSON per invocation, with embedded metrics and no secret', async () => {
    const before = under().lines.length;
    const request = hookBody({ locale: 'es-AR' });
    await under().post(request);
    const printed = under().lines.slice(before);
    expect(printed.map((line) => line['type'])).toEqual(['authorization', 'delivery']);
    expect(printed[1]).toMatchObject({
      eventId: request.eventId,
      outcome: 'accepted',
      answer: 'successful',
      country: 'ES',
      template: { locale: 'es', match: 'less-specific' },
      ledger: 'claimed',
      Deliveries: 1,
      Accepted: 1,
      _aws: { CloudWatchMetrics: [{ Namespace: 'OktaOtp' }] },
    });
    const text = JSON.stringify(printed);
    expect(text).not.toContain(marked.otp);
    expect(text).not.toContain(marked.phone.slice(1));
  });
});
