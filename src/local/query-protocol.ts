import type { Decoder } from '../core/decode.ts';
import { isObject, string } from '../core/decode.ts';
import type { XmlObject } from './xml.ts';
import { renderXml } from './xml.ts';

/** An operation as the query protocol writes it. https://smithy.io/2.0/aws/protocols/aws-query-protocol.html */
export interface QueryRequest {
  readonly action: string;
  /** Structures as objects, lists as arrays, every leaf a string. */
  readonly input: Readonly<Record<string, unknown>>;
}

/** Reads a form body: `Tags.member.1.Key=a` becomes `{ Tags: [{ Key: 'a' }] }`. */
export function parseQueryRequest(body: string): QueryRequest {
  const root: Record<string, unknown> = {};
  let action = '';
  for (const [key, value] of new URLSearchParams(body)) {
    if (key === 'Action') action = value;
    else if (key !== 'Version') put(root, key.split('.'), value);
  }
  return { action, input: Object.fromEntries(Object.entries(root).map(([name, value]) => [name, toLists(value)])) };
}

function put(target: Record<string, unknown>, [name = '', ...rest]: readonly string[], value: string): void {
  if (rest.length === 0) {
    target[name] = value;
    return;
  }
  const below = target[name];
  const next = isObject(below) ? below : {};
  target[name] = next;
  put(next, rest, value);
}

/** A list is written as `member.1`, `member.2`; one without items as an empty string, which the decoder takes for none. */
function toLists(value: unknown): unknown {
  if (!isObject(value)) return value;
  const { member } = value;
  if (isObject(member) && Object.keys(value).length === 1) {
    return Object.entries(member)
      .toSorted(([a], [b]) => Number(a) - Number(b))
      .map(([, item]) => toLists(item));
  }
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, toLists(item)]));
}

/** Unlike `string()` takes an empty one: a parameter of a stack may well be empty. */
export const text: Decoder<string> = (value, path, problems) =>
  typeof value === 'string' ? value : string()(value, path, problems);

/** `true` or `false` in words; absent is false. */
export const flag: Decoder<boolean> = (value) => value === 'true';

/** A list whose items are decoded, empty when absent. */
export function listOf<T>(decoder: Decoder<T>): Decoder<readonly T[]> {
  return (value, path, problems) => {
    const items: T[] = [];
    for (const [index, item] of (Array.isArray(value) ? value : []).entries()) {
      const before = problems.length;
      const decoded = decoder(item, `${path}.member.${index + 1}`, problems);
      if (problems.length > before || typeof decoded === 'symbol') continue;
      items.push(decoded);
    }
    return items;
  };
}

/** The answer of an operation; `result` is absent for one that gives nothing. */
export function queryAnswer(namespace: string, action: string, result: XmlObject | undefined, requestId: string) {
  const body =
    result === undefined ? '' : `<${action}Result>${renderXml(result, { itemName: 'member' })}</${action}Result>`;
  const metadata = `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata>`;
  return xmlResponse(200, `<${action}Response xmlns="${namespace}">${body}${metadata}</${action}Response>`, requestId);
}

export interface QueryError {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

export function queryErrorAnswer(namespace: string, { status, code, message }: QueryError, requestId: string) {
  const error = renderXml({ Error: { Type: status < 500 ? 'Sender' : 'Receiver', Code: code, Message: message } });
  return xmlResponse(
    status,
    `<ErrorResponse xmlns="${namespace}">${error}<RequestId>${requestId}</RequestId></ErrorResponse>`,
    requestId,
  );
}

const xmlResponse = (status: number, body: string, requestId: string) =>
  new Response(body, { status, headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId } });
