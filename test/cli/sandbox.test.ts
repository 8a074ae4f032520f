import { describe, expect, it } from 'vitest';
import { main } from '../../src/cli/main.ts';
import type { ManagedAccountSeed } from '../../src/local/end-user-messaging/managed-account.ts';
import type { FakeContextOptions } from '../support/fake-context.ts';
import { createFakeContext } from '../support/fake-context.ts';
import type { ManagedAccountUnderTest } from '../support/managed-account.ts';
import { useManagedAccount } from '../support/managed-account.ts';
import { marked } from '../support/marked.ts';

const start = useManagedAccount();

async function run(under: ManagedAccountUnderTest, args: readonly string[], options: FakeContextOptions = {}) {
  const fake = createFakeContext({ clock: under.clock, ...options });
  // A person is slower than the quota of one request a second.
  under.clock.pass(2_000);
  const code = await main(['sandbox', ...args], fake);
  return { code, out: fake.out(), err: fake.err(), asked: fake.asked() };
}

const sandbox: ManagedAccountSeed = {
  tier: 'SANDBOX',
  numbers: [{ number: '+34911000000', country: 'ES', capabilities: ['SMS', 'VOICE'], type: 'LONG_CODE' }],
};

describe('sandbox status', () => {
  it('shows tier, limits and what fails, and ends with 3 in the sandbox', async () => {
    const { code, out, err } = await run(await start(sandbox), ['status']);
    expect(code).toBe(3);
    expect(out).toMatchInlineSnapshot(`
      "tier      SANDBOX in us-east-1
      verified  0 of 10 destinations
      spend     text: 1 USD a month, 1 at most
      spend     voice: 1 USD a month, 1 at most
      fails     every message to a number that is not verified (sandbox-unverified)
      fails     calls beyond 20 a day, 5 a day to one number, or 30 seconds
      fails     SMS beyond 1 USD a month (spend-limit)
      fails     calls beyond 1 USD a month (spend-limit)
      "
    `);
    expect(err).toContain('okta-otp sandbox verify <phone>');
  });

  it('is good outside of it', async () => {
    const spend = { text: { enforced: 500, max: 1_000 }, voice: { enforced: 100, max: 100 } };
    const { code, out } = await run(await start({ spend, accountDefault: 'protect-1' }), ['status', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({
      region: 'us-east-1',
      sandbox: false,
      tier: 'PRODUCTION',
      accountProtectConfiguration: 'protect-1',
      spend: [
        { of: 'text', ...spend.text },
        { of: 'voice', ...spend.voice },
        { of: 'media', enforced: 1, max: 1 },
      ],
      verified: { used: 0, max: 10 },
      limited: [],
    });
  });

  it('says that no further destination fits', async () => {
    const verified = Array.from({ length: 10 }, (_, index) => `+3461234000${index}`);
    const { out } = await run(await start({ ...sandbox, verified }), ['status']);
    expect(out).toContain('10 of 10 destinations');
    expect(out).toContain('another verified destination');
  });

  it('says where credentials are missing', async () => {
    const under = await start(sandbox);
    under.service.setFault({ kind: 'exception', name: 'AccessDeniedException' });
    const { code, err } = await run(under, ['status', '--json']);
    expect({ code, hint: JSON.parse(err).error.hint }).toEqual({
      code: 4,
      hint: 'they need sms-voice:DescribeAccountAttributes',
    });
  });
});

describe('sandbox verify', () => {
  it('adds a number, has a code sent, and verifies with what is typed', async () => {
    const under = await start(sandbox);
    const { code, out, err, asked } = await run(under, ['verify', marked.phone], { typed: ` ${marked.otp} ` });
    expect({ code, out, asked }).toEqual({ code: 0, out: '', asked: ['The code that +34…78 got:'] });
    expect(err).toContain('The code is on its way to +34…78;');
    expect(err).toContain('+34…78 is verified: the sandbox may send to it.');
    expect(under.inbox.received()).toMatchObject([{ channel: 'sms', to: marked.phone }]);
    expect(under.account.verified).toEqual(new Set([marked.phone]));
  });

  it('takes two runs where nobody can be asked', async () => {
    const under = await start(sandbox);
    const first = await run(under, ['verify', marked.phone, '--channel', 'voice', '--from', '+34911000000', '--json']);
    expect({ code: first.code, out: JSON.parse(first.out) }).toEqual({
      code: 0,
      out: { phone: '+34…78', state: 'sent' },
    });
    expect(under.inbox.received()).toMatchObject([{ channel: 'voice' }]);
    const second = await run(under, ['verify', marked.phone, '--code', marked.otp, '--json']);
    expect({ code: second.code, out: JSON.parse(second.out) }).toEqual({
      code: 0,
      out: { phone: '+34…78', state: 'verified' },
    });
    expect(under.inbox.received()).toHaveLength(1);
    const third = await run(under, ['verify', marked.phone]);
    expect({ code: third.code, err: third.err }).toEqual({
      code: 0,
      err: '… reading verified numbers\n+34…78 is verified already.\n',
    });
  });

  it('sends another code to a number that was added before', async () => {
    const under = await start(sandbox);
    await run(under, ['verify', marked.phone]);
    await run(under, ['verify', marked.phone]);
    expect(under.inbox.received()).toHaveLength(2);
    expect(under.operations().filter((name) => name === 'CreateVerifiedDestinationNumber')).toHaveLength(1);
  });

  it('refuses a wrong code, and the number stays unverified', async () => {
    const under = await start(sandbox);
    await run(under, ['verify', marked.phone]);
    const { code, err } = await run(under, ['verify', marked.phone, '--code', '000000', '--json']);
    expect({ code, error: JSON.parse(err).error.code }).toEqual({ code: 2, error: 'verification-code-wrong' });
    expect(under.account.verified?.size).toBe(0);
  });

  it.each([
    [['verify', 'nonsense'], 'phone-invalid'],
    [['verify', marked.phone, '--code', 'no code'], 'verification-code-invalid'],
    [['verify', marked.phone, '--from', 'no identity!'], 'identity-invalid'],
    [['verify'], 'usage'],
    [['request', '--limit', '0'], 'usage'],
  ])('refuses %# before anything is asked', async (args, error) => {
    const under = await start(sandbox);
    const { code, err } = await run(under, [...args, '--json']);
    expect({ code, error: JSON.parse(err).error.code }).toEqual({ code: 2, error });
    expect(under.operations()).toEqual([]);
  });

  it('knows no code of a number that none was sent to', async () => {
    const { code, err } = await run(await start(sandbox), ['verify', marked.phone, '--code', marked.otp, '--json']);
    expect({ code, error: JSON.parse(err).error.code }).toEqual({ code: 2, error: 'destination-not-added' });
  });

  it('says that the number is added when its code could not be sent', async () => {
    const { code, err } = await run(await start({ tier: 'SANDBOX' }), ['verify', marked.phone]);
    expect(code).toBe(1);
    expect(err).toContain('+34…78 is added, and not verified; the same command tries again.');
    expect(err).toContain('no identity that can send this message');
  });

  it.each([
    ['ServiceQuotaExceededException', 'VERIFIED_DESTINATION_NUMBERS_PER_ACCOUNT', 'verified-destinations-full'],
    ['ServiceQuotaExceededException', 'VERIFICATION_ATTEMPTS_PER_DAY', 'verification-attempts-used'],
    ['ConflictException', 'VERIFICATION_CODE_EXPIRED', 'verification-code-expired'],
    ['ValidationException', 'OTHER', 'messaging-refused'],
    ['ResourceNotFoundException', undefined, 'messaging-not-found'],
  ] as const)('puts %s (%s) in words', async (name, reason, error) => {
    const under = await start(sandbox);
    under.service.breakNext({ kind: 'latency', ms: 0 });
    under.service.breakNext({ kind: 'exception', name, reason });
    const { code, err } = await run(under, ['verify', marked.phone, '--json']);
    expect({ code, error: JSON.parse(err).error.code }).toEqual({ code: 1, error });
  });

  it('takes a number for verified that somebody else has verified meanwhile', async () => {
    const under = await start(sandbox);
    await run(under, ['verify', marked.phone]);
    under.service.breakNext({ kind: 'latency', ms: 0 });
    under.service.breakNext({ kind: 'exception', name: 'ConflictException', reason: 'VERIFICATION_ALREADY_COMPLETE' });
    expect((await run(under, ['verify', marked.phone, '--code', marked.otp])).code).toBe(0);
  });
});

describe('sandbox request', () => {
  it('writes the case for leaving, with the Region and what only you know in brackets', async () => {
    const under = await start(sandbox);
    const { code, out, err } = await run(under, ['request', '--limit', '200'], { env: { AWS_REGION: 'eu-west-1' } });
    expect(code).toBe(0);
    expect(out).toMatchInlineSnapshot(`
      "Service: AWS End User Messaging SMS (Pinpoint)
      Region: eu-west-1
      Resource type: General Limits
      Quota: SMS Production Access
      New limit value: 200
      Type of messages: One Time Password

      Hello, please move this account out of the SMS sandbox, with a monthly spend limit of 200 US dollars.

      Use case: one-time passwords for signing in to <company> (<website>) through Okta. Okta calls our telephony inline hook, which sends one text message per code with End User Messaging. Nothing promotional is sent.
      Opt-in: users add their own phone number in their Okta account and confirm it with a code, and can remove it there.
      Destinations: <countries>.
      Volume: about <messages> a month, at most <messages> a day and <messages> a second.
      Message: <one of your texts: okta-otp templates preview>
      Against abuse: one code per request of Okta, allow and deny lists, country blocks.
      "
    `);
    expect(err).toContain('https://support.console.aws.amazon.com/support/home#/case/create');
    expect(under.operations()).toEqual([]);
  });

  it('writes the case for another spend limit, as JSON', async () => {
    const args = ['request', '--kind', 'spend', '--channel', 'voice', '--region', 'eu-west-1', '--json'];
    const { out } = await run(await start(), args);
    expect(JSON.parse(out)).toMatchObject({
      fields: { Region: 'eu-west-1', 'New limit value': '<US dollars a month>' },
      description: expect.stringContaining('raise the monthly spend limit of this account for voice messages'),
    });
  });

  it('names the countries that the catalog sends to', async () => {
    const args = ['request', '--dir', 'templates/sample'];
    const fake = createFakeContext();
    expect(await main(['sandbox', ...args], { ...fake, cwd: process.cwd() })).toBe(0);
    expect(fake.out()).toContain('Destinations: United States, France, Germany, United Kingdom.');
  });
});
