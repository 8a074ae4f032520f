import {
  CreateProtectConfigurationCommand,
  CreateVerifiedDestinationNumberCommand,
  DeleteVerifiedDestinationNumberCommand,
  DescribeAccountAttributesCommand,
  DescribeAccountLimitsCommand,
  DescribeConfigurationSetsCommand,
  DescribePhoneNumbersCommand,
  DescribePoolsCommand,
  DescribeProtectConfigurationsCommand,
  DescribeSenderIdsCommand,
  DescribeSpendLimitsCommand,
  DescribeVerifiedDestinationNumbersCommand,
  GetProtectConfigurationCountryRuleSetCommand,
  ListPoolOriginationIdentitiesCommand,
  PinpointSMSVoiceV2Client,
  RequestPhoneNumberCommand,
  SendDestinationNumberVerificationCodeCommand,
  SendTextMessageCommand,
  SendVoiceMessageCommand,
  UpdateProtectConfigurationCountryRuleSetCommand,
  VerifyDestinationNumberCommand,
} from '@aws-sdk/client-pinpoint-sms-voice-v2';
import { afterEach, describe, expect, it } from 'vitest';
import { createEndUserMessaging } from '../../src/local/end-user-messaging.ts';
import { createPhoneInbox } from '../../src/local/phone.ts';
import { serve } from '../../src/local/serve.ts';
import type { ManagedAccountUnderTest } from '../support/managed-account.ts';
import { useManagedAccount } from '../support/managed-account.ts';
import { marked } from '../support/marked.ts';

const start = useManagedAccount();
const clients: PinpointSMSVoiceV2Client[] = [];
afterEach(() => {
  for (const client of clients.splice(0)) client.destroy();
});

/** The real SDK; before each request of `send` a second passes, so that none is throttled by accident. */
function clientOf(under: ManagedAccountUnderTest) {
  const hasty = new PinpointSMSVoiceV2Client({ endpoint: under.url });
  const patient = new PinpointSMSVoiceV2Client({ endpoint: under.url });
  patient.middlewareStack.add(
    (next) => async (request) => {
      under.clock.pass(1_000);
      return await next(request);
    },
    { step: 'initialize' },
  );
  clients.push(hasty, patient);
  return { send: patient.send.bind(patient), hurry: hasty.send.bind(hasty) };
}

const refusal = async (promise: Promise<unknown>) => {
  const error: unknown = await promise.catch((caught: unknown) => caught);
  return error instanceof Error ? { name: error.name, reason: Reflect.get(error, 'Reason') } : 'no refusal';
};

const usVoice = { IsoCountryCode: 'US', MessageType: 'TRANSACTIONAL', NumberType: 'LONG_CODE' } as const;
const text = (to: string, from?: string) =>
  new SendTextMessageCommand({ DestinationPhoneNumber: to, OriginationIdentity: from, MessageBody: 'hello' });

describe('what the account has', () => {
  it('is told page by page, each number once', async () => {
    const numbers = Array.from({ length: 5 }, (_, index) => ({
      number: `+1206555010${index}`,
      country: 'US',
      capabilities: ['VOICE' as const],
      type: 'LONG_CODE' as const,
    }));
    const { send } = clientOf(await start({ numbers }));
    const found: (string | undefined)[] = [];
    let NextToken: string | undefined;
    let pages = 0;
    do {
      const page = await send(new DescribePhoneNumbersCommand({ MaxResults: 2, NextToken }));
      found.push(...(page.PhoneNumbers ?? []).map(({ PhoneNumber }) => PhoneNumber));
      NextToken = page.NextToken;
      pages += 1;
    } while (NextToken !== undefined);
    expect({ found, pages }).toEqual({ found: numbers.map(({ number }) => number), pages: 3 });
  });

  it('refuses a token that it has not given, and another operation’s', async () => {
    const pools = [1, 2].map((name) => ({ name: `${name}`, members: [] }));
    const numbers = [1, 2, 3].map((last) => ({
      number: `+1206555010${last}`,
      country: 'US',
      capabilities: ['VOICE' as const],
      type: 'LONG_CODE' as const,
    }));
    const { send } = clientOf(await start({ pools, numbers }));
    const first = await send(new DescribePoolsCommand({ MaxResults: 1 }));
    for (const token of ['nonsense', first.NextToken]) {
      expect(await refusal(send(new DescribePhoneNumbersCommand({ NextToken: token })))).toEqual({
        name: 'ValidationException',
        reason: 'INVALID_NEXT_TOKEN',
      });
    }
  });

  it('names pools with their members, by country and capability', async () => {
    const under = await start({
      numbers: [{ number: '+18335550100', country: 'US', capabilities: ['SMS', 'VOICE'], type: 'TOLL_FREE' }],
      senderIds: [{ senderId: 'ACME', country: 'DE', registered: true }],
      pools: [{ name: 'otp', members: ['+18335550100', 'ACME/DE'] }],
    });
    const { send } = clientOf(under);
    const { OriginationIdentities: members } = await send(
      new ListPoolOriginationIdentitiesCommand({ PoolId: 'pool-otp' }),
    );
    expect(members).toMatchObject([
      { IsoCountryCode: 'US', NumberCapabilities: ['SMS', 'VOICE'], PhoneNumber: '+18335550100' },
      { IsoCountryCode: 'DE', NumberCapabilities: ['SMS'], OriginationIdentity: 'ACME' },
    ]);
    const { PhoneNumbers: numbers } = await send(new DescribePhoneNumbersCommand({}));
    expect(numbers?.[0]).toMatchObject({ PoolId: 'pool-otp', Status: 'ACTIVE', MonthlyLeasingPrice: '2.00' });
    expect(numbers?.[0]?.CreatedTimestamp).toBeInstanceOf(Date);
    const { SenderIds: senderIds } = await send(new DescribeSenderIdsCommand({}));
    expect(senderIds).toMatchObject([{ SenderId: 'ACME', IsoCountryCode: 'DE', Registered: true }]);
  });

  it('is asked for by id, and what is not there is refused', async () => {
    const under = await start({
      senderIds: [
        { senderId: 'ACME', country: 'DE' },
        { senderId: 'ACME', country: 'FR' },
      ],
      pools: [{ name: 'a', members: [] }],
    });
    const { send } = clientOf(under);
    const one = await send(new DescribeSenderIdsCommand({ SenderIds: [{ SenderId: 'ACME', IsoCountryCode: 'FR' }] }));
    expect(one.SenderIds?.map(({ IsoCountryCode }) => IsoCountryCode)).toEqual(['FR']);
    const missing = { name: 'ResourceNotFoundException', reason: undefined };
    expect(await refusal(send(new DescribePhoneNumbersCommand({ PhoneNumberIds: ['phone-x'] })))).toEqual(missing);
    expect(await refusal(send(new DescribePoolsCommand({ PoolIds: ['pool-x'] })))).toEqual(missing);
    expect(await refusal(send(new ListPoolOriginationIdentitiesCommand({ PoolId: 'pool-x' })))).toEqual(missing);
    expect(
      await refusal(send(new DescribeSenderIdsCommand({ SenderIds: [{ SenderId: 'ACME', IsoCountryCode: 'IT' }] }))),
    ).toEqual(missing);
  });

  it('says its tier, limits and configuration sets', async () => {
    const under = await start({
      tier: 'SANDBOX',
      accountDefault: 'protect-1',
      protectConfigurations: ['protect-1'],
      spend: { text: { enforced: 50, max: 100 } },
      configurationSets: ['okta-otp'],
    });
    const { send } = clientOf(under);
    const { AccountAttributes: attributes } = await send(new DescribeAccountAttributesCommand({}));
    expect(attributes).toEqual([
      { Name: 'ACCOUNT_TIER', Value: 'SANDBOX' },
      { Name: 'DEFAULT_PROTECT_CONFIGURATION_ID', Value: 'protect-1' },
    ]);
    const { SpendLimits: spend } = await send(new DescribeSpendLimitsCommand({}));
    expect(spend?.slice(0, 2)).toEqual([
      { Name: 'TEXT_MESSAGE_MONTHLY_SPEND_LIMIT', EnforcedLimit: 50, MaxLimit: 100, Overridden: true },
      { Name: 'VOICE_MESSAGE_MONTHLY_SPEND_LIMIT', EnforcedLimit: 1, MaxLimit: 1, Overridden: false },
    ]);
    const { AccountLimits: limits } = await send(new DescribeAccountLimitsCommand({}));
    expect(limits).toContainEqual({ Name: 'VERIFIED_DESTINATION_NUMBERS', Used: 0, Max: 10 });
    const { ConfigurationSets: sets } = await send(new DescribeConfigurationSetsCommand({}));
    expect(sets?.map(({ ConfigurationSetName: name }) => name)).toEqual(['okta-otp']);
  });

  it('is not told by a service whose account is fixed', async () => {
    const server = await serve(createEndUserMessaging({ inbox: createPhoneInbox(), now: () => 0 }).serve);
    const client = new PinpointSMSVoiceV2Client({ endpoint: server.url });
    clients.push(client);
    const refused = await refusal(client.send(new DescribePoolsCommand({})));
    await server.close();
    expect(refused).toMatchObject({ name: 'AccessDeniedException' });
  });
});

describe('the rate of requests', () => {
  it('is one a second for each operation, and sends have no part in it', async () => {
    const under = await start({
      numbers: [{ number: '+12065550100', country: 'US', capabilities: ['SMS'], type: 'TEN_DLC' }],
    });
    const { hurry } = clientOf(under);
    await hurry(new DescribePoolsCommand({}));
    expect(await refusal(hurry(new DescribePoolsCommand({})))).toMatchObject({ name: 'ThrottlingException' });
    await hurry(new DescribePhoneNumbersCommand({}));
    await hurry(text(marked.phone, '+12065550100'));
    await hurry(text(marked.phone, '+12065550100'));
    under.clock.pass(1_000);
    await hurry(new DescribePoolsCommand({}));
  });
});

describe('a number that is requested', () => {
  it('can be called from, once for the same token', async () => {
    const under = await start();
    const { send } = clientOf(under);
    const order = { ...usVoice, NumberCapabilities: ['VOICE' as const], ClientToken: 'order-1' };
    const first = await send(new RequestPhoneNumberCommand(order));
    const again = await send(new RequestPhoneNumberCommand(order));
    expect(again.PhoneNumberId).toBe(first.PhoneNumberId);
    expect((await send(new DescribePhoneNumbersCommand({}))).PhoneNumbers).toHaveLength(1);
    await send(
      new SendVoiceMessageCommand({
        DestinationPhoneNumber: marked.phone,
        OriginationIdentity: first.PhoneNumberArn,
        MessageBody: 'hello',
      }),
    );
    expect(under.inbox.received()).toHaveLength(1);
    expect(await refusal(send(text(marked.phone, first.PhoneNumberId)))).toMatchObject({
      reason: 'NUMBER_CAPABILITIES_MISMATCH',
    });
  });

  it('cannot send before its registration is complete', async () => {
    const under = await start();
    const { send } = clientOf(under);
    const tollFree = { ...usVoice, NumberType: 'TOLL_FREE' as const, NumberCapabilities: ['SMS' as const] };
    const { PhoneNumber: number = '', Status: status } = await send(new RequestPhoneNumberCommand(tollFree));
    expect(status).toBe('PENDING');
    expect(await refusal(send(text(marked.phone, number)))).toMatchObject({ reason: 'RESOURCE_NOT_ACTIVE' });
    under.account.activate(number);
    await send(text(marked.phone, number));
  });

  it.each([
    [{ IsoCountryCode: 'FR' }, 'COUNTRY_NOT_ENABLED'],
    [{ NumberCapabilities: ['SMS' as const] }, 'INVALID_PARAMETER'],
    [{ NumberType: 'TEN_DLC' as const }, 'REGISTRATION_NOT_COMPLETE'],
  ])('is refused for %j', async (change, reason) => {
    const { send } = clientOf(await start());
    const order = { ...usVoice, NumberCapabilities: ['VOICE' as const], ...change };
    expect(await refusal(send(new RequestPhoneNumberCommand(order)))).toMatchObject({ reason });
  });

  it('stays within its country if it is a simulator', async () => {
    const { send } = clientOf(await start());
    const order = { ...usVoice, NumberType: 'SIMULATOR' as const, NumberCapabilities: ['SMS' as const] };
    const { PhoneNumber: number } = await send(new RequestPhoneNumberCommand(order));
    expect(await refusal(send(text(marked.phone, number)))).toMatchObject({
      reason: 'INVALID_IDENTITY_FOR_DESTINATION_COUNTRY',
    });
  });
});

describe('a pool', () => {
  it('reaches what its active members reach, and everything over shared routes', async () => {
    const numbers = [
      { number: '+34911000000', country: 'ES', capabilities: ['SMS' as const], type: 'LONG_CODE' as const },
      {
        number: '+33911000000',
        country: 'FR',
        capabilities: ['SMS' as const],
        type: 'LONG_CODE' as const,
        status: 'PENDING' as const,
      },
    ];
    const members = numbers.map(({ number }) => number);
    const pools = [
      { name: 'own', members },
      { name: 'shared', members, sharedRoutes: true },
    ];
    const { send } = clientOf(await start({ numbers, pools }));
    await send(text(marked.phone, 'pool-own'));
    expect(await refusal(send(text(marked.otherPhone, 'pool-own')))).toMatchObject({
      reason: 'NO_ORIGINATION_IDENTITIES_FOUND',
    });
    await send(text(marked.otherPhone, 'pool-shared'));
  });
});

describe('a protect configuration', () => {
  const rules = (ProtectConfigurationId: string, NumberCapability: 'SMS' | 'VOICE' = 'SMS') =>
    new GetProtectConfigurationCountryRuleSetCommand({ ProtectConfigurationId, NumberCapability });
  const update = (ProtectConfigurationId: string, country: string, ProtectStatus: 'ALLOW' | 'BLOCK' | 'FILTER') =>
    new UpdateProtectConfigurationCountryRuleSetCommand({
      ProtectConfigurationId,
      NumberCapability: 'SMS',
      CountryRuleSetUpdates: { [country]: { ProtectStatus } },
    });
  const numbers = [
    {
      number: '+34911000000',
      country: 'ES',
      capabilities: ['SMS' as const, 'VOICE' as const],
      type: 'LONG_CODE' as const,
    },
  ];

  it('allows every country at first, and changes one channel at a time', async () => {
    const { send } = clientOf(await start());
    const { ProtectConfigurationId: id = '' } = await send(new CreateProtectConfigurationCommand({}));
    const first = await send(rules(id));
    expect(new Set(Object.values(first.CountryRuleSet ?? {}).map(({ ProtectStatus: status }) => status))).toEqual(
      new Set(['ALLOW']),
    );
    const after = await send(update(id, 'ES', 'FILTER'));
    expect(after.CountryRuleSet?.['ES']).toEqual({ ProtectStatus: 'FILTER' });
    expect((await send(rules(id, 'VOICE'))).CountryRuleSet?.['ES']).toEqual({ ProtectStatus: 'ALLOW' });
    const { ProtectConfigurations: all } = await send(new DescribeProtectConfigurationsCommand({}));
    expect(all).toMatchObject([{ ProtectConfigurationId: id, AccountDefault: false }]);
  });

  it('blocks the sends that name it, on that channel, until it is lifted', async () => {
    const { send } = clientOf(await start({ numbers, protectConfigurations: ['protect-1'] }));
    const named = () =>
      new SendTextMessageCommand({
        DestinationPhoneNumber: marked.phone,
        OriginationIdentity: '+34911000000',
        MessageBody: 'hello',
        ProtectConfigurationId: 'protect-1',
      });
    await send(named());
    await send(update('protect-1', 'ES', 'BLOCK'));
    expect(await refusal(send(named()))).toMatchObject({
      reason: 'DESTINATION_COUNTRY_BLOCKED_BY_PROTECT_CONFIGURATION',
    });
    await send(text(marked.phone, '+34911000000'));
    await send(
      new SendVoiceMessageCommand({
        DestinationPhoneNumber: marked.phone,
        OriginationIdentity: '+34911000000',
        MessageBody: 'hello',
        ProtectConfigurationId: 'protect-1',
      }),
    );
    await send(update('protect-1', 'ES', 'ALLOW'));
    await send(named());
  });

  it('holds for every send if it is the account’s own', async () => {
    const { send } = clientOf(
      await start({ numbers, protectConfigurations: ['protect-1'], accountDefault: 'protect-1' }),
    );
    await send(update('protect-1', 'ES', 'BLOCK'));
    expect(await refusal(send(text(marked.phone, '+34911000000')))).toMatchObject({ name: 'ConflictException' });
  });

  it('has to exist', async () => {
    const { send } = clientOf(await start({ numbers }));
    const missing = { name: 'ResourceNotFoundException' };
    expect(await refusal(send(rules('protect-x')))).toMatchObject(missing);
    expect(await refusal(send(update('protect-x', 'ES', 'BLOCK')))).toMatchObject(missing);
    const named = new SendTextMessageCommand({
      DestinationPhoneNumber: marked.phone,
      MessageBody: 'hello',
      ProtectConfigurationId: 'protect-x',
    });
    expect(await refusal(send(named))).toMatchObject(missing);
  });

  it('refuses what is no country and no rule', async () => {
    const { send } = clientOf(await start({ protectConfigurations: ['protect-1'] }));
    expect(await refusal(send(update('protect-1', 'Spain', 'BLOCK')))).toMatchObject({ reason: 'INVALID_PARAMETER' });
    const wrong = new UpdateProtectConfigurationCountryRuleSetCommand({
      ProtectConfigurationId: 'protect-1',
      NumberCapability: 'SMS',
      // @ts-expect-error the service has to refuse it, since the SDK does not
      CountryRuleSetUpdates: { ES: { ProtectStatus: 'DENY' } },
    });
    expect(await refusal(send(wrong))).toMatchObject({ name: 'ValidationException' });
  });
});

describe('a destination of the sandbox', () => {
  const numbers = [
    {
      number: '+34911000000',
      country: 'ES',
      capabilities: ['SMS' as const, 'VOICE' as const],
      type: 'LONG_CODE' as const,
    },
  ];
  const create = (number: string) => new CreateVerifiedDestinationNumberCommand({ DestinationPhoneNumber: number });
  const sendCode = (id: string | undefined, VerificationChannel: 'TEXT' | 'VOICE' = 'TEXT') =>
    new SendDestinationNumberVerificationCodeCommand({ VerifiedDestinationNumberId: id, VerificationChannel });
  const verify = (id: string | undefined, code: string) =>
    new VerifyDestinationNumberCommand({ VerifiedDestinationNumberId: id, VerificationCode: code });

  it('can be sent to once it has given back the code that it got', async () => {
    const under = await start({ tier: 'SANDBOX', numbers });
    const { send } = clientOf(under);
    expect(await refusal(send(text(marked.phone, '+34911000000')))).toMatchObject({
      reason: 'DESTINATION_PHONE_NUMBER_NOT_VERIFIED',
    });
    const { VerifiedDestinationNumberId: id, Status: status } = await send(create(marked.phone));
    expect(status).toBe('PENDING');
    expect(await refusal(send(verify(id, marked.otp)))).toMatchObject({ reason: 'VERIFICATION_CODE_MISMATCH' });
    await send(sendCode(id));
    const [message] = under.inbox.received();
    expect(message).toMatchObject({ channel: 'sms', to: marked.phone });
    expect(await refusal(send(verify(id, '000000')))).toMatchObject({ reason: 'VERIFICATION_CODE_MISMATCH' });
    expect(await send(verify(id, marked.otp))).toMatchObject({ Status: 'VERIFIED' });
    expect(await refusal(send(verify(id, marked.otp)))).toMatchObject({ reason: 'VERIFICATION_ALREADY_COMPLETE' });
    expect(await refusal(send(sendCode(id)))).toMatchObject({ reason: 'VERIFICATION_ALREADY_COMPLETE' });
    await send(text(marked.phone, '+34911000000'));
  });

  it('gets its code by a call as well, and none where nothing can call', async () => {
    const under = await start({ tier: 'SANDBOX', numbers });
    const { send } = clientOf(under);
    const { VerifiedDestinationNumberId: id } = await send(create(marked.phone));
    await send(sendCode(id, 'VOICE'));
    expect(under.inbox.received()).toMatchObject([{ channel: 'voice', to: marked.phone }]);
    const none = clientOf(await start({ tier: 'SANDBOX' }));
    const other = await none.send(create(marked.phone));
    expect(await refusal(none.send(sendCode(other.VerifiedDestinationNumberId)))).toMatchObject({
      reason: 'NO_ORIGINATION_IDENTITIES_FOUND',
    });
  });

  it('is added once, ten at most, listed, and deleted after a day', async () => {
    const verified = Array.from({ length: 9 }, (_, index) => `+3461234000${index}`);
    const under = await start({ tier: 'SANDBOX', verified });
    const { send } = clientOf(under);
    const { VerifiedDestinationNumberId: id } = await send(create(marked.phone));
    expect(await refusal(send(create(marked.phone)))).toMatchObject({ reason: 'RESOURCE_ALREADY_EXISTS' });
    expect(await refusal(send(create(marked.otherPhone)))).toMatchObject({
      reason: 'VERIFIED_DESTINATION_NUMBERS_PER_ACCOUNT',
    });
    const list = await send(new DescribeVerifiedDestinationNumbersCommand({ DestinationPhoneNumbers: [marked.phone] }));
    expect(list.VerifiedDestinationNumbers).toMatchObject([{ VerifiedDestinationNumberId: id, Status: 'PENDING' }]);
    const remove = () => new DeleteVerifiedDestinationNumberCommand({ VerifiedDestinationNumberId: id });
    expect(await refusal(send(remove()))).toMatchObject({ reason: 'RESOURCE_DELETION_NOT_ALLOWED' });
    under.clock.pass(24 * 60 * 60 * 1_000);
    await send(remove());
    await send(create(marked.otherPhone));
  });
});
