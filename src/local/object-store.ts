import type { Clock } from '../core/clock.ts';
import type { Fault } from './fault.ts';
import { withFaults } from './fault.ts';
import type { Bucket } from './object-store/bucket.ts';
import { latest } from './object-store/bucket.ts';
import { bucketOperations } from './object-store/bucket-operations.ts';
import { objectOperations } from './object-store/object-operations.ts';
import type { StoreContext, StoreRequest } from './object-store/operation.ts';
import { Refusal, refusalAnswer } from './object-store/refusals.ts';
import type { OperationFault } from './operation-faults.ts';
import { createOperationFaults } from './operation-faults.ts';
import type { RequestLog } from './request-log.ts';
import { createRequestLog } from './request-log.ts';
import type { Serve } from './serve.ts';
import { signedService } from './signature.ts';

export interface ObjectStoreOptions {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Passes the time of a latency fault; the machine's timers unless given. */
  readonly after?: Clock['after'];
  readonly region?: string;
  readonly accountId?: string;
  /** Buckets that are there from the start: somebody else's, or one's own in another Region. */
  readonly buckets?: readonly Pick<Bucket, 'name' | 'owner' | 'region'>[];
  readonly log?: RequestLog;
}

export interface ObjectStore {
  readonly serve: Serve;
  readonly log: RequestLog;
  setFault(fault: Fault | undefined): void;
  failCalls(fault: OperationFault): void;
  clearFaults(): void;
  /** A bucket with its settings and every version in it. */
  bucket(name: string): Bucket | undefined;
  /** The latest version of an object. */
  read(bucketName: string, key: string): Buffer | undefined;
}

const operations = [...bucketOperations, ...objectOperations];

/** S3 over its XML protocol, path-style, in memory: the buckets of one account as they are seen in one Region. */
export function createObjectStore(options: ObjectStoreOptions): ObjectStore {
  const { now, region = 'us-east-1', accountId = '000000000000' } = options;
  const log = options.log ?? createRequestLog();
  const faults = createOperationFaults();
  const context: StoreContext = { now, region, accountId, buckets: new Map() };
  for (const bucket of options.buckets ?? []) {
    const empty = { createdAt: now(), documents: new Map(), versions: [], versioning: undefined };
    context.buckets.set(bucket.name, { ...bucket, ...empty });
  }

  function answer(request: StoreRequest): Response {
    const operation = operations.find(({ matches }) => matches(request));
    const isMutating = operation?.isMutating ?? (request.method !== 'GET' && request.method !== 'HEAD');
    const name = operation?.name ?? request.query.get('x-id') ?? request.method;
    const call = { service: 's3', operation: name, isMutating };
    try {
      const service = signedService(request.headers.get('authorization'));
      if (service === undefined) throw new Refusal('AccessDenied', 'Access Denied');
      if (service !== 's3')
        throw new Refusal('SignatureDoesNotMatch', "Credential should be scoped to correct service: 's3'.");
      if (operation === undefined) throw new Refusal('NotImplemented', 'The operation is unknown, or not emulated.');
      const fault = faults.take(operation.name);
      if (fault === 'throttled') throw new Refusal('SlowDown', 'Please reduce your request rate.');
      if (fault === 'expired') throw new Refusal('ExpiredToken', 'The provided token has expired.');
      if (fault === 'denied') throw new Refusal('AccessDenied', 'Access Denied');
      const response = operation.act(request, context);
      log.add(call);
      return fault === 'lost' ? Response.error() : response;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      log.add({ ...call, refusal: error.code });
      return refusalAnswer(error, request.method);
    }
  }

  const { serve, setFault } = withFaults(
    async (request) => {
      const { pathname, searchParams } = new URL(request.url);
      const [bucketName = '', ...key] = pathname.slice(1).split('/').map(decodeURIComponent);
      return answer({
        method: request.method,
        headers: request.headers,
        query: searchParams,
        bucketName,
        key: key.join('/'),
        body: Buffer.from(await request.arrayBuffer()),
      });
    },
    {
      outage: () =>
        refusalAnswer(new Refusal('InternalError', 'We encountered an internal error. Please try again.'), 'GET'),
      throttling: () => refusalAnswer(new Refusal('SlowDown', 'Please reduce your request rate.'), 'GET'),
      after: options.after,
    },
  );

  return {
    serve,
    log,
    setFault,
    failCalls: faults.add,
    clearFaults() {
      setFault(undefined);
      faults.clear();
    },
    bucket: (name) => context.buckets.get(name),
    read: (bucketName, key) => {
      const bucket = context.buckets.get(bucketName);
      return bucket === undefined ? undefined : latest(bucket, key)?.body;
    },
  };
}
