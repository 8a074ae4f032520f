import type { DeployedStack } from '../aws/stack.ts';
import { OktaOtpError } from '../core/error.ts';
import { canaryIn } from '../deploy/canary.ts';
import { hasSucceeded, stepFor } from '../deploy/stack-state.ts';
import { lastEventOf, watchStack } from '../deploy/watch-stack.ts';
import type { Context } from './context.ts';
import type { DeployReport } from './deploy-report.ts';
import type { Deployment } from './deployment.ts';
import type { DeployFlags } from './describe/deploy.ts';
import { shiftNotes } from './plan-canary.ts';
import { confirm } from './published-catalog.ts';
import { printableReason } from './stack-progress.ts';
import { stayingLines, stayingOf } from './staying.ts';

/** The stack is ready for a change set, or stands in the way of one, or the person said no. */
export type Settled =
  | { readonly kind: 'ready'; readonly stack: DeployedStack | undefined }
  | { readonly kind: 'in-the-way'; readonly stack: DeployedStack }
  | { readonly kind: 'declined' };

/** Brings a stack out of every state into one that takes a change; with `--dry-run` it only waits, and changes nothing. */
export async function settleStack(
  context: Context,
  deployment: Deployment,
  { flags, report }: { readonly flags: DeployFlags; readonly report: DeployReport },
): Promise<Settled> {
  const { stacks, environment } = deployment;
  const { signal } = context;
  const follow = async (stack: DeployedStack, since: string | undefined) => {
    const isShifting = stack.status === 'UPDATE_IN_PROGRESS' && stack.parameters['Canary'] === 'true';
    const canary = isShifting ? canaryIn(await stacks.template(stack.name, signal)) : undefined;
    const progress = report.progress(0, shiftNotes(canary));
    try {
      const { onEvent } = progress;
      const { failure, status } = await watchStack(
        { stacks, clock: context.clock },
        { stackId: stack.id, since, onEvent },
        signal,
      );
      progress.end();
      if (failure !== undefined && !hasSucceeded(status))
        report.say(`It failed because of ${failure.logicalId}: ${printableReason(failure.reason ?? '')}`);
      return status;
    } finally {
      progress.end();
    }
  };

  for (;;) {
    const stack = await stacks.find(environment.stackName, signal);
    const step = stepFor(stack?.status);
    if (stack?.status === 'REVIEW_IN_PROGRESS') {
      const waiting = await stacks.changeSets(stack.id, signal);
      if (waiting.length > 0)
        report.say(
          `The stack is empty, and a change set waits in it that a deployment deletes: ${printableReason(waiting.map(({ name }) => name).join(', '))}.`,
        );
    }
    if (stack === undefined || step === 'create' || step === 'update') return { kind: 'ready', stack };
    report.event('stack', { status: stack.status, step });
    if (step === 'wait') {
      report.say(`The stack is ${stack.status}: waiting until that is over.`);
      await follow(stack, undefined);
      continue;
    }
    if (step === 'by-hand') {
      throw new OktaOtpError(
        'stack-stuck',
        `the stack is ${printableReason(stack.status)}, which has to be settled by hand`,
        {
          hint: "look at its events in CloudFormation's console",
        },
      );
    }
    if (flags.dryRun === true) return { kind: 'in-the-way', stack };
    report.say(`The stack is ${stack.status}.`);
    const staying = step === 'replace' ? stayingOf(await stacks.resources(stack.id, signal)) : [];
    if (staying.length > 0) {
      report.say(
        ['What stays when it is deleted, and is no part of the new one:', ...stayingLines(staying)].join('\n'),
      );
      report.event('staying', { staying });
    }
    const question = stack.status === 'DELETE_FAILED' ? questions['delete-failed'] : questions[step];
    if (!(await confirm(context, flags, { question, command: 'deploy' }))) return { kind: 'declined' };
    const since = await lastEventOf(stacks, stack.id, signal);
    if (step === 'replace') await stacks.remove(stack.id, context.newId(), signal);
    else await stacks.continueRollback(stack.id, context.newId(), signal);
    const status = await follow(stack, since);
    if (stepFor(status) === step) {
      throw new OktaOtpError('stack-stuck', `the stack is still ${printableReason(status)}`, {
        hint: "see above which resource failed; then look at it in CloudFormation's console",
      });
    }
  }
}

const questions = {
  'delete-failed': 'Somebody began to delete it, and what is left can only be deleted. Delete it, and create it anew?',
  replace: 'It can only be deleted and created anew; nothing runs in it. Delete it?',
  'continue-rollback': 'An update failed, and so did going back. Go on with going back?',
} as const;
