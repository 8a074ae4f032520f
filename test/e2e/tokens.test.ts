import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { hookBody, startCloudUnderTest, useLocalCloud } from '../support/local-cloud.ts';

const under = useLocalCloud();

/** A token of the local Okta with changed claims or header. */
async function forge(claims: object, header?: Readonly<Record<string, unknown>>): Promise<string> {
  const { okta, client, urls } = under().cloud;
  const good = okta.claimsAt(urls.okta, { clientId: client.clientId, scopes: [client.scope] });
  return await okta.sign({ ...good, ...claims }, header === undefined ? {} : { header });
}

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const nowSeconds = () => Math.floor(Date.now() / 1000);

describe('a bad token gets 401 and reaches neither table nor messaging', () => {
  const cases: readonly [string, () => Promise<string | null>][] = [
    ['tampered', async () => `Bearer ${(await under().token()).replace(/\.(.{20})/, (_, head) => `.${head}AAAA`)}`],
    ['expired', async () => `Bearer ${await forge({ exp: nowSeconds() - 1 })}`],
    ['without exp', async () => `Bearer ${await forge({ exp: undefined })}`],
    ['with nbf ahead', async () => `Bearer ${await forge({ nbf: nowSeconds() + 600 })}`],
    ['of another issuer', async () => `Bearer ${await forge({ iss: 'https://other.okta.com/oauth2/default' })}`],
    ['for another audience', async () => `Bearer ${await forge({ aud: 'api://other' })}`],
    ['of another client', async () => `Bearer ${await forge({ cid: '0oaother' })}`],
    ['with another scope', async () => `Bearer ${await forge({ scp: ['telephony.other'] })}`],
    ['with scp as a string', async () => `Bearer ${await forge({ scp: 'telephony.hook' })}`],
    [
      'with alg none',
      async () => {
        const [, body] = (await under().token()).split('.');
        return `Bearer ${part({ alg: 'none', kid: 'x' })}.${body}.x`;
      },
    ],
    [
      'with alg HS256',
      async () => {
        const [, body] = (await under().token()).split('.');
        return `Bearer ${part({ alg: 'HS256', kid: 'x' })}.${body}.c2ln`;
      },
    ],
    ['with an unknown kid', async () => `Bearer ${await forge({}, { kid: 'nobody' })}`],
    ['that is no JWT', async () => 'Bearer not-a-token'],
    ['that is not there', async () => null],
  ];

  it.each(cases)('%s', async (_, header) => {
    const { cloud, post } = under();
    const { status, body } = await post(hookBody(), await header());
    expect({ status, body }).toEqual({ status: 401, body: { message: 'Unauthorized' } });
    expect(cloud.functions.sender.environments()).toBe(0);
    expect(cloud.messaging.requests()).toEqual([]);
    expect(cloud.leaks()).toEqual([]);
  });
});

it('a token signed by a key of somebody else under a known kid is refused', async () => {
  const { okta, client, urls } = under().cloud;
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const token = await okta.sign(okta.claimsAt(urls.okta, { clientId: client.clientId, scopes: [client.scope] }), {
    privateKey,
  });
  expect((await under().post(hookBody(), `Bearer ${token}`)).status).toBe(401);
});

it('a flood of unknown kids causes a handful of key fetches, and a valid token beside it still passes', async () => {
  const { cloud, post, token } = await startCloudUnderTest({ environments: 1 });
  try {
    const good = `Bearer ${await token()}`;
    expect((await post(hookBody(), good)).status).toBe(200);
    const [head = '', body = '', signature = ''] = good.replace('Bearer ', '').split('.');
    const header = JSON.parse(Buffer.from(head, 'base64url').toString('utf8'));
    for (let start = 0; start < 1000; start += 50) {
      const flood = Array.from({ length: 50 }, async (_, index) => {
        const forged = `Bearer ${part({ ...header, kid: `unknown-${start + index}` })}.${body}.${signature}`;
        return (await post(hookBody(), forged)).status;
      });
      expect(new Set(await Promise.all(flood))).toEqual(new Set([401]));
    }
    expect(cloud.okta.keyFetches()).toBeLessThanOrEqual(5);
    expect((await post(hookBody(), `Bearer ${await token()}`)).status).toBe(200);
  } finally {
    await cloud.close();
  }
});

it('a token of a newly rotated key passes, and so does one of the key before', async () => {
  // One that has fetched its keys before the rotation, but not within the last seconds: a fresh container has neither.
  const { cloud, post, token } = await startCloudUnderTest({ environments: 1 });
  try {
    const old = `Bearer ${await token()}`;
    await cloud.okta.publishNextKey();
    expect((await post(hookBody(), old)).status).toBe(200);
    await cloud.okta.rotateKeys();
    expect((await post(hookBody(), `Bearer ${await token()}`)).status).toBe(200);
    expect((await post(hookBody(), old)).status).toBe(200);
  } finally {
    await cloud.close();
  }
});

it('an unreachable key set is a 500, logged as such, and no fault of the token', async () => {
  const { cloud, lines, post, token } = await startCloudUnderTest();
  try {
    const good = `Bearer ${await token()}`;
    cloud.okta.setFault({ kind: 'outage' });
    expect((await post(hookBody(), good)).status).toBe(500);
    expect(lines).toMatchObject([{ type: 'authorization', outcome: 'unavailable', KeySetUnavailable: 1 }]);
    cloud.okta.setFault(undefined);
    expect((await post(hookBody(), good)).status).toBe(200);
  } finally {
    await cloud.close();
  }
});

it('an authorizer without client ids refuses everything and says that it is not configured', async () => {
  const { cloud, lines, post } = await startCloudUnderTest({ authorizerEnv: { OKTA_CLIENT_IDS: '' } });
  try {
    expect((await post(hookBody())).status).toBe(401);
    expect(lines).toMatchObject([{ type: 'authorization', outcome: 'refuse', reason: 'not configured' }]);
  } finally {
    await cloud.close();
  }
});
