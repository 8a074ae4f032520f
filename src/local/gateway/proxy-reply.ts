import { array, boolean, choose, decode, exactObject, number, optional, record, string } from '../../core/decode.ts';
import type { RequestIds } from './gateway-response.ts';
import { idHeaders } from './gateway-response.ts';

const headerValue = choose<string>((value) =>
  ['string', 'number', 'boolean'].includes(typeof value) ? (scalar) => String(scalar) : string(),
);

const text = choose<string>((value) => (value === '' ? () => '' : string()));

// A member that is not one of these makes the reply malformed, too.
const proxyReply = exactObject({
  statusCode: number({ min: 200, max: 599 }),
  headers: optional(record(headerValue)),
  multiValueHeaders: optional(record(array(headerValue))),
  body: optional(text),
  isBase64Encoded: optional(boolean),
});

/** These belong to the connection. https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html */
const remappedHeaders = new Set(['connection', 'content-length', 'date', 'server', 'www-authenticate']);

const bodilessStatuses = new Set([204, 205, 304]);

/**
 * Turns what an integration's function gave back into the response; undefined when it is malformed.
 *
 * The body goes out as it is even with `isBase64Encoded`, as in an API without binary media types.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html#api-gateway-simple-proxy-for-lambda-output-format
 */
export function toResponse(payload: unknown, ids: RequestIds): Response | undefined {
  const decoded = decode(proxyReply, payload);
  if (!decoded.ok || !Number.isInteger(decoded.value.statusCode)) return undefined;
  const { statusCode, headers = {}, multiValueHeaders = {}, body } = decoded.value;
  const sent = Object.entries(headers).filter(([name, value]) => !multiValueHeaders[name]?.includes(value));
  const all = [
    ...sent,
    ...Object.entries(multiValueHeaders).flatMap(([name, values]) => values.map((value) => [name, value] as const)),
  ];
  const own = new Headers();
  try {
    for (const [name, value] of all) own.append(outgoingName(name), value);
  } catch {
    return undefined;
  }
  if (!own.has('content-type')) own.set('content-type', 'application/json');
  for (const [name, value] of Object.entries(idHeaders(ids))) own.set(name, value);
  return new Response(bodilessStatuses.has(statusCode) ? null : (body ?? ''), { status: statusCode, headers: own });
}

const outgoingName = (name: string) =>
  remappedHeaders.has(name.toLowerCase()) ? `x-amzn-remapped-${name.toLowerCase()}` : name;
