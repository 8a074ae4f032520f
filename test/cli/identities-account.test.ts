import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { openWorkspace } from '../../src/cli/workspace.ts';
import type { ManagedAccountSeed } from '../../src/local/end-user-messaging/managed-account.ts';
import type { FakeContextOptions } from '../support/fake-context.ts';
import { createFakeContext } from '../support/fake-context.ts';
import type { ManagedAccountUnderTest } from '../support/managed-account.ts';
import { useManagedAccount } from '../support/managed-account.ts';

const start = useManagedAccount();
let dir: string;
let ids = 0;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'identities-'));
});
afterEach(async () => {
  await rm(dir, { recursive: true });
});

const path = 'originationIdentities.json';
const write = (text: string) => openWorkspace(dir, '.').write({ path, text });
const local = async () => (await openWorkspace(dir, '.').files()).find((file) => file.path === path)?.text;

async function run(under: ManagedAccountUnderTest, args: readonly string[], options: FakeContextOptions = {}) {
  const fake = createFakeContext({ clock: under.clock, ...options });
  const withFolder = args[0] === 'request' ? args : [...args, '--dir', dir];
  ids += 1;
  // A person is slower than the quota of one request a second.
  under.clock.pass(2_000);
  const start = under.clock.now();
  const code = await main(['identities', ...withFolder], { ...fake, newId: () => `order-${ids}` });
  return { code, out: fake.out(), err: fake.err(), asked: fake.asked(), waitedMs: under.clock.now() - start };
}

const account: ManagedAccountSeed = {
  numbers: [
    { number: '+33987654321', country: 'FR', capabilities: ['SMS', 'VOICE'], type: 'LONG_CODE' },
    { number: '+12065550100', country: 'US', capabilities: ['VOICE'], type: 'LONG_CODE' },
    { number: '+18335550101', country: 'US', capabilities: ['SMS'], type: 'TOLL_FREE', status: 'PENDING' },
  ],
  senderIds: [{ senderId: 'ACME', country: 'DE', registered: true }],
  pools: [{ name: '0123456789ab', members: ['+33987654321'] }],
};
const proposed = { DE: 'ACME', FR: 'pool-0123456789ab', US: { voice: '+12065550100' } };

describe('identities discover', () => {
  it('shows what there is, proposes a file, and writes none unasked', async () => {
    const { code, out, err } = await run(await start(account), ['discover']);
    expect(code).toBe(0);
    expect(out).toMatchInlineSnapshot(`
      "IDENTITY           KIND                            COUNTRY  CHANNELS   STATUS   REGISTRATION  USD A MONTH  ID
      pool-0123456789ab  pool of 1                       FR       sms voice  ACTIVE   -             -            pool-0123456789ab
      +33987654321       LONG_CODE in pool-0123456789ab  FR       sms voice  ACTIVE   -             1.00         phone-00000000000000000000000000000001
      +12065550100       LONG_CODE                       US       voice      ACTIVE   -             1.00         phone-00000000000000000000000000000002
      +18335550101       TOLL_FREE                       US       sms        PENDING  -             2.00         phone-00000000000000000000000000000003
      ACME               sender ID                       DE       sms        -        registered    0.00         -
      "
    `);
    expect(err).toMatchInlineSnapshot(`
      "… reading phone numbers
      … reading sender IDs
      … reading pools
      … reading the members of pools (1 of 1)
      left out: +33987654321 (FR) is a member of a pool, which is proposed instead
      left out: +18335550101 (US) is not active yet, or no longer
      + DE: "ACME"
      + FR: "pool-0123456789ab"
      + US: {"voice":"+12065550100"}
      Nothing was written: okta-otp identities discover --yes writes it.
      "
    `);
    expect(await local()).toBeUndefined();
  });

  it('writes it with --yes, and has nothing to propose then', async () => {
    const under = await start(account);
    expect(await run(under, ['discover', '--yes', '--json'])).toMatchObject({ code: 0, err: '' });
    expect(JSON.parse((await local()) ?? '')).toEqual(proposed);
    const before = await local();
    const again = await run(under, ['discover', '--yes']);
    expect(again.err).toContain('Nothing to propose');
    expect(await local()).toBe(before);
  });

  it('writes when the person says yes, and leaves the file when they do not', async () => {
    const under = await start(account);
    await write('{ "IT": "OTHER" }\n');
    const no = await run(under, ['discover'], { typed: 'n' });
    expect({ code: no.code, asked: no.asked }).toEqual({
      code: 130,
      asked: ['Write this to originationIdentities.json? (y/N)'],
    });
    expect(await local()).toBe('{ "IT": "OTHER" }\n');
    expect((await run(under, ['discover'], { typed: 'y' })).code).toBe(0);
    expect(JSON.parse((await local()) ?? '')).toEqual({ IT: 'OTHER', ...proposed });
  });

  it('writes nothing with --write where nobody can be asked', async () => {
    const { code, err } = await run(await start(account), ['discover', '--write', '--json']);
    expect({ code, error: JSON.parse(err).error }).toMatchObject({ code: 2, error: { code: 'confirmation-missing' } });
    expect(await local()).toBeUndefined();
  });

  it('takes a country out that nothing serves any more', async () => {
    await write('{ "US": "+18335550101", "DE": "ACME" }');
    await run(await start({ ...account, pools: [], numbers: account.numbers?.slice(2) ?? [] }), ['discover', '--yes']);
    expect(JSON.parse((await local()) ?? '')).toEqual({ DE: 'ACME' });
  });

  it('says as one JSON document what it read and proposes', async () => {
    const { code, out, err } = await run(await start(account), ['discover', '--json']);
    const { inventory, proposal, leftOut, written } = JSON.parse(out);
    expect({ code, err, written, proposal }).toEqual({ code: 0, err: '', written: false, proposal: proposed });
    expect(inventory).toMatchObject({
      region: 'us-east-1',
      numbers: { length: 3 },
      pools: [{ id: 'pool-0123456789ab' }],
    });
    expect(leftOut).toEqual([
      { identity: '+33987654321', country: 'FR', reason: 'pool-member' },
      { identity: '+18335550101', country: 'US', reason: 'not-active' },
    ]);
  });

  it('says so when the account has nothing', async () => {
    const { code, out, err } = await run(await start(), ['discover']);
    expect({ code, out }).toEqual({ code: 0, out: '' });
    expect(err).toContain('no numbers, sender IDs or pools in us-east-1');
    expect(err).toContain('okta-otp identities request');
  });

  it('reads a large account page by page at the pace that AWS allows, and says how far it is', async () => {
    const numbers = Array.from({ length: 250 }, (_, index) => ({
      number: `+1206555${String(index).padStart(4, '0')}`,
      country: 'US',
      capabilities: ['VOICE' as const],
      type: 'LONG_CODE' as const,
    }));
    const pools = ['0123456789aa', '0123456789ab'].map((name) => ({ name, members: [] }));
    const under = await start({ numbers, pools });
    const { err, waitedMs } = await run(under, ['discover']);
    expect(err).toContain('… reading phone numbers (200)');
    expect(err).not.toContain('throttling');
    expect(under.service.requests().filter(({ outcome }) => outcome.kind === 'refused')).toEqual([]);
    expect(under.operations()).toEqual([
      ...['DescribePhoneNumbers', 'DescribePhoneNumbers', 'DescribePhoneNumbers', 'DescribeSenderIds', 'DescribePools'],
      ...['ListPoolOriginationIdentities', 'ListPoolOriginationIdentities'],
    ]);
    expect(waitedMs).toBe(3 * 1_100);
  });

  it('waits and tries again when AWS throttles, and gives up in the end', async () => {
    const under = await start(account);
    under.service.breakNext({ kind: 'exception', name: 'ThrottlingException' });
    const patient = await run(under, ['discover']);
    expect({ code: patient.code, words: patient.err.includes('throttling: waiting 1 s') }).toEqual({
      code: 0,
      words: true,
    });
    under.service.setFault({ kind: 'exception', name: 'ThrottlingException' });
    const { code, err } = await run(under, ['discover', '--json']);
    expect({ code, error: JSON.parse(err).error.code }).toEqual({ code: 1, error: 'aws-throttled' });
  });

  it('says which permission is missing', async () => {
    const under = await start(account);
    under.service.setFault({ kind: 'exception', name: 'AccessDeniedException' });
    const { code, err } = await run(under, ['discover', '--json']);
    expect(code).toBe(4);
    expect(JSON.parse(err).error).toMatchObject({ hint: 'they need sms-voice:DescribePhoneNumbers' });
  });

  it('ends at once with Ctrl-C, also while it waits for AWS', async () => {
    const under = await start(account);
    under.service.setFault({ kind: 'hang' });
    const fake = createFakeContext({ clock: under.clock });
    const ended = main(['identities', 'discover', '--dir', dir], fake);
    await expect.poll(() => under.operations().length).toBe(1);
    fake.interrupt();
    expect(await ended).toBe(130);
  });

  it('leaves a file alone that is not valid, and asks AWS for nothing', async () => {
    const under = await start(account);
    await write('{');
    expect((await run(under, ['discover', '--yes'])).code).toBe(2);
    expect({ text: await local(), asked: under.operations() }).toEqual({ text: '{', asked: [] });
  });
});

describe('identities check', () => {
  it('finds nothing where file and account agree', async () => {
    const under = await start({ ...account, numbers: account.numbers?.slice(0, 2) ?? [] });
    await write(JSON.stringify(proposed));
    const { code, out, err } = await run(under, ['check']);
    expect({ code, out }).toEqual({ code: 0, out: '' });
    expect(err).toContain('agree');
  });

  it('finds everything at once, each with what to do, and ends with 3', async () => {
    await write(JSON.stringify({ FR: 'pool-0123456789ab', US: { sms: '+18335550101', voice: '+33911111111' } }));
    const { code, out, err } = await run(await start(account), ['check']);
    expect(code).toBe(3);
    expect(out).toMatchInlineSnapshot(`
      "error US sms: +18335550101 is PENDING (inactive)
        fix: wait for it, or complete its registration: https://docs.aws.amazon.com/sms-voice/latest/userguide/registrations.html
      error US voice: +33911111111 is not in the account, as far as us-east-1 goes (missing)
        fix: okta-otp identities discover
      info US: +12065550100 is in the account, and the file does not use it (unused)
        fix: okta-otp identities set US +12065550100
      info DE: ACME is in the account, and the file does not use it (unused)
        fix: okta-otp identities set DE ACME
      "
    `);
    expect(err).toContain('Compared with account 123456789012 in us-east-1: errors 2, warnings 0, unused 2.');
  });

  it('is good with warnings and unused identities, as JSON', async () => {
    await write(JSON.stringify({ FR: '+33987654321' }));
    const { code, out } = await run(await start(account), ['check', '--json']);
    const { findings, summary, account: id } = JSON.parse(out);
    expect({ code, summary, id }).toEqual({
      code: 0,
      summary: { errors: 0, warnings: 0, infos: 4 },
      id: '123456789012',
    });
    expect(findings).toHaveLength(4);
  });

  it('finds a file against an empty account missing altogether', async () => {
    await write(JSON.stringify({ FR: '+33987654321' }));
    const { code, out } = await run(await start(), ['check', '--json']);
    expect(code).toBe(3);
    expect(JSON.parse(out)).toMatchObject({ account: null, summary: { errors: 2 } });
  });
});

describe('identities request', () => {
  it('says what is known of the price, asks, and tells the next command', async () => {
    const under = await start();
    const { code, out, err, asked } = await run(under, ['request', '--capability', 'voice'], { typed: 'y' });
    expect(code).toBe(0);
    expect(err).toMatchInlineSnapshot(`
      "… reading phone numbers
      A US long-code number for voice:
        price         AWS tells it with the number, not before; its list is https://aws.amazon.com/end-user-messaging/pricing/
        registration  none is needed for calls
      "
    `);
    expect(asked).toEqual(['Request it, and pay for it every month until it is released? (y/N)']);
    expect(out).toMatchInlineSnapshot(`
      "number   +12065550100 (phone-00000000000000000000000000000001)
      status   ACTIVE
      price    1.00 USD a month
      use it   okta-otp identities set US +12065550100 --channel voice
      release  aws pinpoint-sms-voice-v2 release-phone-number --phone-number-id phone-00000000000000000000000000000001
      "
    `);
  });

  it('tells the price of one that is there already', async () => {
    const { err } = await run(await start(account), ['request', '--capability', 'voice'], { typed: 'n' });
    expect(err).toContain('1.00 USD a month, as for the one that you have');
  });

  it('requests nothing without a yes', async () => {
    const under = await start();
    const no = await run(under, ['request', '--capability', 'sms'], { typed: 'no' });
    const piped = await run(under, ['request', '--capability', 'sms', '--json']);
    expect({ no: no.code, piped: piped.code, error: JSON.parse(piped.err).error }).toMatchObject({
      no: 130,
      piped: 2,
      error: {
        code: 'confirmation-missing',
        hint: 'okta-otp identities request --capability sms --type simulator --yes',
      },
    });
    expect(under.operations()).not.toContain('RequestPhoneNumber');
  });

  it('gets a simulator or a toll-free number with --yes, and says what they cannot do', async () => {
    const under = await start();
    const simulator = await run(under, ['request', '--capability', 'sms', '--yes']);
    expect(simulator.err).toContain('It is for tests only');
    const tollFree = await run(under, ['request', '--capability', 'sms', '--type', 'toll-free', '--yes', '--json']);
    const { number, next } = JSON.parse(tollFree.out);
    expect(number).toMatchObject({ type: 'TOLL_FREE', status: 'PENDING', channels: ['sms', 'voice'] });
    expect(next).toBe(`okta-otp identities set US ${number.number}`);
    expect((await run(under, ['request', '--capability', 'voice', '--type', 'toll-free', '--yes'])).err).toContain(
      'It cannot send yet',
    );
  });

  it.each([
    [['--country', 'FR', '--capability', 'voice'], 'number-not-requestable'],
    [['--country', 'UK', '--capability', 'voice'], 'country-unknown'],
    [['--capability', 'sms', '--type', 'long-code'], 'number-not-requestable'],
    [['--capability', 'voice', '--type', 'simulator'], 'number-not-requestable'],
    [[], 'usage'],
  ])('refuses %j before anything is asked', async (args, error) => {
    const under = await start();
    const { code, err } = await run(under, ['request', ...args, '--yes', '--json']);
    expect({ code, error: JSON.parse(err).error.code }).toEqual({ code: 2, error });
    expect(under.operations()).toEqual([]);
  });

  it('says that the outcome is open when the answer does not come', async () => {
    const under = await start();
    under.service.breakNext({ kind: 'latency', ms: 0 });
    under.service.breakNext({ kind: 'accept-then-reset' });
    const { code, err } = await run(under, ['request', '--capability', 'voice', '--yes']);
    expect(code).toBe(1);
    expect(err).toContain('whether AWS took the request is not known');
    expect(under.account.identities).toHaveLength(1);
  });

  it('says so after Ctrl-C as well', async () => {
    const under = await start();
    under.service.breakNext({ kind: 'latency', ms: 0 });
    under.service.breakNext({ kind: 'hang' });
    const fake = createFakeContext({ clock: under.clock });
    const ended = main(['identities', 'request', '--capability', 'voice', '--yes'], fake);
    await expect.poll(() => under.operations()).toContain('RequestPhoneNumber');
    fake.interrupt();
    expect(await ended).toBe(130);
    expect(fake.err()).toContain('Interrupted, and whether AWS took the request is not known');
  });

  it('stays one order however often it has to be sent', async () => {
    const under = await start();
    under.service.breakNext({ kind: 'latency', ms: 0 });
    under.service.breakNext({ kind: 'exception', name: 'ThrottlingException' });
    expect((await run(under, ['request', '--capability', 'voice', '--yes'])).code).toBe(0);
    const orders = under.service.requests().filter(({ operation }) => operation === 'RequestPhoneNumber');
    const order = { input: { ClientToken: `order-${ids}` } };
    expect(orders).toMatchObject([order, order]);
  });

  it('tells the reason of a refusal', async () => {
    const under = await start();
    under.service.breakNext({ kind: 'latency', ms: 0 });
    under.service.breakNext({
      kind: 'exception',
      name: 'ServiceQuotaExceededException',
      reason: 'PHONE_NUMBERS_PER_ACCOUNT',
    });
    const { code, err } = await run(under, ['request', '--capability', 'voice', '--yes']);
    expect(code).toBe(1);
    expect(err).toContain('PHONE_NUMBERS_PER_ACCOUNT');
    expect(err).not.toContain('is not known');
  });
});
