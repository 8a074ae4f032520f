import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, vi } from 'vitest';
import type { QueueServer } from '../../src/local/queue.ts';
import { createQueueServer } from '../../src/local/queue.ts';
import type { RunningServer, Serve } from '../../src/local/serve.ts';
import { serve } from '../../src/local/serve.ts';

/** A request as it came to SQS. */
export interface SeenRequest {
  /** `ReceiveMessage`. */
  readonly action: string;
  readonly authorization: string;
  readonly body: Record<string, unknown>;
}

/** The failures queue on SQS' wire, and what a test asks of it. */
export interface FailuresQueueUnderTest {
  readonly url: string;
  readonly server: QueueServer;
  readonly running: RunningServer;
  readonly requests: readonly SeenRequest[];
  /** Puts messages: text as it is, anything else as JSON. */
  put(...messages: readonly unknown[]): Promise<void>;
  /** How many messages a reader would get now. */
  visible(): number;
  /** Answers requests instead of the queue; with `undefined` it is the queue's turn. */
  intercept(answer: (seen: SeenRequest) => Response | Promise<Response> | undefined): void;
}

/** A queue of its own for every test, and an environment in which the SDK finds made-up credentials and nothing else. */
export function useFailuresQueue(): () => FailuresQueueUnderTest {
  let under: FailuresQueueUnderTest | undefined;

  beforeEach(async () => {
    for (const [name, value] of Object.entries(sdkEnv)) vi.stubEnv(name, value);
    under = await start();
  });

  afterEach(async () => {
    await under?.running.close();
    vi.unstubAllEnvs();
  });

  return () => {
    if (under === undefined) throw new Error('the queue is not up yet');
    return under;
  };
}

/** What keeps the SDK from finding anything of this machine's. */
export const sdkEnv = {
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'example',
  AWS_SESSION_TOKEN: '',
  AWS_PROFILE: '',
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_CONFIG_FILE: '/nonexistent/config',
  AWS_SHARED_CREDENTIALS_FILE: '/nonexistent/credentials',
  AWS_MAX_ATTEMPTS: '1',
};

async function start(): Promise<FailuresQueueUnderTest> {
  const server = createQueueServer({ now: Date.now, queueNames: ['failures'] });
  const requests: SeenRequest[] = [];
  let intercepted: (seen: SeenRequest) => Response | Promise<Response> | undefined = () => undefined;
  const handle: Serve = async (request, connection) => {
    const seen: SeenRequest = {
      action: (request.headers.get('x-amz-target') ?? '').replace('AmazonSQS.', ''),
      authorization: request.headers.get('authorization') ?? '',
      body: JSON.parse(await request.clone().text()),
    };
    requests.push(seen);
    return (await intercepted(seen)) ?? (await server.serve(request, connection));
  };
  const running = await serve(handle);
  const url = server.queueUrlAt(running.url, 'failures');
  return {
    url,
    server,
    running,
    requests,
    async put(...messages) {
      const client = new SQSClient({ endpoint: running.url });
      for (const message of messages) {
        const MessageBody = typeof message === 'string' ? message : JSON.stringify(message);
        await client.send(new SendMessageCommand({ QueueUrl: url, MessageBody }));
      }
      client.destroy();
      requests.length = 0;
    },
    visible: () => server.messages('failures').filter(({ visibleAt }) => visibleAt <= Date.now()).length,
    intercept(answer) {
      intercepted = answer;
    },
  };
}

/** How SQS refuses a request: by the older protocol's code, which the SDK makes the error's name. */
export const refusal = (status: number, code: string): Response =>
  new Response(
    JSON.stringify({ __type: `com.amazonaws.sqs#${code}`, message: 'arn:aws:sqs:us-east-1:123456789012:x' }),
    {
      status,
      headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-query-error': `${code};Sender` },
    },
  );
