import type { DeployedStack, StackResource } from '../../aws/stack.ts';
import { OktaOtpError, UsageError } from '../../core/error.ts';
import { artifactFolders, defaultBucket, keyIn } from '../../deploy/artifact-bucket.ts';
import { stepFor } from '../../deploy/stack-state.ts';
import { lastEventOf, watchStack } from '../../deploy/watch-stack.ts';
import type { Context } from '../context.ts';
import type { DeployReport } from '../deploy-report.ts';
import { createReport } from '../deploy-report.ts';
import { setToWork } from '../deploy-run.ts';
import type { Deployment } from '../deployment.ts';
import { awsOptions, sameEnvironment, withDeployment } from '../deployment.ts';
import type { DestroyFlags } from '../describe/deploy.ts';
import type { DestroyRun } from '../destroy-cut-off.ts';
import { tellCutOff } from '../destroy-cut-off.ts';
import { chooseEnvironment } from '../environments.ts';
import type { ExitCode } from '../exit.ts';
import { exit } from '../exit.ts';
import { printableReason } from '../stack-progress.ts';
import type { Staying } from '../staying.ts';
import { stayingLines, stayingOf, tablesOf } from '../staying.ts';

/** Deletes the stack of an environment, once its name was typed, and says what stays. */
export async function destroy(context: Context, flags: DestroyFlags): Promise<ExitCode> {
  await chooseEnvironment(context, flags);
  if (flags.yes !== true && !context.isInteractive) {
    throw new UsageError('confirmation-missing', 'nobody can be asked here whether to delete the stack', {
      hint: `okta-otp destroy${sameEnvironment(flags)} --yes`,
    });
  }
  const report = createReport(context, flags);
  const run: DestroyRun = { phase: 'nothing', leaves: [] };
  try {
    return await withDeployment(context, flags, async (deployment) => {
      const { stacks, environment } = deployment;
      const stack = await settledStack(context, deployment, report);
      if (stack === undefined) {
        report.say('There is no stack to delete.');
        report.event('done', { deleted: false });
        return exit.done;
      }
      if (stack.isProtected) {
        throw new OktaOtpError('stack-protected', 'the stack is protected against deletion', {
          hint: `aws cloudformation update-termination-protection --no-enable-termination-protection --stack-name ${stack.name}${awsOptions(deployment.access)}`,
        });
      }
      const resources = await stacks.resources(stack.id, context.signal);
      const staying = whatStays(deployment, resources, flags);
      report.say(beforehand(stack, staying, flags));
      if (flags.yes !== true) {
        const typed = await context.ask(`Type "${environment.name}" to delete it:`);
        if (typed.trim() !== environment.name) {
          report.say('Nothing was deleted.');
          return exit.interrupted;
        }
      }
      const since = await lastEventOf(stacks, stack.id, context.signal);
      const tables = flags.retainData === true ? [] : tablesOf(resources);
      run.leaves = stayingOf(
        resources.filter(({ physicalId }) => tables.includes(physicalId)),
        awsOptions(deployment.access),
      );
      await setToWork(run, context.signal, () => stacks.remove(stack.id, context.newId(), context.signal));
      await follow(context, deployment, { stack, since, report, flags, expected: resources.length, run });
      await context.services.removeTables(deployment.access, tables, context.signal);
      report.event('done', { deleted: true, staying });
      report.say(`Deleted ${stack.name}.`);
      return exit.done;
    });
  } catch (error) {
    tellCutOff(run, { report, flags, isInterrupted: context.signal.aborted });
    throw error;
  }
}

/** What goes on is waited for: CloudFormation refuses to delete a stack that it is changing. */
async function settledStack(
  context: Context,
  { stacks, environment, access }: Deployment,
  report: DeployReport,
): Promise<DeployedStack | undefined> {
  const stack = await stacks.find(environment.stackName, context.signal);
  if (stack === undefined || stepFor(stack.status) !== 'wait') return stack;
  report.say(`The stack is ${stack.status}: waiting until that is over.`);
  const resources = await stacks.resources(stack.id, context.signal);
  const progress = report.progress(0);
  try {
    const options = { stackId: stack.id, since: undefined, onEvent: progress.onEvent };
    await watchStack({ stacks, clock: context.clock }, options, context.signal);
  } finally {
    progress.end();
  }
  const left = await stacks.find(environment.stackName, context.signal);
  // Whether its data should go was asked by whoever began to delete it: here nobody has said so.
  const staying = left === undefined ? stayingOf(resources, awsOptions(access)) : [];
  if (staying.length > 0) {
    report.say(['It is deleted. What stays:', ...stayingLines(staying)].join('\n'));
    report.event('staying', { staying });
  }
  return left;
}

interface Following {
  readonly stack: DeployedStack;
  readonly since: string | undefined;
  readonly report: DeployReport;
  readonly flags: DestroyFlags;
  /** How many resources go. */
  readonly expected: number;
  readonly run: DestroyRun;
}

async function follow(context: Context, { stacks }: Deployment, following: Following): Promise<void> {
  const { stack, since, report, flags, expected, run } = following;
  const progress = report.progress(expected);
  try {
    const options = { stackId: stack.id, since, onEvent: progress.onEvent };
    const { status, failure } = await watchStack({ stacks, clock: context.clock }, options, context.signal);
    progress.end();
    run.phase = status === 'DELETE_COMPLETE' ? 'deleted' : 'nothing';
    if (status === 'DELETE_COMPLETE') return;
    const hint = `remove what stands in the way, then again: okta-otp destroy${sameEnvironment(flags)}`;
    report.say(`hint: ${hint}`);
    const what = failure === undefined ? 'the stack' : `${failure.logicalId} (${failure.type})`;
    const why = printableReason(failure?.reason ?? `it is ${status}`);
    throw new OktaOtpError('destroy-failed', `${what} could not be deleted: ${why}`, report.isJson ? { hint } : {});
  } finally {
    progress.end();
  }
}

/** https://aws.amazon.com/s3/pricing/ */
function whatStays(
  { environment, caller, region, access }: Deployment,
  resources: readonly StackResource[],
  flags: DestroyFlags,
): readonly Staying[] {
  const bucket = environment.artifactBucket ?? defaultBucket(environment, caller.account, region);
  const tables = flags.retainData === true ? [] : tablesOf(resources);
  const options = awsOptions(access);
  return [
    ...stayingOf(
      resources.filter(({ physicalId }) => !tables.includes(physicalId)),
      options,
    ),
    {
      // Nothing in its name says which environment an artifact is of, and each needs its own to roll back.
      what: `the code of earlier deployments in the bucket ${bucket}, of all environments that share it: usually every one of this account and Region`,
      cost: 'cents a month',
      // In a bucket that was named there may be anything else.
      remove: `only when the last of them is gone: ${
        environment.artifactBucket === undefined && environment.artifactPrefix === undefined
          ? `aws s3 rb s3://${bucket} --force${options}, after deleting its old versions`
          : artifactFolders
              .map((folder) => `aws s3 rm --recursive s3://${bucket}/${keyIn(environment, folder)}${options}`)
              .join('; ')
      }`,
    },
    {
      what: 'the role by which API Gateway writes logs, which all APIs of the account use',
      cost: 'nothing',
      remove: 'nothing to do',
    },
  ];
}

function beforehand(stack: DeployedStack, staying: readonly Staying[], flags: DestroyFlags): string {
  const data = flags.retainData === true ? '' : ' and its tables, the published catalog among them';
  return [
    `This deletes the stack ${stack.name}${data}.`,
    'In Okta first: deactivate the telephony inline hook (Workflow, Inline Hooks), or every code waits three seconds for it.',
    'What stays:',
    ...stayingLines(staying),
    ...(flags.retainData === true ? [] : ['DynamoDB keeps a backup of the catalog table for 35 days, for nothing.']),
  ].join('\n');
}
