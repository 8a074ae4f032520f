import { decode, number, object, string } from '../core/decode.ts';
import type { HookReply } from '../core/hook-response.ts';

/** What is read of API Gateway's event: the body, and when the request came in (milliseconds since the epoch). */
export interface RestEvent {
  readonly body: string;
  readonly requestTimeEpoch: number | undefined;
}

const content = object({ body: string(), isBase64Encoded: (value: unknown) => value === true });
const time = object({ requestContext: object({ requestTimeEpoch: number({ min: 0 }) }) });

/**
 * Reads the event of a REST API's Lambda proxy integration; what cannot be read of it counts as absent.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
 */
export function parseRestEvent(event: unknown): RestEvent {
  const [read, timed] = [decode(content, event), decode(time, event)];
  const { body, isBase64Encoded } = read.ok ? read.value : { body: '', isBase64Encoded: false };
  return {
    body: isBase64Encoded ? Buffer.from(body, 'base64').toString('utf8') : body,
    requestTimeEpoch: timed.ok ? timed.value.requestContext.requestTimeEpoch : undefined,
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
