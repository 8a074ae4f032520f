import type { DeployedStack } from '../../aws/stack.ts';
import { diffCatalogs } from '../../core/catalog-diff.ts';
import { OktaOtpError, UsageError } from '../../core/error.ts';
import { handOver, templateArtifact } from '../../deploy/artifact-bucket.ts';
import { changedParameters, isUnchanged } from '../../deploy/is-unchanged.ts';
import type { PlanRow } from '../../deploy/plan.ts';
import { planOfTemplate, toPlan } from '../../deploy/plan.ts';
import type { Proposal } from '../../deploy/propose-changes.ts';
import { inOwnTime, proposeChanges } from '../../deploy/propose-changes.ts';
import { hasSucceeded, isStanding } from '../../deploy/stack-state.ts';
import { lastEventOf, watchStack } from '../../deploy/watch-stack.ts';
import type { Context } from '../context.ts';
import type { DeployReport } from '../deploy-report.ts';
import { createReport } from '../deploy-report.ts';
import type { Deployment } from '../deployment.ts';
import { sameEnvironment, withDeployment } from '../deployment.ts';
import type { DeployFlags } from '../describe/deploy.ts';
import type { ExitCode } from '../exit.ts';
import { exit } from '../exit.ts';
import { finishDeployment, publishedFiles } from '../finish-deployment.ts';
import type { PreparedDeployment } from '../prepare-deployment.ts';
import { prepareDeployment } from '../prepare-deployment.ts';
import { confirm } from '../published-catalog.ts';
import { renderPlan } from '../render-plan.ts';
import { settleStack } from '../settle-stack.ts';
import { printableReason } from '../stack-progress.ts';

/** Brings the stack of an environment up to date, from whatever state it is in. */
export async function deploy(context: Context, flags: DeployFlags): Promise<ExitCode> {
  if (flags.yes !== true && flags.dryRun !== true && !context.isInteractive) {
    throw new UsageError('confirmation-missing', 'nobody can be asked here whether to go on', {
      hint: `okta-otp deploy${sameEnvironment(flags)} --yes, or --dry-run to see the plan`,
    });
  }
  const report = createReport(context, flags);
  const run: Run = { context, flags, report, isExecuting: false };
  try {
    return await withDeployment(context, flags, (deployment) => deployTo(run, deployment));
  } catch (error) {
    if (context.signal.aborted) tellInterrupted(run);
    throw error;
  }
}

interface Run {
  readonly context: Context;
  readonly flags: DeployFlags;
  readonly report: DeployReport;
  /** CloudFormation is at work and goes on without us. */
  isExecuting: boolean;
}

async function deployTo(run: Run, deployment: Deployment): Promise<ExitCode> {
  const { context, flags, report } = run;
  run.isExecuting = true; // Settling may attach to what goes on, or start it.
  const settled = await settleStack(context, deployment, { flags, report });
  run.isExecuting = false;
  if (settled.kind === 'declined') return exit.interrupted;
  const isInTheWay = settled.kind === 'in-the-way';
  const standing =
    !isInTheWay && settled.stack !== undefined && isStanding(settled.stack.status) ? settled.stack : undefined;

  const warn = (words: string) => report.say(words);
  const prepared = await prepareDeployment(context, deployment, {
    stack: standing,
    canary: flags.canary === true,
    warn,
  });
  const before = standing && (await deployment.stacks.template(standing.name, context.signal));
  const isSame = standing !== undefined && before !== undefined && isUnchanged(standing, before, prepared);
  const published = standing === undefined ? [] : await publishedFiles(context, deployment, standing.outputs);
  const catalog = diffCatalogs(published, prepared.catalog);
  if (isSame && catalog.length === 0) {
    report.say(`Nothing to deploy: ${deployment.environment.stackName} is as it should be.`);
    report.event('done', { changed: false, outputs: standing.outputs });
    return exit.done;
  }

  const looked = isSame ? undefined : await look(run, deployment, { prepared, isInTheWay, standing });
  const proposal = looked?.proposal;
  const rows = toPlan(looked?.changes ?? [], {
    before,
    after: prepared.template,
    changedParameters: standing === undefined ? [] : changedParameters(standing, prepared),
  });
  const shownRows = looked?.rows ?? rows;
  if (report.isJson) report.event('plan', { resources: shownRows, catalog });
  else context.stderr.write(renderPlan(shownRows, catalog, context.stderr));

  try {
    if (flags.dryRun === true) {
      if (isInTheWay) report.say('The stack that is there would be deleted first; nothing runs in it.');
      await proposal?.withdraw(context.signal);
      report.say('A dry run: nothing was changed.');
      report.event('done', { changed: false });
      return exit.done;
    }
    if (!(await agreed(run, deployment))) {
      await proposal?.withdraw(context.signal);
      return exit.interrupted;
    }
    if (proposal !== undefined) await ensureLogging(run, deployment);
  } catch (error) {
    await inOwnTime(context.clock, async (own) => await proposal?.withdraw(own));
    throw error;
  }
  const stack = proposal === undefined ? standing : await execute(run, deployment, { proposal, rows });
  if (stack === undefined)
    throw new OktaOtpError('stack-gone', 'the stack is not there any more', { hint: 'okta-otp deploy' });
  return await finishDeployment(context, deployment, { stack, flags, report });
}

/** What a look at the future gives: a change set that waits, or rows that were made without one. */
interface Looked {
  readonly proposal: Proposal | undefined;
  readonly changes: Proposal['changeSet']['changes'];
  readonly rows: readonly PlanRow[] | undefined;
}

interface Looking {
  readonly prepared: PreparedDeployment;
  readonly isInTheWay: boolean;
  readonly standing: DeployedStack | undefined;
}

/** Hands over what CloudFormation needs and asks it what would change; a dry run uploads nothing that it can do without. */
async function look(run: Run, deployment: Deployment, { prepared, isInTheWay, standing }: Looking): Promise<Looked> {
  const { context, flags, report } = run;
  const { stacks, caller, region, environment, access } = deployment;
  const withoutAsking: Looked = { proposal: undefined, changes: [], rows: planOfTemplate(prepared.template) };
  if (isInTheWay) return withoutAsking;
  const isDry = flags.dryRun === true;
  const template = templateArtifact(prepared.template);
  const wanted = [...(isDry ? [] : prepared.artifacts), ...(prepared.needsBucket ? [template] : [])];
  const { signal } = context;
  const artifacts = await context.services.openArtifacts({ ...access, bucket: prepared.bucket, owner: caller.account });
  let uploaded: readonly string[] = [];
  try {
    if (isDry && prepared.needsBucket && standing === undefined && !(await artifacts.bucketExists(signal))) {
      return withoutAsking;
    }
    if (wanted.length > 0) {
      const bucket = { region, partition: caller.partition, isOwn: environment.artifactBucket === undefined };
      const handed = await handOver(artifacts, { wanted, bucket }, signal);
      uploaded = handed.uploaded;
      if (handed.madeBucket) report.say(`Made the bucket ${prepared.bucket} for code and templates.`);
      report.say(uploaded.length === 0 ? 'Code is uploaded already.' : `Uploaded ${uploaded.length} files.`);
      report.event('artifacts', { bucket: prepared.bucket, ...handed });
    }
    const proposal = await proposeChanges(
      { stacks, clock: context.clock },
      {
        stackName: environment.stackName,
        id: context.newId(),
        create: standing === undefined,
        template: prepared.needsBucket
          ? { url: `https://${prepared.bucket}.s3.${region}.${domainOf(caller.partition)}/${template.key}` }
          : { body: prepared.template },
        parameters: prepared.parameters,
        tags: prepared.tags,
      },
      signal,
    );
    return { proposal, changes: proposal?.changeSet.changes ?? [], rows: undefined };
  } finally {
    if (isDry) await inOwnTime(context.clock, async (own) => await removeAll(artifacts, uploaded, own));
    artifacts.close();
  }
}

async function removeAll(
  artifacts: { remove(key: string, signal: AbortSignal): Promise<void> },
  keys: readonly string[],
  signal: AbortSignal,
) {
  for (const key of keys) await artifacts.remove(key, signal);
}

/** https://docs.aws.amazon.com/general/latest/gr/rande.html */
const domainOf = (partition: string) => (partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com');

/** A production environment asks for its name: a yes is typed too easily. */
async function agreed({ context, flags, report }: Run, { environment }: Deployment): Promise<boolean> {
  const { name, production } = environment;
  if (!production || flags.yes === true) {
    return await confirm(context, flags, { question: `Deploy this to ${name}?`, command: 'deploy' });
  }
  const typed = await context.ask(`Type "${name}" to deploy this to production:`);
  if (typed.trim() === name) return true;
  report.say('Nothing was changed.');
  return false;
}

/** Without it API Gateway refuses a stage that writes logs. It belongs to the account, so that no stack may make it. */
async function ensureLogging({ context, report }: Run, { access, caller }: Deployment): Promise<void> {
  const role = await context.services.openApiLoggingRole(access);
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

interface Executing {
  readonly proposal: Proposal;
  readonly rows: readonly PlanRow[];
}

async function execute(run: Run, { stacks, environment }: Deployment, { proposal, rows }: Executing) {
  const { context, flags, report } = run;
  const { stackId, id } = proposal.changeSet;
  const since = await lastEventOf(stacks, stackId, context.signal);
  run.isExecuting = true;
  await stacks.execute(id, context.newId(), context.signal);
  const progress = report.progress(rows.length);
  const { onEvent } = progress;
  try {
    const watched = await watchStack({ stacks, clock: context.clock }, { stackId, since, onEvent }, context.signal);
    progress.end();
    run.isExecuting = false;
    report.event('stack', { status: watched.status });
    if (hasSucceeded(watched.status)) return watched.stack;
    throw failed(report, watched, `okta-otp deploy${sameEnvironment(flags)}`);
  } finally {
    progress.end();
    if (context.signal.aborted) report.event('interrupted', { stack: environment.stackName });
  }
}

/** The reason stands on the last line: what to do comes before it, except in JSON, where it has a place of its own. */
function failed(
  report: DeployReport,
  { status, failure, stack }: Awaited<ReturnType<typeof watchStack>>,
  again: string,
): OktaOtpError {
  const reason = printableReason(failure?.reason ?? stack?.reason ?? 'CloudFormation gives no reason');
  const hint =
    status === 'ROLLBACK_COMPLETE'
      ? `nothing of it is left running; remove the cause, then ${again} deletes the rest and creates it anew`
      : `the stack is ${status}; remove the cause, then ${again}`;
  report.say(`hint: ${hint}`);
  return new OktaOtpError(
    'deploy-failed',
    `${failure === undefined ? 'the stack' : `${failure.logicalId} (${failure.type})`} failed: ${reason}`,
    report.isJson ? { hint } : {},
  );
}

function tellInterrupted({ report, isExecuting, flags }: Run): void {
  const again = `okta-otp deploy${sameEnvironment(flags)}`;
  report.say(
    isExecuting
      ? `Interrupted here; CloudFormation goes on. To see how it ends: ${again} (or okta-otp status).`
      : `Interrupted; the stack was not changed. To go on: ${again}`,
  );
}
