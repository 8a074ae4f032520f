import { describe, expect, it } from 'vitest';
import { decode, exactObject, number } from '../../src/core/decode.ts';
import { toAwsAccess } from '../../src/handlers/aws-env.ts';
import { ConfigError, endpoint, json, setting, wholeNumber } from '../../src/handlers/env.ts';

const problemOf = (decoded: ReturnType<typeof decode>) => (decoded.ok ? undefined : decoded.problems[0]?.message);

describe('an endpoint', () => {
  it.each([
    ['https://sqs.eu-west-1.amazonaws.com', 'https://sqs.eu-west-1.amazonaws.com'],
    ['https://acme.okta.example/oauth2/default//', 'https://acme.okta.example/oauth2/default'],
    ['http://127.0.0.1:4566', 'http://127.0.0.1:4566'],
    ['http://[::1]:4566/', 'http://[::1]:4566'],
  ])('may be %s', (written, read) => {
    expect(decode(endpoint, written)).toEqual({ ok: true, value: read });
  });

  it.each([
    ['http://sqs.eu-west-1.amazonaws.com', 'must be an https: URL'],
    ['http://localhost:4566', 'must be an https: URL'],
    ['http://127.0.0.1.evil.example', 'must be an https: URL'],
    ['http://127.0.0.2', 'must be an https: URL'],
    ['http://[::2]', 'must be an https: URL'],
    ['ftp://127.0.0.1', 'must be an https: URL'],
    ['acme.okta.example', 'must be a URL'],
    ['https://user@acme.example', 'must not hold credentials'],
    ['https://:secret@acme.example', 'must not hold credentials'],
    ['', 'is empty'],
    [undefined, 'is missing'],
  ])('may not be %s', (written, problem) => {
    expect(problemOf(decode(endpoint, written))).toBe(problem);
  });
});

describe('a whole number', () => {
  const within = wholeNumber({ min: 500, max: 2900 });

  it.each([
    ['500', 500],
    ['2900', 2900],
    ['0600', 600],
  ])('is read from %j', (written, read) => {
    expect(decode(within, written)).toEqual({ ok: true, value: read });
  });

  it.each([
    ['499', 'must be between 500 and 2900'],
    ['2901', 'must be between 500 and 2900'],
    ['1e3', 'must be a whole number'],
    ['-600', 'must be a whole number'],
    ['600.5', 'must be a whole number'],
    ['٦٠٠', 'must be a whole number'],
  ])('is not %j', (written, problem) => {
    expect(problemOf(decode(within, written))).toBe(problem);
  });
});

describe('JSON in a setting', () => {
  const pair = json(exactObject({ a: number(), b: number() }));

  it('is decoded', () => {
    expect(decode(pair, '{"a":1,"b":2}')).toEqual({ ok: true, value: { a: 1, b: 2 } });
  });

  it('that is malformed is one problem', () => {
    expect(decode(pair, '{"a":1', 'X')).toEqual({ ok: false, problems: [{ path: 'X', message: 'is not valid JSON' }] });
  });

  it('that is wrong has all its problems, by path', () => {
    const decoded = decode(pair, '{"a":"1","c":3}', 'X');
    expect(decoded.ok ? [] : decoded.problems.map(({ path, message }) => `${path} ${message}`)).toEqual([
      'X.c is not a known setting',
      'X.a must be a number',
      'X.b is missing',
    ]);
  });
});

it('takes an empty setting for an absent one', () => {
  expect(decode(setting(endpoint), '')).toEqual({ ok: true, value: undefined });
  expect(decode(setting(endpoint), undefined)).toEqual({ ok: true, value: undefined });
  expect(problemOf(decode(setting(endpoint), 'nope'))).toBe('must be a URL');
});

it('has an error of its own name', () => {
  expect(String(new ConfigError('it'))).toBe('ConfigError: it');
});

it('passes a session token on only where there is one', () => {
  const env = { AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'key' };
  expect(toAwsAccess({ ...env, AWS_SESSION_TOKEN: undefined })).toEqual({
    region: 'eu-west-1',
    credentials: { accessKeyId: 'id', secretAccessKey: 'key' },
  });
  expect(toAwsAccess({ ...env, AWS_SESSION_TOKEN: 'token' }).credentials.sessionToken).toBe('token');
});
