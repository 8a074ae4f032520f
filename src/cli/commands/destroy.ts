import type { DeployedStack } from '../../aws/stack.ts';
import { OktaOtpError, UsageError } from '../../core/error.ts';
import { defaultBucket } from '../../deploy/artifact-bucket.ts';
import { stepFor } from '../../deploy/stack-state.ts';
import { lastEventOf, watchStack } from '../../deploy/watch-stack.ts';
import type { Context } from '../context.ts';
import type { DeployReport } from '../deploy-report.ts';
import { createReport } from '../deploy-report.ts';
import type { Deployment } from '../deployment.ts';
import { sameEnvironment, withDeployment } from '../deployment.ts';
import type { DestroyFlags } from '../describe/deploy.ts';
import { chooseEnvironment } from '../environments.ts';
import type { ExitCode } from '../exit.ts';
import { exit } from '../exit.ts';
import { printableReason } from '../stack-progress.ts';

/** Deletes the stack of an environment, once its name was typed, and says what stays. */
export async function destroy(context: Context, flags: DestroyFlags): Promise<ExitCode> {
  await chooseEnvironment(context, flags);
  if (flags.yes !== true && !context.isInteractive) {
    throw new UsageError('confirmation-missing', 'nobody can be asked here whether to delete the stack', {
      hint: `okta-otp destroy${sameEnvironment(flags)} --yes`,
    });
  }
  const report = createReport(context, flags);
  let isDeleting = false;
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
          hint: `aws cloudformation update-termination-protection --no-enable-termination-protection --stack-name ${stack.name}`,
        });
      }
      const staying = whatStays(deployment, stack, flags);
      report.say(beforehand(stack, staying, flags));
      if (flags.yes !== true) {
        const typed = await context.ask(`Type "${environment.name}" to delete it:`);
        if (typed.trim() !== environment.name) {
          report.say('Nothing was deleted.');
          return exit.interrupted;
        }
      }
      const since = await lastEventOf(stacks, stack.id, context.signal);
      isDeleting = true;
      await stacks.remove(stack.id, context.newId(), context.signal);
      await follow(context, deployment, { stack, since, report });
      if (flags.retainData !== true) {
        await context.services.removeTables(deployment.access, tablesOf(stack), context.signal);
      }
      report.event('done', { deleted: true, staying });
      report.say(`Deleted ${stack.name}.`);
      return exit.done;
    });
  } catch (error) {
    if (context.signal.aborted) {
      const again = `okta-otp destroy${sameEnvironment(flags)}`;
      report.say(
        isDeleting
          ? `Interrupted here; CloudFormation goes on deleting. To see how it ends: ${again}`
          : 'Interrupted; nothing was deleted.',
      );
    }
    throw error;
  }
}

/** What goes on is waited for: CloudFormation refuses to delete a stack that it is changing. */
async function settledStack(
  context: Context,
  { stacks, environment }: Deployment,
  report: DeployReport,
): Promise<DeployedStack | undefined> {
  const stack = await stacks.find(environment.stackName, context.signal);
  if (stack === undefined || stepFor(stack.status) !== 'wait') return stack;
  report.say(`The stack is ${stack.status}: waiting until that is over.`);
  const progress = report.progress(0);
  try {
    const options = { stackId: stack.id, since: undefined, onEvent: progress.onEvent };
    await watchStack({ stacks, clock: context.clock }, options, context.signal);
  } finally {
    progress.end();
  }
  return await stacks.find(environment.stackName, context.signal);
}

interface Following {
  readonly stack: DeployedStack;
  readonly since: string | undefined;
  readonly report: DeployReport;
}

async function follow(context: Context, { stacks }: Deployment, { stack, since, report }: Following): Promise<void> {
  const { length } = await stacks.resources(stack.id, context.signal);
  const progress = report.progress(length);
  try {
    const options = { stackId: stack.id, since, onEvent: progress.onEvent };
    const { status, failure } = await watchStack({ stacks, clock: context.clock }, options, context.signal);
    progress.end();
    if (status === 'DELETE_COMPLETE') return;
    const hint = 'remove what stands in the way, then okta-otp destroy again';
    report.say(`hint: ${hint}`);
    const what = failure === undefined ? 'the stack' : `${failure.logicalId} (${failure.type})`;
    const why = printableReason(failure?.reason ?? `it is ${status}`);
    throw new OktaOtpError('destroy-failed', `${what} could not be deleted: ${why}`, report.isJson ? { hint } : {});
  } finally {
    progress.end();
  }
}

const tablesOf = ({ outputs }: DeployedStack) =>
  ['CatalogTableName', 'LedgerTableName'].flatMap((name) => outputs[name] ?? []);

/** Something that outlives the stack, what it costs, and how it is got rid of. */
interface Staying {
  readonly what: string;
  readonly cost: string;
  readonly remove: string;
}

/** https://aws.amazon.com/dynamodb/pricing/on-demand/, https://aws.amazon.com/secrets-manager/pricing/ and https://aws.amazon.com/s3/pricing/ */
function whatStays(
  { environment, caller, region }: Deployment,
  stack: DeployedStack,
  flags: DestroyFlags,
): readonly Staying[] {
  const bucket = environment.artifactBucket ?? defaultBucket(caller.account, region);
  const key = stack.outputs['NumberHashKeyArn'];
  const tables = flags.retainData === true ? tablesOf(stack) : [];
  return [
    ...tables.map((name) => ({
      what: `table ${name}`,
      cost: 'cents a month',
      remove: `aws dynamodb delete-table --table-name ${name}`,
    })),
    ...(key === undefined
      ? []
      : [
          {
            what: `secret ${key}`,
            cost: '$0.40 a month',
            remove: `aws secretsmanager delete-secret --secret-id ${key}`,
          },
        ]),
    {
      what: `bucket ${bucket} with the code of earlier deployments`,
      cost: 'cents a month',
      remove: `aws s3 rb s3://${bucket} --force, after deleting its old versions`,
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
    ...staying.map(({ what, cost, remove }) => `  ${what} (${cost}): ${remove}`),
    ...(flags.retainData === true ? [] : ['DynamoDB keeps a backup of the catalog table for 35 days, for nothing.']),
  ].join('\n');
}
