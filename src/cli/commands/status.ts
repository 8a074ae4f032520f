import type { Alarm } from '../../aws/alarms.ts';
import type { FunctionAlias } from '../../aws/function-alias.ts';
import type { DeployedStack } from '../../aws/stack.ts';
import { OktaOtpError } from '../../core/error.ts';
import { isStanding, stepFor } from '../../deploy/stack-state.ts';
import type { Context } from '../context.ts';
import type { Deployment } from '../deployment.ts';
import { sameEnvironment, withDeployment } from '../deployment.ts';
import type { StackFlags } from '../describe/deploy.ts';
import type { ExitCode } from '../exit.ts';
import { exit } from '../exit.ts';
import { reachable } from '../finish-deployment.ts';
import { inTime } from '../in-time.ts';
import { withCatalogStore } from '../published-catalog.ts';
import { renderStatus } from '../render-status.ts';
import type { Standing } from '../spend-limits.ts';
import { readStanding } from '../spend-limits.ts';

/** A part of the status, or why it could not be read: one that cannot must not hide the others. */
export type Part<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly why: string };

export interface EnvironmentStatus {
  readonly environment: string;
  readonly account: string;
  readonly region: string;
  readonly stack: Pick<DeployedStack, 'name' | 'status' | 'reason' | 'changedAt' | 'outputs'>;
  readonly sender: Part<FunctionAlias | undefined>;
  readonly authorizer: Part<FunctionAlias | undefined>;
  readonly catalog: Part<{ readonly version: number; readonly since: number } | undefined>;
  readonly failures: Part<number>;
  readonly alarms: Part<readonly Alarm[]>;
  readonly messaging: Standing;
  /** What somebody should look at, in words. */
  readonly notWell: readonly string[];
}

/** Shows what is deployed and whether it is well; ends with 3 when it is not. */
export async function showStatus(context: Context, flags: StackFlags): Promise<ExitCode> {
  return await withDeployment(context, flags, async (deployment) => {
    const { stacks, environment } = deployment;
    const stack = await stacks.find(environment.stackName, context.signal);
    if (stack === undefined || stack.status === 'REVIEW_IN_PROGRESS') {
      if (flags.json === true)
        context.stdout.write(`${JSON.stringify({ environment: environment.name, stack: null })}\n`);
      else context.stderr.write(`Nothing is deployed yet: okta-otp deploy${sameEnvironment(flags)}\n`);
      return exit.notGood;
    }
    const status = await readStatus(context, deployment, stack);
    if (flags.json === true) context.stdout.write(`${JSON.stringify(status)}\n`);
    else context.stdout.write(renderStatus(status, context));
    return status.notWell.length === 0 ? exit.done : exit.notGood;
  });
}

async function readStatus(
  context: Context,
  deployment: Deployment,
  { name, status, reason, changedAt, outputs, id }: DeployedStack,
): Promise<EnvironmentStatus> {
  const { access, environment, caller, region, stacks } = deployment;
  const { services, signal, clock } = context;
  const functions = await services.openFunctions(access);
  const alias = async (output: string) => await part(functions.alias(outputs[output] ?? '', signal));
  const readable = isStanding(status) || stepFor(status) === 'wait';
  try {
    const [sender, authorizer, catalog, failures, alarms, messaging] = await Promise.all([
      alias('SenderFunctionAlias'),
      alias('AuthorizerFunctionAlias'),
      part(activeCatalog(context, access, outputs['CatalogTableName'])),
      part(queueDepth(context, access, outputs['FailuresQueueUrl'])),
      part(
        stacks.resources(id, signal).then((resources) => {
          const names = resources.filter(({ type }) => type === 'AWS::CloudWatch::Alarm').map((of) => of.physicalId);
          return services.readAlarms(access, names, signal);
        }),
      ),
      readStanding({ ...context, clock }, deployment),
    ]);
    const known = { sender, authorizer, catalog, alarms };
    return {
      environment: environment.name,
      account: caller.account,
      region,
      stack: { name, status, reason, changedAt, outputs },
      ...known,
      failures,
      messaging,
      notWell:
        readable && stepFor(status) === 'update' && status !== 'UPDATE_FAILED'
          ? problemsOf(known)
          : [`the stack is ${status}`, ...problemsOf(known)],
    };
  } finally {
    functions.close();
  }
}

type Known = Pick<EnvironmentStatus, 'sender' | 'authorizer' | 'catalog' | 'alarms'>;

function problemsOf({ sender, authorizer, catalog, alarms }: Known): readonly string[] {
  const ringing = alarms.ok ? alarms.value.filter(({ state }) => state === 'alarm') : [];
  return [
    ...(sender.ok && sender.value === undefined ? ['the sender has no alias'] : []),
    ...(authorizer.ok && authorizer.value === undefined ? ['the authorizer has no alias'] : []),
    ...(catalog.ok && catalog.value === undefined ? ['no catalog is published'] : []),
    ...ringing.map(({ name }) => `alarm ${name}`),
  ];
}

async function part<T>(read: Promise<T>): Promise<Part<T>> {
  try {
    return { ok: true, value: await read };
  } catch (error) {
    if (!(error instanceof OktaOtpError)) throw error;
    return { ok: false, why: error.message };
  }
}

async function activeCatalog(context: Context, access: Deployment['access'], table: string | undefined) {
  if (table === undefined) return undefined;
  const active = await withCatalogStore(context, { table, ...reachable(access) }, (store) => store.active());
  return active && { version: active.number, since: active.since };
}

async function queueDepth(context: Context, { region, profile }: Deployment['access'], queueUrl: string | undefined) {
  if (queueUrl === undefined) return 0;
  const reader = await context.services.openFailureReader({ queueUrl, region, profile, clock: context.clock });
  try {
    const { visible, hidden } = await inTime(context, (signal) => reader.count(signal));
    return visible + hidden;
  } finally {
    reader.close();
  }
}
