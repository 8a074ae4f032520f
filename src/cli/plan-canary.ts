import type { DeployedStack } from '../aws/stack.ts';
import { OktaOtpError, UsageError } from '../core/error.ts';
import type { Canary } from '../deploy/canary.ts';
import { canaryIn, movedAliases } from '../deploy/canary.ts';
import type { PlanRow } from '../deploy/plan.ts';
import type { Context } from './context.ts';
import type { Deployment } from './deployment.ts';
import { sameEnvironment } from './deployment.ts';
import type { DeployFlags } from './describe/deploy.ts';
import type { PreparedDeployment } from './prepare-deployment.ts';

/** What `--canary` comes to with a plan. */
export interface PlannedCanary {
  readonly shift: (Canary & { readonly aliases: readonly string[] }) | undefined;
  /** For a person, a line each. */
  readonly words: readonly string[];
  /** Why it could only fail. */
  readonly obstacle: OktaOtpError | undefined;
}

export interface CanaryOptions {
  readonly flags: DeployFlags;
  readonly prepared: Pick<PreparedDeployment, 'template' | 'parameters'>;
  readonly rows: readonly PlanRow[];
  readonly standing: DeployedStack | undefined;
}

/** Says how a plan goes out slowly, and what stands against it; undefined without `--canary`. */
export async function planCanary(
  context: Context,
  deployment: Deployment,
  { flags, prepared, rows, standing }: CanaryOptions,
): Promise<PlannedCanary | undefined> {
  const canary = flags.canary === true ? canaryIn(prepared.template) : undefined;
  if (canary === undefined) return undefined;
  const { percent, minutes, alarms } = canary;
  const aliases = movedAliases(rows);
  if (standing === undefined || aliases.length === 0) {
    const why = standing === undefined ? 'there is no version yet that it could go out beside' : 'no function changes';
    return { shift: undefined, words: [`Canary: nothing shifts, since ${why}.`], obstacle: undefined };
  }
  const threshold = Number(prepared.parameters['FailureRatePercent']);
  const words = [
    `Canary: ${percent} % of the requests go to the new version of ${aliases.join(' and ')}, after ${minutes} minutes all of them.`,
    `It is taken back when one of these goes off meanwhile: ${alarms.join(', ')}.`,
    // If everything fails that goes to the new version, that is all that the alarm gets to see.
    ...(threshold >= percent
      ? [`They go off at ${threshold} % of all requests and never will: watching.failureRatePercent is too high.`]
      : []),
  ];
  const obstacle =
    concurrencyChange(standing, prepared) ?? (await ringingAlarm(context, deployment, { standing, alarms, flags }));
  return { shift: { ...canary, aliases }, words, obstacle };
}

/** Lambda refuses it while an alias has weights. https://docs.aws.amazon.com/lambda/latest/dg/provisioned-concurrency.html */
function concurrencyChange(
  { parameters: before }: DeployedStack,
  { parameters }: CanaryOptions['prepared'],
): OktaOtpError | undefined {
  const name = 'ProvisionedConcurrency';
  if ((before[name] ?? '0') === parameters[name]) return undefined;
  return new UsageError('canary-concurrency', 'provisioned concurrency cannot change while requests shift', {
    hint: 'deploy it without --canary, or take functions.provisionedConcurrency back for this deployment',
  });
}

interface Ringing {
  readonly standing: DeployedStack;
  readonly alarms: readonly string[];
  readonly flags: DeployFlags;
}

/** CodeDeploy stops at an alarm that rang before, too: the deployment that would cure it fails. */
async function ringingAlarm(
  { services, signal }: Context,
  { stacks, access }: Deployment,
  { standing, alarms, flags }: Ringing,
): Promise<OktaOtpError | undefined> {
  const resources = await stacks.resources(standing.id, signal);
  const names = new Map(
    resources.filter(({ logicalId }) => alarms.includes(logicalId)).map((of) => [of.physicalId, of.logicalId]),
  );
  const states = await services.readAlarms(access, [...names.keys()], signal);
  const ringing = states.filter(({ state }) => state === 'alarm').map(({ name }) => names.get(name) ?? name);
  if (ringing.length === 0) return undefined;
  return new OktaOtpError('canary-alarm', `AWS would take it back at once: ${ringing.sort().join(', ')} rings`, {
    hint: `wait until okta-otp status${sameEnvironment(flags)} is well, or deploy without --canary if this is the cure`,
  });
}

/** What stands behind an alias in the progress of a deployment that shifts requests; nothing without one. */
export const shiftNotes = (
  canary: Canary | undefined,
  aliases: readonly string[] = ['AuthorizerAlias', 'SenderAlias'],
): ReadonlyMap<string, string> =>
  canary === undefined
    ? new Map()
    : new Map(
        aliases.map((alias) => [alias, `${canary.percent} % of the requests for ${canary.minutes} minutes, then all`]),
      );
