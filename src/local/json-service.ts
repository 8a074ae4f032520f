import { randomUUID } from 'node:crypto';
import { parseJson } from '../core/decode.ts';
import type { OperationFaults } from './operation-faults.ts';
import { createOperationFaults } from './operation-faults.ts';
import type { RequestLog } from './request-log.ts';
import type { Serve } from './serve.ts';
import { signedService } from './signature.ts';

export interface JsonCall {
  /** The groups of the operation's path. */
  readonly labels: readonly string[];
  readonly query: URLSearchParams;
  /** The body as JSON; `undefined` when there is none. */
  readonly body: unknown;
}

export interface JsonRefusal {
  readonly status: number;
  /** `ResourceNotFoundException`. */
  readonly type: string;
  readonly message: string;
}

/** What becomes of a call; headers are added to those of every answer. */
export type JsonResult =
  | {
      readonly body: unknown;
      readonly status?: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly refusal?: undefined;
    }
  | { readonly refusal: JsonRefusal };

export interface JsonOperation {
  readonly name: string;
  readonly isMutating: boolean;
  readonly method: string;
  /** Matched with the path of a REST service, or with the target of an RPC one. */
  readonly path: RegExp;
  readonly act: (call: JsonCall) => JsonResult | Promise<JsonResult>;
}

export interface JsonService {
  readonly serve: Serve;
  readonly failCalls: OperationFaults['add'];
  readonly clearFaults: () => void;
}

export interface JsonServiceOptions {
  /** As in the scope of the signature. */
  readonly service: string;
  readonly operations: readonly JsonOperation[];
  readonly log: RequestLog;
}

const faultRefusals = {
  throttled: { status: 429, type: 'TooManyRequestsException', message: 'Rate exceeded' },
  expired: {
    status: 403,
    type: 'ExpiredTokenException',
    message: 'The security token included in the request is expired',
  },
  denied: { status: 403, type: 'AccessDeniedException', message: 'User is not authorized to perform this operation' },
} as const;

/** A service that speaks JSON, by path (REST) or by target (RPC). https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html */
export function createJsonService({ service, operations, log }: JsonServiceOptions): JsonService {
  const faults = createOperationFaults();
  const serve: Serve = async (request) => {
    const { pathname, searchParams } = new URL(request.url);
    const subject = request.headers.get('x-amz-target') ?? pathname;
    const operation = operations.find(({ method, path }) => method === request.method && path.test(subject));
    const call = {
      service,
      operation: operation?.name ?? subject,
      isMutating: operation?.isMutating ?? request.method !== 'GET',
    };
    const refuse = ({ status, type, message }: JsonRefusal) => {
      log.add({ ...call, refusal: type });
      return answer(status, { __type: type, message }, { 'x-amzn-errortype': type });
    };
    if (signedService(request.headers.get('authorization')) !== service) {
      const message = `Credential should be scoped to correct service: '${service}'.`;
      return refuse({ status: 403, type: 'InvalidSignatureException', message });
    }
    if (operation === undefined) {
      return refuse({
        status: 404,
        type: 'UnknownOperationException',
        message: 'The operation is unknown, or not emulated.',
      });
    }
    const fault = faults.take(operation.name);
    if (fault !== undefined && fault !== 'lost') return refuse(faultRefusals[fault]);
    const text = await request.text();
    const json = text === '' ? undefined : parseJson(text);
    if (json?.ok === false) {
      return refuse({ status: 400, type: 'SerializationException', message: 'The request body is not JSON.' });
    }
    const labels = (operation.path.exec(subject) ?? []).slice(1).map((label) => decodeURIComponent(label ?? ''));
    const result = await operation.act({ labels, query: searchParams, body: json?.value });
    if (result.refusal !== undefined) return refuse(result.refusal);
    log.add(call);
    return fault === 'lost' ? Response.error() : answer(result.status ?? 200, result.body, result.headers);
  };
  return { serve, failCalls: faults.add, clearFaults: faults.clear };
}

const answer = (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}) =>
  new Response(body === undefined ? null : JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/json', 'x-amzn-requestid': randomUUID(), ...headers },
  });
