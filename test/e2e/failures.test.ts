import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sdkEnv } from '../support/failures-queue.ts';
import { hookBody, useLocalCloud } from '../support/local-cloud.ts';
import { marked } from '../support/marked.ts';
import { runBin } from '../support/run-bin.ts';

const queueName = 'okta-otp-failures';

const under = useLocalCloud({
  account: {
    optedOut: new Set([marked.phone]),
    protect: { blockedCountries: { SMS: new Set(['FR']) } },
  },
});

/** Failures of the whole chain, as the sender recorded them. */
const failed = {
  optedOut: hookBody(),
  protect: hookBody({ phoneNumber: marked.otherPhone }),
  blocked: hookBody({ phoneNumber: '+5352345678', channel: 'voice', requestType: 'password-reset' }),
};
let home = '';

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'okta-otp-'));
  for (const body of Object.values(failed)) await under().post(body);
});

afterAll(async () => {
  await rm(home, { recursive: true, force: true });
});

/** Runs `failures …` with made-up credentials, against the queue of the local cloud. */
async function failures(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const { cloud } = under();
  return await runBin(['failures', ...args], {
    env: {
      ...sdkEnv,
      HOME: home,
      AWS_ENDPOINT_URL_SQS: cloud.urls.queue,
      OKTA_OTP_FAILURES_QUEUE_URL: cloud.queue.queueUrlAt(cloud.urls.queue, queueName),
      ...env,
    },
  });
}

const queued = () => under().cloud.queue.messages(queueName);

describe('okta-otp failures in a pipe', () => {
  it('lists what the sender has recorded, in its order, and leaves it in the queue', async () => {
    const { code, out, err } = await failures(['list']);
    expect(code).toBe(0);
    expect(err).toBe('Everything about one, and what to do: okta-otp failures show <eventId>\n');
    const rows = out.split('\n').slice(1, 4);
    expect(rows.map((row) => row.split(/ {2,}/).slice(1, 6))).toEqual([
      [failed.optedOut.eventId, 'sms', 'ES', 'opted-out', 'error'],
      [failed.protect.eventId, 'sms', 'FR', 'protect-country-blocked', 'suppress'],
      [failed.blocked.eventId, 'voice', 'CU', 'country-blocked', 'suppress'],
    ]);
    expect(out).toContain('3 failures\n');
    expect(queued().filter(({ visibleAt }) => visibleAt <= Date.now())).toHaveLength(3);
  });

  it('prints one document with --json, and neither code nor number', async () => {
    const { code, out, err } = await failures(['list', '--json']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(JSON.parse(out)).toMatchObject({
      failures: queued().map(({ body }) => JSON.parse(body)),
      summary: { 'opted-out': 1, 'protect-country-blocked': 1, 'country-blocked': 1 },
      unreadable: [],
    });
    for (const secret of [marked.otp, marked.phone.slice(1), marked.otherPhone.slice(1)]) {
      expect(out).not.toContain(secret);
    }
  });

  it('shows one with what was tried on both channels', async () => {
    const { code, out, err } = await failures(['show', failed.optedOut.eventId]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/^cause {7}opted-out: /m);
    expect(out).toMatch(/^attempts {4}sms {4}from \S+ +our template +\d+ ms {2}opted-out$/m);
    expect(out).toMatch(/^ {12}voice {2}from \S+ +our template +\d+ ms {2}opted-out$/m);
  });

  it('ends with 130 on Ctrl-C, without a result', async () => {
    let pressed = false;
    under().cloud.queue.setFault({ kind: 'hang' });
    try {
      const { code, out, err } = await runBin(['failures', 'list'], {
        env: {
          ...sdkEnv,
          HOME: home,
          OKTA_OTP_FAILURES_QUEUE_URL: under().cloud.queue.queueUrlAt(under().cloud.urls.queue, queueName),
          // Says on stderr when a request is on its way: there is nothing else to wait for.
          NODE_DEBUG: 'http',
        },
        onStderr(text, child) {
          if (!pressed && /outgoing message end/.test(text)) pressed = child.kill('SIGINT');
        },
      });
      expect({ code, out, pressed }).toEqual({ code: 130, out: '', pressed: true });
      expect(err).not.toMatch(/^error:/m);
    } finally {
      under().cloud.queue.setFault(undefined);
    }
  });

  it('deletes nothing without --yes, and everything with it', async () => {
    const refused = await failures(['purge']);
    expect({ code: refused.code, out: refused.out }).toEqual({ code: 2, out: '' });
    expect(refused.err).toMatch(/^error: .*\nhint: okta-otp failures purge --yes\n$/);
    expect(queued()).toHaveLength(3);
    const { code, out } = await failures(['purge', '--yes', '--json']);
    expect({ code, purged: JSON.parse(out) }).toEqual({ code: 0, purged: { purged: 3 } });
    expect(queued()).toEqual([]);
  });
});

describe('okta-otp failures without credentials', () => {
  const nobody = { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' };

  it.each([['list'], ['show event'], ['purge --yes']])(
    '%s ends with 4, one line of what is missing and one of what to type',
    async (line) => {
      const { code, out, err } = await failures(line.split(' '), nobody);
      expect({ code, out }).toEqual({ code: 4, out: '' });
      expect(err).toBe('error: no AWS credentials were found\nhint: aws sso login, or name a profile with --profile\n');
    },
  );

  it('says of a profile that is not there that it is not', async () => {
    const { code, err } = await failures(['list', '--profile', 'nobody', '--json']);
    expect(code).toBe(4);
    expect(JSON.parse(err)).toMatchObject({ error: { code: 'profile-unknown' } });
  });

  it('shows help all the same', async () => {
    expect(await failures(['--help'], nobody)).toMatchObject({ code: 0, err: '' });
  });
});
