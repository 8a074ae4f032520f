import type { Clock } from '../../core/clock.ts';
import { createHttp } from '../../net/http.ts';
import { fetchKeys } from '../../okta/fetch-keys.ts';
import { createKeyStore } from '../../okta/key-store.ts';
import { createTokenVerifier } from '../../okta/verify-token.ts';
import type { AuthorizerConfig } from './config.ts';
import type { AuthorizerDeps } from './create.ts';

/** Puts the authorizer together: a key store for each issuer, and the verifier over them. */
export function createAuthorizerDeps(
  { trusts, stack }: AuthorizerConfig,
  { clock, log }: { readonly clock: Clock; readonly log: (line: string) => void },
): AuthorizerDeps {
  const http = createHttp(clock.now);
  const stores = trusts.map((trust) => ({
    trust,
    keys: createKeyStore(clock, (signal) => fetchKeys(http, trust.issuer, signal)),
  }));
  return {
    clock,
    log,
    stack,
    keyStores: stores.map(({ keys }) => keys),
    verify: createTokenVerifier(stores),
    dropIdleConnections: http.dropIdle,
  };
}
