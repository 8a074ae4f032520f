import type { Caller } from '../aws/caller.ts';
import type { MessagingAccount } from '../aws/messaging-account.ts';
import { CredentialsError } from '../core/error.ts';
import type { Environment } from '../deploy/environment.ts';
import type { Context } from './context.ts';
import { impliedEnvironment } from './environments.ts';
import { inTime } from './in-time.ts';
import type { AccountFlags } from './messaging-account.ts';
import { withMessagingAccount } from './messaging-account.ts';

/** As commander has parsed them. */
export interface EnvironmentAccountFlags extends AccountFlags {
  /** Of `okta-otp.json`. */
  readonly env?: string;
}

/**
 * Completes the options by the Region and the profile of the environment that is meant, and refuses any other account than
 * its own. Needs no stack: identities are looked for before there is one. A profile that is named without an environment
 * is meant for itself.
 */
export async function inEnvironmentAccount<F extends EnvironmentAccountFlags>(context: Context, flags: F): Promise<F> {
  const environment = (await impliedEnvironment(context, flags))?.environment;
  if (environment === undefined || (flags.env === undefined && flags.profile !== undefined)) return flags;
  const region = flags.region ?? environment.region;
  const profile = flags.profile ?? environment.profile;
  if (environment.account !== undefined) {
    const access = { region, profile, clock: context.clock };
    const caller = await inTime(context, (signal) => context.services.readCaller(access, signal));
    refuseOtherAccount(caller, environment);
  }
  return { ...flags, region, ...(profile === undefined ? {} : { profile }) };
}

/** Opens End User Messaging where the environment that is meant has it. */
export const withEnvironmentAccount = async <T>(
  context: Context,
  flags: EnvironmentAccountFlags,
  use: (account: MessagingAccount) => Promise<T>,
): Promise<T> => await withMessagingAccount(context, await inEnvironmentAccount(context, flags), use);

/** Throws when AWS is called in another account than the environment's. */
export function refuseOtherAccount({ account }: Caller, environment: Environment): void {
  if (environment.account === undefined || account === environment.account) return;
  throw new CredentialsError('account-wrong', `these credentials are not of the account of "${environment.name}"`, {
    hint: 'name another profile with --profile; aws sts get-caller-identity says whose they are',
  });
}
