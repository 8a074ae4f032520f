import { UsageError } from '../../core/error.ts';
import type { Context } from '../context.ts';
import type { DeployedEnvironment } from '../deployed-environment.ts';
import { deployedEnvironment } from '../deployed-environment.ts';
import type { TestCallFlags } from '../describe/test-call.ts';
import type { DeployedHook } from './deployed-hook.ts';

/**
 * Completes the options of a call by what the environment of `--env` has deployed: its hook, and what Okta's half is to
 * send for a token. Options that are given win. The key or secret comes from its file or environment variable, as for `--url`.
 */
export async function fromEnvironment(context: Context, given: TestCallFlags): Promise<TestCallFlags> {
  const { env, ...flags } = given;
  if (env === undefined) return flags;
  const other = flags.local === true ? '--local' : flags.url === undefined ? undefined : '--url';
  if (other !== undefined) {
    throw new UsageError('target-ambiguous', `one call cannot go to --env and ${other}`, {
      hint: `leave out --env or ${other}`,
    });
  }
  const deployed = await deployedEnvironment(context, { ...flags, env });
  const { HookUrl: url, ConfigurationSetName: configurationSet } = deployed?.outputs ?? {};
  const { issuer, clientIds, scope } = deployed?.environment.okta ?? {};
  const clientId = clientIds?.[0];
  const where = { region: deployed?.region, profile: deployed?.profile };
  const byAws = flags.wait !== undefined || flags.invoke !== undefined;
  return {
    ...(byAws && where.region !== undefined ? { region: where.region } : {}),
    ...(byAws && where.profile !== undefined ? { profile: where.profile } : {}),
    ...(flags.wait === undefined || configurationSet === undefined ? {} : { configurationSet }),
    ...(flags.invoke === undefined && url !== undefined ? { url } : {}),
    ...(flags.invoke === undefined && issuer !== undefined ? { issuer } : {}),
    ...(flags.invoke === undefined && clientId !== undefined ? { clientId } : {}),
    ...(flags.invoke === undefined && scope !== undefined ? { scope } : {}),
    ...(flags.matrix === true && deployed !== undefined ? { dir: deployed.catalogFolder } : {}),
    ...flags,
    ...(deployed === undefined ? {} : { deployed: toHook(deployed) }),
  };
}

function toHook({ environment, region, outputs }: DeployedEnvironment): DeployedHook {
  const { next, ...current } = environment.okta;
  return {
    environment: environment.name,
    region,
    accepts: next === undefined ? [current] : [current, next],
    outputs,
  };
}
