import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { main } from '../../src/cli/main.ts';
import type { Clock } from '../../src/core/clock.ts';
import { countries } from '../../src/core/countries.ts';
import { parsePhone } from '../../src/core/phone.ts';
import type { Account } from '../../src/local/end-user-messaging/account.ts';
import type { EndUserMessaging } from '../../src/local/end-user-messaging.ts';
import { createEndUserMessaging } from '../../src/local/end-user-messaging.ts';
import type { RunningServer } from '../../src/local/serve.ts';
import { serve } from '../../src/local/serve.ts';
import { sdkEnv } from '../support/failures-queue.ts';
import type { FakeContext, FakeContextOptions } from '../support/fake-context.ts';
import { createFakeContext } from '../support/fake-context.ts';

/** One pool reaches three countries, by SMS alone; one number can do everything. */
const account: Account = {
  identities: [
    {
      kind: 'pool',
      values: ['pool-0123456789abcdef'],
      status: 'ACTIVE',
      capabilities: ['SMS'],
      countries: ['FR', 'DE', 'ES'],
    },
    { kind: 'phone-number', values: ['+18005550123'], status: 'ACTIVE', capabilities: ['SMS', 'VOICE'] },
    { kind: 'phone-number', values: ['+33600000001'], status: 'PENDING', capabilities: ['SMS', 'VOICE'] },
  ],
};

let dir = '';
let service: EndUserMessaging;
let running: RunningServer;
let delivered = 0;

beforeEach(async () => {
  for (const [name, value] of Object.entries(sdkEnv)) vi.stubEnv(name, value);
  dir = await mkdtemp(join(tmpdir(), 'probe-'));
  delivered = 0;
  const inbox = {
    deliver() {
      delivered += 1;
    },
  };
  service = createEndUserMessaging({ inbox, now: () => 0, account });
  running = await serve(service.serve);
  vi.stubEnv('AWS_ENDPOINT_URL_PINPOINT_SMS_VOICE_V2', running.url);
});

afterEach(async () => {
  await running.close();
  vi.unstubAllEnvs();
  await rm(dir, { recursive: true });
});

const write = (identities: unknown) => writeFile(join(dir, 'originationIdentities.json'), JSON.stringify(identities));

/** Waits are over at once, and are remembered; what keeps a request from hanging never comes. */
function createHastyClock(onWait: (ms: number) => void = () => {}): Clock & { readonly waits: readonly number[] } {
  const waits: number[] = [];
  let now = 0;
  return {
    waits,
    now: () => now,
    after(ms, run) {
      if (ms >= 25_000) return () => {};
      const timer = setImmediate(() => {
        now += ms;
        run();
      });
      waits.push(ms);
      onWait(ms);
      return () => clearImmediate(timer);
    },
  };
}

async function probe(line: string, options: FakeContextOptions = {}) {
  const clock = createHastyClock();
  const fake = createFakeContext({ clock, ...options });
  const code = await main(['identities', 'coverage', '--probe', ...line.split(' '), '--dir', dir], fake);
  return { code, out: fake.out(), err: fake.err(), waits: clock.waits };
}

const asked = () =>
  service.requests().map(({ operation, input }) => {
    const to = parsePhone(String(input['DestinationPhoneNumber']));
    return `${operation} ${to.ok ? to.value.country : ''} ${String(input['OriginationIdentity'])}`;
  });

describe('identities coverage --probe', () => {
  it('asks for every country on every channel, and never sends', async () => {
    await write({ '*': '+18005550123' });
    const { code, out, err } = await probe('--exit-code --json');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(JSON.parse(out).summary).toEqual({
      countries: countries.length,
      identity: 0,
      default: countries.length * 2,
      off: 0,
      blocked: 0,
      gap: 0,
      accepted: countries.length * 2,
      refused: 0,
    });
    const requests = service.requests();
    expect(requests).toHaveLength(countries.length * 2);
    expect(requests.filter(({ input }) => input['DryRun'] !== true)).toEqual([]);
    expect(delivered).toBe(0);
  });

  it('asks of every identity with its own settings, and of nothing that is switched off', async () => {
    const parameters = { IN_ENTITY_ID: '11', IN_TEMPLATE_ID: '12' };
    await write({
      IN: {
        sms: { identities: ['pool-0123456789abcdef', '+18005550123'], maxPrice: '0.25' },
        voice: '+18005550123',
        parameters,
      },
      FR: { voice: { identities: '+18005550123', maxPrice: '0.5' }, enabled: true },
      KP: { enabled: 'blocked' },
    });
    await probe('--countries IN,FR,KP,DE --configuration-set mine --protect-configuration protect-1');
    expect(asked()).toEqual([
      'SendTextMessage IN pool-0123456789abcdef',
      'SendTextMessage IN +18005550123',
      'SendVoiceMessage IN +18005550123',
      'SendVoiceMessage FR +18005550123',
    ]);
    const [sms, , india, voice] = service.requests().map(({ input }) => input);
    const both = { DryRun: true, ConfigurationSetName: 'mine', ProtectConfigurationId: 'protect-1' };
    expect(sms).toMatchObject({ ...both, MaxPrice: '0.25', DestinationCountryParameters: parameters });
    expect(voice).toMatchObject({ ...both, MaxPricePerMinute: '0.5', MessageBodyTextType: 'SSML' });
    expect(india).toMatchObject(both);
    expect(india).not.toHaveProperty('DestinationCountryParameters');
  });

  it('says in plain words what is refused and what to do, by cause', async () => {
    await write({ FR: '+33600000001', '*': ['pool-0123456789abcdef', '+18005550123'] });
    const { code, out } = await probe('--countries FR,DE,US,CA --exit-code --channel sms');
    expect(code).toBe(3);
    expect(out.split('\n').map((line) => line.replace(/ {2,}/g, ' | '))).toEqual([
      'COUNTRY | NAME | SMS',
      'FR | France | +33600000001 1 of 1 refused',
      'DE | Germany | default pool-0123456789abcdef +1 ok',
      'US | United States | default pool-0123456789abcdef +1 1 of 2 refused',
      'CA | Canada | default pool-0123456789abcdef +1 1 of 2 refused',
      '',
      'refused: the origination identity is not active',
      ' | sms +33600000001: FR',
      expect.stringMatching(/^ \| fix: look at the origination identity in End User Messaging/),
      'refused: the service found no usable origination identity in the pool',
      ' | sms pool-0123456789abcdef: US CA',
      expect.stringMatching(/^ \| fix: /),
      '4 countries – sms: 1 with their own identity, 3 by the default, 0 not served',
      'The service was asked 7 times and would accept 4 messages; nothing was sent.',
      '',
    ]);
    const { coverage, summary } = JSON.parse((await probe('--countries FR --channel sms --json')).out);
    expect(summary).toMatchObject({ accepted: 0, refused: 1 });
    expect(coverage[0].probe).toEqual([
      {
        identity: '+33600000001',
        accepted: false,
        cause: 'identity-not-active',
        reason: 'the origination identity is not active',
        fix: expect.any(String),
      },
    ]);
  });

  it('keeps below five messages a second', async () => {
    await write({ '*': '+18005550123' });
    const { waits } = await probe('--countries FR,DE,ES --channel sms');
    expect(waits).toEqual([250, 250]);
  });

  it('waits longer each time that it is told to slow down, and asks again', async () => {
    await write({ FR: 'ACME', '*': '+18005550123' });
    for (const _ of [1, 2]) service.breakNext({ kind: 'exception', name: 'ThrottlingException' });
    const { code, out, waits } = await probe('--countries DE,ES --channel sms --json');
    expect(code).toBe(0);
    expect(JSON.parse(out).summary).toMatchObject({ accepted: 2, refused: 0 });
    expect(waits).toEqual([1000, 2000, 250]);
    expect(asked()).toHaveLength(4);
  });

  it('takes throttling for the answer when it does not end', async () => {
    await write({ '*': '+18005550123' });
    service.setFault({ kind: 'exception', name: 'ThrottlingException' });
    const { code, out, waits } = await probe('--countries DE --channel sms --exit-code');
    expect(code).toBe(3);
    expect(out).toContain('refused: the service is throttling\n');
    expect(waits).toEqual([1000, 2000, 4000, 8000]);
    expect(service.requests().filter(({ input }) => input['DryRun'] !== true)).toEqual([]);
  });

  it('tells how far it is: by a line in ten, or one that is drawn anew for a person', async () => {
    await write({ '*': '+18005550123' });
    const codes = countries.slice(0, 12).join(',');
    const { err } = await probe(`--countries ${codes} --channel sms`);
    expect(err).toBe('Asked the service (nothing is sent): 10 of 12\nAsked the service (nothing is sent): 12 of 12\n');
    const watched = await probe('--countries FR,DE --channel sms', { typed: '' });
    const line = (count: number) => `\r\u001b[2KAsked the service (nothing is sent): ${count} of 2`;
    expect(watched.err).toBe(`${line(1)}${line(2)}\r\u001b[2K`);
  });

  it.each([
    ['AccessDeniedException', undefined, 4, 'access-denied'],
    ['InternalServerException', undefined, 0, undefined],
    ['AccessDeniedException', 'ACCOUNT_DISABLED', 0, undefined],
  ] as const)(
    'ends where it is about whoever asks, not about an identity: %s %s',
    async (name, reason, exit, error) => {
      await write({ '*': '+18005550123' });
      service.setFault({ kind: 'exception', name, reason });
      const { code, out, err } = await probe('--countries FR,DE --channel sms --json');
      expect(code).toBe(exit);
      expect(asked()).toHaveLength(exit === 0 ? 2 : 1);
      if (error === undefined) expect(JSON.parse(out).summary).toMatchObject({ refused: 2 });
      else {
        expect(out).toBe('');
        expect(JSON.parse(err).error).toMatchObject({ code: error, hint: 'they need sms-voice:SendTextMessage' });
      }
    },
  );

  it('needs a Region and credentials, and says so', async () => {
    await write({ '*': '+18005550123' });
    vi.stubEnv('AWS_REGION', undefined);
    const { code, err } = await probe('--countries FR --json');
    expect({ code, error: JSON.parse(err).error.code }).toEqual({ code: 2, error: 'region-missing' });
    expect((await probe('--countries FR --channel sms --region eu-west-1')).code).toBe(0);
    vi.stubEnv('AWS_ACCESS_KEY_ID', '');
    expect((await probe('--countries FR --region eu-west-1')).code).toBe(4);
  });

  it('ends with Ctrl-C, while it waits as while it asks', async () => {
    await write({ '*': '+18005550123' });
    const press = async (at: number) => {
      const held: { fake?: FakeContext } = {};
      const clock = createHastyClock((ms) => ms === at && held.fake?.interrupt());
      held.fake = createFakeContext({ clock });
      return await main(['identities', 'coverage', '--probe', '--countries', 'FR,DE', '--dir', dir], held.fake);
    };
    expect(await press(250)).toBe(130);
    expect(asked()).toHaveLength(1);
    service.setFault({ kind: 'hang' });
    const fake = createFakeContext({ clock: createHastyClock() });
    const ended = main(['identities', 'coverage', '--probe', '--countries', 'FR', '--dir', dir], fake);
    await vi.waitFor(() => expect(asked()).toHaveLength(2));
    fake.interrupt();
    expect(await ended).toBe(130);
  });
});
