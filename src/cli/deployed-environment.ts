import { OktaOtpError } from '../core/error.ts';
import type { Environment } from '../deploy/environment.ts';
import { isStanding, stepFor } from '../deploy/stack-state.ts';
import type { Context } from './context.ts';
import type { EnvironmentFlags } from './environments.ts';
import { impliedEnvironment } from './environments.ts';
import { explainProfile } from './missing-profile.ts';

export interface DeployedFlags extends EnvironmentFlags {
  readonly region?: string;
  readonly profile?: string;
}

/** What a deployed stack says of itself, for the commands that work on a part of it. */
export interface DeployedEnvironment {
  readonly environment: Environment;
  readonly region: string;
  readonly profile: string | undefined;
  /** The catalog's folder, as an absolute path. */
  readonly catalogFolder: string;
  /** `CatalogTableName`, `FailuresQueueUrl`, `ProtectConfigurationId`, … */
  readonly outputs: Readonly<Record<string, string>>;
}

/**
 * The environment that is meant with what its stack says; undefined where no environment is. Throws when nothing is
 * deployed there.
 */
export async function deployedEnvironment(
  context: Context,
  flags: DeployedFlags,
): Promise<DeployedEnvironment | undefined> {
  const chosen = await impliedEnvironment(context, flags);
  if (chosen === undefined) return undefined;
  const { environment, catalogFolder } = chosen;
  const region = flags.region ?? environment.region;
  const profile = flags.profile ?? environment.profile;
  const stacks = await context.services.openStacks({ region, profile, clock: context.clock });
  try {
    const stack = await stacks.find(environment.stackName, context.signal).catch(async (error: unknown) => {
      throw await explainProfile(error, context, profile);
    });
    if (stack === undefined || !(isStanding(stack.status) || stepFor(stack.status) === 'wait')) {
      throw new OktaOtpError('not-deployed', `the environment "${environment.name}" is not deployed`, {
        hint: `okta-otp deploy --env ${environment.name}`,
      });
    }
    return { environment, region, profile, catalogFolder, outputs: stack.outputs };
  } finally {
    stacks.close();
  }
}
