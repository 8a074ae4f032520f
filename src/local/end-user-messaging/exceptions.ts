import type {
  ConflictExceptionReason,
  ResourceType,
  ValidationExceptionReason,
} from '@aws-sdk/client-pinpoint-sms-voice-v2';

/**
 * The exceptions of a send, with their HTTP status.
 * @see https://docs.aws.amazon.com/pinpoint/latest/apireference_smsvoicev2/API_SendTextMessage.html#API_SendTextMessage_Errors
 */
export const serviceExceptions = {
  AccessDeniedException: 400,
  ConflictException: 400,
  InternalServerException: 500,
  ResourceNotFoundException: 400,
  ServiceQuotaExceededException: 400,
  ThrottlingException: 400,
  ValidationException: 400,
} as const;
export type ServiceExceptionName = keyof typeof serviceExceptions;

/** What any AWS service answers to a request that it cannot take as one. https://docs.aws.amazon.com/pinpoint/latest/apireference_smsvoicev2/CommonErrors.html */
type CommonExceptionName =
  | 'IncompleteSignatureException'
  | 'InvalidSignatureException'
  | 'MissingAuthenticationTokenException'
  | 'SerializationException'
  | 'UnknownOperationException';

/** A member of the request that is not as it should be. */
export interface FieldProblem {
  readonly field: string;
  readonly message: string;
}

export interface Exception {
  readonly name: ServiceExceptionName | CommonExceptionName;
  readonly message: string;
  readonly reason?: string | undefined;
  readonly fields?: readonly FieldProblem[] | undefined;
  readonly resource?: { readonly type: ResourceType; readonly id: string } | undefined;
  /** Other than the exception's own. */
  readonly status?: number | undefined;
}

export const validation = (
  reason: ValidationExceptionReason,
  message: string,
  fields?: readonly FieldProblem[],
): Exception => ({ name: 'ValidationException', reason, message, fields });

export const conflict = (
  reason: ConflictExceptionReason,
  message: string,
  resource?: Exception['resource'],
): Exception => ({ name: 'ConflictException', reason, message, resource });

export const notFound = (type: ResourceType, id: string): Exception => ({
  name: 'ResourceNotFoundException',
  message: 'the resource does not exist',
  resource: { type, id },
});

export const common = (name: CommonExceptionName, message: string): Exception => ({ name, message });

/** An exception as AWS JSON 1.0 writes it. https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html */
export function exceptionResponse({ name, message, reason, fields, resource, status }: Exception, requestId: string) {
  const own = Object.entries(serviceExceptions).find(([known]) => known === name)?.[1];
  const namespace = own === undefined ? 'com.amazon.coral.service' : 'com.amazonaws.pinpointsmsvoicev2';
  return jsonResponse(status ?? own ?? 400, requestId, {
    __type: `${namespace}#${name}`,
    Message: message,
    Reason: reason,
    Fields: fields?.map((problem) => ({ Name: problem.field, Message: problem.message })),
    ResourceType: resource?.type,
    ResourceId: resource?.id,
    ...(name === 'InternalServerException' ? { RequestId: requestId } : {}),
  });
}

export const jsonResponse = (status: number, requestId: string, body: Readonly<Record<string, unknown>>): Response =>
  new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-requestid': requestId },
  });
