import { array, number, object, string } from '../../core/decode.ts';
import { onQueue, outOfRange } from './action.ts';
import type { Refusal } from './refusals.ts';
import { answer, codeOf, refuse } from './refusals.ts';
import type { StandardQueue } from './standard-queue.ts';

/** @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibility.html */
export const longestVisibilitySeconds = 43_200;

/** @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibilityBatch.html */
const largestBatch = 10;

const members = { ReceiptHandle: string(), VisibilityTimeout: number() };

interface Change {
  readonly ReceiptHandle: string;
  readonly VisibilityTimeout: number;
}

/** Why a change does not take place; undefined once it has. */
function change(queue: StandardQueue, { ReceiptHandle, VisibilityTimeout }: Change): [Refusal, string] | undefined {
  switch (queue.changeVisibility(ReceiptHandle, VisibilityTimeout)) {
    case 'changed':
      return undefined;
    case 'unknown-handle':
      return ['ReceiptHandleIsInvalid', 'The input receipt handle is invalid.'];
    case 'stale':
      return [
        'InvalidParameterValue',
        'Value for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available for visibility timeout change.',
      ];
    case 'visible':
      return ['MessageNotInflight', 'The specified message is not in flight.'];
  }
}

export const changeMessageVisibility = onQueue(
  object(members),
  ({ queue }, input) => {
    const refusal = outOfRange('VisibilityTimeout', input.VisibilityTimeout, [0, longestVisibilitySeconds]);
    if (refusal !== undefined) return refusal;
    const refused = change(queue, input);
    return refused === undefined ? answer(200, {}) : refuse(...refused);
  },
  ['ReceiptHandle', 'VisibilityTimeout'],
);

export const changeMessageVisibilityBatch = onQueue(
  object({ Entries: array(object({ Id: string(), ...members })) }),
  ({ queue }, { Entries: entries }) => {
    if (entries.length === 0) return refuse('EmptyBatchRequest', 'There should be at least one entry in the request.');
    if (entries.length > largestBatch) {
      return refuse('TooManyEntriesInBatchRequest', `Maximum number of entries per request are ${largestBatch}.`);
    }
    if (new Set(entries.map(({ Id }) => Id)).size < entries.length) {
      return refuse('BatchEntryIdsNotDistinct', 'Two or more batch entries in the request have the same Id.');
    }
    const refusals = entries.map((entry): [id: string, refused: [Refusal, string] | undefined] => {
      const { VisibilityTimeout: timeout } = entry;
      const tooLong = timeout < 0 || timeout > longestVisibilitySeconds;
      const reason = `Value ${timeout} for parameter VisibilityTimeout is invalid.`;
      return [entry.Id, tooLong ? ['InvalidParameterValue', reason] : change(queue, entry)];
    });
    return answer(200, {
      Successful: refusals.flatMap(([Id, refused]) => (refused === undefined ? [{ Id }] : [])),
      Failed: refusals.flatMap(([Id, refused]) =>
        refused === undefined ? [] : [{ Id, SenderFault: true, Code: codeOf(refused[0]), Message: refused[1] }],
      ),
    });
  },
  ['Entries'],
);
