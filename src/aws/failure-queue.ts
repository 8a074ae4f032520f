import type { SQSClient } from '@aws-sdk/client-sqs';
import type { FailureQueue } from '../core/failure-queue.ts';
import type { Http } from '../net/http.ts';
import type { AwsAccess } from './client-settings.ts';
import { clientSettings } from './client-settings.ts';

export interface FailureQueueOptions {
  readonly url: string;
  readonly endpoint: string | undefined;
}

/** The failures queue on SQS; written by us, since a dead-letter queue never sees a synchronous invocation. */
export function createFailureQueue(access: AwsAccess, http: Http, options: FailureQueueOptions): FailureQueue {
  let client: SQSClient | undefined;
  return {
    async put(record, abortSignal) {
      // On the first failure, not on every cold start: loading a client costs as much as sending a message.
      const { SendMessageCommand, SQSClient: Client } = await import('@aws-sdk/client-sqs');
      client ??= new Client({
        ...clientSettings(access, http, { service: 'sqs', endpoint: options.endpoint }),
        md5: false,
      });
      await client.send(new SendMessageCommand({ QueueUrl: options.url, MessageBody: JSON.stringify(record) }), {
        abortSignal,
      });
    },
  };
}
