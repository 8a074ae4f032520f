import type { Clock } from '../core/clock.ts';
import { OktaOtpError } from '../core/error.ts';
import { pause } from '../core/pause.ts';
import { answerInTime } from './answer-in-time.ts';
import { askAws } from './ask-aws.ts';

/** Where and as whom an operator calls AWS. */
export interface OperatorAccess {
  /** The SDK's own unless given. */
  readonly region: string | undefined;
  /** Of the AWS configuration files; without one the SDK's whole default chain is asked, SSO included. */
  readonly profile: string | undefined;
  readonly clock: Clock;
}

/** The SDK warns on the console, where an operator reads errors as JSON. */
const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** Settings for an SDK client that an operator's command uses; repeating is `createAsk`'s part, by an injected clock. */
export const operatorSettings = ({ region, profile }: OperatorAccess) => ({
  logger: silent,
  maxAttempts: 1,
  ...(region === undefined ? {} : { region }),
  ...(profile === undefined ? {} : { profile }),
});

/**
 * Between two attempts; half a minute in all, since CloudFormation's own throttling lasts seconds.
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
 */
const defaultPausesMs: readonly number[] = [500, 1_000, 2_000, 4_000, 8_000, 15_000];

/** No single request of these services takes longer; the largest upload is a megabyte. */
const answerWithinMs = 30_000;

const worthRepeating = new Set(['aws-throttled', 'aws-failed', 'aws-unreachable', 'aws-timeout']);

export type Ask = <T>(
  action: string,
  signal: AbortSignal,
  send: (options: { readonly abortSignal: AbortSignal }) => Promise<T>,
) => Promise<T>;

/**
 * Makes the function by which an adapter asks AWS: throttling and failures of the service or the network are tried again
 * after a pause, each attempt is over in time, and what stays is an error for a person. Rejects with the signal's reason.
 *
 * Everything that is asked this way must bear being asked twice: by a token, by a name, or since it only reads.
 */
export function createAsk(
  { clock, profile }: Pick<OperatorAccess, 'clock' | 'profile'>,
  what: string,
  pausesMs: readonly number[] = defaultPausesMs,
): Ask {
  return async (action, signal, send) => {
    const attempt = () =>
      answerInTime({ clock, ms: answerWithinMs }, signal, (bounded) =>
        askAws({ what, action, profile }, bounded, (abortSignal) => send({ abortSignal })),
      );
    for (const ms of pausesMs) {
      try {
        return await attempt();
      } catch (error) {
        if (!(error instanceof OktaOtpError && worthRepeating.has(error.code))) throw error;
        await pause({ clock, ms }, signal);
      }
    }
    return await attempt();
  };
}
