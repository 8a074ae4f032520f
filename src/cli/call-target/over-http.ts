import { parseJson } from '../../core/decode.ts';
import { OktaOtpError, UsageError } from '../../core/error.ts';
import type { HookBody } from '../../core/hook-contract.ts';
import type { Secret } from '../../core/secret.ts';
import type { ClientCredentials } from '../../okta/client-credentials.ts';
import type { CallReport } from '../call-report.ts';
import type { Context } from '../context.ts';
import type { TokenClaims } from './deployed-hook.ts';
import { readClaims } from './deployed-hook.ts';
import { tokenFailure, unreachable } from './explain-hop.ts';

/** What came back, and when. */
export interface Posted {
  readonly token: NonNullable<CallReport['token']>;
  readonly status: number;
  readonly headers: Headers;
  /** The body as JSON, without anything of the token; undefined for what is none. */
  readonly reply: unknown;
  /** Without the token. */
  readonly ms: number;
  /** With it, as Okta counts. */
  readonly tookMs: number;
  /** What the token said; absent for one that is not Okta's. */
  readonly claims?: TokenClaims | undefined;
}

/** Calls a hook as Okta does. Rejects with an error for a person when there is no answer. */
export type PostHook = (body: HookBody) => Promise<Posted>;

/** API Gateway itself gives up after 29 seconds. https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html */
const givesUpMs = 30_000;

/** A token is got anew this long before it expires. */
const marginMs = 60_000;

interface KeptToken {
  readonly token: Promise<Secret>;
  /** Milliseconds since the epoch. */
  goodUntil: number;
}

/**
 * Makes a function that calls a hook as Okta does: a token by client credentials, kept while it is good, then one POST
 * whose redirects are not followed.
 */
export function createPostHook(
  context: Pick<Context, 'clock' | 'signal' | 'newId' | 'services'>,
  { url, credentials }: { readonly url: string; readonly credentials: ClientCredentials },
): PostHook {
  const { clock, signal, newId, services } = context;
  let kept: KeptToken | undefined;

  async function withDeadline<T>(hop: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const late = new AbortController();
    const cancel = clock.after(givesUpMs, () => late.abort());
    try {
      return await work(AbortSignal.any([signal, late.signal]));
    } catch (error) {
      signal.throwIfAborted();
      if (!late.signal.aborted) throw error;
      throw new OktaOtpError('hop-timeout', `${hop} did not answer within ${givesUpMs / 1000} s`, {
        hint: 'Okta gives up after 3 s and sends the code itself: look into the log of the last hop that was reached',
        cause: error,
      });
    } finally {
      cancel();
    }
  }

  const getToken = (keep: (goodUntil: number) => void) =>
    withDeadline('the token endpoint', async (abortSignal) => {
      const deps = { fetch, now: clock.now, signal: abortSignal, newId };
      const answer = await services.requestAccessToken(credentials, deps).catch((error: unknown) => {
        if (!(error instanceof Error) || error.name !== 'PrivateKeyUnreadableError') throw error;
        throw new UsageError('key-unreadable', 'the private key is not an RSA key, as PEM or JWK', {
          hint: 'give the private key itself, unencrypted: openssl rsa -in key.pem -check says whether it is one',
        });
      });
      if (answer.kind !== 'token') {
        abortSignal.throwIfAborted();
        throw tokenFailure(answer);
      }
      keep(clock.now() + answer.expiresInSeconds * 1000 - marginMs);
      return answer.accessToken;
    });

  /** One request for all who need a token meanwhile; one that fails is not kept. */
  async function token(): Promise<Secret> {
    if (kept === undefined || clock.now() >= kept.goodUntil) {
      const asked: KeptToken = {
        token: getToken((goodUntil) => {
          asked.goodUntil = goodUntil;
        }),
        goodUntil: Infinity,
      };
      kept = asked;
    }
    try {
      return await kept.token;
    } catch (error) {
      kept = undefined;
      throw error;
    }
  }

  const post = (body: HookBody, accessToken: Secret) =>
    withDeadline('the hook', async (abortSignal) => {
      try {
        const response = await fetch(url, {
          method: 'POST',
          headers: {
            accept: 'application/json',
            'content-type': 'application/json',
            authorization: `Bearer ${accessToken.reveal()}`,
          },
          body: JSON.stringify(body),
          redirect: 'manual',
          signal: abortSignal,
        });
        return { response, text: await response.text() };
      } catch (error) {
        abortSignal.throwIfAborted();
        throw unreachable('the hook', error);
      }
    });

  const method = 'clientSecret' in credentials ? 'client_secret_post' : 'private_key_jwt';
  return async (body) => {
    const askedAt = clock.now();
    const accessToken = await token();
    const postedAt = clock.now();
    const { response, text } = await post(body, accessToken);
    const answeredAt = clock.now();
    const reply = parseJson(text.replaceAll(accessToken.reveal(), '…'));
    return {
      token: { ms: postedAt - askedAt, clientId: credentials.clientId, scope: credentials.scope, method },
      status: response.status,
      headers: response.headers,
      reply: reply.ok ? reply.value : undefined,
      ms: answeredAt - postedAt,
      tookMs: answeredAt - askedAt,
      claims: readClaims(accessToken.reveal()),
    };
  };
}
