import { beforeEach, describe, expect, it } from 'vitest';
import { causeAdvice } from '../../src/cli/cause-advice.ts';
import { main } from '../../src/cli/main.ts';
import type { Services } from '../../src/cli/services.ts';
import { lazyServices } from '../../src/cli/services.ts';
import type { Clock } from '../../src/core/clock.ts';
import { answers, causeNames, causes } from '../../src/core/failure-policy.ts';
import { failureRecord } from '../support/failure-records.ts';
import { refusal, useFailuresQueue } from '../support/failures-queue.ts';
import type { FakeContextOptions } from '../support/fake-context.ts';
import { createFakeContext } from '../support/fake-context.ts';
import { marked } from '../support/marked.ts';

const under = useFailuresQueue();
const escapeCode = String.fromCharCode(27);

async function failures(args: readonly string[], options: FakeContextOptions = {}) {
  const context = createFakeContext({ env: { OKTA_OTP_FAILURES_QUEUE_URL: under().url }, ...options });
  const code = await main(['failures', ...args], context);
  return { code, out: context.out(), err: context.err(), asked: context.asked() };
}

const queued = () => under().server.messages('failures').length;
const showHint = 'Everything about one, and what to do: okta-otp failures show <eventId>\n';

/** The reader of the queue with something changed about it. */
const readerWith = (change: () => object): Partial<Services> => ({
  async openFailureReader(options) {
    return { ...(await lazyServices.openFailureReader(options)), ...change() };
  },
});

describe('failures', () => {
  it.each([['failures'], ['failures', 'list'], ['failures', 'show'], ['failures', 'purge']])(
    'says in the help of %s %s that no code is sent again',
    async (...command) => {
      const context = createFakeContext({ columns: 1_000 });
      expect(await main([...command, '--help'], context)).toBe(0);
      expect(context.out()).toMatch(/\b(no|not|ever) .*(sent|sent again)\b/);
    },
  );

  it('without more shows what it can do, and the command line was wrong', async () => {
    const { code, out, err } = await failures([]);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(/^Usage: okta-otp failures /);
  });

  it.each(['0', '1001', '-1', 'many', '1.5', ''])('reads no %j messages', async (limit) => {
    const { code, err } = await failures(['list', `--limit=${limit}`]);
    expect(code).toBe(2);
    expect(err).toContain('It must be between one and a thousand.');
    expect(under().requests).toEqual([]);
  });
});

describe('where the queue is', () => {
  const nowhere = { env: {} };

  it.each([[['list']], [['show', 'event']], [['purge', '--yes']]])('has to be known for %j', async (args) => {
    const { code, out, err } = await failures([...args, '--json'], nowhere);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(JSON.parse(err)).toMatchObject({
      error: { code: 'queue-url-missing', hint: expect.stringContaining('--queue-url') },
    });
  });

  it('may be said as an option, which goes before the environment', async () => {
    const env = { OKTA_OTP_FAILURES_QUEUE_URL: 'http://127.0.0.1:9/000000000000/failures' };
    const { code } = await failures(['list', '--queue-url', under().url], { env });
    expect(code).toBe(0);
  });

  it.each(['', 'failures', 'ftp://127.0.0.1/000000000000/failures', 'https://sqs.us-east-1.amazonaws.com/failures'])(
    'is not %j',
    async (url) => {
      const { code, err } = await failures(['list', '--queue-url', url, '--json'], nowhere);
      expect(code).toBe(2);
      expect(JSON.parse(err).error.code).toBe(url === '' ? 'queue-url-missing' : 'queue-url-invalid');
    },
  );
});

describe('failures list', () => {
  const optedOut = { cause: 'opted-out', answer: 'error' } as const;

  it('shows what failed as a table with the newest last, and how often for which cause', async () => {
    const [first, second, third] = [
      failureRecord({ ...optedOut, country: undefined, channel: 'voice' }),
      failureRecord({ cause: 'country-blocked', answer: 'suppress', country: 'CU' }),
      failureRecord({ ...optedOut, at: Date.parse('2026-12-31T23:59:59.999Z') }),
    ];
    await under().put(third, first, second);
    const { code, out, err } = await failures(['list'], { columns: 140 });
    expect(code).toBe(0);
    expect(err).toBe(showHint);
    const [head, ...lines] = out.split('\n');
    expect(head?.split(/ {2,}/)).toEqual([
      'time (UTC)',
      'event id',
      'channel',
      'country',
      'cause',
      'answer',
      'what happened',
    ]);
    expect(lines.slice(0, 3).map((line) => line.split(/ {2,}/).slice(1))).toEqual([
      [first.eventId, 'voice', '–', 'opted-out', 'error', causes['opted-out'].words],
      [second.eventId, 'sms', 'CU', 'country-blocked', 'suppress', causes['country-blocked'].words],
      [third.eventId, 'sms', 'ES', 'opted-out', 'error', causes['opted-out'].words],
    ]);
    expect(lines[2]).toMatch(/^2026-12-31 23:59:59 /);
    expect(lines.slice(3)).toEqual([
      '',
      '3 failures',
      `    2  opted-out        ${causes['opted-out'].words}`,
      `    1  country-blocked  ${causes['country-blocked'].words}`,
      '',
    ]);
    expect(queued()).toBe(3);
    expect(under().visible()).toBe(3);
  });

  it('cuts the words in the table to the terminal, and keeps them in the count', async () => {
    await under().put(failureRecord({ cause: 'ambiguous' }));
    const { out } = await failures(['list'], { columns: 110 });
    const [head = '', row = ''] = out.split('\n');
    expect(Math.max(head.length, row.length)).toBeLessThanOrEqual(110);
    expect(row).toMatch(/the service did not .*…$/);
    expect(out).toContain(causes.ambiguous.words);
  });

  it('tells a preview of Okta from somebody who waited', async () => {
    await under().put(failureRecord({ preview: true }));
    expect((await failures(['list'], { columns: 200 })).out).toContain(`Okta's preview: ${causes.throttled.words}`);
  });

  it('says that nothing waits, on stderr: there is no result', async () => {
    expect(await failures(['list'])).toMatchObject({ code: 0, out: '', err: 'No failures wait in the queue.\n' });
  });

  it('says when more wait than were read', async () => {
    await under().put(failureRecord(), failureRecord(), failureRecord());
    const { out, err } = await failures(['list', '--limit', '2']);
    expect(out).toContain('2 failures\n');
    expect(err).toBe(`About 3 messages wait: --limit reads more of them.\n${showHint}`);
  });

  it('does not say so when SQS only counts late', async () => {
    const late = { count: async () => ({ visible: 3, hidden: 0 }) };
    expect((await failures(['list'], { services: readerWith(() => late) })).err).toBe(
      'No failures wait in the queue.\n',
    );
  });

  it('says when somebody else is reading', async () => {
    await under().put(failureRecord(), failureRecord());
    under().intercept(({ action }) =>
      action === 'ChangeMessageVisibilityBatch' ? refusal(500, 'InternalFailure') : undefined,
    );
    const first = await failures(['list', '--limit', '1']);
    expect(first.code).toBe(0);
    expect(first.err).toContain('Not given back: 1 message, hidden from others for up to a minute.\n');
    const second = await failures(['list']);
    expect(second.out).toContain('1 failure\n');
    expect(second.err).toContain('Hidden while somebody else reads: about 1 message. Run this again in a minute.\n');
    const third = await failures(['list']);
    expect(third).toMatchObject({
      out: '',
      err: 'Hidden while somebody else reads: about 2 messages. Run this again in a minute.\n',
    });
  });

  it('lists what is no record as unreadable, and shows nothing of it', async () => {
    await under().put(`the code is ${marked.otp}`, failureRecord(), {
      ...failureRecord(),
      cause: marked.otp,
      attempts: [{ identity: marked.phone }],
    });
    const { code, out } = await failures(['list']);
    expect(code).toBe(0);
    const ids = under()
      .server.messages('failures')
      .map(({ messageId }) => messageId);
    expect(out).toContain('Unreadable: 2 of another form or version\n');
    expect(out).toContain(`message ${ids[0]}  wrong: the whole\n`);
    expect(out).toMatch(new RegExp(`message ${ids[2]}  wrong: cause, attempts\\[0\\]\\.channel, `));
    expect(out).toContain('1 failure\n');
    expect(out).not.toContain(marked.otp);
    expect(out).not.toContain(marked.phone.slice(1));
  });

  it('has colours where they are wanted, and only there', async () => {
    await under().put(failureRecord());
    expect((await failures(['list'], { hasColor: true })).out).toContain(escapeCode);
    expect((await failures(['list'])).out).not.toContain(escapeCode);
  });

  it('with --json is one document, without a word on stderr', async () => {
    const record = failureRecord(optedOut);
    await under().put(record, 'no record', failureRecord(), failureRecord());
    const { code, out, err } = await failures(['list', '--json']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out.endsWith('}\n')).toBe(true);
    const list = JSON.parse(out);
    expect(list.failures).toHaveLength(3);
    expect(list.failures[0]).toEqual(JSON.parse(JSON.stringify(record)));
    expect(Object.entries(list.summary)).toEqual([
      ['throttled', 2],
      ['opted-out', 1],
    ]);
    expect(list.unreadable).toMatchObject([{ problems: ['the whole'] }]);
    expect(list).toMatchObject({ stillHidden: 0, waiting: { visible: 4, hidden: 0 } });
  });

  it('with --json is one document of nothing, too', async () => {
    const { code, out, err } = await failures(['list', '--json']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(JSON.parse(out)).toMatchObject({ failures: [], summary: {}, unreadable: [] });
  });
});

describe('failures show', () => {
  const show = async (eventId: string, options: FakeContextOptions = {}) =>
    await failures(['show', eventId], { columns: 200, ...options });
  /** The text beside a name, without what follows on further lines. */
  const rowOf = (out: string, name: string) =>
    out
      .split('\n')
      .find((line) => line.startsWith(name))
      ?.slice(12);

  it('shows everything that is known of a delivery', async () => {
    const record = failureRecord({
      attempts: [
        { channel: 'sms', identity: '+34…01', text: 'okta', outcome: 'network', ms: 120.4 },
        { channel: 'voice', identity: 'pool-01', text: 'template', outcome: 'throttled', ms: 7 },
      ],
      unfinished: ['ledger', 'failure-queue'],
    });
    await under().put(failureRecord(), record, failureRecord());
    const { code, out, err } = await show(record.eventId);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toBe(`event       ${record.eventId}
time        ${new Date(record.at).toISOString().slice(0, 23).replace('T', ' ')} UTC
asked for   an SMS to ES (mobile), mfa-verification, es-MX
cause       throttled: the service is throttling
next        ${causeAdvice.throttled}
Okta        was told FAILED (fallback): Okta sent it itself, if the org has its telephony
attempts    sms    from +34…01   Okta's text   120 ms  network: the service could not be reached
            voice  from pool-01  our template    7 ms  throttled
template    es for es-MX (less specific), for every request type
catalog     version 42, from the table
ledger      the event was claimed
took        150 ms (prepare 30 ms, send 120 ms), 2050 ms before the answer was due
unfinished  ledger, failure-queue
request     reqRgSk8IBBRhuo0YdlEDTmUw, as in Okta's System Log
number      ${record.numberHash} (keyed hash)

The code is not known here, and is not sent again.
`);
    expect(under().visible()).toBe(3);
  });

  it('shows a delivery that was over before anything could be tried', async () => {
    const { template, catalog, numberHash, oktaRequestId, ...rest } = failureRecord();
    const record = { ...rest, attempts: [], cause: 'no-catalog', ledger: 'off', leftMs: -12.3 };
    await under().put({ ...record, country: null, requestType: null, wantedLocale: null, channel: 'voice' });
    const { code, out } = await show(record.eventId);
    expect(code).toBe(0);
    expect(rowOf(out, 'asked for')).toBe('a call to no country (mobile), an unknown request type, no locale');
    expect(rowOf(out, 'attempts')).toBe('none: it was decided before the service was called');
    expect(rowOf(out, 'took')).toContain('12 ms after the answer was due');
    for (const absent of ['template', 'catalog', 'unfinished', 'request', 'number']) {
      expect(rowOf(out, absent), absent).toBeUndefined();
    }
  });

  it.each([
    ['fallback', 'throttled', /^was told FAILED \(fallback\): Okta sent it itself/],
    ['suppress', 'country-blocked', /^was told SUCCESSFUL \(suppress\): .* nothing reached the user, on purpose$/],
    [
      'error',
      'opted-out',
      /^was told an error \(error\): the user may read "This phone number has opted out .*"; Okta sent/,
    ],
  ] as const)('says of %s what it made Okta do', async (answer, cause, words) => {
    const record = failureRecord({ answer, cause });
    await under().put(record);
    expect(answers).toContain(answer);
    expect(rowOf((await show(record.eventId)).out, 'Okta')).toMatch(words);
  });

  it("says of Okta's preview that nobody waited", async () => {
    const record = failureRecord({ preview: true, dryRun: true });
    await under().put(record);
    const { out } = await show(record.eventId);
    expect(rowOf(out, 'asked for')).toMatch(/, Okta's preview: nobody waited for it, a dry run$/);
    expect(rowOf(out, 'Okta')).toContain('of a preview Okta sends nothing');
  });

  it('breaks long lines to the terminal', async () => {
    const record = failureRecord({ cause: 'identity-not-found', answer: 'fallback' });
    await under().put(record);
    const { out } = await show(record.eventId, { columns: 80 });
    expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(out.replace(/\n {12}/g, ' ')).toContain(causeAdvice['identity-not-found']);
  });

  it('has advice on every cause', () => {
    expect(causeNames.filter((cause) => causeAdvice[cause].trim() === '')).toEqual([]);
  });

  it('prints the record with --json', async () => {
    const record = failureRecord();
    await under().put(failureRecord(), record);
    const { code, out, err } = await failures(['show', record.eventId, '--json']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(JSON.parse(out)).toEqual(JSON.parse(JSON.stringify(record)));
  });

  it('prefers the record that tells why to that of a duplicate', async () => {
    const telling = failureRecord();
    const duplicate = failureRecord({ eventId: telling.eventId, cause: 'duplicate-in-flight' });
    await under().put(duplicate);
    expect((await show(telling.eventId)).out).toContain('duplicate-in-flight');
    await under().put(telling);
    expect(rowOf((await show(telling.eventId)).out, 'cause')).toContain('throttled');
  });

  it('takes an id that begins with a dash after --', async () => {
    const record = failureRecord({ eventId: '-JT9x-0' });
    await under().put(record);
    expect(await failures(['show', '--json', '--', '-JT9x-0'])).toMatchObject({ code: 0 });
  });

  it('ends with 1 for an event that has no failure, and does not repeat what was typed', async () => {
    await under().put(failureRecord());
    const { code, out, err } = await failures(['show', marked.otp]);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toBe('error: no failure of this event is in the queue\nhint: okta-otp failures list\n');
  });
});

describe('failures purge', () => {
  beforeEach(async () => {
    await under().put(failureRecord(), failureRecord());
  });

  it('deletes everything once "purge" is typed', async () => {
    const { code, out, err, asked } = await failures(['purge'], { typed: ' purge ' });
    expect({ code, out }).toEqual({ code: 0, out: '' });
    expect(asked).toEqual(['Type "purge" to delete them:']);
    expect(err).toMatch(/^The failures queue holds about 2 messages\. .*\nDeleted about 2 messages; /);
    expect(queued()).toBe(0);
  });

  it.each(['', 'y', 'yes', 'Purge', 'purge it'])('deletes nothing when %j is typed', async (typed) => {
    const { code, err } = await failures(['purge'], { typed });
    expect(code).toBe(130);
    expect(err).toMatch(/\nNothing was deleted\.\n$/);
    expect(queued()).toBe(2);
  });

  it('deletes everything without asking with --yes', async () => {
    expect(await failures(['purge', '--yes'])).toMatchObject({ code: 0, out: '', asked: [] });
    expect(queued()).toBe(0);
  });

  it('says with --json how many there were', async () => {
    const { code, out, err } = await failures(['purge', '--yes', '--json']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(JSON.parse(out)).toEqual({ purged: 2 });
  });

  it('deletes nothing where nobody can be asked', async () => {
    const { code, err } = await failures(['purge']);
    expect(code).toBe(2);
    expect(err).toMatch(/^error: .*\nhint: okta-otp failures purge --yes\n$/);
    expect(under().requests).toEqual([]);
  });

  it('has nothing to do when nothing is there, and asks nobody', async () => {
    await failures(['purge', '--yes']);
    const before = under().requests.length;
    const { code, err, asked } = await failures(['purge'], { typed: 'purge' });
    expect({ code, asked }).toEqual({ code: 0, asked: [] });
    expect(err).toBe('The failures queue is empty.\n');
    expect(
      under()
        .requests.slice(before)
        .map(({ action }) => action),
    ).toEqual(['GetQueueAttributes']);
    expect(JSON.parse((await failures(['purge', '--yes', '--json'])).out)).toEqual({ purged: 0 });
  });

  it('says when the queue was purged less than a minute ago', async () => {
    await failures(['purge', '--yes']);
    await under().put(failureRecord());
    const { code, err } = await failures(['purge', '--yes']);
    expect(code).toBe(1);
    expect(err).toBe(
      'error: the failures queue is being purged already\nhint: a queue can be purged once a minute: wait that long\n',
    );
    expect(queued()).toBe(1);
  });
});

describe('when AWS says no', () => {
  it.each([
    ['ExpiredToken', 403, 4, 'credentials-expired'],
    ['InvalidClientTokenId', 403, 4, 'credentials-refused'],
    ['AccessDenied', 403, 4, 'access-denied'],
    ['ThrottlingException', 400, 1, 'aws-throttled'],
    ['InternalFailure', 500, 1, 'aws-failed'],
    ['QueueDoesNotExist', 400, 1, 'queue-not-found'],
  ])('%s ends every command: one error, no result', async (name, status, exitCode, errorCode) => {
    await under().put(failureRecord());
    under().intercept(() => refusal(status, name));
    for (const args of [['list'], ['show', 'event-1'], ['purge', '--yes']]) {
      const { code, out, err } = await failures([...args, '--json']);
      expect({ code, out }).toEqual({ code: exitCode, out: '' });
      expect(JSON.parse(err)).toMatchObject({ error: { code: errorCode, hint: expect.stringMatching(/./) } });
    }
    expect(queued()).toBe(1);
  });

  it('nothing for too long, it ends with 1', async () => {
    under().server.setFault({ kind: 'hang' });
    const clock: Clock = {
      now: Date.now,
      after(_, run) {
        const timer = setImmediate(run);
        return () => clearImmediate(timer);
      },
    };
    const { code, err } = await failures(['list', '--json'], { clock });
    expect(code).toBe(1);
    expect(JSON.parse(err)).toMatchObject({ error: { code: 'aws-timeout' } });
  });

  it('no connection at all, it ends with 1', async () => {
    await under().running.close();
    const { code, err } = await failures(['list', '--json']);
    expect(code).toBe(1);
    expect(JSON.parse(err)).toMatchObject({ error: { code: 'aws-unreachable' } });
  });

  it('the client is closed all the same', async () => {
    let closed = 0;
    const services = readerWith(() => ({
      count: async () => {
        throw new Error('broken');
      },
      close: () => {
        closed += 1;
      },
    }));
    expect((await failures(['list'], { services })).code).toBe(1);
    expect(closed).toBe(1);
  });
});

describe('Ctrl-C', () => {
  it.each([['list'], ['show event-1'], ['purge --yes']])(
    'during %s ends it with 130 and leaves the queue as it was',
    async (line) => {
      await under().put(failureRecord(), failureRecord());
      const context = createFakeContext({ env: { OKTA_OTP_FAILURES_QUEUE_URL: under().url } });
      let receives = 0;
      under().intercept(({ action }) => {
        if (action === 'ReceiveMessage') receives += 1;
        if (action === 'PurgeQueue' || (action === 'ReceiveMessage' && receives === 2)) {
          context.interrupt();
          return new Promise(() => {});
        }
        return undefined;
      });
      expect(await main(['failures', ...line.split(' ')], context)).toBe(130);
      expect(context.out()).toBe('');
      expect(context.err()).toBe('');
      expect(under().visible()).toBe(2);
    },
  );
});
