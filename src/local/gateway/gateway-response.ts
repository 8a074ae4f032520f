/** The ids that every response of an API carries, so that a caller can name the request. */
export interface RequestIds {
  readonly requestId: string;
  readonly extendedRequestId: string;
}

/**
 * What API Gateway answers by itself; the template is `{"message":$context.error.messageString}` unless noted.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
 */
const gatewayResponses = {
  missingAuthenticationToken: {
    status: 403,
    errorType: 'MissingAuthenticationTokenException',
    body: '{"message":"Missing Authentication Token"}',
  },
  unauthorized: { status: 401, errorType: 'UnauthorizedException', body: '{"message":"Unauthorized"}' },
  throttled: { status: 429, errorType: 'TooManyRequestsException', body: '{"message":"Too Many Requests"}' },
  // Seen at https://github.com/auth0-samples/jwt-rsa-aws-custom-authorizer/pull/6 (the body) and
  // https://github.com/serverless/examples/issues/305 (the type).
  authorizerConfigurationError: {
    status: 500,
    errorType: 'AuthorizerConfigurationException',
    body: '{"message":null}',
  },
  // https://repost.aws/knowledge-center/api-gateway-403-error-lambda-authorizer; the capital M is what comes back.
  explicitDeny: {
    status: 403,
    errorType: 'AccessDeniedException',
    body: '{"Message":"User is not authorized to access this resource with an explicit deny"}',
  },
  implicitDeny: {
    status: 403,
    errorType: 'AccessDeniedException',
    body: '{"Message":"User is not authorized to access this resource"}',
  },
  // https://docs.aws.amazon.com/lambda/latest/dg/services-apigateway-errors.html: 500 when Lambda rejects the invocation
  // (a throttle), 502 when the function fails or its reply is malformed.
  invocationRejected: {
    status: 500,
    errorType: 'InternalServerErrorException',
    body: '{"message": "Internal server error"}',
  },
  badReply: {
    status: 502,
    errorType: 'InternalServerErrorException',
    body: '{"message": "Internal server error"}',
  },
  integrationTimeout: {
    status: 504,
    errorType: 'InternalServerErrorException',
    body: '{"message": "Endpoint request timed out"}',
  },
  // An event above Lambda's 6 MB. Seen at https://github.com/koki-develop/lgtm-generator/issues/10, both 413s.
  eventTooLarge: { status: 413, errorType: 'BadRequestException', body: '{"message": "Request Too Long"}' },
} as const;

export type GatewayResponseName = keyof typeof gatewayResponses;

export function gatewayResponse(name: GatewayResponseName, ids: RequestIds): Response {
  const { status, errorType, body } = gatewayResponses[name];
  return new Response(body, {
    status,
    headers: { 'content-type': 'application/json', 'x-amzn-errortype': errorType, ...idHeaders(ids) },
  });
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html */
export const largestBodyBytes = 10 * 1024 * 1024;

/** The front of API Gateway answers this before a request has an id. */
export const bodyTooLarge = (): Response =>
  new Response(`HTTP content length exceeded ${largestBodyBytes} bytes.`, {
    status: 413,
    headers: { 'content-type': 'text; charset=utf-8' },
  });

export const idHeaders = ({ requestId, extendedRequestId }: RequestIds): Readonly<Record<string, string>> => ({
  'x-amzn-requestid': requestId,
  'x-amz-apigw-id': extendedRequestId,
});
