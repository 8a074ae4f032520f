import type { DeployedStack } from '../../aws/stack.ts';
import { diffCatalogs } from '../../core/catalog-diff.ts';
import { OktaOtpError, UsageError } from '../../core/error.ts';
import { changedParameters, isUnchanged } from '../../deploy/is-unchanged.ts';
import { messagingRegions } from '../../deploy/messaging-regions.ts';
import { planOfTemplate, toPlan } from '../../deploy/plan.ts';
import { inOwnTime } from '../../deploy/propose-changes.ts';
import { isStanding } from '../../deploy/stack-state.ts';
import { makeLogging, planLogging } from '../api-logging.ts';
import type { Context } from '../context.ts';
import { cutOff, tellInterrupted } from '../deploy-cut-off.ts';
import { createReport } from '../deploy-report.ts';
import type { DeployPhase, DeployRun } from '../deploy-run.ts';
import type { Deployment } from '../deployment.ts';
import { sameEnvironment, withDeployment } from '../deployment.ts';
import type { DeployFlags } from '../describe/deploy.ts';
import { chooseEnvironment } from '../environments.ts';
import { executePlan } from '../execute-plan.ts';
import type { ExitCode } from '../exit.ts';
import { exit } from '../exit.ts';
import { finishDeployment, publishedFiles, tellBlocks } from '../finish-deployment.ts';
import { refuseToSwitchOn } from '../kill-switch.ts';
import { lookAhead } from '../look-ahead.ts';
import type { PlannedCanary } from '../plan-canary.ts';
import { planCanary } from '../plan-canary.ts';
import { prepareDeployment } from '../prepare-deployment.ts';
import { confirm } from '../published-catalog.ts';
import { renderPlan } from '../render-plan.ts';
import type { Settled } from '../settle-stack.ts';
import { settleStack } from '../settle-stack.ts';
import { typesName } from '../type-name.ts';

/** Brings the stack of an environment up to date, from whatever state it is in. */
export async function deploy(context: Context, flags: DeployFlags): Promise<ExitCode> {
  // What is wrong with the file is said before what is missing on the command line.
  const { environment } = await chooseEnvironment(context, flags);
  messagingRegions(environment, flags.region ?? environment.region);
  if (flags.yes !== true && flags.dryRun !== true && !context.isInteractive) {
    throw new UsageError('confirmation-missing', 'nobody can be asked here whether to go on', {
      hint: `okta-otp deploy${sameEnvironment(flags)} --yes, or --dry-run to see the plan`,
    });
  }
  const report = createReport(context, flags);
  const run: DeployRun = { context, flags, report, phase: 'nothing' };
  try {
    return await withDeployment(context, flags, (deployment) => deployTo(run, deployment));
  } catch (error) {
    if (!context.signal.aborted) throw cutOff(run, error);
    tellInterrupted(run);
    throw error;
  }
}

async function deployTo(run: DeployRun, deployment: Deployment): Promise<ExitCode> {
  const { context, flags, report } = run;
  const settled = await settleStack(run, deployment);
  if (settled.kind === 'declined') return exit.interrupted;
  const isInTheWay = settled.kind === 'in-the-way';
  if (isInTheWay) {
    const { step, stack } = settled;
    report.event('first', { step, status: stack.status });
    // It stands, so that the template alone says nothing of what would change.
    if (step === 'continue-rollback') return tellOnlyFirst(run, beforehand(settled));
  }
  const found = isInTheWay ? undefined : settled.stack;
  const standing = found !== undefined && isStanding(found.status) ? found : undefined;

  const prepared = await prepareDeployment(context, deployment, {
    stack: standing,
    canary: flags.canary === true,
    warn: (words) => {
      report.say(words);
      report.event('notice', { about: 'spend-limits', words });
    },
  });
  const before = standing && (await deployment.stacks.template(standing.name, context.signal));
  const isSame = standing !== undefined && before !== undefined && isUnchanged(standing, before, prepared);
  const published = standing === undefined ? [] : await publishedFiles(context, deployment, standing.outputs);
  const catalog = diffCatalogs(published, prepared.catalog);
  const tellUnchanged = async (stack: DeployedStack) => {
    await tellBlocks(context, deployment, { outputs: stack.outputs, prepared, report, flags });
    report.say(`Nothing to deploy: ${deployment.environment.stackName} is as it should be.`);
    report.event('done', { changed: false, outputs: stack.outputs });
    return exit.done;
  };
  if (isSame && catalog.length === 0) return await tellUnchanged(standing);
  if (flags.dryRun !== true) refuseToSwitchOn(flags, { active: published, wanted: prepared.catalog });

  const looked = isSame ? undefined : await lookAhead(run, deployment, { prepared, isInTheWay, standing });
  // After an update that was rolled back only CloudFormation knows that nothing is left to do.
  const isEmpty = looked !== undefined && !looked.isGuess && looked.proposal === undefined;
  if (isEmpty && standing !== undefined && catalog.length === 0) return await tellUnchanged(standing);
  const rows =
    looked?.isGuess === true
      ? planOfTemplate(prepared)
      : toPlan(looked?.changes ?? [], {
          before: standing && before !== undefined ? { ...standing, template: before } : undefined,
          after: prepared,
          changedParameters: standing === undefined ? [] : changedParameters(standing, prepared),
        });
  const proposal = looked?.proposal;
  let canary: PlannedCanary | undefined;
  try {
    canary = await planCanary(context, deployment, { flags, prepared, rows, standing });
    const account = looked === undefined || isEmpty ? [] : await planLogging(run, deployment);
    if (report.isJson) report.event('plan', { resources: rows, account, catalog, canary: canary?.shift });
    else context.stderr.write(renderPlan(rows, catalog, context.stderr, account));
    for (const words of canary?.words ?? []) report.say(words);
    if (flags.dryRun === true) {
      if (canary?.obstacle !== undefined) {
        const words = `It would not be done: ${canary.obstacle.message}.`;
        report.say(words);
        report.event('notice', { about: 'canary', words });
      }
      if (isInTheWay) report.say(beforehand(settled));
      await proposal?.withdraw(context.signal);
      report.say('A dry run: nothing was changed.');
      report.event('done', { changed: false });
      return exit.done;
    }
    if (canary?.obstacle !== undefined) {
      await proposal?.withdraw(context.signal);
      throw canary.obstacle;
    }
    if (!(await agreed(run, deployment))) {
      await proposal?.withdraw(context.signal);
      return exit.interrupted;
    }
    if (account.length > 0) await makeLogging(run, deployment);
  } catch (error) {
    await inOwnTime(context.clock, async (own) => await proposal?.withdraw(own));
    throw error;
  }
  const stack =
    proposal === undefined ? asItStands(run, standing) : await executePlan(run, deployment, { proposal, rows, canary });
  if (stack === undefined) {
    throw new OktaOtpError('stack-gone', 'the stack is not there any more', {
      hint: `okta-otp deploy${sameEnvironment(flags)}`,
    });
  }
  return await finishDeployment(context, deployment, {
    stack,
    flags,
    report,
    prepared,
    hasNewCatalog: catalog.length > 0,
  });
}

/** Nothing of the stack changes; what is left to do comes after it. */
function asItStands(run: DeployRun, standing: DeployedStack | undefined): DeployedStack | undefined {
  run.phase = 'deployed';
  return standing;
}

/** What a deployment would do about a stack before it can change anything. */
function beforehand({ step, stack }: Extract<Settled, { readonly kind: 'in-the-way' }>): string {
  if (step === 'continue-rollback')
    return 'An update failed, and so did going back: that would be ended first, and only then CloudFormation can say what would change.';
  return stack.status === 'DELETE_FAILED'
    ? 'What is left of the stack would be deleted first, and some of it may still run.'
    : 'The stack that is there would be deleted first; nothing runs in it.';
}

function tellOnlyFirst({ report, flags }: DeployRun, words: string): ExitCode {
  report.say(words);
  report.say(
    `A dry run: nothing was changed. By reading alone, okta-otp diff${sameEnvironment(flags)} compares what it can.`,
  );
  report.event('done', { changed: false });
  return exit.done;
}

/** A production environment asks for its name. */
async function agreed({ context, flags, report, phase }: DeployRun, { environment }: Deployment): Promise<boolean> {
  const { name, production } = environment;
  const declined = declinedAfter[phase] ?? 'Nothing was changed.';
  if (!production || flags.yes === true) {
    return await confirm(context, flags, { question: `Deploy this to ${name}?`, command: 'deploy', declined });
  }
  if (await typesName(context, name, 'deploy this to production')) return true;
  report.say(declined);
  return false;
}

const declinedAfter: Partial<Record<DeployPhase, string>> = {
  deleted: 'Nothing was created: the old stack is deleted, and there is no new one.',
  'went-back': 'Nothing else was changed: the stack is back where it was before the update that failed.',
};
