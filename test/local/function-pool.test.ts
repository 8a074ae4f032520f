import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/handlers/system-clock.ts';
import type { FunctionPool, FunctionPoolOptions } from '../../src/local/function-pool.ts';
import { createFunctionPool } from '../../src/local/function-pool.ts';
import { createVirtualClock } from '../support/virtual-clock.ts';

const pools: FunctionPool[] = [];
const lines: string[] = [];

afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.close()));
  lines.length = 0;
});

function poolOf(fixture: string, options: Partial<FunctionPoolOptions> = {}): FunctionPool {
  const pool = createFunctionPool({
    clock: systemClock,
    name: 'sender',
    bundle: fileURLToPath(new URL(`../fixtures/functions/${fixture}.cjs`, import.meta.url)),
    env: {},
    timeoutMs: 60_000,
    onLine: (line) => lines.push(line),
    ...options,
  });
  pools.push(pool);
  return pool;
}

async function payloadOf(pool: FunctionPool, event: unknown): Promise<Record<string, unknown>> {
  const result = await pool.invoke(event);
  expect(result).toMatchObject({ kind: 'answered', payload: expect.any(Object) });
  return JSON.parse(JSON.stringify(result)).payload;
}

describe('an invocation', () => {
  it('gets the event, a request id, the function name and the time that is left', async () => {
    const pool = poolOf('echo');
    const { event, context } = await payloadOf(pool, { greeting: 'hello', date: new Date(0), absent: undefined });
    expect(event).toEqual({ greeting: 'hello', date: '1970-01-01T00:00:00.000Z' });
    expect(context).toMatchObject({
      awsRequestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      functionName: 'sender',
      remaining: expect.closeTo(60_000, -4),
    });
  });

  it('is answered null by a handler that gives nothing back', async () => {
    expect(await poolOf('failing').invoke({ way: 'nothing' })).toEqual({ kind: 'answered', payload: null });
  });

  it('answers as JSON carries it: what is undefined is gone', async () => {
    expect(await payloadOf(poolOf('echo'), {})).not.toHaveProperty('dropped');
  });

  it('runs module scope once for many invocations', async () => {
    const pool = poolOf('echo');
    const first = await payloadOf(pool, {});
    const second = await payloadOf(pool, {});
    expect([first['invocations'], second['invocations']]).toEqual([1, 2]);
    expect(second['environment']).toBe(first['environment']);
  });
});

describe('the environment of a function', () => {
  it('holds its settings and what Lambda sets, and nothing of this machine', async () => {
    process.env['OKTA_OTP_TEST_MARK'] = 'of the machine';
    try {
      const { env } = await payloadOf(poolOf('echo', { env: { SCOPE: 'telephony', AWS_REGION: 'eu-west-1' } }), {});
      expect(env).toMatchObject({
        SCOPE: 'telephony',
        AWS_REGION: 'eu-west-1',
        AWS_LAMBDA_FUNCTION_NAME: 'sender',
        AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '512',
        AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
        LAMBDA_TASK_ROOT: expect.stringMatching(/fixtures.functions$/),
      });
      expect(env).not.toHaveProperty('OKTA_OTP_TEST_MARK');
      expect(env).not.toHaveProperty('PATH');
    } finally {
      delete process.env['OKTA_OTP_TEST_MARK'];
    }
  });
});

describe('between invocations', () => {
  it('is frozen: a timer that was left un-awaited fires only after the thaw', async () => {
    const pool = poolOf('unawaited');
    expect(await payloadOf(pool, {})).toEqual({ firedAtStart: false });
    // A whole cold start of another environment goes by, a timer of 0 ms would have fired many times over.
    await payloadOf(poolOf('echo'), {});
    expect(lines).toEqual([]);
    expect(await payloadOf(pool, {})).toEqual({ firedAtStart: false, firedAtEnd: true });
    expect(lines).toEqual(['the timer fired']);
  });
});

describe('what a function prints', () => {
  it('arrives line by line, in order, before the answer', async () => {
    await poolOf('talking').invoke({});
    expect(lines).toEqual(['module scope', 'one', 'two', 'three', 'four ✓', 'five', 'without an end']);
  });
});

describe('concurrency', () => {
  it('serves 20 invocations at once with two environments, each one at a time', async () => {
    const pool = poolOf('echo', { size: 2 });
    const asked = Array.from({ length: 20 }, (_, id) => ({ id }));
    const payloads = await Promise.all(asked.map((event) => payloadOf(pool, event)));
    expect(payloads.map(({ event }) => event)).toEqual(asked);
    expect(payloads.map(({ atOnce }) => atOnce)).toEqual(asked.map(() => 1));
    expect(new Set(payloads.map(({ environment }) => environment)).size).toBe(2);
    expect(pool.environments()).toBe(2);
  });

  it('starts no environment while an idle one can serve', async () => {
    const pool = poolOf('echo');
    expect(pool.environments()).toBe(0);
    await pool.invoke({});
    await pool.invoke({});
    expect(pool.environments()).toBe(1);
  });

  it('prefers the environment that was used last', async () => {
    const pool = poolOf('echo');
    await Promise.all([pool.invoke({}), pool.invoke({})]);
    const { environment } = await payloadOf(pool, {});
    const again = await payloadOf(pool, {});
    expect(again['environment']).toBe(environment);
    expect(pool.environments()).toBe(2);
  });

  it('throttles what neither an environment nor the queue has room for', async () => {
    const pool = poolOf('echo', { size: 1, queue: 1 });
    const results = await Promise.all([pool.invoke({}), pool.invoke({}), pool.invoke({})]);
    expect(results.map(({ kind }) => kind)).toEqual(['answered', 'answered', 'throttled']);
  });
});

describe('a function that fails', () => {
  it.each([
    ['throws', 'throw', 'RangeError', 'out of range'],
    ['rejects with a string, as an authorizer does', 'reject', 'string', 'Unauthorized'],
    ['gives back what JSON cannot hold', 'circle', 'TypeError', expect.stringContaining('circular')],
    ['gives back more than 6 MB', 'large', 'Function.ResponseSizeTooLarge', expect.any(String)],
  ])('and %s is answered as a function error by an environment that lives on', async (_how, way, type, message) => {
    const pool = poolOf('failing');
    expect(await pool.invoke({ way })).toEqual({ kind: 'function-error', errorType: type, errorMessage: message });
    expect(pool.environments()).toBe(1);
    expect(await pool.invoke({ way: 'nothing' })).toEqual({ kind: 'answered', payload: null });
  });

  it.each([
    ['throws where nobody catches', 'crash', 'TypeError', 'nobody catches this'],
    ['rejects where nobody awaits', 'forget', 'TypeError', 'nobody awaits this'],
    ['exits', 'exit', 'Runtime.ExitError', expect.any(String)],
    ['waits for nothing', 'end', 'Runtime.ExitError', expect.any(String)],
  ])('and %s is answered as a function error, its environment discarded', async (_how, way, type, message) => {
    const pool = poolOf('failing', { size: 1 });
    const [failed, next] = await Promise.all([pool.invoke({ way }), pool.invoke({ way: 'nothing' })]);
    expect(failed).toEqual({ kind: 'function-error', errorType: type, errorMessage: message });
    expect(next).toEqual({ kind: 'answered', payload: null });
    expect(pool.environments()).toBe(1);
  });

  it('logs the error with its stack, as Lambda does', async () => {
    await poolOf('failing').invoke({ way: 'throw' });
    expect(lines).toEqual([expect.stringMatching(/^ERROR\tInvoke Error\t\{"errorType":"RangeError".*failing\.cjs/)]);
  });

  it('still has its last words heard', async () => {
    await poolOf('failing').invoke({ way: 'exit' });
    expect(lines).toEqual(['last words']);
  });

  it('in its init phase answers every invocation with a function error', async () => {
    const pool = poolOf('broken-init');
    const error = {
      kind: 'function-error',
      errorType: 'SyntaxError',
      errorMessage: 'the configuration cannot be read',
    };
    expect(await pool.invoke({})).toEqual(error);
    expect(await pool.invoke({})).toEqual(error);
    expect(pool.environments()).toBe(0);
    expect(lines.filter((line) => line === 'starting')).toHaveLength(2);
  });

  it('without a handler is told apart', async () => {
    const result = await poolOf('no-handler').invoke({});
    expect(result).toMatchObject({ kind: 'function-error', errorType: 'Runtime.HandlerNotFound' });
  });

  it('because its bundle is missing is told apart', async () => {
    const result = await poolOf('of-that-name-there-is-none').invoke({});
    expect(result).toMatchObject({ kind: 'function-error', errorType: 'Error' });
  });
});

describe('a function that takes too long', () => {
  it.each(['hang', 'spin'])('is ended with its environment (%s)', async (way) => {
    const clock = createVirtualClock();
    const pool = poolOf('failing', {
      clock,
      timeoutMs: 3000,
      onLine: (line) => {
        lines.push(line);
        if (line.endsWith('ing')) void clock.advance(3000);
      },
    });
    expect(await pool.invoke({ way })).toEqual({ kind: 'timed-out' });
    expect(lines.at(-1)).toBe('Task timed out after 3.00 seconds');
    expect(pool.environments()).toBe(0);
    expect(await pool.invoke({ way: 'nothing' })).toEqual({ kind: 'answered', payload: null });
  });

  it('is not ended for what others took before it', async () => {
    const clock = createVirtualClock();
    const pool = poolOf('failing', { clock, timeoutMs: 3000 });
    for (const _ of [1, 2, 3, 4, 5]) {
      expect(await pool.invoke({ way: 'nothing' })).toEqual({ kind: 'answered', payload: null });
      await clock.advance(2999);
    }
    expect(pool.environments()).toBe(1);
  });

  it('to initialise is ended after 10 seconds', async () => {
    const clock = createVirtualClock();
    const pool = poolOf('endless-init', {
      clock,
      onLine: (line) => {
        if (line === 'starting') void clock.advance(10_000);
      },
    });
    expect(await pool.invoke({})).toEqual({ kind: 'timed-out' });
  });
});

describe('closing', () => {
  it('ends what is under way and what waits, and frozen environments too', async () => {
    const started = Promise.withResolvers<void>();
    const pool = poolOf('failing', { size: 1, onLine: () => started.resolve() });
    await pool.invoke({ way: 'nothing' });
    const underWay = pool.invoke({ way: 'hang' });
    const waiting = pool.invoke({ way: 'nothing' });
    await started.promise;
    await pool.close();
    expect(await underWay).toMatchObject({ kind: 'function-error', errorType: 'Runtime.ExitError' });
    expect(await waiting).toEqual({ kind: 'throttled' });
    expect(pool.environments()).toBe(0);
    await expect(pool.invoke({})).rejects.toThrow('the function pool is closed');
  });
});
