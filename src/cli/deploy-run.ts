import type { Context } from './context.ts';
import type { DeployReport } from './deploy-report.ts';
import type { DeployFlags } from './describe/deploy.ts';

/** One run of `deploy`: what it was asked, how it tells what it does, and how far it is. */
export interface DeployRun {
  readonly context: Context;
  readonly flags: DeployFlags;
  readonly report: DeployReport;
  /** CloudFormation is at work, and goes on without us. */
  isExecuting: boolean;
}
