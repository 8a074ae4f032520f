import { decode, number, object, optional, string } from '../core/decode.ts';
import type { HookReply } from '../core/hook-response.ts';

/** What is read of API Gateway's event: the body, and when the request came in (milliseconds since the epoch). */
export interface RestEvent {
  readonly body: string;
  readonly requestTimeEpoch: number | undefined;
}

const restEvent = object({
  body: optional(string()),
  isBase64Encoded: (value: unknown) => value === true,
  requestContext: optional(object({ requestTimeEpoch: optional(number({ min: 0 })) })),
});

/**
 * Reads the event of a REST API's Lambda proxy integration; one that cannot be read counts as a request without a body.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
 */
export function parseRestEvent(event: unknown): RestEvent {
  const decoded = decode(restEvent, event);
  if (!decoded.ok) return { body: '', requestTimeEpoch: undefined };
  const { body = '', isBase64Encoded, requestContext } = decoded.value;
  return {
    body: isBase64Encoded ? Buffer.from(body, 'base64').toString('utf8') : body,
    requestTimeEpoch: requestContext?.requestTimeEpoch,
  };
}

export interface RestReply {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export const toRestReply = ({ status, body }: HookReply): RestReply => ({
  statusCode: status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});
