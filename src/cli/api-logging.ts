import { OktaOtpError } from '../core/error.ts';
import type { DeployRun } from './deploy-run.ts';
import type { Deployment } from './deployment.ts';

/** Something that a deployment makes for the whole account, beside the stack. */
export interface AccountChange {
  readonly action: 'add' | 'modify';
  readonly what: string;
  readonly name: string;
}

/**
 * What has to be made so that API Gateway may write logs: without it a stage that does is refused. It belongs to the
 * account and outlives every stack, so that no stack may make it, and whoever agrees to a plan has to see it. Nothing
 * where the account has it; a dry run that may not look says so, and shows what would be made.
 */
export async function planLogging(
  { context, flags, report }: DeployRun,
  { access, environment }: Deployment,
): Promise<readonly AccountChange[]> {
  const { namePrefix } = environment;
  const role = await context.services.openApiLoggingRole({ ...access, namePrefix });
  try {
    if ((await role.current(context.signal)) !== undefined) return [];
  } catch (error) {
    if (flags.dryRun !== true || !(error instanceof OktaOtpError)) throw error;
    const words = `Whether API Gateway may write logs already could not be read (${error.message}): if not, it would be let.`;
    report.say(words);
    report.event('notice', { about: 'logging-role', words });
  } finally {
    role.close();
  }
  return [
    { action: 'add', what: 'AWS::IAM::Role', name: role.roleName },
    { action: 'modify', what: "API Gateway's account setting", name: 'cloudwatchRoleArn' },
  ];
}

/** Makes what was planned, unless somebody else has meanwhile. */
export async function makeLogging(
  { context, report }: DeployRun,
  { access, caller, environment }: Deployment,
): Promise<void> {
  const role = await context.services.openApiLoggingRole({ ...access, namePrefix: environment.namePrefix });
  try {
    if ((await role.current(context.signal)) !== undefined) return;
    report.say(
      'Making the role by which API Gateway writes logs: this account has none, and it serves all of its APIs.',
    );
    await role.create(caller.partition, context.signal);
    report.event('logging-role', { made: true });
  } finally {
    role.close();
  }
}
