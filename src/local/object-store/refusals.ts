import { randomUUID } from 'node:crypto';
import type { XmlObject } from '../xml.ts';
import { renderXml } from '../xml.ts';

/** How S3 says no, with its HTTP status. https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
const statuses = {
  AccessDenied: 403,
  BadDigest: 400,
  BucketAlreadyExists: 409,
  BucketAlreadyOwnedByYou: 409,
  BucketNotEmpty: 409,
  ExpiredToken: 400,
  IllegalLocationConstraintException: 400,
  InternalError: 500,
  InvalidBucketName: 400,
  InvalidLocationConstraint: 400,
  MalformedPolicy: 400,
  MalformedXML: 400,
  MethodNotAllowed: 405,
  NoSuchBucket: 404,
  NoSuchBucketPolicy: 404,
  NoSuchKey: 404,
  NoSuchLifecycleConfiguration: 404,
  NoSuchTagSet: 404,
  NoSuchVersion: 404,
  NotImplemented: 501,
  PermanentRedirect: 301,
  PreconditionFailed: 412,
  SignatureDoesNotMatch: 403,
  SlowDown: 503,
} as const;
export type RefusalCode = keyof typeof statuses;

/** Thrown by the operations of the object store. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: RefusalCode;
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: RefusalCode, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.code = code;
    this.headers = headers;
  }
}

/** What is answered to HEAD has no body, so that the client knows the status only. */
export function refusalAnswer({ code, message, headers }: Refusal, method: string): Response {
  const requestId = randomUUID();
  const body = `<?xml version="1.0" encoding="UTF-8"?>${renderXml({ Error: { Code: code, Message: message, RequestId: requestId } })}`;
  return new Response(method === 'HEAD' ? null : body, {
    status: statuses[code],
    headers: { 'content-type': 'application/xml', 'x-amz-request-id': requestId, ...headers },
  });
}

export const xmlAnswer = (root: string, content: XmlObject): Response =>
  new Response(
    `<?xml version="1.0" encoding="UTF-8"?><${root} xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${renderXml(content)}</${root}>`,
    { headers: { 'content-type': 'application/xml', 'x-amz-request-id': randomUUID() } },
  );

export const emptyAnswer = (status: number, headers: Readonly<Record<string, string>> = {}): Response =>
  new Response(null, { status, headers: { 'x-amz-request-id': randomUUID(), ...headers } });
