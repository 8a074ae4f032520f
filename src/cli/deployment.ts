import type { Caller } from '../aws/caller.ts';
import type { OperatorAccess } from '../aws/operator.ts';
import type { StackApi } from '../aws/stack.ts';
import { quoted } from '../core/quoted.ts';
import type { Context } from './context.ts';
import type { StackFlags } from './describe/deploy.ts';
import { refuseOtherAccount } from './environment-account.ts';
import type { ChosenEnvironment } from './environments.ts';
import { chooseEnvironment } from './environments.ts';
import { explainProfile } from './missing-profile.ts';

/** The environment that is meant, and AWS as it is reached for it. */
export interface Deployment extends ChosenEnvironment {
  readonly access: OperatorAccess;
  readonly region: string;
  readonly caller: Caller;
  readonly stacks: StackApi;
}

/** Opens CloudFormation for an environment as long as `use` takes; refused in any other account than the one that is meant. */
export async function withDeployment<T>(
  context: Context,
  flags: StackFlags,
  use: (deployment: Deployment) => Promise<T>,
): Promise<T> {
  const chosen = await chooseEnvironment(context, flags);
  const { environment } = chosen;
  const region = flags.region ?? environment.region;
  const access = { region, profile: flags.profile ?? environment.profile, clock: context.clock };
  const caller = await context.services.readCaller(access, context.signal).catch(async (error: unknown) => {
    throw await explainProfile(error, context, access.profile);
  });
  refuseOtherAccount(caller, environment);
  const stacks = await context.services.openStacks(access);
  try {
    return await use({ ...chosen, access, region, caller, stacks });
  } finally {
    stacks.close();
  }
}

/** The options by which another command for the stack finds the same environment. */
export const sameEnvironment = ({ env, config, region, profile }: StackFlags): string =>
  written({ env, config, region, profile });

/** The same for the commands that work on a part of what is deployed, which know no `--config`. */
export const sameAccount = ({ env, region, profile }: StackFlags): string => written({ env, region, profile });

/** The options by which the AWS CLI finds the account and the Region: it knows nothing of environments. */
export const awsOptions = ({ region, profile }: Pick<OperatorAccess, 'region' | 'profile'>): string =>
  written({ region, profile });

const written = (options: Readonly<Record<string, string | undefined>>) =>
  Object.entries(options)
    .map(([name, value]) => (value === undefined ? '' : ` --${name} ${quoted(value)}`))
    .join('');
