import type { ClientCredentials } from '../../okta/client-credentials.ts';
import type { Context } from '../context.ts';
import type { DeployedHook } from './deployed-hook.ts';
import { createPostHook } from './over-http.ts';
import { reportAnswer } from './report-answer.ts';
import type { CallTarget } from './target.ts';

/** A hook where Okta would find it, with a token as Okta's. */
export function openUrlTarget(
  context: Context,
  hook: {
    readonly url: string;
    readonly credentials: ClientCredentials;
    readonly deployed: DeployedHook | undefined;
  },
): CallTarget {
  const postHook = createPostHook(context, hook);
  return {
    name: 'url',
    isReal: true,
    // Lambda starts functions by itself, each on a machine of its own, and that belongs to what is measured.
    warmUp: async () => {},
    call: async (body) => reportAnswer('url', body, { ...(await postHook(body)), deployed: hook.deployed }),
    close: async () => {},
  };
}
