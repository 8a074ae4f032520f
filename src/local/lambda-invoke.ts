import { parseJson } from '../core/decode.ts';
import type { Invocable } from './function-pool.ts';
import type { Serve } from './serve.ts';

const invocation = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/;

/** Lambda's Invoke over its REST protocol, for functions by their name; aliases and ARNs lead to the same function. */
export function createLambdaInvoke(functions: Readonly<Record<string, Invocable>>): Serve {
  return async (request) => {
    const { pathname } = new URL(request.url);
    const named = invocation.exec(pathname)?.[1];
    if (request.method !== 'POST' || named === undefined) {
      return refuse(404, 'UnknownOperationException', 'The operation is unknown, or not emulated.');
    }
    if (!/^AWS4-HMAC-SHA256 .*\/lambda\/aws4_request/.test(request.headers.get('authorization') ?? '')) {
      return refuse(403, 'MissingAuthenticationTokenException', 'Missing Authentication Token');
    }
    const name = nameIn(decodeURIComponent(named));
    const fn = Object.hasOwn(functions, name) ? functions[name] : undefined;
    if (fn === undefined) return refuse(404, 'ResourceNotFoundException', 'Function not found');
    const event = parseJson(await request.text());
    if (!event.ok) return refuse(400, 'InvalidRequestContentException', 'Could not parse request body into json');
    const result = await fn.invoke(event.value);
    switch (result.kind) {
      case 'answered':
        return Response.json(result.payload ?? null);
      case 'function-error':
        return failed({ errorType: result.errorType, errorMessage: result.errorMessage });
      case 'timed-out':
        return failed({ errorType: 'Sandbox.Timedout', errorMessage: 'Task timed out' });
      case 'throttled':
        return refuse(429, 'TooManyRequestsException', 'Rate Exceeded.');
    }
  };
}

/** `arn:aws:lambda:eu-west-1:123456789012:function:sender:live`, `sender:live` and `sender`. */
const nameIn = (named: string) => (named.startsWith('arn:') ? named.split(':')[6] : named.split(':')[0]) ?? '';

/** https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html */
const failed = (error: { readonly errorType: string; readonly errorMessage: string }) =>
  Response.json(error, { headers: { 'x-amz-function-error': 'Unhandled' } });

const refuse = (status: number, type: string, message: string) =>
  Response.json({ Type: 'User', Message: message }, { status, headers: { 'x-amzn-errortype': type } });
