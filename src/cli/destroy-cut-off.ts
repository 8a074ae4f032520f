import type { DeployReport } from './deploy-report.ts';
import type { DeployPhase } from './deploy-run.ts';
import { sameEnvironment } from './deployment.ts';
import type { DestroyFlags } from './describe/deploy.ts';
import type { Staying } from './staying.ts';
import { stayingLines } from './staying.ts';

/** One run of `destroy`, and how far it is. */
export interface DestroyRun {
  phase: DeployPhase;
  /** The tables that are deleted after the stack, and so not at all when that is not waited for. */
  leaves: readonly Staying[];
}

export interface CutOff {
  readonly report: DeployReport;
  readonly flags: DestroyFlags;
  /** By Ctrl-C, and not by an error. */
  readonly isInterrupted: boolean;
}

/** Says after Ctrl-C or an error half-way what goes on, and what stays that was to go: nobody could find its name afterwards. */
export function tellCutOff({ phase, leaves }: DestroyRun, { report, flags, isInterrupted }: CutOff): void {
  if (phase === 'nothing' && !isInterrupted) return;
  const again = `okta-otp destroy${sameEnvironment(flags)}`;
  const goesOn = phase === 'going-on';
  report.event('interrupted', { phase, goesOn, again, staying: phase === 'nothing' ? [] : leaves });
  if (phase === 'nothing') {
    report.say('Interrupted; nothing was deleted.');
    return;
  }
  const begun = isInterrupted ? 'Interrupted' : 'Cut off';
  const state = goesOn
    ? `${begun} here; CloudFormation goes on deleting. To see how it ends: ${again}`
    : `${begun}; the stack is deleted.`;
  const tables = goesOn
    ? 'It leaves the tables, which have to be deleted after it:'
    : 'Of its tables these may still be there:';
  report.say([state, ...(leaves.length === 0 ? [] : [tables]), ...stayingLines(leaves)].join('\n'));
}
