import { randomUUID } from 'node:crypto';
import type { OperationFaults } from './operation-faults.ts';
import { createOperationFaults } from './operation-faults.ts';
import type { QueryError } from './query-protocol.ts';
import { parseQueryRequest, queryAnswer, queryErrorAnswer } from './query-protocol.ts';
import type { RequestLog } from './request-log.ts';
import type { Serve } from './serve.ts';
import { signedService } from './signature.ts';
import type { XmlObject } from './xml.ts';

/** An operation of a small service: the members of its input, every one a text, to its result or refusal. */
export interface QueryOperation {
  readonly isMutating: boolean;
  readonly act: (input: Readonly<Record<string, string>>) => QueryResult;
}

export type QueryResult =
  | { readonly result: XmlObject | undefined; readonly refusal?: undefined }
  | { readonly refusal: QueryError };

export interface QueryService {
  readonly serve: Serve;
  readonly failCalls: OperationFaults['add'];
  readonly clearFaults: () => void;
}

export interface QueryServiceOptions {
  /** As in the scope of the signature. */
  readonly service: string;
  readonly namespace: string;
  readonly operations: Readonly<Record<string, QueryOperation>>;
  readonly log: RequestLog;
}

/** @see https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html */
const faultErrors = {
  throttled: { status: 400, code: 'Throttling', message: 'Rate exceeded' },
  expired: { status: 403, code: 'ExpiredToken', message: 'The security token included in the request is expired' },
  denied: { status: 403, code: 'AccessDenied', message: 'User is not authorized to perform this operation' },
} as const;

/** A service that speaks the query protocol and has no state but that of its operations. */
export function createQueryService({ service, namespace, operations, log }: QueryServiceOptions): QueryService {
  const faults = createOperationFaults();
  const serve: Serve = async (request) => {
    const requestId = randomUUID();
    const { action, input } = parseQueryRequest(await request.text());
    const operation = Object.hasOwn(operations, action) ? operations[action] : undefined;
    const isMutating = operation?.isMutating ?? false;
    const refuse = (error: QueryError) => {
      log.add({ service, operation: action, isMutating, refusal: error.code });
      return queryErrorAnswer(namespace, error, requestId);
    };
    if (signedService(request.headers.get('authorization')) !== service) {
      const message = `Credential should be scoped to correct service: '${service}'.`;
      return refuse({ status: 403, code: 'SignatureDoesNotMatch', message });
    }
    if (operation === undefined) {
      return refuse({ status: 400, code: 'InvalidAction', message: 'The operation is unknown, or not emulated.' });
    }
    const fault = faults.take(action);
    if (fault !== undefined && fault !== 'lost') return refuse(faultErrors[fault]);
    const texts = Object.entries(input).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : []));
    const outcome = operation.act(Object.fromEntries(texts));
    if (outcome.refusal !== undefined) return refuse(outcome.refusal);
    log.add({ service, operation: action, isMutating });
    return fault === 'lost' ? Response.error() : queryAnswer(namespace, action, outcome.result, requestId);
  };
  return { serve, failCalls: faults.add, clearFaults: faults.clear };
}
