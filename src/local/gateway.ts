import { randomBytes, randomUUID } from 'node:crypto';
import type { Clock } from '../core/clock.ts';
import { within } from '../core/deadline.ts';
import type { Fault } from './fault.ts';
import { withFaults } from './fault.ts';
import type { Invocable } from './function-pool.ts';
import type { AuthorizerResult } from './gateway/authorizer-policy.ts';
import { evaluatePolicy, parseAuthorizerResult } from './gateway/authorizer-policy.ts';
import type { GatewayResponseName } from './gateway/gateway-response.ts';
import { bodyTooLarge, gatewayResponse, largestBodyBytes } from './gateway/gateway-response.ts';
import type { Api, Authorized, Incoming } from './gateway/proxy-event.ts';
import { methodArnOf, toProxyEvent } from './gateway/proxy-event.ts';
import { toResponse } from './gateway/proxy-reply.ts';
import type { Serve } from './serve.ts';
import type { InvokeResult } from './start-environment.ts';

type HopOutcome =
  | 'allowed'
  | 'denied'
  | 'unauthorized'
  | 'answered'
  | 'malformed'
  | 'function-error'
  | 'timed-out'
  | 'throttled'
  | 'too-large';

/** One function that a request went through; holds neither tokens nor bodies. */
export interface Hop {
  /** The response's `x-amzn-RequestId`. */
  readonly requestId: string;
  readonly hop: 'authorizer' | 'integration';
  /** The policy came from the cache, no function ran. */
  readonly cached: boolean;
  readonly ms: number;
  readonly outcome: HopOutcome;
}

export interface GatewayOptions extends Api {
  readonly clock: Clock;
  readonly authorizer: Invocable & {
    /** A regular expression that the whole Authorization header has to match before the function is asked. */
    readonly identityValidationExpression?: string;
    /** How long a token's policy is used again; 0 for not at all. */
    readonly resultTtlSeconds: number;
  };
  readonly integration: Invocable;
  /** 29 seconds when absent, each. */
  readonly authorizerTimeoutMs?: number;
  readonly integrationTimeoutMs?: number;
  readonly onHop?: (hop: Hop) => void;
}

export interface Gateway {
  readonly serve: Serve;
  clearAuthorizerCache(): void;
  /** What is wrong with the gateway itself: no function is asked then. */
  setFault(fault: Fault | undefined): void;
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html */
const longestTimeoutMs = 29_000;

/** An event of a synchronous invocation. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const largestEventBytes = 6 * 1024 * 1024;

/**
 * A REST API with one method, a Lambda authorizer of type TOKEN and a Lambda proxy integration.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-use-lambda-authorizer.html
 */
export function createGateway(options: GatewayOptions): Gateway {
  const { clock, authorizer, integration } = options;
  const { authorizerTimeoutMs = longestTimeoutMs, integrationTimeoutMs = longestTimeoutMs } = options;
  const methodArn = methodArnOf(options);
  const identity = new RegExp(`^(?:${authorizer.identityValidationExpression ?? '.*'})$`, 's');
  const cache = new Map<string, { readonly result: AuthorizerResult; readonly until: number }>();

  async function authorize(token: string, requestId: string): Promise<Authorized | GatewayResponseName> {
    const tell = (cached: boolean, ms: number, outcome: HopOutcome) =>
      options.onHop?.({ requestId, hop: 'authorizer', cached, ms, outcome });
    const decide = (result: AuthorizerResult, cached: boolean, ms: number): Authorized | GatewayResponseName => {
      const decision = evaluatePolicy(result.statements, methodArn);
      tell(cached, ms, decision === 'allow' ? 'allowed' : 'denied');
      if (decision === 'allow')
        return { principalId: result.principalId, context: result.context, integrationLatency: ms };
      return decision === 'explicit-deny' ? 'explicitDeny' : 'implicitDeny';
    };

    const known = cache.get(token);
    if (known !== undefined && clock.now() < known.until) return decide(known.result, true, 0);
    const event = { type: 'TOKEN', authorizationToken: token, methodArn };
    const { result, ms } = await invoke(clock, authorizer, { event, requestId }, authorizerTimeoutMs);
    if (result.kind !== 'answered') {
      const unauthorized = result.kind === 'function-error' && result.errorMessage === 'Unauthorized';
      tell(false, ms, unauthorized ? 'unauthorized' : result.kind);
      return unauthorized ? 'unauthorized' : 'authorizerConfigurationError';
    }
    const parsed = parseAuthorizerResult(result.payload);
    if (!parsed.ok) {
      tell(false, ms, 'malformed');
      return 'authorizerConfigurationError';
    }
    for (const [old, { until }] of cache) if (until <= clock.now()) cache.delete(old);
    cache.set(token, { result: parsed.value, until: clock.now() + authorizer.resultTtlSeconds * 1000 });
    return decide(parsed.value, false, ms);
  }

  async function integrate(incoming: Incoming, authorized: Authorized): Promise<Response> {
    const { ids } = incoming;
    const tell = (ms: number, outcome: HopOutcome) =>
      options.onHop?.({ requestId: ids.requestId, hop: 'integration', cached: false, ms, outcome });
    const event = toProxyEvent(options, incoming, authorized);
    if (Buffer.byteLength(JSON.stringify(event)) > largestEventBytes) {
      tell(0, 'too-large');
      return gatewayResponse('eventTooLarge', ids);
    }
    const { requestId } = ids;
    const { result, late, ms } = await invoke(clock, integration, { event, requestId }, integrationTimeoutMs);
    if (result.kind === 'answered') {
      const response = toResponse(result.payload, ids);
      tell(ms, response === undefined ? 'malformed' : 'answered');
      return response ?? gatewayResponse('badReply', ids);
    }
    tell(ms, result.kind);
    if (late) return gatewayResponse('integrationTimeout', ids);
    return gatewayResponse(result.kind === 'throttled' ? 'invocationRejected' : 'badReply', ids);
  }

  const { serve, setFault } = withFaults(
    async (request) => {
      const receivedAt = clock.now();
      const url = new URL(request.url);
      const ids = newIds();
      const bytes = await request.arrayBuffer();
      if (bytes.byteLength > largestBodyBytes) return bodyTooLarge();
      if (request.method !== options.method || url.pathname !== `/${options.stage}${options.path}`) {
        return gatewayResponse('missingAuthenticationToken', ids);
      }
      const token = request.headers.get('authorization');
      if (token === null || token === '' || !identity.test(token)) return gatewayResponse('unauthorized', ids);
      const authorized = await authorize(token, ids.requestId);
      if (typeof authorized === 'string') return gatewayResponse(authorized, ids);
      const body = bytes.byteLength > 0 ? new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes) : null;
      return await integrate({ request, url, body, ids, receivedAt }, authorized);
    },
    {
      outage: () => gatewayResponse('invocationRejected', newIds()),
      throttling: () => gatewayResponse('throttled', newIds()),
      after: clock.after,
    },
  );
  return { serve, clearAuthorizerCache: () => cache.clear(), setFault };
}

const newIds = () => ({ requestId: randomUUID(), extendedRequestId: randomBytes(11).toString('base64') });

/** `late` says that it was the gateway that no longer waited, not the function's own timeout. */
async function invoke(
  clock: Clock,
  fn: Invocable,
  { event, requestId }: { readonly event: unknown; readonly requestId: string },
  timeoutMs: number,
): Promise<{ readonly result: InvokeResult; readonly late: boolean; readonly ms: number }> {
  const timed = await within(clock, clock.now() + timeoutMs, () => fn.invoke(event, requestId));
  if (timed.kind === 'late') return { result: { kind: 'timed-out' }, late: true, ms: timed.ms };
  // A function that cannot be invoked at all: Lambda rejects that as it does a throttle.
  if (timed.kind === 'failed') return { result: { kind: 'throttled' }, late: false, ms: timed.ms };
  return { result: timed.value, late: false, ms: timed.ms };
}
