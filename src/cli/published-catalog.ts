import type { CatalogStore } from '../aws/catalog-store.ts';
import type { CatalogFile } from '../core/catalog.ts';
import { UsageError } from '../core/error.ts';
import type { Context } from './context.ts';
import { deployedEnvironment } from './deployed-environment.ts';
import { catalogFolderOf, refuseUnnamed } from './environments.ts';
import { inTime } from './in-time.ts';
import type { Workspace } from './workspace.ts';
import { openWorkspace } from './workspace.ts';

/** As commander has parsed them. */
export interface CatalogFlags {
  readonly dir?: string;
  readonly table?: string;
  /** Of `okta-otp.json`, whose stack says which table it is. */
  readonly env?: string;
  readonly region?: string;
  readonly profile?: string;
  readonly json?: boolean;
  readonly protectConfiguration?: string;
}

export interface CatalogDiffFlags extends CatalogFlags {
  readonly exitCode?: boolean;
}

export interface CatalogPullFlags extends CatalogFlags {
  readonly yes?: boolean;
}

export interface CatalogChangeFlags extends CatalogPullFlags {
  readonly switchOn?: boolean;
  readonly author?: string;
}

/** Opens the catalog table for as long as `use` takes; each of its requests ends in time. */
export async function withCatalogStore<T>(
  context: Context,
  flags: CatalogFlags,
  use: (store: TimedStore) => Promise<T>,
): Promise<T> {
  const { table = '', region, profile } = await fromDeployed(context, flags);
  // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html
  if (!/^[\w.-]{3,255}$/.test(table)) {
    const hint = "pass --table or --env, or set OKTA_OTP_CATALOG_TABLE, as in the sender's own environment";
    if (table === '') throw new UsageError('catalog-table-missing', 'the catalog table is not known', { hint });
    throw new UsageError('catalog-table-invalid', 'the name of the catalog table is not one that DynamoDB allows', {
      hint,
    });
  }
  const store = await context.services.openCatalogStore({ table, region, profile });
  const timed: TimedStore = {
    active: () => inTime(context, (signal) => store.active(signal)),
    versions: (active) => inTime(context, (signal) => store.versions(active, signal)),
    files: (version) => inTime(context, (signal) => store.files(version, signal)),
    publish: (publication) => inTime(context, (signal) => store.publish(publication, signal)),
    activate: (activation) => inTime(context, (signal) => store.activate(activation, signal)),
    prune: () => inTime(context, (signal) => store.prune(signal)),
  };
  try {
    return await use(timed);
  } finally {
    store.close();
  }
}

/**
 * Completes the options by what the deployed stack says: its table, Region, profile and protect configuration. Options that
 * name a table stay as they are.
 */
export async function fromDeployed<F extends CatalogFlags>(context: Context, flags: F): Promise<F> {
  const named = flags.table ?? (flags.env === undefined ? context.env['OKTA_OTP_CATALOG_TABLE'] : undefined) ?? '';
  if (named !== '' || flags.table !== undefined) return { ...flags, table: named };
  const deployed = await deployedEnvironment(context, flags);
  if (deployed === undefined) {
    await refuseUnnamed(context, flags);
    return flags;
  }
  const { outputs, region, profile } = deployed;
  const { CatalogTableName: table, ProtectConfigurationId: itsOwn } = outputs;
  const protectConfiguration = flags.protectConfiguration ?? itsOwn;
  return {
    ...flags,
    region,
    ...(table === undefined ? {} : { table }),
    ...(profile === undefined ? {} : { profile }),
    ...(protectConfiguration === undefined ? {} : { protectConfiguration }),
  };
}

type WithoutLast<P extends readonly unknown[]> = P extends readonly [...infer Rest, unknown] ? Rest : never;

/** The catalog store, with a time by which each request is over. */
export type TimedStore = {
  readonly [K in Exclude<keyof CatalogStore, 'close'>]: (
    ...args: WithoutLast<Parameters<CatalogStore[K]>>
  ) => ReturnType<CatalogStore[K]>;
};

/** The workspace and its files; throws when there are none, which would be no catalog but a mistyped folder. */
export async function readWorkspace(
  context: Pick<Context, 'cwd'>,
  flags: CatalogFlags,
): Promise<Workspace & { readonly read: readonly CatalogFile[] }> {
  const workspace = openWorkspace(context.cwd, await catalogFolderOf(context, flags));
  const read = await workspace.files();
  if (read.length === 0) {
    throw new UsageError('catalog-empty', 'there is no file of a catalog in the folder', {
      hint: 'name it with --dir, or okta-otp catalog pull',
    });
  }
  return { ...workspace, read };
}

/** Who publishes: the option, then git's name, then the login. */
export async function authorOf(
  { env, cwd, services }: Pick<Context, 'env' | 'cwd' | 'services'>,
  { author }: CatalogChangeFlags,
): Promise<string> {
  const name = author ?? (await services.gitAuthor(cwd)) ?? env['USER'] ?? env['USERNAME'] ?? '';
  return name === '' ? 'unknown' : name.slice(0, 128);
}

/** Asks whether to go on; throws where nobody can be asked and nobody has said yes. */
export async function confirm(
  context: Context,
  { yes }: CatalogPullFlags,
  {
    question,
    command,
    declined = 'Nothing was changed.',
  }: { readonly question: string; readonly command: string; readonly declined?: string },
): Promise<boolean> {
  if (yes === true) return true;
  if (!context.isInteractive) {
    throw new UsageError('confirmation-missing', 'nobody can be asked here whether to go on', {
      hint: `okta-otp ${command} --yes`,
    });
  }
  const typed = await context.ask(`${question} (y/N)`);
  const agreed = /^y(es)?$/i.test(typed.trim());
  if (!agreed) context.stderr.write(`${declined}\n`);
  return agreed;
}
