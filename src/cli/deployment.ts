import type { Caller } from '../aws/caller.ts';
import type { OperatorAccess } from '../aws/operator.ts';
import type { StackApi } from '../aws/stack.ts';
import type { Context } from './context.ts';
import type { StackFlags } from './describe/deploy.ts';
import { refuseOtherAccount } from './environment-account.ts';
import type { ChosenEnvironment } from './environments.ts';
import { chooseEnvironment } from './environments.ts';

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
  const caller = await context.services.readCaller(access, context.signal);
  refuseOtherAccount(caller, environment);
  const stacks = await context.services.openStacks(access);
  try {
    return await use({ ...chosen, access, region, caller, stacks });
  } finally {
    stacks.close();
  }
}

/** The options by which another command finds the same environment. */
export const sameEnvironment = ({ env, config, region, profile }: StackFlags) =>
  Object.entries({ env, config, region, profile })
    .map(([name, value]) => (value === undefined ? '' : ` --${name} ${value}`))
    .join('');
