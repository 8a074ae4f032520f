import type { DeployedStack } from '../aws/stack.ts';
import type { CatalogFile } from '../core/catalog.ts';
import { isObject, parseJson } from '../core/decode.ts';
import { OktaOtpError } from '../core/error.ts';
import type { SmokeResult } from '../deploy/smoke-check.ts';
import { smokeCheck } from '../deploy/smoke-check.ts';
import { pushCatalog } from './commands/catalog-push.ts';
import type { Context } from './context.ts';
import type { DeployReport } from './deploy-report.ts';
import type { Deployment } from './deployment.ts';
import { sameEnvironment } from './deployment.ts';
import type { DeployFlags } from './describe/deploy.ts';
import type { ExitCode } from './exit.ts';
import { exit } from './exit.ts';
import { inTime } from './in-time.ts';
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

/** Region and profile as flags, which are left out where there are none. */
export const reachable = ({ region, profile }: Deployment['access']) => ({
  ...(region === undefined ? {} : { region }),
  ...(profile === undefined ? {} : { profile }),
});

export interface Finishing {
  readonly stack: DeployedStack;
  readonly flags: DeployFlags;
  readonly report: DeployReport;
}

/** Once the stack stands: publishes the catalog, tries whether all of it works, and says what to do next. */
export async function finishDeployment(
  context: Context,
  deployment: Deployment,
  { stack, flags, report }: Finishing,
): Promise<ExitCode> {
  await publish(context, deployment, { stack, report });
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
    json: report.isJson,
  };
  await pushCatalog({ ...context, stdout }, given);
  const parsed = parseJson(printed);
  if (parsed.ok && isObject(parsed.value)) report.event('catalog', parsed.value);
}

async function trySmoke(
  context: Context,
  { access }: Deployment,
  outputs: Readonly<Record<string, string>>,
): Promise<readonly SmokeResult[]> {
  const functions = await context.services.openFunctions(access);
  try {
    const target = {
      hookUrl: outputs['HookUrl'] ?? '',
      senderAlias: outputs['SenderFunctionAlias'] ?? '',
      authorizerAlias: outputs['AuthorizerFunctionAlias'] ?? '',
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
