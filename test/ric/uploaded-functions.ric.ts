import { afterEach, describe, expect, it } from 'vitest';
import { readCatalogFiles } from '../../src/cli/catalog-files.ts';
import { sampleCatalog, shippedCatalog } from '../../src/cli/paths.ts';
import { isObject, parseJson } from '../../src/core/decode.ts';
import { methodArnOf, toProxyEvent } from '../../src/local/gateway/proxy-event.ts';
import { catalogTable, ledgerTable } from '../../src/local/tables.ts';
import { hookBody, useLocalCloud } from '../support/local-cloud.ts';
import { marked } from '../support/marked.ts';
import type { UploadedFunction } from './uploaded-function.ts';
import { runUploaded } from './uploaded-function.ts';

const under = useLocalCloud();
const running: UploadedFunction[] = [];
afterEach(async () => {
  for (const uploaded of running.splice(0)) await uploaded.close();
});

const api = {
  region: 'us-east-1',
  accountId: '000000000000',
  apiId: 'api',
  stage: 'prod',
  path: '/mfa',
  method: 'POST',
};
const catalog = async () => [...(await readCatalogFiles(shippedCatalog)), ...(await readCatalogFiles(sampleCatalog))];

async function sender(change: Readonly<Record<string, string>> = {}): Promise<UploadedFunction> {
  const { urls } = under().cloud;
  const uploaded = await runUploaded({
    name: 'sender',
    catalog: await catalog(),
    env: {
      AWS_REGION: api.region,
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
      AWS_ENDPOINT_URL_DYNAMODB: urls.dynamodb,
      AWS_ENDPOINT_URL_PINPOINT_SMS_VOICE_V2: urls.messaging,
      AWS_ENDPOINT_URL_SQS: urls.queue,
      OKTA_OTP_CATALOG_TABLE: catalogTable,
      OKTA_OTP_LEDGER_TABLE: ledgerTable,
      ...change,
    },
  });
  running.push(uploaded);
  return uploaded;
}

async function authorizer(change: Readonly<Record<string, string>> = {}): Promise<UploadedFunction> {
  const { client } = under().cloud;
  const uploaded = await runUploaded({
    name: 'authorizer',
    env: {
      OKTA_ISSUER: client.tokenUrl.replace(/\/v1\/token$/, ''),
      OKTA_CLIENT_IDS: client.clientId,
      OKTA_SCOPE: client.scope,
      ...change,
    },
  });
  running.push(uploaded);
  return uploaded;
}

/** The event of a hook request, as the local gateway makes it. */
const hookEvent = (body: unknown = hookBody()) => {
  const request = new Request('https://api.execute-api.us-east-1.amazonaws.com/prod/mfa', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
  });
  return toProxyEvent(
    api,
    {
      request,
      url: new URL(request.url),
      body: JSON.stringify(body),
      ids: { requestId: crypto.randomUUID(), extendedRequestId: 'extended' },
      receivedAt: Date.now(),
    },
    { principalId: 'okta', context: {}, integrationLatency: 1 },
  );
};
const tokenEvent = async (token?: string) => ({
  type: 'TOKEN',
  methodArn: methodArnOf(api),
  authorizationToken: `Bearer ${token ?? (await under().token())}`,
});
const linesOf = (uploaded: UploadedFunction) =>
  uploaded
    .printed()
    .split('\n')
    .flatMap((line) => {
      const parsed = parseJson(line);
      return parsed.ok && isObject(parsed.value) ? [parsed.value] : [];
    });
const commands = (body: unknown) => (isObject(body) ? JSON.parse(String(body['body'])) : undefined);

describe('the uploaded sender', () => {
  it('delivers a code under the runtime client of AWS', async () => {
    const uploaded = await sender();
    const before = under().cloud.inbox.received().length;
    const { kind, body } = await uploaded.invoke(hookEvent(), 5_000);
    expect({ kind, body }).toMatchObject({ kind: 'response', body: { statusCode: 200 } });
    expect(commands(body)).toMatchObject({ commands: [{ value: [{ status: 'SUCCESSFUL' }] }] });
    const arrived = under().cloud.inbox.received().slice(before);
    expect(arrived).toMatchObject([{ channel: 'sms', body: expect.stringContaining(marked.otp) }]);
    expect(linesOf(uploaded)).toMatchObject([{ type: 'delivery', outcome: 'accepted' }]);
    expect(uploaded.printed()).not.toContain(marked.otp);
    expect(uploaded.printed()).not.toContain(marked.phone);
  });

  it('delivers from the catalog in its own zip when the table cannot be reached', async () => {
    // A port that nothing listens on.
    const uploaded = await sender({ AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:9' });
    const before = under().cloud.inbox.received().length;
    const { body } = await uploaded.invoke(hookEvent(), 5_000);
    expect(commands(body)).toMatchObject({ commands: [{ value: [{ status: 'SUCCESSFUL' }] }] });
    expect(under().cloud.inbox.received()).toHaveLength(before + 1);
  });

  it('goes on with the next event after one that it cannot read', async () => {
    const uploaded = await sender();
    expect(await uploaded.invoke(hookEvent({}), 5_000)).toMatchObject({ kind: 'response', body: { statusCode: 400 } });
    expect(await uploaded.invoke(hookEvent(), 5_000)).toMatchObject({ kind: 'response', body: { statusCode: 200 } });
  });

  it('does not start without its settings, and names them', async () => {
    const uploaded = await sender({ OKTA_OTP_CATALOG_TABLE: '' });
    await expect(uploaded.invoke(hookEvent(), 5_000)).rejects.toThrow(/OKTA_OTP_CATALOG_TABLE/);
  });
});

describe('the uploaded authorizer', () => {
  it("lets Okta's token in under the runtime client of AWS", async () => {
    const uploaded = await authorizer();
    expect(await uploaded.invoke(await tokenEvent(), 3_000)).toMatchObject({
      kind: 'response',
      body: { policyDocument: { Statement: [{ Effect: 'Allow', Resource: methodArnOf(api) }] } },
    });
    expect(linesOf(uploaded)).toMatchObject([{ type: 'authorization', outcome: 'allow' }]);
  });

  it('refuses another token in the one word that API Gateway answers 401 to', async () => {
    const uploaded = await authorizer();
    const [head = '', claims = ''] = (await under().token()).split('.');
    expect(await uploaded.invoke(await tokenEvent(`${head}.${claims}.AAAA`), 3_000)).toMatchObject({
      kind: 'error',
      body: { errorMessage: 'Unauthorized' },
    });
  });

  it('refuses every token until a client is configured', async () => {
    const uploaded = await authorizer({ OKTA_CLIENT_IDS: '' });
    expect(await uploaded.invoke(await tokenEvent(), 3_000)).toMatchObject({ kind: 'error' });
    expect(linesOf(uploaded)).toMatchObject([{ reason: 'not configured' }]);
  });
});
