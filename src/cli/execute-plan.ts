import type { DeployedStack } from '../aws/stack.ts';
import { OktaOtpError } from '../core/error.ts';
import type { PlanRow } from '../deploy/plan.ts';
import type { Proposal } from '../deploy/propose-changes.ts';
import { hasSucceeded } from '../deploy/stack-state.ts';
import type { Watched } from '../deploy/watch-stack.ts';
import { lastEventOf, watchStack } from '../deploy/watch-stack.ts';
import type { DeployReport } from './deploy-report.ts';
import type { DeployRun } from './deploy-run.ts';
import { setToWork } from './deploy-run.ts';
import type { Deployment } from './deployment.ts';
import { sameAccount, sameEnvironment } from './deployment.ts';
import type { DeployFlags } from './describe/deploy.ts';
import type { PlannedCanary } from './plan-canary.ts';
import { shiftNotes } from './plan-canary.ts';
import { printableReason } from './stack-progress.ts';

export interface Executing {
  readonly proposal: Proposal;
  readonly rows: readonly PlanRow[];
  readonly canary: PlannedCanary | undefined;
}

/** Executes a change set and follows it to its end; undefined when the stack is gone, an error with the first resource's reason when it failed. */
export async function executePlan(
  run: DeployRun,
  { stacks }: Deployment,
  { proposal, rows, canary }: Executing,
): Promise<DeployedStack | undefined> {
  const { context, flags, report } = run;
  const { stackId, id } = proposal.changeSet;
  const since = await lastEventOf(stacks, stackId, context.signal);
  await setToWork(run, context.signal, () => stacks.execute(id, context.newId(), context.signal));
  const progress = report.progress(rows.length, shiftNotes(canary?.shift, canary?.shift?.aliases));
  const { onEvent } = progress;
  try {
    const watched = await watchStack({ stacks, clock: context.clock }, { stackId, since, onEvent }, context.signal);
    progress.end();
    run.phase = hasSucceeded(watched.status) ? 'deployed' : 'nothing';
    report.event('stack', { status: watched.status });
    if (hasSucceeded(watched.status)) return watched.stack;
    // Somebody else has deleted it meanwhile.
    if (watched.status === 'DELETE_COMPLETE') return undefined;
    throw failed(report, watched, flags);
  } finally {
    progress.end();
  }
}

/** The reason stands on the last line: what to do comes before it, except in JSON, where it has a place of its own. */
function failed(report: DeployReport, { status, failure, stack }: Watched, flags: DeployFlags): OktaOtpError {
  const again = `okta-otp deploy${sameEnvironment(flags)}`;
  const reason = printableReason(failure?.reason ?? stack?.reason ?? 'CloudFormation gives no reason');
  const hint = wasWithdrawn(failure)
    ? `the version from before has all requests again; okta-otp failures list${sameAccount(flags)} says what went wrong with the new one`
    : status === 'ROLLBACK_COMPLETE'
      ? `nothing of it is left running; remove the cause, then ${again} deletes the rest and creates it anew`
      : `the stack is ${status}; remove the cause, then ${again}`;
  report.say(`hint: ${hint}`);
  return new OktaOtpError(
    'deploy-failed',
    `${failure === undefined ? 'the stack' : `${failure.logicalId} (${failure.type})`} failed: ${reason}`,
    report.isJson ? { hint } : {},
  );
}

/** By CodeDeploy, because of an alarm: what it says is all that tells. */
const wasWithdrawn = (failure: Watched['failure']) =>
  failure?.type === 'AWS::Lambda::Alias' && /alarms have been activated/.test(failure.reason ?? '');
