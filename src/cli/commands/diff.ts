import type { DeployedStack } from '../../aws/stack.ts';
import { diffCatalogs } from '../../core/catalog-diff.ts';
import { compareTemplates } from '../../deploy/compare-templates.ts';
import { changedParameters, isUnchanged } from '../../deploy/is-unchanged.ts';
import { planOfTemplate, toPlan } from '../../deploy/plan.ts';
import { hasSucceeded, isStanding, stepFor } from '../../deploy/stack-state.ts';
import type { Context } from '../context.ts';
import { withDeployment } from '../deployment.ts';
import type { DiffFlags } from '../describe/deploy.ts';
import type { ExitCode } from '../exit.ts';
import { exit } from '../exit.ts';
import { publishedFiles } from '../finish-deployment.ts';
import { prepareDeployment } from '../prepare-deployment.ts';
import { renderPlan } from '../render-plan.ts';

/** Shows what a deployment would change, by reading alone; ends with 3 when it is asked to and there is something. */
export async function diff(context: Context, flags: DiffFlags): Promise<ExitCode> {
  return await withDeployment(context, flags, async (deployment) => {
    const { stacks, environment } = deployment;
    const found = await stacks.find(environment.stackName, context.signal);
    const stack = found !== undefined && isComparable(found.status) ? found : undefined;
    const notices: string[] = [];
    const warn = (words: string) => {
      notices.push(words);
      if (flags.json !== true) context.stderr.write(`${words}\n`);
    };
    if (found !== undefined && !hasSucceeded(found.status)) warn(conditionOf(found.status));
    // Whether the last deployment went out slowly says nothing of what is there.
    const prepared = await prepareDeployment(context, deployment, { stack, canary: false, warn });
    const before = stack && (await stacks.template(stack.name, context.signal));
    const isSame = stack !== undefined && before !== undefined && isUnchanged(asRestored(stack), before, prepared);
    const parameters = stack === undefined ? [] : changedParameters(stack, prepared);
    const was = stack && before !== undefined ? { ...stack, template: before } : undefined;
    const resources =
      was === undefined
        ? planOfTemplate(prepared)
        : toPlan(compareTemplates(was, prepared, parameters), {
            before: was,
            after: prepared,
            changedParameters: parameters,
          });
    const published = stack === undefined ? [] : await publishedFiles(context, deployment, stack.outputs);
    const catalog = diffCatalogs(published, prepared.catalog);
    const differs = !isSame || catalog.length > 0;
    if (flags.json === true) {
      const status = found?.status ?? null;
      context.stdout.write(`${JSON.stringify({ differs, status, resources, parameters, catalog, notices })}\n`);
    } else if (differs) {
      if (parameters.length > 0) context.stdout.write(`Parameters that differ: ${parameters.join(', ')}\n`);
      context.stdout.write(renderPlan(isSame ? [] : resources, catalog, context.stdout));
    } else {
      context.stderr.write('No difference.\n');
    }
    return differs && flags.exitCode === true ? exit.notGood : exit.done;
  });
}

/** It has a template that counts: what stands, and what is being brought up to date. */
const isComparable = (status: string) => isStanding(status) || /^(CREATE|UPDATE|IMPORT)_.*IN_PROGRESS$/.test(status);

function conditionOf(status: string): string {
  if (status === 'REVIEW_IN_PROGRESS') return 'The stack is empty: a change set was made for it, and never executed.';
  const step = stepFor(status);
  if (step === 'wait') return `The stack is ${status}: this is what differs from where it is going.`;
  if (step === 'replace') return `The stack is ${status}: a deployment would delete it first, and create all of it.`;
  return `The stack is ${status}.`;
}

/** What was rolled back is as it was before: that an update failed is no difference. */
const asRestored = (stack: DeployedStack): DeployedStack =>
  /^(UPDATE|IMPORT)_ROLLBACK_COMPLETE$/.test(stack.status) ? { ...stack, status: 'UPDATE_COMPLETE' } : stack;
