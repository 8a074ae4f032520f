import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/handlers/system-clock.ts';
import type { FunctionPool } from '../../src/local/function-pool.ts';
import { createFunctionPool } from '../../src/local/function-pool.ts';
import type { GatewayOptions, Hop } from '../../src/local/gateway.ts';
import { createGateway } from '../../src/local/gateway.ts';
import { serve } from '../../src/local/serve.ts';
import type { InvokeResult } from '../../src/local/start-environment.ts';
import { createVirtualClock } from '../support/virtual-clock.ts';

const methodArn = 'arn:aws:execute-api:eu-west-1:123456789012:abc123/prod/POST/mfa';
const address = 'http://127.0.0.1/prod/mfa';

const policy = (statement: unknown, more: object = {}) => ({
  kind: 'answered' as const,
  payload: { principalId: 'okta', policyDocument: { Version: '2012-10-17', Statement: statement }, ...more },
});
const allow = { Action: 'execute-api:Invoke', Effect: 'Allow', Resource: methodArn };
const answered = (payload: unknown): InvokeResult => ({ kind: 'answered', payload });
const functionError = (errorMessage: string): InvokeResult => ({
  kind: 'function-error',
  errorType: 'Error',
  errorMessage,
});
const never = () => new Promise<InvokeResult>(() => {});

type Reply = () => InvokeResult | Promise<InvokeResult>;

/** A gateway before two functions that reply as told and remember their events. */
function setUp(replies: { authorizer?: Reply; integration?: Reply } = {}, options: Partial<GatewayOptions> = {}) {
  const clock = createVirtualClock(Date.parse('2026-01-28T21:43:40.123Z'));
  const hops: Hop[] = [];
  const events: { authorizer: unknown[]; integration: unknown[] } = { authorizer: [], integration: [] };
  const { authorizer = () => policy(allow), integration = () => answered({ statusCode: 200, body: 'sent' }) } = replies;
  const gateway = createGateway({
    clock,
    region: 'eu-west-1',
    accountId: '123456789012',
    apiId: 'abc123',
    stage: 'prod',
    path: '/mfa',
    method: 'POST',
    authorizer: {
      async invoke(event) {
        events.authorizer.push(event);
        return await authorizer();
      },
      identityValidationExpression: '^Bearer [-0-9a-zA-Z._]+$',
      resultTtlSeconds: 300,
    },
    integration: {
      async invoke(event) {
        events.integration.push(event);
        return await integration();
      },
    },
    onHop: (hop) => hops.push(hop),
    ...options,
  });
  const post = async (init: RequestInit = {}, url = address) =>
    await gateway.serve(
      new Request(url, { method: 'POST', headers: { authorization: 'Bearer good' }, body: '{}', ...init }),
      { requestNumber: 1 },
    );
  return { clock, gateway, post, hops, events };
}

async function expectGatewayResponse(response: Response, status: number, type: string, body: string): Promise<void> {
  expect(await response.text()).toBe(body);
  expect(response.status).toBe(status);
  expect(response.headers.get('x-amzn-ErrorType')).toBe(type);
  expect(response.headers.get('content-type')).toBe('application/json');
  expect(response.headers.get('x-amzn-RequestId')).toMatch(/^[0-9a-f-]{36}$/);
}

describe('a request to what the API does not have', () => {
  it.each([
    ['another path', 'POST', 'http://127.0.0.1/prod/other'],
    ['another stage', 'POST', 'http://127.0.0.1/test/mfa'],
    ['a path without its stage', 'POST', 'http://127.0.0.1/mfa'],
    ['another method', 'PUT', address],
  ])('is answered as one without a token (%s)', async (_what, method, url) => {
    const { post, events } = setUp();
    await expectGatewayResponse(
      await post({ method }, url),
      403,
      'MissingAuthenticationTokenException',
      '{"message":"Missing Authentication Token"}',
    );
    expect(events).toEqual({ authorizer: [], integration: [] });
  });
});

describe('a request that is too large', () => {
  it('is refused in plain text above 10 MB', async () => {
    const { post, events } = setUp();
    const response = await post({ body: 'x'.repeat(10 * 1024 * 1024 + 1) });
    expect([response.status, await response.text()]).toEqual([413, 'HTTP content length exceeded 10485760 bytes.']);
    expect(events).toEqual({ authorizer: [], integration: [] });
  });

  it('is refused as JSON when its event is above the 6 MB that Lambda takes', async () => {
    const { post, events } = setUp();
    const response = await post({ body: 'x'.repeat(6 * 1024 * 1024) });
    await expectGatewayResponse(response, 413, 'BadRequestException', '{"message": "Request Too Long"}');
    expect(events.integration).toEqual([]);
  });
});

describe('authorization', () => {
  it.each([
    ['no Authorization header', {}],
    ['an empty one', { authorization: '' }],
    ['one that the expression does not match', { authorization: 'Basic abc' }],
    ['one that the expression matches in part', { authorization: 'Bearer abc def' }],
  ])('refuses %s without asking the authorizer', async (_what, headers) => {
    const { post, events, hops } = setUp();
    await expectGatewayResponse(await post({ headers }), 401, 'UnauthorizedException', '{"message":"Unauthorized"}');
    expect(events.authorizer).toEqual([]);
    expect(hops).toEqual([]);
  });

  it('asks about any token when there is no expression', async () => {
    const asked: unknown[] = [];
    const invoke = async (event: unknown) => {
      asked.push(event);
      return policy(allow);
    };
    const { post } = setUp({}, { authorizer: { invoke, resultTtlSeconds: 0 } });
    expect((await post({ headers: { authorization: "it's mine" } })).status).toBe(200);
    expect(asked).toEqual([{ type: 'TOKEN', authorizationToken: "it's mine", methodArn }]);
  });

  it('asks with a TOKEN event', async () => {
    const { post, events } = setUp();
    await post();
    expect(events.authorizer).toEqual([{ type: 'TOKEN', authorizationToken: 'Bearer good', methodArn }]);
  });

  it('answers Unauthorized when the authorizer fails with that word', async () => {
    const { post, hops } = setUp({ authorizer: () => functionError('Unauthorized') });
    await expectGatewayResponse(await post(), 401, 'UnauthorizedException', '{"message":"Unauthorized"}');
    expect(hops).toMatchObject([{ hop: 'authorizer', outcome: 'unauthorized' }]);
  });

  it.each<[string, InvokeResult, string]>([
    ['fails with any other word', functionError('Unauthorized: expired'), 'function-error'],
    ['runs into its own timeout', { kind: 'timed-out' }, 'timed-out'],
    ['is throttled', { kind: 'throttled' }, 'throttled'],
    ['gives back null', answered(null), 'malformed'],
    ['names no principal', answered({ policyDocument: { Statement: [allow] } }), 'malformed'],
    ['gives back no policy', answered({ principalId: 'okta' }), 'malformed'],
    ['misspells an effect', policy({ ...allow, Effect: 'allow' }), 'malformed'],
    ['sets a condition', policy({ ...allow, Condition: {} }), 'malformed'],
    ['puts an object into the context', policy(allow, { context: { claims: {} } }), 'malformed'],
    ['gives back more than 8 KB', policy(allow, { context: { claims: 'x'.repeat(8192) } }), 'malformed'],
  ])('answers a 500 without a message when the authorizer %s', async (_what, result, outcome) => {
    const { post, hops, events } = setUp({ authorizer: () => result });
    await expectGatewayResponse(await post(), 500, 'AuthorizerConfigurationException', '{"message":null}');
    expect(hops).toMatchObject([{ hop: 'authorizer', cached: false, outcome }]);
    expect(events.integration).toEqual([]);
  });

  it('answers the same when the authorizer is still not done after its time', async () => {
    const { clock, post, hops } = setUp({ authorizer: never }, { authorizerTimeoutMs: 5000 });
    const response = await clock.run(post());
    await expectGatewayResponse(response, 500, 'AuthorizerConfigurationException', '{"message":null}');
    expect(hops).toMatchObject([{ outcome: 'timed-out', ms: 5000 }]);
  });

  it.each<[string, object | object[]]>([
    ['for the method', allow],
    ['for all', { ...allow, Resource: '*', Action: '*' }],
    ['for any method of the stage', { ...allow, Resource: 'arn:aws:execute-api:*:*:abc123/prod/*' }],
    ['with question marks', { ...allow, Resource: methodArn.replace('POST', '????') }],
    ['for an action in other case', { ...allow, Action: ['execute-api:invoke'] }],
    ['for an action with a wildcard', { ...allow, Action: ['execute-api:Inv*'] }],
    ['in one of several', [{ ...allow, Effect: 'Deny', Resource: `${methodArn}/other` }, allow]],
    ['for one of several resources', { ...allow, Resource: [`${methodArn}/other`, methodArn] }],
  ])('lets a policy pass that allows %s', async (_what, statement) => {
    const { post, hops } = setUp({ authorizer: () => policy(statement) });
    expect((await post()).status).toBe(200);
    expect(hops[0]).toMatchObject({ hop: 'authorizer', outcome: 'allowed' });
  });

  it.each<[string, object | object[]]>([
    ['the method', { ...allow, Effect: 'Deny' }],
    ['what it also allows', [allow, { Action: '*', Effect: 'Deny', Resource: '*' }]],
  ])('refuses by an explicit deny of %s', async (_what, statement) => {
    const { post, hops, events } = setUp({ authorizer: () => policy(statement) });
    await expectGatewayResponse(
      await post(),
      403,
      'AccessDeniedException',
      '{"Message":"User is not authorized to access this resource with an explicit deny"}',
    );
    expect(hops).toMatchObject([{ hop: 'authorizer', outcome: 'denied' }]);
    expect(events.integration).toEqual([]);
  });

  it.each<[string, object | object[]]>([
    ['nothing', []],
    ['another method', { ...allow, Resource: methodArn.replace('POST', 'GET') }],
    ['another API, of which a dot is no wildcard', { ...allow, Resource: methodArn.replace('abc123', 'abc.23') }],
    ['fewer characters than there are', { ...allow, Resource: methodArn.replace('POST', '???') }],
    ['a path in other case', { ...allow, Resource: methodArn.replace('mfa', 'MFA') }],
    ['another action', { ...allow, Action: 'execute-api:InvalidateCache' }],
  ])('refuses by a policy that allows %s', async (_what, statement) => {
    const { post } = setUp({ authorizer: () => policy(statement) });
    await expectGatewayResponse(
      await post(),
      403,
      'AccessDeniedException',
      '{"Message":"User is not authorized to access this resource"}',
    );
  });
});

describe('the policy cache', () => {
  it('keeps a policy per token until its time is over', async () => {
    const { clock, post, events, hops } = setUp();
    await post();
    await clock.advance(299_999);
    await post();
    expect(events.authorizer).toHaveLength(1);
    expect(hops.filter(({ hop }) => hop === 'authorizer').map(({ cached }) => cached)).toEqual([false, true]);
    await post({ headers: { authorization: 'Bearer other' } });
    expect(events.authorizer).toHaveLength(2);
    await clock.advance(1);
    await post();
    expect(events.authorizer).toHaveLength(3);
  });

  it('keeps a refusing policy too', async () => {
    const { post, events } = setUp({ authorizer: () => policy({ ...allow, Effect: 'Deny' }) });
    await post();
    expect((await post()).status).toBe(403);
    expect(events.authorizer).toHaveLength(1);
  });

  it.each([
    ['Unauthorized', functionError('Unauthorized')],
    ['another error', functionError('no keys')],
    ['a malformed policy', answered({})],
  ])('does not keep %s', async (_what, result) => {
    const { post, events } = setUp({ authorizer: () => result });
    await post();
    await post();
    expect(events.authorizer).toHaveLength(2);
  });

  it('keeps nothing with a time of 0', async () => {
    const asked: unknown[] = [];
    const invoke = async (event: unknown) => {
      asked.push(event);
      return policy(allow);
    };
    const { post } = setUp({}, { authorizer: { invoke, resultTtlSeconds: 0 } });
    await post();
    await post();
    expect(asked).toHaveLength(2);
  });

  it('can be cleared', async () => {
    const { gateway, post, events } = setUp();
    await post();
    gateway.clearAuthorizerCache();
    await post();
    expect(events.authorizer).toHaveLength(2);
  });
});

describe('the event of the integration', () => {
  it('has the shape of a REST API, with the time at which the request came in', async () => {
    const clock = createVirtualClock(Date.parse('2026-01-28T21:43:40.123Z'));
    const { post, events } = setUp(
      {
        authorizer: async () => {
          await new Promise<void>((resolve) => clock.after(40, resolve));
          return policy(allow, { context: { client: 'okta', attempts: 1, trusted: true } });
        },
      },
      { clock },
    );
    const response = await clock.run(
      post({
        headers: { authorization: 'Bearer good', 'content-type': 'application/json', 'user-agent': 'Okta' },
        body: '{"eventId":"é"}',
      }),
    );
    const headers = {
      authorization: 'Bearer good',
      'content-type': 'application/json',
      'user-agent': 'Okta',
      Host: 'abc123.execute-api.eu-west-1.amazonaws.com',
      'X-Amzn-Trace-Id': expect.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/),
      'X-Forwarded-For': '127.0.0.1',
      'X-Forwarded-Port': '443',
      'X-Forwarded-Proto': 'https',
    };
    expect(events.integration).toEqual([
      {
        resource: '/mfa',
        path: '/mfa',
        httpMethod: 'POST',
        headers,
        multiValueHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
        queryStringParameters: null,
        multiValueQueryStringParameters: null,
        pathParameters: null,
        stageVariables: null,
        requestContext: {
          resourceId: expect.any(String),
          authorizer: {
            principalId: 'okta',
            client: 'okta',
            attempts: '1',
            trusted: 'true',
            integrationLatency: 40,
          },
          resourcePath: '/mfa',
          httpMethod: 'POST',
          extendedRequestId: expect.stringMatching(/^[\w+/]{15}=$/),
          requestTime: '28/Jan/2026:21:43:40 +0000',
          path: '/prod/mfa',
          accountId: '123456789012',
          protocol: 'HTTP/1.1',
          stage: 'prod',
          domainPrefix: 'abc123',
          requestTimeEpoch: Date.parse('2026-01-28T21:43:40.123Z'),
          requestId: response.headers.get('x-amzn-RequestId'),
          identity: {
            cognitoIdentityPoolId: null,
            accountId: null,
            cognitoIdentityId: null,
            caller: null,
            sourceIp: '127.0.0.1',
            principalOrgId: null,
            accessKey: null,
            cognitoAuthenticationType: null,
            cognitoAuthenticationProvider: null,
            userArn: null,
            userAgent: 'Okta',
            user: null,
          },
          domainName: 'abc123.execute-api.eu-west-1.amazonaws.com',
          apiId: 'abc123',
        },
        body: '{"eventId":"é"}',
        isBase64Encoded: false,
      },
    ]);
  });

  it('has a null body when none was sent', async () => {
    const { post, events } = setUp();
    await post({ body: null });
    expect(events.integration).toMatchObject([{ body: null }]);
  });

  it('has the last of several query values, and all of them', async () => {
    const { post, events } = setUp();
    await post({}, `${address}?a=1&b=2&a=3`);
    expect(events.integration).toMatchObject([
      {
        path: '/mfa',
        queryStringParameters: { a: '3', b: '2' },
        multiValueQueryStringParameters: { a: ['1', '3'], b: ['2'] },
      },
    ]);
  });

  it('says that a cached policy took no time', async () => {
    const { post, events } = setUp();
    await post();
    await post();
    expect(events.integration[1]).toMatchObject({ requestContext: { authorizer: { integrationLatency: 0 } } });
  });

  it('adds the caller to those who forwarded the request', async () => {
    const { post, events } = setUp();
    await post({ headers: { authorization: 'Bearer good', 'x-forwarded-for': '203.0.113.7' } });
    expect(events.integration).toMatchObject([{ headers: { 'X-Forwarded-For': '203.0.113.7, 127.0.0.1' } }]);
  });
});

describe('the reply of the integration', () => {
  it('becomes the response, with its headers', async () => {
    const { post, hops } = setUp({
      integration: () =>
        answered({
          statusCode: 201,
          headers: { 'X-One': 'a', 'X-Number': 7, 'X-Two': 'kept', Date: 'never' },
          multiValueHeaders: { 'X-Two': ['kept', 'added'] },
          body: 'sent',
        }),
    });
    const response = await post();
    expect(response.status).toBe(201);
    expect(await response.text()).toBe('sent');
    expect(Object.fromEntries(response.headers)).toEqual({
      'content-type': 'application/json',
      'x-one': 'a',
      'x-number': '7',
      'x-two': 'kept, added',
      'x-amzn-remapped-date': 'never',
      'x-amzn-requestid': hops[1]?.requestId,
      'x-amz-apigw-id': expect.any(String),
    });
    expect(hops).toMatchObject([
      { hop: 'authorizer', cached: false, outcome: 'allowed' },
      { hop: 'integration', cached: false, outcome: 'answered' },
    ]);
    expect(hops[0]?.requestId).toBe(hops[1]?.requestId);
  });

  it('may have no body', async () => {
    const { post } = setUp({ integration: () => answered({ statusCode: 204, body: '' }) });
    const response = await post();
    expect([response.status, response.body]).toEqual([204, null]);
  });

  it.each<[string, unknown]>([
    ['is null', null],
    ['is a string', 'sent'],
    ['has no status', { body: 'sent' }],
    ['has a status that is text', { statusCode: '200' }],
    ['has half a status', { statusCode: 200.5 }],
    ['has a status that HTTP does not know', { statusCode: 1000 }],
    ['has an object for a body', { statusCode: 200, body: { sent: true } }],
    ['has an object for a header', { statusCode: 200, headers: { 'x-one': {} } }],
    ['has a header with a line break', { statusCode: 200, headers: { 'x-one': 'a\r\nb' } }],
    ['has a member too many', { statusCode: 200, body: 'sent', message: 'sent' }],
  ])('is malformed when it %s', async (_what, payload) => {
    const { post, hops } = setUp({ integration: () => answered(payload) });
    const body = '{"message": "Internal server error"}';
    await expectGatewayResponse(await post(), 502, 'InternalServerErrorException', body);
    expect(hops[1]).toMatchObject({ hop: 'integration', outcome: 'malformed' });
  });

  it.each<[string, InvokeResult, number]>([
    ['the function fails', functionError('no table'), 502],
    ['the function runs into its own timeout', { kind: 'timed-out' }, 502],
    ['Lambda throttles it', { kind: 'throttled' }, 500],
  ])('is an internal server error when %s', async (_what, result, status) => {
    const { post, hops } = setUp({ integration: () => result });
    const body = '{"message": "Internal server error"}';
    await expectGatewayResponse(await post(), status, 'InternalServerErrorException', body);
    expect(hops[1]).toMatchObject({ hop: 'integration', outcome: result.kind });
  });

  it('is an internal server error when the function cannot be invoked', async () => {
    const { post } = setUp({ integration: () => Promise.reject(new Error('the function pool is closed')) });
    const body = '{"message": "Internal server error"}';
    await expectGatewayResponse(await post(), 500, 'InternalServerErrorException', body);
  });

  it('is no longer waited for after 29 seconds', async () => {
    const { clock, post, hops } = setUp({ integration: never });
    const response = await clock.run(post());
    const body = '{"message": "Endpoint request timed out"}';
    await expectGatewayResponse(response, 504, 'InternalServerErrorException', body);
    expect(hops[1]).toMatchObject({ hop: 'integration', outcome: 'timed-out', ms: 29_000 });
  });
});

describe('a gateway before real bundles', () => {
  const pools: FunctionPool[] = [];
  afterEach(async () => {
    await Promise.all(pools.splice(0).map((pool) => pool.close()));
  });
  const poolOf = (name: string, size: number) => {
    const bundle = fileURLToPath(new URL(`../fixtures/functions/${name}.cjs`, import.meta.url));
    const onLine = () => {};
    const pool = createFunctionPool({ clock: systemClock, name, bundle, env: {}, size, timeoutMs: 60_000, onLine });
    pools.push(pool);
    return pool;
  };

  it('serves 20 requests at once over HTTP, and refuses the one with a bad token', async () => {
    const authorizer = poolOf('authorizer', 1);
    const integration = poolOf('proxy', 2);
    const { gateway } = setUp(
      {},
      {
        clock: systemClock,
        authorizer: { invoke: authorizer.invoke, resultTtlSeconds: 300 },
        integration,
      },
    );
    const server = await serve(gateway.serve);
    try {
      const post = async (authorization: string, body: string) => {
        const response = await fetch(`${server.url}/prod/mfa`, { method: 'POST', headers: { authorization }, body });
        return [response.status, await response.text()];
      };
      const bodies = Array.from({ length: 20 }, (_, index) => `request ${index}`);
      const replies = await Promise.all(bodies.map((body) => post('Bearer good', body)));
      expect(replies).toEqual(bodies.map((body) => [200, body]));
      expect(integration.environments()).toBe(2);
      expect(await post('Bearer bad', 'refused')).toEqual([401, '{"message":"Unauthorized"}']);
    } finally {
      await server.close();
    }
  });
});
