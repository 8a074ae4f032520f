import { OktaOtpError } from '../core/error.ts';
import type { Context } from './context.ts';
import type { DeployReport } from './deploy-report.ts';
import type { DeployFlags } from './describe/deploy.ts';

/**
 * What whoever is cut off here leaves behind:
 *
 * - `nothing` – all is as it was found
 * - `going-on` – CloudFormation is at work, and goes on without us
 * - `went-back` – an update that had failed was taken back to its end
 * - `deleted` – the stack that was in the way is gone, and no other is there yet
 * - `deployed` – the stack is up; the catalog and the smoke check come after it
 */
export type DeployPhase = 'nothing' | 'going-on' | 'went-back' | 'deleted' | 'deployed';

/** One run of `deploy`: what it was asked, how it tells what it does, and how far it is. */
export interface DeployRun {
  readonly context: Context;
  readonly flags: DeployFlags;
  readonly report: DeployReport;
  phase: DeployPhase;
}

/** After these nobody knows whether AWS has obeyed; every other error is its no. */
const unanswered = new Set(['aws-failed', 'aws-timeout', 'aws-unreachable']);

/** Calls what sets CloudFormation to work: from then on it goes on, unless it refuses. */
export async function setToWork(
  run: { phase: DeployPhase },
  signal: AbortSignal,
  call: () => Promise<void>,
): Promise<void> {
  signal.throwIfAborted();
  const before = run.phase;
  run.phase = 'going-on';
  try {
    await call();
  } catch (error) {
    if (error instanceof OktaOtpError && !unanswered.has(error.code)) run.phase = before;
    throw error;
  }
}
