import type { Message } from '@aws-sdk/client-sqs';
import {
  ChangeMessageVisibilityBatchCommand,
  GetQueueAttributesCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import type { Clock } from '../core/clock.ts';
import { within } from '../core/deadline.ts';
import { askAws } from './ask-aws.ts';

export interface FailureReaderOptions {
  readonly queueUrl: string;
  /** The queue URL's own unless given, then the SDK's. */
  readonly region?: string | undefined;
  /** Of the AWS configuration files; without one the SDK's whole default chain is asked. */
  readonly profile?: string | undefined;
  readonly clock: Clock;
}

/** A message as it lies in the queue; what its body holds is anybody's guess. */
export interface WaitingMessage {
  readonly messageId: string;
  readonly body: string;
  /** Milliseconds since the epoch. */
  readonly sentAt: number;
}

export interface ReadMessages {
  /** Oldest first. */
  readonly messages: readonly WaitingMessage[];
  /** How many could not be given back: they are hidden until their visibility timeout is over. */
  readonly stillHidden: number;
}

export interface ReadOptions {
  readonly limit: number;
  /** Ends the reading once it has seen what it looks for. */
  readonly isEnough?: (message: WaitingMessage) => boolean;
}

/** How many messages there are, as SQS guesses. */
export interface WaitingCounts {
  readonly visible: number;
  /** Being read by somebody, or delayed. */
  readonly hidden: number;
}

/** The failures queue as an operator sees it. Every method rejects with an error for a person, or the signal's reason. */
export interface FailureReader {
  /** Reads without consuming: what it receives it gives back, also when it fails or is aborted. */
  read(options: ReadOptions, signal: AbortSignal): Promise<ReadMessages>;
  count(signal: AbortSignal): Promise<WaitingCounts>;
  /** Deletes every message for good. */
  purge(signal: AbortSignal): Promise<void>;
  close(): void;
}

/** Longer than a command lasts, so that nothing is received twice; as short as that allows, in case it is killed. */
const hiddenForSeconds = 40;

/** Any wait makes SQS ask all of its servers, not a few. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-short-and-long-polling.html */
const waitSeconds = 1;

/** The most that SQS takes in one request, both ways. */
const batchSize = 10;

const giveBackMs = 4_000;

/** The SDK warns on the console, where an operator reads errors as JSON. */
const silent = { debug() {}, info() {}, warn() {}, error() {} };

export function createFailureReader({ queueUrl, region, profile, clock }: FailureReaderOptions): FailureReader {
  const chosenRegion = region ?? regionOf(queueUrl);
  const client = new SQSClient({
    logger: silent,
    ...(chosenRegion === undefined ? {} : { region: chosenRegion }),
    ...(profile === undefined ? {} : { profile }),
  });
  const QueueUrl = queueUrl;

  const ask = <T>(action: string, signal: AbortSignal, send: (abortSignal: AbortSignal) => Promise<T>) =>
    askAws({ what: 'the failures queue', action, profile }, signal, send);

  const receive = (max: number, signal: AbortSignal) =>
    ask('sqs:ReceiveMessage', signal, (abortSignal) =>
      client.send(
        new ReceiveMessageCommand({
          QueueUrl,
          MaxNumberOfMessages: Math.min(max, batchSize),
          VisibilityTimeout: hiddenForSeconds,
          WaitTimeSeconds: waitSeconds,
          MessageSystemAttributeNames: ['SentTimestamp'],
        }),
        { abortSignal },
      ),
    );

  /** Makes messages visible again at once and says how many were not; never rejects. */
  async function giveBack(handles: readonly string[]): Promise<number> {
    const batches = Array.from({ length: Math.ceil(handles.length / batchSize) }, (_, index) =>
      handles.slice(index * batchSize, (index + 1) * batchSize),
    );
    const hidden = await Promise.all(
      batches.map(async (batch) => {
        const Entries = batch.map((ReceiptHandle, id) => ({ Id: `${id}`, ReceiptHandle, VisibilityTimeout: 0 }));
        const given = await within(clock, clock.now() + giveBackMs, ({ signal }) =>
          ask('sqs:ChangeMessageVisibility', signal, (abortSignal) =>
            client.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries }), { abortSignal }),
          ),
        );
        return given.kind === 'done' ? (given.value.Failed?.length ?? 0) : batch.length;
      }),
    );
    return hidden.reduce((sum, count) => sum + count, 0);
  }

  return {
    async read({ limit, isEnough = () => false }, signal) {
      const messages = new Map<string, WaitingMessage>();
      const handles = new Map<string, string>();
      let stillHidden = 0;
      try {
        while (messages.size < limit) {
          const { Messages: received = [] } = await receive(limit - messages.size, signal);
          if (received.length === 0) break;
          for (const { MessageId: id, ReceiptHandle: handle } of received) {
            if (id !== undefined && handle !== undefined) handles.set(id, handle);
          }
          // SQS may give a message more than once; it is the same one.
          const fresh = received.map(toWaiting).filter(({ messageId }) => !messages.has(messageId));
          for (const message of fresh) messages.set(message.messageId, message);
          if (fresh.some(isEnough)) break;
        }
      } finally {
        // Also after Ctrl-C, which is why it has a time of its own instead of the signal.
        stillHidden = await giveBack([...handles.values()]);
      }
      return { messages: [...messages.values()].toSorted((a, b) => a.sentAt - b.sentAt), stillHidden };
    },

    async count(signal) {
      const { Attributes: attributes } = await ask('sqs:GetQueueAttributes', signal, (abortSignal) =>
        client.send(
          new GetQueueAttributesCommand({
            QueueUrl,
            AttributeNames: [
              'ApproximateNumberOfMessages',
              'ApproximateNumberOfMessagesNotVisible',
              'ApproximateNumberOfMessagesDelayed',
            ],
          }),
          { abortSignal },
        ),
      );
      return {
        visible: Number(attributes?.ApproximateNumberOfMessages ?? 0),
        hidden:
          Number(attributes?.ApproximateNumberOfMessagesNotVisible ?? 0) +
          Number(attributes?.ApproximateNumberOfMessagesDelayed ?? 0),
      };
    },

    async purge(signal) {
      await ask('sqs:PurgeQueue', signal, (abortSignal) =>
        client.send(new PurgeQueueCommand({ QueueUrl }), { abortSignal }),
      );
    },

    close: () => client.destroy(),
  };
}

const toWaiting = ({ MessageId, Body, Attributes }: Message): WaitingMessage => ({
  messageId: MessageId ?? '',
  body: Body ?? '',
  sentAt: Number(Attributes?.SentTimestamp ?? 0),
});

/** `sqs.eu-west-1.amazonaws.com`, with whatever stands around it (FIPS, VPC endpoints, China). */
export const regionOf = (queueUrl: string) =>
  /(?:^|\.)sqs(?:-fips)?\.([a-z]{2,4}(?:-[a-z]+)+-\d+)\./.exec(hostOf(queueUrl))?.[1];

const hostOf = (url: string) => (URL.canParse(url) ? new URL(url).hostname : '');
