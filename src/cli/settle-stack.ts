import type { DeployedStack } from '../aws/stack.ts';
import { OktaOtpError } from '../core/error.ts';
import { canaryIn } from '../deploy/canary.ts';
import { hasSucceeded, isStanding, stepFor } from '../deploy/stack-state.ts';
import { lastEventOf, watchStack } from '../deploy/watch-stack.ts';
import type { DeployRun } from './deploy-run.ts';
import { setToWork } from './deploy-run.ts';
import type { Deployment } from './deployment.ts';
import { awsOptions } from './deployment.ts';
import { shiftNotes } from './plan-canary.ts';
import { confirm } from './published-catalog.ts';
import { printableReason } from './stack-progress.ts';
import { stayingLines, stayingOf } from './staying.ts';
import { typesName } from './type-name.ts';

/** What has to be done about a stack before it takes a change. */
type InTheWay = 'replace' | 'continue-rollback';

/** The stack is ready for a change set, or stands in the way of one, or the person said no. */
export type Settled =
  | { readonly kind: 'ready'; readonly stack: DeployedStack | undefined }
  | { readonly kind: 'in-the-way'; readonly stack: DeployedStack; readonly step: InTheWay }
  | { readonly kind: 'declined' };

/** Brings a stack out of every state into one that takes a change; with `--dry-run` it only waits, and changes nothing. */
export async function settleStack(run: DeployRun, deployment: Deployment): Promise<Settled> {
  const { context, flags, report } = run;
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
      if (failure !== undefined && !hasSucceeded(status)) {
        const reason = printableReason(failure.reason ?? '');
        const runs = isStanding(status) ? '; the stack is up, with what it had before' : '';
        report.say(`It failed because of ${failure.logicalId}: ${reason}${runs}`);
        report.event('stack', { status, failed: failure.logicalId, reason });
      }
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
      const before = run.phase;
      run.phase = 'going-on';
      await follow(stack, undefined);
      run.phase = before;
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
    if (flags.dryRun === true) return { kind: 'in-the-way', stack, step };
    report.say(`The stack is ${stack.status}.`);
    const staying =
      step === 'replace' ? stayingOf(await stacks.resources(stack.id, signal), awsOptions(deployment.access)) : [];
    if (staying.length > 0) {
      report.say(
        ['What stays when it is deleted, and is no part of the new one:', ...stayingLines(staying)].join('\n'),
      );
      report.event('staying', { staying });
    }
    if (!(await agrees(run, deployment, { stack, step }))) return { kind: 'declined' };
    const since = await lastEventOf(stacks, stack.id, signal);
    const token = context.newId();
    await setToWork(run, signal, () =>
      step === 'replace' ? stacks.remove(stack.id, token, signal) : stacks.continueRollback(stack.id, token, signal),
    );
    const status = await follow(stack, since);
    if (stepFor(status) === step) {
      run.phase = 'nothing';
      throw new OktaOtpError('stack-stuck', `the stack is still ${printableReason(status)}`, {
        hint: "see above which resource failed; then look at it in CloudFormation's console",
      });
    }
    run.phase = step === 'replace' ? 'deleted' : 'went-back';
  }
}

/** To end a rollback takes a yes; what deletes a production environment, even what is left of one, takes its name. */
async function agrees(
  { context, flags, report }: DeployRun,
  { environment }: Deployment,
  { stack, step }: { readonly stack: DeployedStack; readonly step: InTheWay },
): Promise<boolean> {
  const { why, question } = stack.status === 'DELETE_FAILED' ? questions['delete-failed'] : questions[step];
  if (step !== 'replace' || !environment.production || flags.yes === true) {
    return await confirm(context, flags, { question: `${why} ${question}`, command: 'deploy' });
  }
  report.say(why);
  if (await typesName(context, environment.name, 'delete it, and create it anew')) return true;
  report.say('Nothing was changed.');
  return false;
}

const questions = {
  'delete-failed': {
    why: 'Somebody began to delete it, and what is left can only be deleted.',
    question: 'Delete it, and create it anew?',
  },
  replace: { why: 'It can only be deleted and created anew; nothing runs in it.', question: 'Delete it?' },
  'continue-rollback': {
    why: 'An update failed, and so did going back.',
    question: 'Go on with going back?',
  },
} as const;
