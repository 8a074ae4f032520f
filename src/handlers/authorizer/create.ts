import type { Authorization } from '../../core/authorization.ts';
import { bearerTokenOf, refuse } from '../../core/authorization.ts';
import type { Clock } from '../../core/clock.ts';
import { within } from '../../core/deadline.ts';
import { decode, object, string } from '../../core/decode.ts';
import type { MetricOrigin } from '../../core/metric-line.ts';
import { renderMetricLine } from '../../core/metric-line.ts';
import type { KeyStore } from '../../okta/key-store.ts';
import type { VerifyToken } from '../../okta/verify-token.ts';

export interface AuthorizerDeps {
  readonly clock: Clock;
  readonly keyStores: readonly KeyStore[];
  readonly verify: VerifyToken;
  /** Told by every metric; undefined outside of a stack. */
  readonly stack?: string | undefined;
  /** Closes connections that died while the function was frozen. */
  readonly dropIdleConnections: () => void;
  /** Takes one line of log. */
  readonly log: (line: string) => void;
}

/** What API Gateway evaluates, and keeps for the token's next requests. */
export interface AuthorizerPolicy {
  readonly principalId: string;
  readonly policyDocument: {
    readonly Version: '2012-10-17';
    readonly Statement: readonly [
      { readonly Action: 'execute-api:Invoke'; readonly Effect: 'Allow'; readonly Resource: string },
    ];
  };
}

export type AuthorizerHandler = (event: unknown) => Promise<AuthorizerPolicy>;

/** Part of the three seconds that Okta waits; a key set that takes longer is taken for unreachable. */
const budgetMs = 600;

/** A refresh that is not needed for this token is not waited for any longer. */
const refreshMs = 150;

const tokenEvent = object({ authorizationToken: string({ max: 16_384 }), methodArn: string({ max: 2048 }) });

/**
 * Makes the handler of a TOKEN authorizer, and starts fetching the keys.
 *
 * It rejects with `Unauthorized` for a token that is refused, which API Gateway answers with 401, and with
 * `KeySetUnavailable` when the token could not be judged, which it answers with 500.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-use-lambda-authorizer.html
 */
export function createAuthorizer(deps: AuthorizerDeps): AuthorizerHandler {
  for (const keys of deps.keyStores) keys.prefetch();
  return async (event) => {
    deps.dropIdleConnections();
    const startedAt = deps.clock.now();
    const decoded = decode(tokenEvent, event);
    const authorization = decoded.ok
      ? await authorize(deps, decoded.value.authorizationToken)
      : refuse('not-a-bearer-token');
    deps.log(renderLine(authorization, { at: startedAt, stack: deps.stack }, deps.clock.now()));
    if (authorization.kind === 'unavailable') throw new Error('KeySetUnavailable');
    if (authorization.kind === 'refuse' || !decoded.ok) throw new Error('Unauthorized');
    return allowPolicy(authorization.clientId, decoded.value.methodArn);
  };
}

async function authorize(deps: AuthorizerDeps, header: string): Promise<Authorization> {
  const token = bearerTokenOf(header);
  if (token === undefined) return refuse('not-a-bearer-token');
  const { clock, keyStores, verify } = deps;
  const dueAt = clock.now() + budgetMs;
  const timed = await within(clock, dueAt, (deadline) => verify(token, deadline));
  // A refresh of keys that were good enough, or one that came too late: Lambda freezes what is not waited for.
  const endBy = Math.min(dueAt, clock.now() + refreshMs);
  await within(clock, endBy, async ({ signal }) => await Promise.all(keyStores.map((keys) => keys.end(signal))));
  return timed.kind === 'done' ? timed.value : { kind: 'unavailable' };
}

/** Allows the hook's one method, and no other that the token might be shown for. */
function allowPolicy(clientId: string, methodArn: string): AuthorizerPolicy {
  return {
    principalId: clientId,
    policyDocument: {
      Version: '2012-10-17',
      Statement: [{ Action: 'execute-api:Invoke', Effect: 'Allow', Resource: methodArn }],
    },
  };
}

function renderLine(authorization: Authorization, origin: MetricOrigin, now: number): string {
  const count = (kind: Authorization['kind']) => (authorization.kind === kind ? 1 : 0);
  const content = {
    type: 'authorization',
    outcome: authorization.kind,
    reason: authorization.kind === 'refuse' ? wordsOf(authorization.reason) : undefined,
  };
  return renderMetricLine(origin, content, {
    Authorizations: 1,
    AuthorizationsRefused: count('refuse'),
    KeySetUnavailable: count('unavailable'),
    AuthorizerMs: now - origin.at,
  });
}

/** `not configured`, `wrong scope`. */
const wordsOf = (reason: string) => reason.replaceAll('-', ' ');
