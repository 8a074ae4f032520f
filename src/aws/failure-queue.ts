import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
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
      // Made on the first failure, not on every cold start. (Importing it late would cost more than it saves: a dynamic
      // import anywhere makes the bundler wrap every module that is shared with it, to be compiled twice.)
      client ??= new SQSClient({
        ...clientSettings(access, http, { service: 'sqs', endpoint: options.endpoint }),
        md5: false,
      });
      await client.send(new SendMessageCommand({ QueueUrl: options.url, MessageBody: JSON.stringify(record) }), {
        abortSignal,
      });
    },
  };
}
