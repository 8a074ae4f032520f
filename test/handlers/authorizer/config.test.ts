import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../../src/handlers/authorizer/config.ts';

const issuer = 'https://acme.okta.example/oauth2/default';

const errorOf = (env: Readonly<Record<string, string | undefined>>): unknown => {
  try {
    return parseConfig(env);
  } catch (error) {
    return error;
  }
};

describe("the authorizer's settings", () => {
  it('need no more than an issuer, and then trust nobody', () => {
    expect(parseConfig({ OKTA_ISSUER: `${issuer}/` })).toEqual({
      trusts: [{ issuer, audience: 'api://default', clientIds: [], scope: '' }],
    });
  });

  it('name audience, clients and scope', () => {
    const env = {
      OKTA_ISSUER: issuer,
      OKTA_AUDIENCE: 'api://otp',
      OKTA_CLIENT_IDS: '0oa1, 0oa2\n0oa3,',
      OKTA_SCOPE: 's',
      OKTA_OTP_STACK: 'okta-otp-prod',
    };
    expect(parseConfig(env)).toEqual({
      trusts: [{ issuer, audience: 'api://otp', clientIds: ['0oa1', '0oa2', '0oa3'], scope: 's' }],
      stack: 'okta-otp-prod',
    });
  });

  it('may name a second issuer, which shares nothing with the first', () => {
    const env = {
      OKTA_ISSUER: issuer,
      OKTA_CLIENT_IDS: '0oa1',
      OKTA_SCOPE: 's',
      OKTA_NEXT_ISSUER: 'https://next.okta.example/oauth2/default',
      OKTA_NEXT_AUDIENCE: 'api://next',
      OKTA_NEXT_CLIENT_IDS: '0oa9',
      OKTA_NEXT_SCOPE: 't',
    };
    expect(parseConfig(env).trusts[1]).toEqual({
      issuer: 'https://next.okta.example/oauth2/default',
      audience: 'api://next',
      clientIds: ['0oa9'],
      scope: 't',
    });
    expect(parseConfig({ ...env, OKTA_NEXT_CLIENT_IDS: '', OKTA_NEXT_SCOPE: '' }).trusts[1]).toMatchObject({
      clientIds: [],
      scope: '',
    });
  });

  it('may not name the same issuer twice: the second would never be asked', () => {
    const issuer = 'https://acme.okta.example/oauth2/default';
    expect(String(errorOf({ OKTA_ISSUER: issuer, OKTA_NEXT_ISSUER: issuer }))).toBe(
      'ConfigError: OKTA_NEXT_ISSUER must be another one than OKTA_ISSUER',
    );
  });

  it('that are wrong are all named at once, and never quoted', () => {
    const message = String(
      errorOf({ OKTA_ISSUER: 'http://acme.example', OKTA_NEXT_ISSUER: 'https://me:secret@acme.example' }),
    );
    expect(message).toBe('ConfigError: OKTA_ISSUER must be an https: URL; OKTA_NEXT_ISSUER must not hold credentials');
    expect(String(errorOf({}))).toBe('ConfigError: OKTA_ISSUER is missing');
  });
});
