import type { Clock } from '../core/clock.ts';
import { parseJson } from '../core/decode.ts';
import type { Fault } from './fault.ts';
import { withFaults } from './fault.ts';
import type { NamedQueue } from './queue/action.ts';
import { actions } from './queue/actions.ts';
import { refuse } from './queue/refusals.ts';
import type { QueuedMessage } from './queue/standard-queue.ts';
import { createStandardQueue } from './queue/standard-queue.ts';
import type { Serve } from './serve.ts';

export interface QueueServerOptions {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Passes the time of a latency fault; the machine's timers unless given. */
  readonly after?: Clock['after'];
  /** The queues that exist. */
  readonly queueNames: readonly string[];
  readonly accountId?: string;
  readonly region?: string;
}

export interface QueueServer {
  readonly serve: Serve;
  /** The URL of a queue of that name, whether it exists or not. */
  queueUrlAt(baseUrl: string, name: string): string;
  /** What lies in a queue (hidden messages too), oldest first; none if there is no such queue. */
  messages(name: string): readonly QueuedMessage[];
  /** Makes a queue that is empty. */
  createQueue(name: string): void;
  deleteQueue(name: string): void;
  setFault(fault: Fault | undefined): void;
}

/** SQS over its AWS JSON protocol: standard queues, in memory. */
export function createQueueServer(options: QueueServerOptions): QueueServer {
  const { now, queueNames, accountId = '000000000000', region = 'us-east-1' } = options;
  const queues = new Map<string, NamedQueue>();
  const createQueue = (name: string) => {
    const arn = `arn:aws:sqs:${region}:${accountId}:${name}`;
    queues.set(name, { name, arn, createdAt: now(), queue: createStandardQueue(now) });
  };
  for (const name of queueNames) createQueue(name);
  const queueUrlAt = (baseUrl: string, name: string) => `${baseUrl}/${accountId}/${name}`;

  const queueAt = (url: string) => {
    const [owner, name, ...rest] = URL.canParse(url) ? new URL(url).pathname.slice(1).split('/') : [];
    return owner === accountId && name !== undefined && rest.length === 0 ? queues.get(name) : undefined;
  };

  const { serve, setFault } = withFaults(
    async (request) => {
      const unsigned = signatureProblem(request.headers.get('authorization'));
      if (unsigned !== undefined) return unsigned;
      const action = actions.get(request.headers.get('x-amz-target') ?? '');
      if (request.method !== 'POST' || action === undefined) {
        return refuse('UnknownOperation', 'The operation is unknown, or not emulated.');
      }
      const json = parseJson(await request.text());
      if (!json.ok) return refuse('Serialization', 'The request body is not JSON.');
      const { origin } = new URL(request.url);
      const urlOf = (name: string) => (queues.has(name) ? queueUrlAt(origin, name) : undefined);
      return action(json.value, { queueAt, urlOf });
    },
    {
      outage: () => refuse('InternalFailure', 'We encountered an internal error. Please try again.'),
      throttling: () => refuse('RequestThrottled', 'The request was denied due to request throttling.'),
      after: options.after,
    },
  );

  return {
    serve,
    queueUrlAt,
    messages: (name) => queues.get(name)?.queue.messages() ?? [],
    createQueue,
    deleteQueue: (name) => void queues.delete(name),
    setFault,
  };
}

/** The signature has to be there and made for SQS; what it signs is not checked. */
function signatureProblem(authorization: string | null): Response | undefined {
  const [, service] =
    /^AWS4-HMAC-SHA256 Credential=[^/]+\/\d{8}\/[^/]+\/([^/]+)\/aws4_request, ?SignedHeaders=[^,]+, ?Signature=[0-9a-f]{64}$/.exec(
      authorization ?? '',
    ) ?? [];
  if (service === undefined) return refuse('MissingAuthenticationToken', 'Request is missing Authentication Token');
  if (service === 'sqs') return undefined;
  return refuse('SignatureDoesNotMatch', "Credential should be scoped to correct service: 'sqs'.");
}
