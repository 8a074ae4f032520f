import { describe, expect, it } from 'vitest';
import { main } from '../../src/cli/main.ts';
import type { Services } from '../../src/cli/services.ts';
import { lazyServices } from '../../src/cli/services.ts';
import type { LocalCloud } from '../../src/local/cloud.ts';
import type { FakeContextOptions } from '../support/fake-context.ts';
import { createFakeContext } from '../support/fake-context.ts';
import { marked } from '../support/marked.ts';

async function testCall(args: readonly string[], options: FakeContextOptions = {}) {
  const context = createFakeContext(options);
  const code = await main(['test-call', ...args], context);
  return { code, out: context.out(), err: context.err() };
}

/** The local cloud with something changed once it is up. */
const cloudWith = (change: (cloud: LocalCloud) => Partial<LocalCloud>): Partial<Services> => ({
  async startLocalCloud(options) {
    const cloud = await lazyServices.startLocalCloud(options);
    return { ...cloud, ...change(cloud) };
  },
});

const toPhone = [marked.phone, '--otp', marked.otp];
const starting = 'Starting the local cloud: nothing leaves this machine.\n';

describe('test-call', () => {
  it('shows every hop, the decisions, the phone and what Okta makes of it', async () => {
    const { code, out, err } = await testCall([...toPhone, '--locale', 'es-AR']);
    expect(code).toBe(0);
    expect(err).toBe(starting);
    const names = out.split('\n').map((line) => line.slice(0, 12).trimEnd());
    expect(names.slice(0, 10)).toEqual([
      'token',
      'gateway',
      'authorizer',
      'sender',
      '  ledger',
      '  catalog',
      '  template',
      '  send',
      '  message',
      '  answer',
    ]);
    expect(out).toMatch(/^gateway .* POST answered with HTTP 200$/m);
    expect(out).toMatch(/^ {2}catalog .* version 1, from the table$/m);
    expect(out).toMatch(/^ {2}template .* es for es-AR \(less specific\), for every request type$/m);
    expect(out).toMatch(/^ {2}send .* sms to ES \(mobile\) from \S+: accepted$/m);
    expect(out).toMatch(/^SMS from \S+ · GSM-7, 1 part$/m);
    expect(out).toContain(`│ ${marked.otp} es tu clave para Example Corp.`);
    expect(out).toMatch(/^✔ Okta takes the code for sent, \d+ ms of 3000$/m);
  });

  it('shows a call as it would be heard, digit by digit', async () => {
    const { code, out } = await testCall([...toPhone, '--channel', 'voice']);
    expect(code).toBe(0);
    expect(out).toMatch(/^Call from \S+ · voice JOANNA$/m);
    expect(out.replace(/ *│\n│/g, '')).toContain([...marked.otp].join(', '));
  });

  it('takes the template of the request type', async () => {
    const { out } = await testCall([...toPhone, '--request-type', 'password-reset']);
    expect(out).toContain('is your code to reset your Example Corp password');
    expect(out).toMatch(/^ {2}template .*, for password-reset$/m);
  });

  it('makes a code up when none is given', async () => {
    const { out } = await testCall([marked.phone]);
    expect(out).toContain(`│ ${marked.otherOtp} is your verification code`);
  });

  it('ends with 3 when Okta would send the code itself, and says why', async () => {
    const services = cloudWith(({ messaging }) => {
      messaging.setFault({ kind: 'exception', name: 'ThrottlingException' });
      return {};
    });
    const { code, out } = await testCall(toPhone, { services });
    expect(code).toBe(3);
    expect(out).toMatch(/^ {2}cause .* throttled: the service is throttling$/m);
    expect(out).toContain('The phone shows nothing.');
    expect(out).toMatch(/^✘ Okta sends the code itself: the answer has the status FAILED/m);
  });

  it('ends with 0 when a block holds: Okta takes the code for sent, and no phone shows it', async () => {
    const { code, out } = await testCall(['+5352345678']);
    expect(code).toBe(0);
    expect(out).toMatch(/^ {2}cause .* country-blocked: the catalog blocks this country$/m);
    expect(out).toContain('The phone shows nothing.');
  });

  it('says of a block that nothing was sent, who stopped it and what to do, and ticks nothing', async () => {
    const { out } = await testCall(['+5352345678']);
    expect(out).not.toContain('✔');
    expect(out).toMatch(
      /^! nothing was sent: the catalog blocks this country \(country-blocked\)\n! Okta takes the code for sent, /m,
    );
    expect(out).toMatch(/^stopped by {2}catalog\nanswered {4}cause country-blocked$/m);
    expect(out).toMatch(/^next +nothing, if the block is meant; else lift it/m);
    expect(JSON.parse((await testCall(['+5352345678', '--json'])).out)).toMatchObject({ unsent: 'country-blocked' });
  });

  it('says of a dry run that it was one', async () => {
    const { code, out } = await testCall([...toPhone, '--dry-run']);
    expect(code).toBe(0);
    expect(out).toMatch(/^✔ dry run: nothing was sent\n✔ Okta takes the code for sent/m);
    const blocked = await testCall(['+5352345678', '--dry-run']);
    expect(blocked.out).toMatch(/^! dry run: nothing was sent: the catalog blocks this country/m);
  });

  it('does not let an event id of its own turn a dry run into a message', async () => {
    const { code, err } = await testCall([...toPhone, '--dry-run', '--set', 'eventId=abc', '--json']);
    expect(code).toBe(2);
    expect(JSON.parse(err)).toMatchObject({ error: { code: 'set-value-invalid' } });
    expect((await testCall([...toPhone, '--dry-run', '--set', 'eventId=dryrun-abc'])).code).toBe(0);
  });

  it('calls a landline, and shows both why and whom', async () => {
    const { code, out } = await testCall([marked.landline, '--otp', marked.otp]);
    expect(code).toBe(0);
    expect(out).toMatch(/^ {2}send .* voice to ES \(landline\) from \S+: accepted$/m);
  });

  it('says which function was not reached when the authorizer lets nobody through', async () => {
    const services: Partial<Services> = {
      startLocalCloud: (options) =>
        lazyServices.startLocalCloud({ ...options, authorizerEnv: { OKTA_CLIENT_IDS: '' } }),
    };
    const { code, out } = await testCall(toPhone, { services });
    expect(code).toBe(3);
    expect(out).toMatch(/^gateway .* POST answered with HTTP 401$/m);
    expect(out).toMatch(/^authorizer .* unauthorized$/m);
    expect(out).toMatch(/^sender +was not reached$/m);
    expect(out).toMatch(/^✘ Okta sends the code itself: HTTP 401 instead of 200/m);
  });
});

describe('test-call --repeat on this machine', () => {
  it('counts no blocked call as good, unless the block was expected', async () => {
    const { code, out } = await testCall(['+5352345678', '--repeat', '2']);
    expect(code).toBe(3);
    expect(out).toMatch(/^✘ +2 {2}country-blocked$/m);
    expect(out).toMatch(/^✘ 0 of 2 calls good, .*\n0 messages sent to the phone of the local cloud$/m);
    const status = await testCall(['+5352345678', '--repeat', '2', '--expect', 'status=SUCCESSFUL']);
    expect(status.code).toBe(3);
    const expected = await testCall(['+5352345678', '--repeat', '2', '--expect', 'cause=country-blocked']);
    expect(expected.code).toBe(0);
  });

  it('counts the answer to an event that was delivered before as a duplicate', async () => {
    const args = [...toPhone, '--set', 'eventId=abc', '--repeat', '3'];
    const { code, out } = await testCall(args);
    expect(code).toBe(3);
    expect(out).toMatch(/^✘ +2 {2}duplicate$/m);
    expect(out).toMatch(/^✘ 1 of 3 calls good, .*\n1 message sent to the phone of the local cloud$/m);
  });

  it('says of dry runs that nothing was sent', async () => {
    const { code, out } = await testCall([...toPhone, '--dry-run', '--repeat', '2']);
    expect(code).toBe(0);
    expect(out).toMatch(/^✔ 2 of 2 calls good, .*\ndry run: nothing was sent$/m);
  });
});

describe('test-call --json', () => {
  it('is one document, without a word on stderr', async () => {
    const { code, out, err } = await testCall([...toPhone, '--json']);
    expect(code).toBe(0);
    expect(err).toBe('');
    expect(out.endsWith('}\n')).toBe(true);
    expect(JSON.parse(out)).toMatchObject({
      target: 'local',
      request: { channel: 'sms', locale: 'en-US', requestType: 'mfa-verification' },
      gateway: { status: 200 },
      authorizer: { hop: 'authorizer', outcome: 'allowed', cached: false },
      sender: { hop: 'integration', outcome: 'answered' },
      delivery: { type: 'delivery', outcome: 'accepted', eventId: expect.stringMatching(/^id-/) },
      phone: [{ channel: 'sms', to: marked.phone, body: expect.stringContaining(marked.otp) }],
      verdict: { codeTakenForSent: true },
    });
  });

  it('holds the code on the phone and nowhere else', async () => {
    const { out } = await testCall([...toPhone, '--json']);
    const { phone, ...rest } = JSON.parse(out);
    expect(JSON.stringify(phone)).toContain(marked.otp);
    expect(JSON.stringify(rest)).not.toContain(marked.otp);
    expect(JSON.stringify(rest)).not.toContain(marked.phone.slice(1));
  });

  it('says of a refusal the same as without, and ends with 3', async () => {
    const services = cloudWith(({ messaging }) => {
      messaging.setFault({ kind: 'outage' });
      return {};
    });
    const { code, out, err } = await testCall([...toPhone, '--json'], { services });
    expect(code).toBe(3);
    expect(err).toBe('');
    expect(JSON.parse(out)).toMatchObject({ phone: [], verdict: { codeTakenForSent: false } });
  });
});

describe('colours', () => {
  const escapeCode = String.fromCharCode(27);

  it('are there where they are wanted', async () => {
    expect((await testCall(toPhone, { hasColor: true })).out).toContain(`${escapeCode}[32m✔${escapeCode}[39m`);
  });

  it('are not there where they are not', async () => {
    const { out, err } = await testCall(toPhone);
    expect(out + err).not.toContain(escapeCode);
  });
});

describe('what can go wrong', () => {
  it.each([
    ['token-refused', { kind: 'refused', status: 401, error: 'invalid_client', description: 'no' }],
    ['token-unavailable', { kind: 'unavailable', status: 503 }],
  ] as const)('%s ends it with 1', async (errorCode, answer) => {
    const services: Partial<Services> = { requestAccessToken: async () => answer };
    const { code, out, err } = await testCall([...toPhone, '--json'], { services });
    expect(code).toBe(1);
    expect(out).toBe('');
    expect(JSON.parse(err)).toEqual({
      error: {
        code: errorCode,
        message: expect.stringContaining(String(answer.status)),
        hint: expect.stringContaining('compare'),
      },
    });
  });

  it('a function that prints a secret fails the call, whatever Okta would make of it', async () => {
    const services = cloudWith(() => ({ leaks: () => ['output holds a code'] }));
    const { code, out, err } = await testCall(toPhone, { services });
    expect(code).toBe(1);
    expect(out).toBe('');
    expect(err).toBe(
      `${starting}error: a function printed a secret: output holds a code\nhint: do not deploy this build\n`,
    );
  });

  it('Ctrl-C while the token is got ends it with 130', async () => {
    const context = createFakeContext({
      services: {
        async requestAccessToken(credentials, deps) {
          context.interrupt();
          return await lazyServices.requestAccessToken(credentials, deps);
        },
      },
    });
    expect(await main(['test-call', ...toPhone], context)).toBe(130);
    expect(context.out()).toBe('');
    expect(context.err()).toBe(starting);
  });

  it('Ctrl-C while the hook is answered ends it with 130', async () => {
    const hops: string[] = [];
    const context = createFakeContext({
      services: {
        startLocalCloud: (options) =>
          lazyServices.startLocalCloud({
            ...options,
            onHop({ hop }) {
              hops.push(hop);
              context.interrupt();
            },
          }),
      },
    });
    expect(await main(['test-call', ...toPhone], context)).toBe(130);
    expect(hops[0]).toBe('authorizer');
    expect(context.out()).toBe('');
    expect(context.err()).toBe(starting);
  });

  it('ends the local cloud however it ends itself', async () => {
    const closed: string[] = [];
    const services = cloudWith((cloud) => ({
      leaks: () => ['output holds a code'],
      async close() {
        await cloud.close();
        closed.push('closed');
      },
    }));
    await testCall(toPhone, { services });
    expect(closed).toEqual(['closed']);
  });
});
