import { isObject, parseJson } from '../../core/decode.ts';
import type { Exception } from './exceptions.ts';
import { common } from './exceptions.ts';
import type { Input, OperationName } from './operations.ts';
import { operations } from './operations.ts';

/** One operation as it was asked for, not yet checked. */
export interface Call {
  readonly operation: OperationName;
  readonly input: Input;
}

export type ReadCall =
  | { readonly kind: 'call'; readonly call: Call }
  | { readonly kind: 'unreadable'; readonly exception: Exception };

const signingName = 'sms-voice';

/**
 * Reads an operation off the wire: AWS JSON 1.0 over `POST /`.
 *
 * The Authorization header has to be there, of SigV4's form and for this service; the signature itself is not verified.
 * @see https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html
 */
export async function readCall(request: Request): Promise<ReadCall> {
  const contentType = request.headers.get('content-type')?.split(';')[0]?.trim();
  const [service, name] = (request.headers.get('x-amz-target') ?? '').split('.');
  const operation = operationNames.find((known) => known === name);
  if (
    request.method !== 'POST' ||
    new URL(request.url).pathname !== '/' ||
    contentType !== 'application/x-amz-json-1.0' ||
    service !== 'PinpointSMSVoiceV2' ||
    operation === undefined
  ) {
    return unreadable(common('UnknownOperationException', 'the local service does not have this operation'));
  }

  const unsigned = refusalOfSignature(request.headers.get('authorization'));
  if (unsigned) return unreadable(unsigned);

  const parsed = parseJson(await request.text());
  if (!parsed.ok || !isObject(parsed.value)) {
    return unreadable(common('SerializationException', 'the body is not a JSON object'));
  }
  // A member that is null counts as absent, as the protocol has it.
  const members = Object.entries(parsed.value).filter(([, value]) => value !== null);
  return { kind: 'call', call: { operation, input: Object.fromEntries(members) } };
}

const operationNames = Object.keys(operations).filter((name): name is OperationName => Object.hasOwn(operations, name));

const unreadable = (exception: Exception): ReadCall => ({ kind: 'unreadable', exception });

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-authentication-methods.html */
const sigV4 =
  /^AWS4-HMAC-SHA256 Credential=[^/\s,]+\/\d{8}\/[a-z0-9-]+\/([a-z0-9-]+)\/aws4_request, ?SignedHeaders=[a-z0-9;-]+, ?Signature=[0-9a-f]{64}$/;

function refusalOfSignature(header: string | null): Exception | undefined {
  if (header === null) return common('MissingAuthenticationTokenException', 'the request has no authorization header');
  const scope = sigV4.exec(header);
  if (scope === null) return common('IncompleteSignatureException', 'the authorization header is not of SigV4 form');
  return scope[1] === signingName
    ? undefined
    : common('InvalidSignatureException', `the credential should be scoped to the service '${signingName}'`);
}
