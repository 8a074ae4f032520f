import { describe, expect, it } from 'vitest';
import type { Invocation } from '../../src/aws/function-alias.ts';
import { isObject } from '../../src/core/decode.ts';
import { CredentialsError, OktaOtpError } from '../../src/core/error.ts';
import { causeNames } from '../../src/core/failure-policy.ts';
import { parseHookRequest } from '../../src/core/hook-request.ts';
import { actionReply, errorReply } from '../../src/core/hook-response.ts';
import type { SmokeDeps, SmokeResult } from '../../src/deploy/smoke-check.ts';
import { smokeCheck } from '../../src/deploy/smoke-check.ts';
import { createVirtualClock } from '../support/virtual-clock.ts';

const arn = (name: string) => `arn:aws:lambda:eu-west-1:111122223333:function:${name}:live`;
const target = {
  hookUrl: 'https://api.test/prod/mfa',
  senderAlias: arn('sender'),
  authorizerAlias: arn('authorizer'),
  hasAllowList: false,
};

const answered = (reply: unknown): Invocation => ({ payload: JSON.stringify(reply), failed: false });
const replied = (metadata: string, status: 'SUCCESSFUL' | 'FAILED' = 'FAILED') => {
  const reply = actionReply(status, { provider: 'test', metadata });
  return answered({ statusCode: reply.status, body: JSON.stringify(reply.body) });
};
const sent = replied('dry run, nothing was sent; channel=sms', 'SUCCESSFUL');

interface Given {
  /** What the URL answers, one after the other, and the last one for ever; undefined is no answer. */
  readonly statuses?: readonly (number | undefined)[];
  readonly hasAllowList?: boolean;
  readonly alias?: SmokeDeps['functions']['alias'];
  readonly invoke?: SmokeDeps['functions']['invoke'];
  readonly signal?: AbortSignal;
  /** Called at each post, with how many there were. */
  readonly onPost?: (count: number) => void;
}

async function check({
  statuses = [401],
  hasAllowList = false,
  alias,
  invoke,
  onPost,
  signal = new AbortController().signal,
}: Given = {}) {
  const clock = createVirtualClock();
  const from = clock.now();
  const posted: string[] = [];
  const events: unknown[] = [];
  const results = await clock.run(
    smokeCheck(
      {
        clock,
        newId: () => '00000000-0000-4000-8000-000000000001',
        async post(url) {
          posted.push(url);
          onPost?.(posted.length);
          const status = statuses[Math.min(posted.length, statuses.length) - 1];
          if (status === undefined) throw new Error('no answer');
          return status;
        },
        functions: {
          alias: alias ?? (async () => ({ version: '7', shifting: undefined })),
          async invoke(alias, event, inner) {
            events.push(event);
            return invoke === undefined ? sent : await invoke(alias, event, inner);
          },
        },
      },
      { ...target, hasAllowList },
      signal,
    ),
  );
  const of = (name: SmokeResult['check']) => {
    const found = results.find(({ check: of }) => of === name);
    return `${found?.result}: ${found?.words}`;
  };
  return { results, of, posted, events, ms: clock.now() - from, timers: clock.pending() };
}

const dryRun = async (invocation: Invocation) => (await check({ invoke: async () => invocation })).of('dry-run');

describe('a deployment that works', () => {
  it('is found good in all that is tried', async () => {
    const { results } = await check();
    expect(results).toEqual([
      { check: 'hook-url', result: 'good', words: 'answers 401 without a token' },
      { check: 'authorizer-alias', result: 'good', words: 'leads to version 7' },
      { check: 'sender-alias', result: 'good', words: 'leads to version 7' },
      { check: 'dry-run', result: 'good', words: 'the sender would have sent a code' },
    ]);
  });

  it('is asked for a dry run, as API Gateway asks, and for no code that anybody waits for', async () => {
    const { events } = await check();
    const [event] = events;
    expect(event).toMatchObject({
      isBase64Encoded: false,
      requestContext: { requestTimeEpoch: Date.parse('2026-01-28T21:43:40.000Z') },
    });
    const request = parseHookRequest(isObject(event) ? JSON.parse(String(event['body'])) : '');
    expect(request).toMatchObject({ ok: true, value: { isDryRun: true, channel: 'sms' } });
  });
});

describe('the URL', () => {
  it.each([true, false])(
    'is good when it asks for a token, with an allow-list or without: %s',
    async (hasAllowList) => {
      const { of, posted } = await check({ statuses: [401], hasAllowList });
      expect(of('hook-url')).toBe('good: answers 401 without a token');
      expect(posted).toEqual([target.hookUrl]);
    },
  );

  it('is not good when it answers 403, as API Gateway does for a path that is not there', async () => {
    const { of, posted, ms } = await check({ statuses: [403] });
    expect(of('hook-url')).toBe(
      'bad: should refuse what has no token, and gives HTTP 403: the firewall blocks it, or the path or method is not there',
    );
    expect({ posted: posted.length, ms }).toEqual({ posted: 6, ms: 25_000 });
    expect((await check({ statuses: [403, 403, 401] })).of('hook-url')).toBe('good: answers 401 without a token');
  });

  it('that the firewall may close to this address is only noted, at once', async () => {
    const { of, posted } = await check({ statuses: [403], hasAllowList: true });
    expect(of('hook-url')).toMatch(/^warning: answers 403: blocked by the firewall from here, as the allow-list says/);
    expect(posted).toHaveLength(1);
  });

  it('is given time to answer', async () => {
    const { of, posted, ms, timers } = await check({ statuses: [undefined, 404, 500, undefined, 502, 401] });
    expect(of('hook-url')).toBe('good: answers 401 without a token');
    expect({ posted: posted.length, ms, timers }).toEqual({ posted: 6, ms: 25_000, timers: 0 });
  });

  it('is bad when it does not come up in half a minute', async () => {
    const never = await check({ statuses: [undefined] });
    expect(never.of('hook-url')).toBe('bad: should refuse what has no token, and gives no answer');
    expect({ posted: never.posted.length, ms: never.ms }).toEqual({ posted: 6, ms: 25_000 });
    const broken = await check({ statuses: [undefined, undefined, undefined, undefined, undefined, 500] });
    expect(broken.of('hook-url')).toBe('bad: should refuse what has no token, and gives HTTP 500');
  });

  it.each([200, 302])('is bad at once when it lets in without a token: HTTP %i', async (status) => {
    const { of, posted } = await check({ statuses: [status] });
    expect(of('hook-url')).toBe(`bad: should refuse what has no token, and gives HTTP ${status}`);
    expect(posted).toHaveLength(1);
  });

  it.each([1, 6])('is not waited for any longer after Ctrl-C, at attempt %i', async (attempt) => {
    const stop = new AbortController();
    const onPost = (count: number) => {
      if (count === attempt) stop.abort(new Error('stopped'));
    };
    await expect(check({ statuses: [undefined], signal: stop.signal, onPost })).rejects.toThrow('stopped');
  });
});

describe('an alias', () => {
  it('that does not exist is bad, and hides nothing else', async () => {
    const { of } = await check({
      alias: async (name) => (name === target.senderAlias ? undefined : { version: '3', shifting: undefined }),
    });
    expect(of('sender-alias')).toBe('bad: does not exist');
    expect(of('authorizer-alias')).toBe('good: leads to version 3');
  });

  it('that AWS says nothing about is bad; one that may not be looked at is only a warning', async () => {
    const refusing = (error: Error) => check({ alias: () => Promise.reject(error) });
    const failed = await refusing(new OktaOtpError('aws-failed', 'AWS failed internally'));
    expect(failed.of('sender-alias')).toBe('bad: could not be tried: AWS failed internally');
    const denied = await refusing(new CredentialsError('access-denied', 'these credentials may not'));
    expect(denied.of('authorizer-alias')).toBe('warning: could not be tried: these credentials may not');
    expect(denied.of('dry-run')).toMatch(/^good/);
    await expect(refusing(new TypeError('a bug'))).rejects.toThrow('a bug');
  });
});

describe('the sender', () => {
  it.each<[string, Invocation, string]>([
    ['fails', { payload: '{}', failed: true }, 'the sender failed; see its log'],
    ['answers nothing', { payload: '', failed: false }, 'the sender gave no answer'],
    ['answers null', answered(null), 'the sender gave no answer'],
    ['answers without a body', answered({ statusCode: 200 }), 'the sender gave no answer'],
    ['answers no JSON', answered({ statusCode: 200, body: '<html>' }), 'the answer is not a JSON object'],
    ['answers without a status', answered({ body: '{}' }), 'the sender gave no answer'],
    ['answers with an error', answered({ statusCode: 500, body: '{}' }), 'HTTP 500 instead of 200'],
    [
      'tells the user to choose another way',
      answered({ statusCode: 200, body: JSON.stringify(errorReply('No.').body) }),
      'the answer is an error',
    ],
    ['could not send, and does not say why', replied('dry run'), 'the answer has the status FAILED'],
  ])('is bad when it %s', async (_, invocation, words) => {
    await expect(dryRun(invocation)).resolves.toBe(`bad: ${words}`);
  });

  it('works when only this number would not get a code', async () => {
    await expect(dryRun(replied('dry run; cause=country-blocked', 'SUCCESSFUL'))).resolves.toBe(
      'warning: the sender works; a code to a US number would not go out: country-blocked',
    );
    await expect(dryRun(replied('dry run; cause=sandbox-unverified'))).resolves.toMatch(/^warning: .*unverified$/);
  });

  it('does not work when no number at all would get one', async () => {
    const results = await Promise.all(
      causeNames.map(async (cause) => [cause, await dryRun(replied(`dry run; cause=${cause}`))] as const),
    );
    const bad = results.filter(([, words]) => words.startsWith('bad'));
    expect(bad.map(([cause]) => cause).sort()).toEqual(['access-denied', 'internal', 'network', 'no-catalog']);
    expect(bad[0]?.[1]).toBe(`bad: the sender does not work: ${bad[0]?.[0]}; see its log`);
  });

  it('that cannot be invoked is told like what else cannot', async () => {
    const { of } = await check({ invoke: () => Promise.reject(new CredentialsError('access-denied', 'not allowed')) });
    expect(of('dry-run')).toBe('warning: could not be tried: not allowed');
  });
});
