import type { Decoder } from '../../core/decode.ts';
import { decode, isObject } from '../../core/decode.ts';
import { refuse } from './refusals.ts';
import type { StandardQueue } from './standard-queue.ts';

/** A queue as its account sees it. */
export interface NamedQueue {
  readonly name: string;
  readonly arn: string;
  readonly createdAt: number;
  readonly queue: StandardQueue;
}

export interface ActionContext {
  readonly queueAt: (url: string) => NamedQueue | undefined;
  readonly urlOf: (name: string) => string | undefined;
}

/** One of SQS' actions: the input as it came, to the response. */
export type Action = (input: unknown, context: ActionContext) => Response;

export const noQueue = () => refuse('QueueDoesNotExist', 'The specified queue does not exist.');

/** Reads the members of an input and finds its queue, or refuses. */
export function onQueue<T>(
  members: Decoder<T>,
  act: (queue: NamedQueue, input: T) => Response,
  required: readonly string[] = [],
): Action {
  return (input, context) => {
    if (!isObject(input)) return refuse('Serialization', 'The request body is not an object.');
    const missing = ['QueueUrl', ...required].find((name) => input[name] === undefined || input[name] === '');
    if (missing !== undefined) {
      return refuse('MissingParameter', `The request must contain the parameter ${missing}.`);
    }
    const decoded = decode(members, input);
    if (!decoded.ok) return refuse('Serialization', 'A parameter of the request has the wrong type.');
    const queue = typeof input['QueueUrl'] === 'string' ? context.queueAt(input['QueueUrl']) : undefined;
    return queue === undefined ? noQueue() : act(queue, decoded.value);
  };
}

/** Refuses a number that is outside what the service takes. */
export function outOfRange(name: string, value: number, [from, to]: readonly [number, number]): Response | undefined {
  if (value >= from && value <= to) return undefined;
  const reason = `Must be between ${from} and ${to}, if provided.`;
  return refuse('InvalidParameterValue', `Value ${value} for parameter ${name} is invalid. Reason: ${reason}`);
}
