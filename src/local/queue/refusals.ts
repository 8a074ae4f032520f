import { randomUUID } from 'node:crypto';

/** How SQS says no: the type in the body, the code of the older query protocol in a header, which the SDKs read. */
const refusals = {
  BatchEntryIdsNotDistinct: [
    400,
    'com.amazonaws.sqs#BatchEntryIdsNotDistinct',
    'AWS.SimpleQueueService.BatchEntryIdsNotDistinct',
  ],
  EmptyBatchRequest: [400, 'com.amazonaws.sqs#EmptyBatchRequest', 'AWS.SimpleQueueService.EmptyBatchRequest'],
  InternalFailure: [500, 'com.amazon.coral.service#InternalFailure', 'InternalFailure'],
  InvalidAttributeName: [400, 'com.amazonaws.sqs#InvalidAttributeName', 'InvalidAttributeName'],
  InvalidParameterValue: [400, 'com.amazon.coral.service#InvalidParameterValueException', 'InvalidParameterValue'],
  MessageNotInflight: [400, 'com.amazonaws.sqs#MessageNotInflight', 'AWS.SimpleQueueService.MessageNotInflight'],
  MissingAuthenticationToken: [
    403,
    'com.amazon.coral.service#MissingAuthenticationTokenException',
    'MissingAuthenticationToken',
  ],
  MissingParameter: [400, 'com.amazon.coral.service#MissingRequiredParameterException', 'MissingParameter'],
  PurgeQueueInProgress: [400, 'com.amazonaws.sqs#PurgeQueueInProgress', 'AWS.SimpleQueueService.PurgeQueueInProgress'],
  QueueDoesNotExist: [400, 'com.amazonaws.sqs#QueueDoesNotExist', 'AWS.SimpleQueueService.NonExistentQueue'],
  ReceiptHandleIsInvalid: [400, 'com.amazonaws.sqs#ReceiptHandleIsInvalid', 'ReceiptHandleIsInvalid'],
  RequestThrottled: [400, 'com.amazonaws.sqs#RequestThrottled', 'RequestThrottled'],
  Serialization: [400, 'com.amazon.coral.service#SerializationException', 'MalformedInput'],
  SignatureDoesNotMatch: [403, 'com.amazon.coral.service#InvalidSignatureException', 'SignatureDoesNotMatch'],
  TooManyEntriesInBatchRequest: [
    400,
    'com.amazonaws.sqs#TooManyEntriesInBatchRequest',
    'AWS.SimpleQueueService.TooManyEntriesInBatchRequest',
  ],
  UnknownOperation: [400, 'com.amazon.coral.service#UnknownOperationException', 'InvalidAction'],
  UnsupportedOperation: [400, 'com.amazonaws.sqs#UnsupportedOperation', 'AWS.SimpleQueueService.UnsupportedOperation'],
} as const;

export type Refusal = keyof typeof refusals;

/** The code of a refusal, as an entry of a batch names it. */
export const codeOf = (reason: Refusal): string => refusals[reason][2];

/** @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-making-api-requests-json.html */
export function refuse(reason: Refusal, message: string): Response {
  const [status, type, queryCode] = refusals[reason];
  const fault = status === 500 ? 'Receiver' : 'Sender';
  return answer(status, { __type: type, message }, { 'x-amzn-query-error': `${queryCode};${fault}` });
}

/** An answer of the AWS JSON 1.0 protocol. */
export function answer(status: number, body: object, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-requestid': randomUUID(), ...headers },
  });
}
