import type { Alarm } from '../../aws/alarms.ts';
import type { FunctionAlias } from '../../aws/function-alias.ts';
import type { DeployedStack } from '../../aws/stack.ts';
import { OktaOtpError } from '../../core/error.ts';
import { isStanding, stepFor } from '../../deploy/stack-state.ts';
import type { Context } from '../context.ts';
import type { Deployment } from '../deployment.ts';
import { sameAccount, sameEnvironment, withDeployment } from '../deployment.ts';
import type { StackFlags } from '../describe/deploy.ts';
import type { ExitCode } from '../exit.ts';
import { exit } from '../exit.ts';
import { reachable } from '../finish-deployment.ts';
import { inTime } from '../in-time.ts';
import { sendsCodes, switchedOff } from '../kill-switch.ts';
import { withCatalogStore } from '../published-catalog.ts';
import { renderStatus } from '../render-status.ts';
import type { Standing } from '../spend-limits.ts';
import { readStanding } from '../spend-limits.ts';

/** A part of the status, or why it could not be read: one that cannot must not hide the others. */
export type Part<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly why: string; readonly hint: string | undefined };

export interface EnvironmentStatus {
  readonly environment: string;
  readonly account: string;
  readonly region: string;
  readonly stack: Pick<DeployedStack, 'name' | 'status' | 'reason' | 'changedAt' | 'outputs'>;
  readonly sender: Part<FunctionAlias | undefined>;
  readonly authorizer: Part<FunctionAlias | undefined>;
  /** `sends` is undefined for a catalog that cannot be read. */
  readonly catalog: Part<
    { readonly version: number; readonly since: number; readonly sends: boolean | undefined } | undefined
  >;
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
    const status = await readStatus(context, deployment, { stack, flags });
    if (flags.json === true) context.stdout.write(`${JSON.stringify(status)}\n`);
    else context.stdout.write(renderStatus(status, context, sameAccount(flags)));
    return status.notWell.length === 0 ? exit.done : exit.notGood;
  });
}

async function readStatus(
  context: Context,
  deployment: Deployment,
  { stack, flags }: { readonly stack: DeployedStack; readonly flags: StackFlags },
): Promise<EnvironmentStatus> {
  const { name, status, reason, changedAt, outputs, id } = stack;
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
    const parts = { sender, authorizer, catalog, failures, alarms };
    const problems = [
      ...problemsOf(parts, sameAccount(flags)),
      ...unknownOf({ ...parts, messaging: asPart(messaging) }),
      ...(readable ? refusesEverybody(stack, flags) : []),
    ];
    return {
      environment: environment.name,
      account: caller.account,
      region,
      stack: { name, status, reason, changedAt, outputs },
      ...parts,
      messaging,
      notWell:
        readable && stepFor(status) === 'update' && status !== 'UPDATE_FAILED'
          ? problems
          : [`the stack is ${status}`, ...problems],
    };
  } finally {
    functions.close();
  }
}

type Known = Pick<EnvironmentStatus, 'sender' | 'authorizer' | 'catalog' | 'alarms'>;

function problemsOf({ sender, authorizer, catalog, alarms }: Known, same: string): readonly string[] {
  const ringing = alarms.ok ? alarms.value.filter(({ state }) => state === 'alarm') : [];
  return [
    ...(sender.ok && sender.value === undefined ? ['the sender has no alias'] : []),
    ...(authorizer.ok && authorizer.value === undefined ? ['the authorizer has no alias'] : []),
    ...(catalog.ok && catalog.value === undefined ? ['no catalog is published'] : []),
    ...(catalog.ok && catalog.value?.sends === false ? [switchedOff(same)] : []),
    ...(catalog.ok && catalog.value !== undefined && catalog.value.sends === undefined
      ? [`the catalog is not sound: okta-otp catalog status${same}`]
      : []),
    ...ringing.map(({ name }) => `alarm ${name}`),
  ];
}

/** What could not be read may be anything, well and not well: whoever asks has to hear that nobody knows. */
const unknownOf = (parts: Readonly<Record<string, Part<unknown>>>): readonly string[] =>
  Object.entries(parts).flatMap(([name, of]) =>
    of.ok ? [] : [`${name} not known: ${of.why}${of.hint === undefined ? '' : `; ${of.hint}`}`],
  );

const asPart = (standing: Standing): Part<unknown> =>
  standing.tier === undefined
    ? { ok: false, why: standing.why, hint: standing.hint }
    : { ok: true, value: standing.limits };

/** Without them the authorizer cannot tell whose a token is, and lets nobody in. */
function refusesEverybody({ parameters }: DeployedStack, flags: StackFlags): readonly string[] {
  const missing = [
    ...((parameters['ClientIds'] ?? '') === '' ? ['clientIds'] : []),
    ...((parameters['Scope'] ?? '') === '' ? ['scope'] : []),
  ];
  if (missing.length === 0) return [];
  const deploy = `okta-otp deploy${sameEnvironment(flags)}`;
  return [
    `the hook refuses everybody, as it knows no ${missing.join(' and no ')}: put what is missing into okta-otp.json, then ${deploy}`,
  ];
}

async function part<T>(read: Promise<T>): Promise<Part<T>> {
  try {
    return { ok: true, value: await read };
  } catch (error) {
    if (!(error instanceof OktaOtpError)) throw error;
    return { ok: false, why: error.message, hint: error.hint };
  }
}

async function activeCatalog(context: Context, access: Deployment['access'], table: string | undefined) {
  if (table === undefined) return undefined;
  return await withCatalogStore(context, { table, ...reachable(access) }, async (store) => {
    const active = await store.active();
    if (active === undefined) return undefined;
    const files = await store.files(active).catch((error: unknown) => {
      if (error instanceof OktaOtpError && error.code === 'catalog-unsound') return undefined;
      throw error;
    });
    return { version: active.number, since: active.since, sends: files && sendsCodes(files) };
  });
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
