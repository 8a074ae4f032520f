import type { Bucket } from './bucket.ts';

/** A request, with what every operation asks it for. */
export interface StoreRequest {
  readonly method: string;
  readonly headers: Headers;
  readonly query: URLSearchParams;
  readonly bucketName: string;
  /** Empty when the request is for the bucket. */
  readonly key: string;
  readonly body: Buffer;
}

export interface StoreContext {
  readonly now: () => number;
  readonly region: string;
  readonly accountId: string;
  readonly buckets: Map<string, Bucket>;
}

/** One of S3's operations. */
export interface Operation {
  readonly name: string;
  readonly isMutating: boolean;
  /** Whether the request is for this operation. */
  readonly matches: (request: StoreRequest) => boolean;
  readonly act: (request: StoreRequest, context: StoreContext) => Response;
}

/** Whether a request is for a bucket, with one of its settings or none named. */
export const onBucket = (method: string, parameter?: string) => (request: StoreRequest) =>
  request.method === method &&
  request.key === '' &&
  (parameter === undefined ? hasNoSetting(request.query) : request.query.has(parameter));

/** Names of operations, and what pages, are no settings. */
const passing = new Set([
  'x-id',
  'list-type',
  'prefix',
  'max-keys',
  'continuation-token',
  'start-after',
  'encoding-type',
  'delimiter',
]);

const hasNoSetting = (query: URLSearchParams) => [...query.keys()].every((name) => passing.has(name));

export const onObject = (method: string) => (request: StoreRequest) => request.method === method && request.key !== '';
