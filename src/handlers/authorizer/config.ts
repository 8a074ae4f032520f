import type { Trust } from '../../core/authorization.ts';
import { decode, object, renderProblems, string } from '../../core/decode.ts';
import type { Env } from '../env.ts';
import { ConfigError, endpoint, setting } from '../env.ts';

export interface AuthorizerConfig {
  /** One issuer, or two while an organization moves from one to the other. */
  readonly trusts: readonly Trust[];
  /** The stack's name; a dimension of all metrics. */
  readonly stack: string | undefined;
}

const authorizerEnv = object({
  OKTA_ISSUER: endpoint,
  OKTA_AUDIENCE: setting(string({ max: 1024 })),
  OKTA_CLIENT_IDS: setting(string({ max: 1024 })),
  OKTA_SCOPE: setting(string({ max: 256 })),
  OKTA_NEXT_ISSUER: setting(endpoint),
  OKTA_NEXT_AUDIENCE: setting(string({ max: 1024 })),
  OKTA_NEXT_CLIENT_IDS: setting(string({ max: 1024 })),
  OKTA_NEXT_SCOPE: setting(string({ max: 256 })),
  OKTA_OTP_STACK: setting(string({ max: 128 })),
});

/** The audience of Okta's authorization server `default`. */
const defaultAudience = 'api://default';

/**
 * Reads the authorizer's settings; throws a `ConfigError` that names everything that is wrong with them. Without client ids
 * or scope it refuses every token, as a stack does until its Okta half exists.
 */
export function parseConfig(env: Env): AuthorizerConfig {
  const decoded = decode(authorizerEnv, env);
  if (!decoded.ok) throw new ConfigError(renderProblems(decoded.problems, 'the environment'));
  const found = decoded.value;
  if (found.OKTA_NEXT_ISSUER === found.OKTA_ISSUER) {
    throw new ConfigError('OKTA_NEXT_ISSUER must be another one than OKTA_ISSUER');
  }
  const trusts = [
    toTrust(found.OKTA_ISSUER, found.OKTA_AUDIENCE, { clientIds: found.OKTA_CLIENT_IDS, scope: found.OKTA_SCOPE }),
  ];
  if (found.OKTA_NEXT_ISSUER !== undefined) {
    trusts.push(
      toTrust(found.OKTA_NEXT_ISSUER, found.OKTA_NEXT_AUDIENCE, {
        clientIds: found.OKTA_NEXT_CLIENT_IDS,
        scope: found.OKTA_NEXT_SCOPE,
      }),
    );
  }
  return { trusts, stack: found.OKTA_OTP_STACK };
}

function toTrust(
  issuer: string,
  audience: string | undefined,
  caller: { readonly clientIds: string | undefined; readonly scope: string | undefined },
): Trust {
  return {
    issuer,
    audience: audience ?? defaultAudience,
    clientIds: (caller.clientIds ?? '').split(/[\s,]+/).filter((id) => id !== ''),
    scope: caller.scope ?? '',
  };
}
