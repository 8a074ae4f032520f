import { resolve } from 'node:path';
import { OktaOtpError } from '../core/error.ts';
import { configFile } from '../deploy/config.ts';
import type { Environment } from '../deploy/environment.ts';
import { isStanding, stepFor } from '../deploy/stack-state.ts';
import type { Context } from './context.ts';
import type { EnvironmentFlags } from './environments.ts';
import { chooseEnvironment, environmentsIn, readConfigText } from './environments.ts';

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
 * The environment that a command works on where its own options say nothing: the named one, or the only one of
 * `okta-otp.json`. Undefined when none is named and there is no such file, or several stand in it. Throws when nothing is
 * deployed there.
 */
export async function deployedEnvironment(
  context: Context,
  flags: DeployedFlags,
): Promise<DeployedEnvironment | undefined> {
  if (flags.env === undefined && flags.config === undefined) {
    const file = resolve(context.cwd, configFile);
    const text = await readConfigText(file);
    if (text === undefined || environmentsIn(text, file).size !== 1) return undefined;
  }
  const { environment, catalogFolder } = await chooseEnvironment(context, flags);
  const region = flags.region ?? environment.region;
  const profile = flags.profile ?? environment.profile;
  const stacks = await context.services.openStacks({ region, profile, clock: context.clock });
  try {
    const stack = await stacks.find(environment.stackName, context.signal);
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
