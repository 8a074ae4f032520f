import { randomUUID } from 'node:crypto';

/** How SQS says no: the type in the body, the code of the older query protocol in a header, which the SDKs read. */
const refusals = {
  InternalFailure: [500, 'com.amazon.coral.service#InternalFailure', 'InternalFailure'],
  InvalidAttributeName: [400, 'com.amazonaws.sqs#InvalidAttributeName', 'InvalidAttributeName'],
  InvalidParameterValue: [400, 'com.amazon.coral.service#InvalidParameterValueException', 'InvalidParameterValue'],
  MissingAuthenticationToken: [
    403,
    'com.amazon.coral.service#MissingAuthenticationTokenException',
    'MissingAuthenticationToken',
  ],
  MissingParameter: [400, 'com.amazon.coral.service#MissingRequiredParameterException', 'MissingParameter'],
  PurgeQueueInProgress: [400, 'com.amazonaws.sqs#PurgeQueueInProgress', 'AWS.SimpleQueueService.PurgeQueueInProgress'],
  QueueDoesNotExist: [400, 'com.amazonaws.sqs#QueueDoesNotExist', 'AWS.SimpleQueueService.NonExistentQueue'],
  ReceiptHandleIsInvalid: [400, 'com.amazonaws.sqs#ReceiptHandleIsInvalid', 'ReceiptHandleIsInvalid'],
  Serialization: [400, 'com.amazon.coral.service#SerializationException', 'MalformedInput'],
  SignatureDoesNotMatch: [403, 'com.amazon.coral.service#InvalidSignatureException', 'SignatureDoesNotMatch'],
  UnknownOperation: [400, 'com.amazon.coral.service#UnknownOperationException', 'InvalidAction'],
  UnsupportedOperation: [400, 'com.amazonaws.sqs#UnsupportedOperation', 'AWS.SimpleQueueService.UnsupportedOperation'],
} as const;

/** @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-making-api-requests-json.html */
export function refuse(reason: keyof typeof refusals, message: string): Response {
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
