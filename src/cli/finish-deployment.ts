import type { DeployedStack } from '../aws/stack.ts';
import type { CatalogFile } from '../core/catalog.ts';
import { isObject, parseJson } from '../core/decode.ts';
import { OktaOtpError } from '../core/error.ts';
import type { SmokeResult } from '../deploy/smoke-check.ts';
import { smokeCheck } from '../deploy/smoke-check.ts';
import { pushCatalog, validCatalog } from './commands/catalog-push.ts';
import type { Context } from './context.ts';
import type { DeployReport } from './deploy-report.ts';
import type { Deployment } from './deployment.ts';
import { sameAccount, sameEnvironment } from './deployment.ts';
import type { DeployFlags } from './describe/deploy.ts';
import type { ExitCode } from './exit.ts';
import { exit } from './exit.ts';
import { inTime } from './in-time.ts';
import type { PreparedDeployment } from './prepare-deployment.ts';
import { compareBlocks, isEmpty } from './protect-blocks.ts';
import { withCatalogStore } from './published-catalog.ts';

/** The files of the active version of a deployed catalog; none where nothing was published, or it is damaged. */
export async function publishedFiles(
  context: Context,
  { access }: Pick<Deployment, 'access'>,
  outputs: Readonly<Record<string, string>>,
): Promise<readonly CatalogFile[]> {
  const table = outputs['CatalogTableName'];
  if (table === undefined) return [];
  return await withCatalogStore(context, { table, ...reachable(access) }, async (store) => {
    const active = await store.active();
    if (active === undefined) return [];
    try {
      return await store.files(active);
    } catch (error) {
      if (error instanceof OktaOtpError && error.code === 'catalog-unsound') return [];
      throw error;
    }
  });
}

export interface BlocksOptions {
  readonly outputs: Readonly<Record<string, string>>;
  readonly prepared: Pick<PreparedDeployment, 'catalog'>;
  readonly report: DeployReport;
  readonly flags: DeployFlags;
}

/**
 * Says when the protect configuration blocks otherwise than the catalog. It is left as it is: an emergency block, set by
 * hand, may be what differs.
 */
export async function tellBlocks(
  context: Context,
  { access }: Pick<Deployment, 'access'>,
  { outputs, prepared, report, flags }: BlocksOptions,
): Promise<void> {
  const configuration = outputs['ProtectConfigurationId'];
  if (configuration === undefined) return;
  const { originationIdentities: identities } = validCatalog(prepared.catalog);
  const reached = { ...reachable(access), json: report.isJson };
  try {
    if (isEmpty(await compareBlocks(context, reached, { configuration, identities }))) return;
    report.say(
      `The protect configuration blocks otherwise than the catalog: okta-otp catalog push${sameAccount(flags)} shows how, and asks.`,
    );
    report.event('blocks', { differ: true });
  } catch (error) {
    if (!(error instanceof OktaOtpError)) throw error;
    const words = `The protect configuration could not be compared with the catalog (${error.message}).`;
    report.say(words);
    report.event('notice', { about: 'blocks', words });
  }
}

/** Region and profile as flags, which are left out where there are none. */
export const reachable = ({ region, profile }: Deployment['access']) => ({
  ...(region === undefined ? {} : { region }),
  ...(profile === undefined ? {} : { profile }),
});

export interface Finishing {
  readonly prepared: Pick<PreparedDeployment, 'catalog'>;
  /** The catalog differs from what is published. */
  readonly hasNewCatalog: boolean;
  readonly stack: DeployedStack;
  readonly flags: DeployFlags;
  readonly report: DeployReport;
}

/** Once the stack stands: publishes the catalog, tries whether all of it works, and says what to do next. */
export async function finishDeployment(
  context: Context,
  deployment: Deployment,
  { stack, flags, report, prepared, hasNewCatalog }: Finishing,
): Promise<ExitCode> {
  if (hasNewCatalog) await publish(context, deployment, { stack, report });
  else await tellBlocks(context, deployment, { outputs: stack.outputs, prepared, report, flags });
  const results = await trySmoke(context, deployment, stack.outputs);
  for (const { check, result, words } of results) report.say(`${marks[result]} ${check}: ${words}`);
  const isGood = results.every(({ result }) => result !== 'bad');
  const next = nextStep(deployment, flags);
  report.event('smoke', { results });
  report.event('done', { changed: true, good: isGood, outputs: stack.outputs, next });
  if (!report.isJson) {
    context.stdout.write(`${stack.outputs['HookUrl'] ?? ''}\n`);
    report.say(
      isGood ? `Deployed. ${next}` : `Deployed, and not well: see above, and okta-otp status${sameEnvironment(flags)}.`,
    );
  }
  return isGood ? exit.done : exit.notGood;
}

const marks = { good: 'ok', warning: 'note', bad: 'BAD' } as const;

/** As `catalog push` does it; its document becomes one of the stream. */
async function publish(
  context: Context,
  { access, catalogFolder }: Deployment,
  { stack, report }: Pick<Finishing, 'stack' | 'report'>,
): Promise<void> {
  let printed = '';
  const stdout = {
    ...context.stdout,
    write: (text: string) => {
      printed += text;
    },
  };
  const table = stack.outputs['CatalogTableName'] ?? '';
  const protectConfiguration = stack.outputs['ProtectConfigurationId'];
  const given = {
    dir: catalogFolder,
    table,
    ...reachable(access),
    ...(protectConfiguration === undefined ? {} : { protectConfiguration }),
    yes: true,
    // Was agreed to with the plan.
    switchOn: true,
    json: report.isJson,
  };
  await pushCatalog({ ...context, stdout }, given);
  const parsed = parseJson(printed);
  if (parsed.ok && isObject(parsed.value)) report.event('catalog', parsed.value);
}

async function trySmoke(
  context: Context,
  { access, environment }: Deployment,
  outputs: Readonly<Record<string, string>>,
): Promise<readonly SmokeResult[]> {
  const functions = await context.services.openFunctions(access);
  try {
    const target = {
      hookUrl: outputs['HookUrl'] ?? '',
      senderAlias: outputs['SenderFunctionAlias'] ?? '',
      authorizerAlias: outputs['AuthorizerFunctionAlias'] ?? '',
      hasAllowList: environment.api.allowedAddresses.length > 0,
    };
    const { clock, newId, services } = context;
    const post = (url: string, signal: AbortSignal) =>
      inTime({ clock, signal }, (inner) => services.postEmpty(url, inner));
    return await smokeCheck({ functions, post, clock, newId }, target, context.signal);
  } finally {
    functions.close();
  }
}

/** Until the token's settings are known the authorizer lets nobody in, so that they come first. */
function nextStep({ environment }: Deployment, flags: DeployFlags): string {
  const { clientIds, scope } = environment.okta;
  return clientIds.length === 0 || scope === undefined
    ? `Next: put clientIds and scope of the Okta hook into okta-otp.json, then okta-otp deploy${sameEnvironment(flags)}`
    : `Next: give the URL to the Okta hook, then okta-otp status${sameEnvironment(flags)}`;
}
