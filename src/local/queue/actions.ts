import { array, decode, number, object, optional, string } from '../../core/decode.ts';
import type { Action } from './action.ts';
import { noQueue, onQueue, outOfRange } from './action.ts';
import { answer, refuse } from './refusals.ts';
import type { QueuedMessage } from './standard-queue.ts';
import { retentionSeconds } from './standard-queue.ts';
import { changeMessageVisibility, changeMessageVisibilityBatch, longestVisibilitySeconds } from './visibility.ts';

/** 1 MiB since August 2025. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html */
export const maximumMessageBytes = 1_048_576;

/** The default of a queue. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html */
const visibilityTimeoutSeconds = 30;

const sendMessage = onQueue(
  object({
    // Not `string()`, which would refuse a body of blanks.
    MessageBody: (value, path, problems) => (typeof value === 'string' ? value : string()(value, path, problems)),
    DelaySeconds: optional(number()),
    MessageAttributes: optional(object({})),
  }),
  ({ queue }, { MessageBody: body, DelaySeconds: delaySeconds = 0, MessageAttributes: attributes }) => {
    if (attributes !== undefined) return refuse('UnsupportedOperation', 'Message attributes are not emulated.');
    if (Buffer.byteLength(body) > maximumMessageBytes) {
      const reason = `Message must be shorter than ${maximumMessageBytes} bytes.`;
      return refuse('InvalidParameterValue', `One or more parameters are invalid. Reason: ${reason}`);
    }
    const refusal = outOfRange('DelaySeconds', delaySeconds, [0, 900]);
    if (refusal !== undefined) return refusal;
    const { messageId, md5OfBody } = queue.send(body, delaySeconds);
    return answer(200, { MessageId: messageId, MD5OfMessageBody: md5OfBody });
  },
  ['MessageBody'],
);

const names = optional(array(string()));

const receiveMessage = onQueue(
  object({
    MaxNumberOfMessages: optional(number()),
    VisibilityTimeout: optional(number()),
    WaitTimeSeconds: optional(number()),
    AttributeNames: names,
    MessageSystemAttributeNames: names,
  }),
  ({ queue }, input) => {
    const { MaxNumberOfMessages: max = 1, VisibilityTimeout: hiddenFor = visibilityTimeoutSeconds } = input;
    const refusal =
      outOfRange('MaxNumberOfMessages', max, [1, 10]) ??
      outOfRange('VisibilityTimeout', hiddenFor, [0, longestVisibilitySeconds]) ??
      outOfRange('WaitTimeSeconds', input.WaitTimeSeconds ?? 0, [0, 20]);
    if (refusal !== undefined) return refusal;
    const wanted = [...(input.AttributeNames ?? []), ...(input.MessageSystemAttributeNames ?? [])];
    const messages = queue.receive(max, hiddenFor).map((message) => toReceived(message, wanted));
    return answer(200, messages.length === 0 ? {} : { Messages: messages });
  },
);

function toReceived(message: QueuedMessage, wanted: readonly string[]): object {
  const attributes = chosen(
    {
      SentTimestamp: `${message.sentAt}`,
      ApproximateReceiveCount: `${message.receiveCount}`,
      ApproximateFirstReceiveTimestamp: `${message.firstReceivedAt ?? ''}`,
    },
    wanted,
  );
  return {
    MessageId: message.messageId,
    ReceiptHandle: message.receiptHandle,
    MD5OfBody: message.md5OfBody,
    Body: message.body,
    ...(Object.keys(attributes).length === 0 ? {} : { Attributes: attributes }),
  };
}

const deleteMessage = onQueue(
  object({ ReceiptHandle: string() }),
  ({ queue }, { ReceiptHandle: handle }) =>
    queue.delete(handle) ? answer(200, {}) : refuse('ReceiptHandleIsInvalid', 'The input receipt handle is invalid.'),
  ['ReceiptHandle'],
);

const getQueueAttributes = onQueue(object({ AttributeNames: names }), (named, input) => {
  const { visible, inFlight, delayed } = named.queue.counts();
  const createdAt = `${Math.floor(named.createdAt / 1000)}`;
  const attributes = {
    QueueArn: named.arn,
    ApproximateNumberOfMessages: `${visible}`,
    ApproximateNumberOfMessagesNotVisible: `${inFlight}`,
    ApproximateNumberOfMessagesDelayed: `${delayed}`,
    CreatedTimestamp: createdAt,
    LastModifiedTimestamp: createdAt,
    VisibilityTimeout: `${visibilityTimeoutSeconds}`,
    MaximumMessageSize: `${maximumMessageBytes}`,
    MessageRetentionPeriod: `${retentionSeconds}`,
    DelaySeconds: '0',
    ReceiveMessageWaitTimeSeconds: '0',
  };
  const wanted = input.AttributeNames ?? [];
  const unknown = wanted.find((name) => name !== 'All' && !Object.hasOwn(attributes, name));
  if (unknown !== undefined) return refuse('InvalidAttributeName', `Unknown Attribute ${unknown}.`);
  return answer(200, wanted.length === 0 ? {} : { Attributes: chosen(attributes, wanted) });
});

const purgeQueue = onQueue(object({}), ({ name, queue }) =>
  queue.purge()
    ? answer(200, {})
    : refuse('PurgeQueueInProgress', `Only one PurgeQueue operation on ${name} is allowed every 60 seconds.`),
);

const getQueueUrl: Action = (input, { urlOf }) => {
  const decoded = decode(object({ QueueName: string() }), input);
  if (!decoded.ok) return refuse('MissingParameter', 'The request must contain the parameter QueueName.');
  const url = urlOf(decoded.value.QueueName);
  return url === undefined ? noQueue() : answer(200, { QueueUrl: url });
};

/** What the queue server can do, by the target of the request. */
export const actions: ReadonlyMap<string, Action> = new Map([
  ['AmazonSQS.SendMessage', sendMessage],
  ['AmazonSQS.ReceiveMessage', receiveMessage],
  ['AmazonSQS.DeleteMessage', deleteMessage],
  ['AmazonSQS.ChangeMessageVisibility', changeMessageVisibility],
  ['AmazonSQS.ChangeMessageVisibilityBatch', changeMessageVisibilityBatch],
  ['AmazonSQS.GetQueueAttributes', getQueueAttributes],
  ['AmazonSQS.PurgeQueue', purgeQueue],
  ['AmazonSQS.GetQueueUrl', getQueueUrl],
]);

const chosen = (attributes: Readonly<Record<string, string>>, wanted: readonly string[]): Record<string, string> =>
  Object.fromEntries(Object.entries(attributes).filter(([name]) => wanted.includes('All') || wanted.includes(name)));
