import type { RequestIds } from './gateway-response.ts';

/** Which API the gateway stands for, and its one method. */
export interface Api {
  readonly region: string;
  readonly accountId: string;
  readonly apiId: string;
  readonly stage: string;
  /** With a slash in front and without the stage: `/mfa`. */
  readonly path: string;
  readonly method: string;
}

/** A request that came in, with its body read. */
export interface Incoming {
  readonly request: Request;
  readonly url: URL;
  readonly body: string | null;
  readonly ids: RequestIds;
  /** Milliseconds since the epoch. */
  readonly receivedAt: number;
}

export interface Authorized {
  readonly principalId: string;
  readonly context: Readonly<Record<string, string>>;
  /** What the authorizer took, in milliseconds; 0 when its policy came from the cache. */
  readonly integrationLatency: number;
}

export const methodArnOf = ({ region, accountId, apiId, stage, method, path }: Api): string =>
  `arn:aws:execute-api:${region}:${accountId}:${apiId}/${stage}/${method}${path}`;

const peer = '127.0.0.1';

/**
 * The event of a REST API's Lambda proxy integration (payload version 1.0).
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html#api-gateway-simple-proxy-for-lambda-input-format
 */
export function toProxyEvent(api: Api, incoming: Incoming, authorized: Authorized) {
  const { url, ids, body, receivedAt } = incoming;
  const domainName = `${api.apiId}.execute-api.${api.region}.amazonaws.com`;
  const headers = headersOf(incoming, domainName);
  const query = [...new Set(url.searchParams.keys())].map((name) => [name, url.searchParams.getAll(name)] as const);
  return {
    resource: api.path,
    path: api.path,
    httpMethod: api.method,
    headers,
    multiValueHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
    queryStringParameters:
      query.length > 0 ? Object.fromEntries(query.map(([name, values]) => [name, values.at(-1)])) : null,
    multiValueQueryStringParameters: query.length > 0 ? Object.fromEntries(query) : null,
    pathParameters: null,
    stageVariables: null,
    requestContext: {
      resourceId: 'local1',
      authorizer: {
        ...authorized.context,
        principalId: authorized.principalId,
        integrationLatency: authorized.integrationLatency,
      },
      resourcePath: api.path,
      httpMethod: api.method,
      extendedRequestId: ids.extendedRequestId,
      requestTime: toCommonLogTime(receivedAt),
      path: `/${api.stage}${api.path}`,
      accountId: api.accountId,
      protocol: 'HTTP/1.1',
      stage: api.stage,
      domainPrefix: api.apiId,
      requestTimeEpoch: receivedAt,
      requestId: ids.requestId,
      identity: {
        cognitoIdentityPoolId: null,
        accountId: null,
        cognitoIdentityId: null,
        caller: null,
        sourceIp: peer,
        principalOrgId: null,
        accessKey: null,
        cognitoAuthenticationType: null,
        cognitoAuthenticationProvider: null,
        userArn: null,
        userAgent: incoming.request.headers.get('user-agent'),
        user: null,
      },
      domainName,
      apiId: api.apiId,
    },
    body,
    isBase64Encoded: false,
  };
}

function headersOf({ request, receivedAt }: Incoming, domainName: string): Readonly<Record<string, string>> {
  const { host: _host, 'x-forwarded-for': forwarded, ...sent } = Object.fromEntries(request.headers);
  return {
    ...sent,
    Host: domainName,
    'X-Amzn-Trace-Id': `Root=1-${Math.floor(receivedAt / 1000).toString(16)}-${'0'.repeat(24)}`,
    'X-Forwarded-For': forwarded === undefined ? peer : `${forwarded}, ${peer}`,
    'X-Forwarded-Port': '443',
    'X-Forwarded-Proto': 'https',
  };
}

/** `22/Jan/2022:21:43:40 +0000`, as in an access log. */
function toCommonLogTime(epochMs: number): string {
  const [, day, month, year, time] = new Date(epochMs).toUTCString().split(' ');
  return `${day}/${month}/${year}:${time} +0000`;
}
