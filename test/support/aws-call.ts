import { signedService } from '../../src/local/signature.ts';

/** A request to AWS as it is told apart on the wire. */
export interface AwsCall {
  /** As in the scope of its signature: `cloudformation`, `s3`. */
  readonly service: string;
  /** `CreateChangeSet`; for the REST services the method and the path, with the query's names: `PUT /bucket?policy`. */
  readonly operation: string;
  /** Whether it could change something. */
  readonly isMutating: boolean;
}

/** By the names that AWS gives to operations which only look. */
const reading = /^(?:Get|List|Describe|BatchGet|Head|Query|Scan)/;

/** Reads off a signed request what it asks for: by its target, its form, or its method and path. */
export function readAwsCall(request: Request, body: string): AwsCall {
  const service = signedService(request.headers.get('authorization')) ?? 'unsigned';
  const target = request.headers.get('x-amz-target')?.split('.').at(-1);
  const isForm = request.headers.get('content-type')?.startsWith('application/x-www-form-urlencoded') === true;
  const named = target ?? (isForm ? (new URLSearchParams(body).get('Action') ?? undefined) : undefined);
  if (named !== undefined) return { service, operation: named, isMutating: !reading.test(named) };
  const { pathname, searchParams } = new URL(request.url);
  const names = [...searchParams.keys()].filter((name) => name !== 'x-id');
  return {
    service,
    operation: `${request.method} ${pathname}${names.length === 0 ? '' : `?${names.join('&')}`}`,
    isMutating: request.method !== 'GET' && request.method !== 'HEAD',
  };
}
