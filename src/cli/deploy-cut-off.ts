import { OktaOtpError } from '../core/error.ts';
import type { DeployPhase, DeployRun } from './deploy-run.ts';
import { sameEnvironment } from './deployment.ts';
import type { DeployFlags } from './describe/deploy.ts';
import { withHint } from './with-hint.ts';

/** Says after Ctrl-C what it leaves, and how to come back. */
export function tellInterrupted({ report, phase, flags }: DeployRun): void {
  const again = `okta-otp deploy${sameEnvironment(flags)}`;
  const status = `okta-otp status${sameEnvironment(flags)}`;
  report.event('interrupted', { phase, goesOn: phase === 'going-on', again });
  const words: Readonly<Record<DeployPhase, string>> = {
    nothing: `Interrupted; the stack was not changed. To go on: ${again}`,
    'going-on': `Interrupted here; CloudFormation goes on. To see how it ends: ${again} (or ${status}).`,
    'went-back': `Interrupted; the stack is back where it was before the update that failed. To go on: ${again}`,
    deleted: `Interrupted; the old stack is deleted, and there is no new one. To create it: ${again}`,
    deployed: `Interrupted; the stack is up, and what comes after it (publishing the catalog, trying it) was not seen to its end. To publish what is missing: ${again} (${status} shows how it is).`,
  };
  report.say(words[phase]);
}

/** An error that ends a run half-way, with what it leaves and how to come back; every other one as it is. */
export function cutOff({ report, phase, flags }: DeployRun, error: unknown): unknown {
  const left = leftBy(phase, flags);
  if (left === undefined) return error;
  const again = `okta-otp deploy${sameEnvironment(flags)}`;
  report.event('interrupted', { phase, goesOn: phase === 'going-on', again });
  if (error instanceof OktaOtpError) {
    // After an hour and a half the same stands in its own hint.
    if (error.code === 'stack-timeout') return error;
    return withHint(error, error.hint === undefined ? left : `${error.hint}; ${left}`);
  }
  report.say(left);
  return error;
}

function leftBy(phase: DeployPhase, flags: DeployFlags): string | undefined {
  const again = `okta-otp deploy${sameEnvironment(flags)}`;
  switch (phase) {
    case 'nothing':
      return undefined;
    case 'going-on':
      return `CloudFormation goes on meanwhile: ${again} attaches to it, okta-otp status${sameEnvironment(flags)} shows it`;
    case 'went-back':
      return `the stack is back where it was before the update that failed: ${again} goes on from there`;
    case 'deleted':
      return `the old stack is deleted, and there is no new one: ${again} creates it`;
    case 'deployed':
      return `the stack is up: ${again} publishes what is missing`;
  }
}
