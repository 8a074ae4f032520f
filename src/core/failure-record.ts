import { channels } from './channel.ts';
import type { Decoded, Decoder } from './decode.ts';
import { array, boolean, decode, integer, number, object, oneOf, optional, parseJson, string } from './decode.ts';
import type { DeliveryRecord } from './delivery-record.ts';
import type { Answer, Cause } from './failure-policy.ts';
import { answers, causeNames } from './failure-policy.ts';
import { lineTypes } from './phone.ts';
import { requestTypes } from './request-type.ts';

/** The record of a delivery that failed, as it lies in the failures queue. */
export interface FailureRecord extends DeliveryRecord {
  readonly outcome: 'refused';
  readonly answer: Answer;
  readonly cause: Cause;
}

/** Whoever may write to the queue could otherwise move the cursor of whoever reads it. */
const printable = { pattern: /^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+$/u, expected: 'free of control characters' };
const word = string({ ...printable, max: 256 });

/** Of a phone number only the ends: one that is whole has no business in a record. */
const identity = string({
  pattern: /^(?!\+?\d{7,}$)[\x20-\x7e…]{1,256}$/u,
  expected: 'a name, or the ends of a number',
});

const failureRecord: Decoder<FailureRecord> = object({
  type: oneOf(['delivery']),
  // The largest instant that a Date can hold. https://tc39.es/ecma262/#sec-time-values-and-time-range
  at: integer({ min: 0, max: 8.64e15 }),
  eventId: string({ max: 256, pattern: /^[^\s\p{Cc}\p{Cf}]+$/u, expected: 'free of white space' }),
  oktaRequestId: optional(word),
  outcome: oneOf(['refused']),
  answer: oneOf(answers),
  cause: oneOf(causeNames),
  channel: oneOf(channels),
  requestType: optional(oneOf(requestTypes)),
  country: optional(string({ pattern: /^[A-Z]{2}$/, expected: 'two capital letters' })),
  lineType: oneOf(lineTypes),
  numberHash: optional(string({ pattern: /^[\w-]{1,64}:[\w-]{43}$/, expected: 'a key id and a hash' })),
  dryRun: boolean,
  preview: boolean,
  template: optional(
    object({
      locale: word,
      match: oneOf(['exact', 'parent', 'less-specific', 'related', 'default']),
      requestType: optional(oneOf(requestTypes)),
    }),
  ),
  wantedLocale: optional(word),
  attempts: array(
    object({
      channel: oneOf(channels),
      identity,
      text: oneOf(['template', 'okta']),
      outcome: oneOf(['accepted', ...causeNames]),
      ms: number(),
    }),
  ),
  catalog: optional(object({ version: integer({ min: 0 }), source: oneOf(['table', 'memory', 'bundled']) })),
  ledger: oneOf(['claimed', 'duplicate', 'in-flight', 'unreachable', 'off', 'skipped']),
  unfinished: array(oneOf(['ledger', 'failure-queue', 'catalog'])),
  ms: object({ prepare: number(), send: number(), settle: number(), total: number() }),
  leftMs: number(),
});

/**
 * Reads a message of the failures queue. What is not a member of a record is left out, and what is wrong is told by its
 * path: nothing of a message that somebody else put there is ever shown.
 */
export function parseFailureRecord(body: string): Decoded<FailureRecord> {
  const json = parseJson(body);
  return json.ok ? decode(failureRecord, json.value) : json;
}
