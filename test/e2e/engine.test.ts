import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { readCatalogFiles } from '../../src/cli/catalog-files.ts';
import { shippedCatalog } from '../../src/cli/paths.ts';
import type { CatalogFile } from '../../src/core/catalog.ts';
import { identitiesPath, settingsPath } from '../../src/core/catalog.ts';
import { defaultAnswerWithinMs } from '../../src/core/deadline.ts';
import { judgeHookResponse, oktaWaitsMs } from '../../src/core/hook-verdict.ts';
import type { LocalCloudOptions } from '../../src/local/cloud.ts';
import type { Account } from '../../src/local/end-user-messaging/account.ts';
import type { Fault } from '../../src/local/fault.ts';
import { behindProxy, withBundle } from '../support/behind-proxy.ts';
import type { CloudUnderTest } from '../support/local-cloud.ts';
import { hookBody, startCloudUnderTest, useLocalCloud } from '../support/local-cloud.ts';
import { marked } from '../support/marked.ts';

type HookBody = ReturnType<typeof hookBody>;
type MessageProfile = HookBody['data']['messageProfile'];

const first = '+34600000001';
const second = '+34600000002';
const indianNumber = '+919876543210';

const identities = {
  ES: [first, second],
  IN: {
    sms: { identities: ['+919000000001'], maxPrice: '0.05' },
    voice: { identities: ['+919000000001'], maxPrice: '0.20' },
    parameters: { IN_ENTITY_ID: '1001', IN_TEMPLATE_ID: '2002' },
  },
};

const content = async (): Promise<readonly CatalogFile[]> => [
  ...(await readCatalogFiles(shippedCatalog)),
  { path: settingsPath, text: '{"org":"Example Corp"}' },
  { path: identitiesPath, text: JSON.stringify(identities) },
];

/** What the account forbids; a test puts numbers in, and `afterEach` takes them out. */
const optedOut = new Set<string>();
const numberRules = new Map<string, 'ALLOW' | 'BLOCK'>();
const account: Account = { optedOut, protect: { numbers: numberRules } };

/** The documented request with parts of its message otherwise. */
function bodyWith(message: Partial<MessageProfile>, change: Partial<Pick<HookBody, 'eventId'>> = {}): HookBody {
  const body = hookBody();
  const { data } = body;
  return { ...body, ...change, data: { ...data, messageProfile: { ...data.messageProfile, ...message } } };
}

const action = (status: string, transactionMetadata: string) => ({
  commands: [{ type: 'com.okta.telephony.action', value: [{ status, transactionMetadata }] }],
});

/** What has been asked of the service since a moment, and what arrived on phones. */
function since({ cloud, lines }: CloudUnderTest) {
  const [asked, arrived, printed] = [cloud.messaging.requests().length, cloud.inbox.received().length, lines.length];
  return {
    asked: () => cloud.messaging.requests().slice(asked),
    arrived: () => cloud.inbox.received().slice(arrived),
    records: () => lines.slice(printed).filter((line) => line['type'] === 'delivery'),
  };
}

const startEngine = async (options: Partial<LocalCloudOptions> = {}) =>
  await startCloudUnderTest({ catalog: await content(), ...options });

describe('a connection to End User Messaging that died between two codes', () => {
  it('costs a second attempt on a new one, and the code arrives once', async () => {
    const under = await startEngine({ environments: 1 });
    try {
      await under.post(hookBody());
      const { asked, arrived, records } = since(under);
      under.cloud.messaging.setFault({ kind: 'reset-reused' });
      const body = hookBody();
      expect((await under.post(body)).body).toMatchObject(
        action('SUCCESSFUL', 'channel=sms; locale=en; template=general'),
      );
      expect(asked().map(({ outcome }) => outcome.kind)).toEqual(['ignored', 'accepted']);
      expect(arrived()).toHaveLength(1);
      expect(records()).toMatchObject([
        {
          eventId: body.eventId,
          outcome: 'accepted',
          attempts: [{ outcome: 'accepted', resent: true }],
          AmbiguousSends: 0,
          Resends: 1,
        },
      ]);
      expect(records()[0]?.['leftMs']).toBeGreaterThan(0);
    } finally {
      await under.cloud.close();
    }
  });

  it('is given up on when the new one dies too, and nothing says that the code did not go out', async () => {
    const under = await startEngine({ environments: 1 });
    try {
      await under.post(hookBody());
      const { asked, arrived, records } = since(under);
      under.cloud.messaging.setFault({ kind: 'reset' });
      expect((await under.post(hookBody())).body).toMatchObject(action('FAILED', 'cause=ambiguous'));
      expect(asked().map(({ outcome }) => outcome.kind)).toEqual(['ignored', 'ignored']);
      expect(arrived()).toEqual([]);
      expect(records()).toMatchObject([{ cause: 'ambiguous', attempts: [{}], AmbiguousSends: 1 }]);
    } finally {
      await under.cloud.close();
    }
  });
});

describe('an event that Okta repeats', () => {
  let under: CloudUnderTest;

  const shared = useLocalCloud({ environments: 4 });
  beforeAll(async () => {
    under = shared();
    // All containers are up: what is looked at here is not a cold start.
    await Promise.all(Array.from({ length: 4 }, () => under.post(hookBody())));
  });

  it('is sent once, and every repetition gets the same reply', async () => {
    const { arrived, records } = since(under);
    const body = hookBody();
    const answers = [await under.post(body), await under.post(body), await under.post(body)];
    expect(arrived()).toHaveLength(1);
    expect(answers[0]).toMatchObject({
      status: 200,
      body: action('SUCCESSFUL', 'channel=sms; locale=en; template=general'),
    });
    expect(answers).toEqual([answers[0], answers[0], answers[0]]);
    expect(records().map(({ outcome, ledger }) => [outcome, ledger])).toEqual([
      ['accepted', 'claimed'],
      ['duplicate', 'duplicate'],
      ['duplicate', 'duplicate'],
    ]);
  });

  it('is sent once when it comes ten times at once, and all get the same reply', async () => {
    const { arrived, records } = since(under);
    const body = hookBody();
    const answers = await Promise.all(Array.from({ length: 10 }, () => under.post(body)));
    expect(records()).toHaveLength(10);
    // A ledger that this machine keeps from answering in its time lets a code out, and each of these is counted.
    const without = records().filter(({ ledger }) => ledger === 'unreachable');
    for (const record of without) expect(record).toMatchObject({ LedgerUnreachable: 1 });
    const accepted = records().filter(({ outcome }) => outcome === 'accepted');
    expect(
      arrived()
        .map(({ messageId }) => messageId)
        .toSorted(),
    ).toEqual(accepted.map(({ messageId }) => messageId).toSorted());
    expect(accepted.filter((record) => !without.includes(record)).length).toBeLessThanOrEqual(1);
    const others = records().filter((record) => !accepted.includes(record) && !without.includes(record));
    for (const record of others) expect(record).toMatchObject({ Duplicates: 1 });
    // Nobody is told of a message that did not go out; and where the ledger was in time, all are told of the one that did.
    const told = answers.flatMap(
      ({ body: reply }) => /"transactionId":"([^"]+)"/.exec(JSON.stringify(reply))?.[1] ?? [],
    );
    expect(arrived().map(({ messageId }) => messageId)).toEqual(expect.arrayContaining([...new Set(told)]));
    if (without.length > 0 || others.some(({ ledger }) => ledger !== 'duplicate')) return;
    expect(arrived()).toHaveLength(1);
    for (const answer of answers) {
      expect(answer).toMatchObject({
        status: 200,
        body: action('SUCCESSFUL', 'channel=sms; locale=en; template=general'),
      });
      expect(answer).toEqual(answers[0]);
    }
  });

  it('gets the same reply also when it failed', async () => {
    const { arrived } = since(under);
    const body = bodyWith({ otpExpires: new Date(Date.now() - 1000).toISOString() });
    const answers = [await under.post(body), await under.post(body)];
    expect(answers[0]?.body).toMatchObject(action('FAILED', 'cause=expired-code'));
    expect(answers[1]).toEqual(answers[0]);
    expect(arrived()).toEqual([]);
  });

  it("is sent every time when it is the Admin Console's preview", async () => {
    const { arrived, records } = since(under);
    const body = hookBody();
    const request = { ...body.data.context.request, url: { value: '/api/internal/v1/inlineHooks/generatePreview' } };
    // Its expiry is years ago, and its event id never changes.
    const messageProfile = { ...body.data.messageProfile, otpExpires: '2019-01-28T21:48:40.000Z' };
    const preview = { ...body, data: { ...body.data, messageProfile, context: { request } } };
    await under.post(preview);
    await under.post(preview);
    expect(arrived()).toHaveLength(2);
    expect(records()).toMatchObject([
      { preview: true, ledger: 'skipped', outcome: 'accepted' },
      { preview: true, ledger: 'skipped', outcome: 'accepted' },
    ]);
  });
});

describe('a service that takes the request and never answers', () => {
  it('is left to Okta in time, as a code of which nobody knows whether it went out', async () => {
    const under = await startEngine();
    try {
      await under.post(hookBody());
      const { asked, arrived, records } = since(under);
      under.cloud.messaging.setFault({ kind: 'hang' });
      expect((await under.post(hookBody())).body).toMatchObject(action('FAILED', 'cause=ambiguous'));
      // Nobody else is asked: the first may have sent it.
      expect(asked()).toHaveLength(1);
      expect(arrived()).toEqual([]);
      expect(records()).toMatchObject([{ outcome: 'refused', answer: 'fallback', cause: 'ambiguous' }]);
      // Before Okta stops waiting; to the millisecond the deadline is kept where time is virtual, in `test/simulator`.
      expect(records()[0]?.['leftMs']).toBeGreaterThan(defaultAnswerWithinMs - oktaWaitsMs);
    } finally {
      await under.cloud.close();
    }
  });
});

describe('DynamoDB that is down', () => {
  const troubles: readonly (Fault | { readonly kind: 'closed' })[] = [
    { kind: 'closed' },
    { kind: 'reset' },
    { kind: 'outage' },
    { kind: 'hang' },
  ];

  it.each(troubles)('($kind) keeps no code from going out: the catalog beside the bundle serves', async (trouble) => {
    const catalog = await content();
    const bundled = catalog.map((file) =>
      file.path === settingsPath ? { ...file, text: '{"org":"Bundled Corp"}' } : file,
    );
    await withBundle(bundled, async (bundles) => {
      await behindProxy({ catalog: await content(), bundles }, async (under, proxy) => {
        if (trouble.kind === 'closed') await proxy.close();
        else proxy.setFault(trouble);
        const { arrived, records } = since(under);
        expect((await under.post(hookBody())).body).toMatchObject(
          action('SUCCESSFUL', 'channel=sms; locale=en; template=general'),
        );
        expect(arrived()).toMatchObject([{ to: marked.phone, body: expect.stringContaining('Bundled Corp') }]);
        expect(records()).toMatchObject([
          {
            outcome: 'accepted',
            ledger: 'unreachable',
            catalog: { version: 0, source: 'bundled' },
            unfinished: expect.arrayContaining(['ledger']),
            LedgerUnreachable: 1,
            LedgerUnsettled: 1,
            CatalogStale: 1,
          },
        ]);
        expect(records()[0]?.['leftMs']).toBeGreaterThan(0);
      });
    });
  });

  it('without a catalog beside the bundle is left to Okta', async () => {
    await withBundle(undefined, async (bundles) => {
      await behindProxy({ catalog: await content(), bundles }, async (under, proxy) => {
        proxy.setFault({ kind: 'reset' });
        const { asked } = since(under);
        expect((await under.post(hookBody())).body).toMatchObject(action('FAILED', 'cause=no-catalog'));
        expect(asked()).toEqual([]);
      });
    });
  });

  it('goes unnoticed by a container that has a catalog, apart from its ledger, and is used again once it is back', async () => {
    await behindProxy({ catalog: await content(), environments: 1 }, async (under, proxy) => {
      await under.post(hookBody());
      const { arrived, records } = since(under);
      proxy.setFault({ kind: 'reset' });
      await under.post(hookBody());
      proxy.setFault(undefined);
      await under.post(hookBody());
      expect(arrived()).toHaveLength(2);
      expect(records()).toMatchObject([
        { outcome: 'accepted', ledger: 'unreachable', catalog: { version: 1, source: 'table' } },
        { outcome: 'accepted', ledger: 'claimed', catalog: { version: 1, source: 'table' } },
      ]);
    });
  });
});

describe('the ladder', () => {
  let under: CloudUnderTest;
  beforeAll(async () => {
    under = await startEngine({
      account,
      senderEnv: { OKTA_OTP_CONFIGURATION_SET: 'otp-codes', OKTA_OTP_PROTECT_CONFIGURATION: 'protect-0123456789' },
    });
    return () => under.cloud.close();
  });
  afterEach(() => {
    under.cloud.messaging.setFault(undefined);
    optedOut.clear();
    numberRules.clear();
    expect(under.cloud.leaks()).toEqual([]);
  });

  const inputsOf = (asked: ReturnType<ReturnType<typeof since>['asked']>) => asked.map(({ input }) => input);

  it('takes the second identity when the first is throttled', async () => {
    const { asked, arrived, records } = since(under);
    under.cloud.messaging.breakNext({ kind: 'exception', name: 'ThrottlingException' });
    expect((await under.post(hookBody())).body).toMatchObject(
      action('SUCCESSFUL', 'channel=sms; locale=en; template=general'),
    );
    expect(inputsOf(asked())).toMatchObject([{ OriginationIdentity: first }, { OriginationIdentity: second }]);
    expect(arrived()).toMatchObject([{ from: second }]);
    expect(records()).toMatchObject([{ attempts: [{ outcome: 'throttled' }, { outcome: 'accepted' }] }]);
  });

  it('calls a number whose owner has opted out of text messages', async () => {
    const { asked, arrived } = since(under);
    under.cloud.messaging.breakNext({
      kind: 'exception',
      name: 'ConflictException',
      reason: 'DESTINATION_PHONE_NUMBER_OPTED_OUT',
    });
    expect((await under.post(hookBody())).body).toMatchObject(
      action('SUCCESSFUL', 'channel=voice; locale=en; template=general'),
    );
    expect(asked().map(({ operation }) => operation)).toEqual(['SendTextMessage', 'SendVoiceMessage']);
    expect(arrived()).toMatchObject([
      { channel: 'voice', transcript: expect.stringContaining([...marked.otp].join(', ')) },
    ]);
  });

  it('tells the user who has opted out of both', async () => {
    optedOut.add(marked.phone);
    const { arrived, records } = since(under);
    const { status, body } = await under.post(hookBody());
    expect({ status, body }).toEqual({
      status: 200,
      body: { error: { errorSummary: expect.stringContaining('opted out'), errorCauses: [] } },
    });
    expect(judgeHookResponse({ status, body, tookMs: 0 }).codeTakenForSent).toBe(false);
    expect(arrived()).toEqual([]);
    expect(records()).toMatchObject([{ cause: 'opted-out', answer: 'error', Errors: 1 }]);
  });

  it('ends at a block of the protect configuration, which Okta must not undo', async () => {
    numberRules.set(marked.phone, 'BLOCK');
    const { asked, arrived, records } = since(under);
    const { status, body } = await under.post(hookBody());
    expect(body).toMatchObject(action('SUCCESSFUL', 'cause=protect-number-blocked'));
    expect(judgeHookResponse({ status, body, tookMs: 0 }).codeTakenForSent).toBe(true);
    expect(asked()).toHaveLength(1);
    expect(arrived()).toEqual([]);
    expect(records()).toMatchObject([{ outcome: 'refused', answer: 'suppress', Suppressed: 1 }]);
  });

  it('calls a landline without trying a text message', async () => {
    const { asked, arrived, records } = since(under);
    await under.post(bodyWith({ phoneNumber: marked.landline }));
    expect(asked().map(({ operation }) => operation)).toEqual(['SendVoiceMessage']);
    expect(arrived()).toMatchObject([{ channel: 'voice', to: marked.landline }]);
    expect(records()).toMatchObject([{ outcome: 'accepted', channel: 'sms', lineType: 'landline' }]);
  });

  it('sends no code that has expired', async () => {
    const { asked, records } = since(under);
    const body = bodyWith({ otpExpires: new Date(Date.now() - 1).toISOString() });
    expect((await under.post(body)).body).toMatchObject(action('FAILED', 'cause=expired-code'));
    expect(asked()).toEqual([]);
    expect(records()).toMatchObject([{ cause: 'expired-code', attempts: [] }]);
  });

  it('does everything but the message in a dry run, says so, and counts it apart', async () => {
    const { asked, arrived, records } = since(under);
    const body = bodyWith({}, { eventId: `dryrun-${crypto.randomUUID()}` });
    expect((await under.post(body)).body).toMatchObject(
      action('SUCCESSFUL', 'dry run, nothing was sent; channel=sms; locale=en; template=general'),
    );
    expect(inputsOf(asked())).toMatchObject([{ DryRun: true }]);
    expect(arrived()).toEqual([]);
    expect(records()).toMatchObject([{ dryRun: true, DryRuns: 1, DryRunFailures: 0 }]);
    expect(records()[0]).not.toHaveProperty('Deliveries');
  });

  it('tells the service all it needs to know of a text message', async () => {
    const { asked } = since(under);
    const body = bodyWith({
      phoneNumber: indianNumber,
      // A month: more than the service lets a message live.
      otpExpires: new Date(Date.now() + 30 * 86_400_000).toISOString(),
    });
    await under.post(body);
    expect(inputsOf(asked())).toEqual([
      {
        DestinationPhoneNumber: indianNumber,
        OriginationIdentity: '+919000000001',
        MessageBody: expect.stringContaining(marked.otp),
        MessageType: 'TRANSACTIONAL',
        MaxPrice: '0.05',
        TimeToLive: 259_200,
        DestinationCountryParameters: { IN_ENTITY_ID: '1001', IN_TEMPLATE_ID: '2002' },
        ConfigurationSetName: 'otp-codes',
        ProtectConfigurationId: 'protect-0123456789',
        Context: { eventId: body.eventId, catalogVersion: '1', oktaRequestId: body.data.context.request.id },
        DryRun: false,
      },
    ]);
  });

  it('tells the service all it needs to know of a call', async () => {
    const { asked } = since(under);
    const body = bodyWith({ phoneNumber: indianNumber, deliveryChannel: 'voice call' });
    await under.post(body);
    const [input] = inputsOf(asked());
    expect(input).toEqual({
      DestinationPhoneNumber: indianNumber,
      OriginationIdentity: '+919000000001',
      MessageBody: expect.stringMatching(/^<speak>.*<\/speak>$/s),
      MessageBodyTextType: 'SSML',
      VoiceId: 'JOANNA',
      MaxPricePerMinute: '0.20',
      TimeToLive: expect.any(Number),
      ConfigurationSetName: 'otp-codes',
      ProtectConfigurationId: 'protect-0123456789',
      Context: { eventId: body.eventId, catalogVersion: '1', oktaRequestId: body.data.context.request.id },
      DryRun: false,
    });
    // Okta's codes live five minutes, and the message no longer than that.
    expect(input?.['TimeToLive']).toBeGreaterThanOrEqual(5);
    expect(input?.['TimeToLive']).toBeLessThanOrEqual(300);
  });

  it('leaves what failed in the failures queue, without a secret and as it is published', async () => {
    const schema = JSON.parse(
      await readFile(join(import.meta.dirname, '..', '..', 'schemas', 'delivery-record.schema.json'), 'utf8'),
    );
    const ajv = new Ajv2020({ strictTypes: false });
    const validate = ajv.addSchema(schema).compile({ $ref: `${schema.$id}#/$defs/failureRecord` });
    under.cloud.messaging.setFault({ kind: 'exception', name: 'InternalServerException' });
    const body = hookBody();
    expect((await under.post(body)).body).toMatchObject(action('FAILED', 'cause=service-error'));
    const queued = under.cloud.queue.messages('okta-otp-failures').map((message) => message.body);
    const found = queued.filter((text) => text.includes(body.eventId));
    expect(found).toHaveLength(1);
    const record = JSON.parse(found[0] ?? '');
    expect(validate(record), ajv.errorsText(validate.errors)).toBe(true);
    expect(validate({ ...record, to: marked.phone })).toBe(false);
    // Both identities, then the call from both.
    expect(record).toMatchObject({ eventId: body.eventId, cause: 'service-error', attempts: [{}, {}, {}, {}] });
    for (const secret of [marked.otp, marked.phone.slice(1), first, second]) expect(found[0]).not.toContain(secret);
  });
});
