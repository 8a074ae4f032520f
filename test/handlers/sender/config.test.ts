import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../../src/handlers/env.ts';
import { parseConfig } from '../../../src/handlers/sender/config.ts';
import { createLeakSink } from '../../../src/local/leak-sink.ts';

const required = {
  AWS_REGION: 'eu-west-1',
  AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'example',
  OKTA_OTP_CATALOG_TABLE: 'catalog',
};

const errorOf = (env: Readonly<Record<string, string | undefined>>): unknown => {
  try {
    return parseConfig(env);
  } catch (error) {
    return error;
  }
};

describe("the sender's settings", () => {
  it('are few that it cannot do without', () => {
    expect(parseConfig(required)).toEqual({
      access: { region: 'eu-west-1', credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' } },
      catalogTable: 'catalog',
      ledgerTable: undefined,
      failuresQueueUrl: undefined,
      configurationSet: undefined,
      protectConfiguration: undefined,
      provider: 'AWS End User Messaging',
      answers: {},
      answerWithinMs: 2200,
      sendFloorMs: 300,
      numberHashKey: undefined,
      endpoints: { dynamodb: undefined, messaging: undefined, sqs: undefined },
    });
  });

  it('are all read', () => {
    const config = parseConfig({
      ...required,
      AWS_SESSION_TOKEN: 'session',
      OKTA_OTP_STACK: 'okta-otp-prod',
      OKTA_OTP_LEDGER_TABLE: 'ledger',
      OKTA_OTP_FAILURES_QUEUE_URL: 'https://sqs.eu-west-1.amazonaws.com/1/failures',
      OKTA_OTP_CONFIGURATION_SET: 'set',
      OKTA_OTP_PROTECT_CONFIGURATION: 'protect-1',
      OKTA_OTP_PROVIDER: 'Acme Messaging',
      OKTA_OTP_ANSWERS: '{"country-unlisted":"suppress"}',
      OKTA_OTP_ANSWER_WITHIN_MS: '1800',
      OKTA_OTP_SEND_FLOOR_MS: '250',
      OKTA_OTP_NUMBER_HASH_KEY: 'a key of thirty-two characters..',
      OKTA_OTP_NUMBER_HASH_KEY_ID: 'k2',
      AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:1',
      AWS_ENDPOINT_URL_PINPOINT_SMS_VOICE_V2: 'http://127.0.0.1:2',
      AWS_ENDPOINT_URL_SQS: 'http://[::1]:3',
    });
    expect(config).toMatchObject({
      access: { credentials: { sessionToken: 'session' } },
      ledgerTable: 'ledger',
      failuresQueueUrl: 'https://sqs.eu-west-1.amazonaws.com/1/failures',
      configurationSet: 'set',
      protectConfiguration: 'protect-1',
      provider: 'Acme Messaging',
      answers: { 'country-unlisted': 'suppress' },
      answerWithinMs: 1800,
      sendFloorMs: 250,
      numberHashKey: { id: 'k2' },
      stack: 'okta-otp-prod',
      endpoints: { dynamodb: 'http://127.0.0.1:1', messaging: 'http://127.0.0.1:2', sqs: 'http://[::1]:3' },
    });
    expect(config.numberHashKey?.key.reveal()).toBe('a key of thirty-two characters..');
    expect(JSON.stringify(config)).not.toContain('thirty-two');
  });

  it('name the first hash key 1 where it has no name', () => {
    expect(parseConfig({ ...required, OKTA_OTP_NUMBER_HASH_KEY: 'key' }).numberHashKey?.id).toBe('1');
  });

  it('that are empty count as absent, as CloudFormation writes them', () => {
    const empty = Object.fromEntries(
      ['OKTA_OTP_LEDGER_TABLE', 'OKTA_OTP_ANSWERS', 'OKTA_OTP_NUMBER_HASH_KEY', 'AWS_ENDPOINT_URL_SQS'].map((name) => [
        name,
        '',
      ]),
    );
    expect(parseConfig({ ...required, ...empty })).toEqual(parseConfig(required));
  });
});

describe('settings that are wrong', () => {
  const wrong = {
    AWS_REGION: undefined,
    AWS_ACCESS_KEY_ID: 'AKIDSECRETSECRET',
    AWS_SECRET_ACCESS_KEY: 'very-secret-value',
    OKTA_OTP_CATALOG_TABLE: '',
    OKTA_OTP_FAILURES_QUEUE_URL: 'http://sqs.example/very-secret-value',
    OKTA_OTP_ANSWERS: '{"country-unlisted":"very-secret-value"}',
    OKTA_OTP_ANSWER_WITHIN_MS: '3001',
    OKTA_OTP_SEND_FLOOR_MS: 'very-secret-value',
    OKTA_OTP_NUMBER_HASH_KEY: 'very-secret-value'.repeat(100),
    OKTA_OTP_NUMBER_HASH_KEY_ID: 'very secret value',
    AWS_ENDPOINT_URL_DYNAMODB: 'http://dynamodb.example',
  };

  it('are all named at once', () => {
    const error = errorOf(wrong);
    expect(error).toBeInstanceOf(ConfigError);
    const names = [...String(error).matchAll(/\b(?:AWS|OKTA)_[A-Z_]+/g)].map(([name]) => name);
    expect(names.toSorted()).toEqual(
      Object.keys(wrong)
        .filter((name) => !['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'].includes(name))
        .toSorted(),
    );
  });

  it('are never quoted', () => {
    const sink = createLeakSink();
    sink.watch('token', 'very-secret-value');
    sink.watch('token', 'very secret value');
    expect(() => sink.check(String(errorOf(wrong)))).not.toThrow();
    expect(String(errorOf(wrong))).not.toContain('3001');
  });

  it.each([
    ['OKTA_OTP_ANSWERS', '{"no-such-cause":"fallback"}', 'OKTA_OTP_ANSWERS.no-such-cause is not a known setting'],
    ['OKTA_OTP_ANSWERS', '{', 'OKTA_OTP_ANSWERS is not valid JSON'],
    ['OKTA_OTP_ANSWERS', '[]', 'OKTA_OTP_ANSWERS must be an object'],
    ['OKTA_OTP_ANSWER_WITHIN_MS', '499', 'OKTA_OTP_ANSWER_WITHIN_MS must be between 500 and 2900'],
    ['OKTA_OTP_CATALOG_TABLE', undefined, 'OKTA_OTP_CATALOG_TABLE is missing'],
  ])('say what is wrong with %s', (name, value, message) => {
    expect(String(errorOf({ ...required, [name]: value }))).toBe(`ConfigError: ${message}`);
  });
});
