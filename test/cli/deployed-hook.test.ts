import { describe, expect, it } from 'vitest';
import type { DeployedHook, TokenClaims } from '../../src/cli/call-target/deployed-hook.ts';
import { logCommand, readClaims, whyRefused } from '../../src/cli/call-target/deployed-hook.ts';

const issuer = 'https://example.okta.com/oauth2/default';
const next = 'https://next.okta.com/oauth2/default';
const claims: TokenClaims = { issuer, audience: ['api://default'], clientId: '0oahook', scopes: ['telephony.hook'] };
const hook = (change: Partial<DeployedHook> = {}): DeployedHook => ({
  environment: 'prod',
  region: 'eu-west-1',
  accepts: [
    { issuer, audience: undefined, clientIds: ['0oahook'], scope: 'telephony.hook' },
    { issuer: next, audience: 'api://next', clientIds: ['0oanext'], scope: 'next.hook' },
  ],
  outputs: { AuthorizerLogGroup: '/okta-otp/authorizer' },
  ...change,
});

const jwt = (payload: object) => `e30.${Buffer.from(JSON.stringify(payload)).toString('base64url')}.c2ln`;

describe('why the authorizer refuses a token', () => {
  it.each<[string, Partial<TokenClaims>, string]>([
    [
      'issuer',
      { issuer: 'https://x.okta.com/oauth2/y' },
      `its issuer is https://x.okta.com/oauth2/y, and okta-otp.json accepts ${issuer}, ${next}`,
    ],
    ['audience', { audience: ['api://other'] }, 'its audience is api://other, and okta-otp.json accepts api://default'],
    ['client', { clientId: '0oaother' }, 'its client is 0oaother, and okta-otp.json accepts 0oahook'],
    ['scope', { scopes: ['a', 'b'] }, 'its scope is a b, and okta-otp.json accepts telephony.hook'],
    [
      'audience of the next issuer',
      { issuer: next },
      'its audience is api://default, and okta-otp.json accepts api://next',
    ],
  ])('is its %s, with what it is and what it should be', (_, change, words) => {
    const { means, next: advice } = whyRefused({ ...claims, ...change }, hook());
    expect(means).toBe(`it does not trust the token: ${words}`);
    expect(advice).toContain('okta-otp deploy --env prod');
  });

  it('is that no client may call yet', () => {
    const accepts = [{ issuer, audience: undefined, clientIds: [], scope: undefined }];
    expect(whyRefused(claims, hook({ accepts })).means).toContain('no clientIds or no scope yet');
  });

  it('is not to be seen in the claims, where the file would take it', () => {
    expect(whyRefused(claims, hook())).toMatchObject({
      means: expect.stringContaining('though okta-otp.json would'),
      next: 'okta-otp diff --env prod',
    });
  });
});

describe('the claims of a token', () => {
  it('are read without anybody to vouch for them', () => {
    const { issuer: iss, audience: aud, clientId: cid, scopes: scp } = claims;
    expect(readClaims(jwt({ iss, aud, cid, scp }))).toEqual(claims);
    expect(readClaims(jwt({ iss, aud: 'api://default', cid, scp }))).toEqual(claims);
  });

  it.each(['', 'opaque', 'a.b.c', jwt({ iss: issuer }), jwt([])])('are none of %j', (token) => {
    expect(readClaims(token)).toBeUndefined();
  });
});

describe('the log of a hop', () => {
  it('is a command, where the stack has one', () => {
    expect(logCommand('authorizer', hook())).toBe('aws logs tail /okta-otp/authorizer --since 10m --region eu-west-1');
    expect(logCommand('sender', hook())).toBeUndefined();
    expect(logCommand('End User Messaging', hook())).toBeUndefined();
  });
});
