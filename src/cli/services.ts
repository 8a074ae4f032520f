import type { Alarm } from '../aws/alarms.ts';
import type { ApiLoggingRole, ApiLoggingRoleOptions } from '../aws/api-logging-role.ts';
import type { Artifacts, ArtifactsOptions } from '../aws/artifacts.ts';
import type { Caller } from '../aws/caller.ts';
import type { CatalogStore, CatalogStoreOptions } from '../aws/catalog-store.ts';
import type { DryRun, DryRunOptions } from '../aws/dry-run.ts';
import type { FailureReader, FailureReaderOptions } from '../aws/failure-reader.ts';
import type { Functions } from '../aws/function-alias.ts';
import type { FunctionInvoker, FunctionInvokerOptions } from '../aws/function-invoker.ts';
import type { GuidanceTable, GuidanceTableOptions } from '../aws/guidance-table.ts';
import type { MessagingAccount, MessagingAccountOptions } from '../aws/messaging-account.ts';
import type { OperatorAccess } from '../aws/operator.ts';
import type { ReceiptReader, ReceiptReaderOptions } from '../aws/receipt-reader.ts';
import type { StackApi } from '../aws/stack.ts';
import type { Dev, DevOptions } from '../dev/dev.ts';
import type { LocalCloud, LocalCloudOptions } from '../local/cloud.ts';
import type { ClientCredentials, TokenAnswer, TokenRequestDeps } from '../okta/client-credentials.ts';

/** What commands work with beyond the CLI itself; every part is imported when it is first called. */
export interface Services {
  startLocalCloud(options: LocalCloudOptions): Promise<LocalCloud>;
  startDev(options: DevOptions): Promise<Dev>;
  requestAccessToken(credentials: ClientCredentials, deps: TokenRequestDeps): Promise<TokenAnswer>;
  openDryRun(options: DryRunOptions): Promise<DryRun>;
  openFailureReader(options: FailureReaderOptions): Promise<FailureReader>;
  openCatalogStore(options: CatalogStoreOptions): Promise<CatalogStore>;
  readCaller(access: OperatorAccess, signal: AbortSignal): Promise<Caller>;
  openStacks(access: OperatorAccess): Promise<StackApi>;
  openArtifacts(options: ArtifactsOptions): Promise<Artifacts>;
  openFunctions(access: OperatorAccess): Promise<Functions>;
  openApiLoggingRole(options: ApiLoggingRoleOptions): Promise<ApiLoggingRole>;
  readAlarms(access: OperatorAccess, names: readonly string[], signal: AbortSignal): Promise<readonly Alarm[]>;
  removeTables(access: OperatorAccess, names: readonly string[], signal: AbortSignal): Promise<void>;
  /** Posts an empty JSON document without a token and gives the HTTP status. */
  postEmpty(url: string, signal: AbortSignal): Promise<number>;
  openFunctionInvoker(options: FunctionInvokerOptions): Promise<FunctionInvoker>;
  openReceiptReader(options: ReceiptReaderOptions): Promise<ReceiptReader>;
  openMessagingAccount(options: MessagingAccountOptions): Promise<MessagingAccount>;
  /** The Region that environment or profile name. */
  configuredRegion(profile: string | undefined): Promise<string | undefined>;
  openGuidanceTable(options: GuidanceTableOptions): Promise<GuidanceTable>;
  /** Lets a person edit a file; gives the exit code of the editor, whose command may have arguments. */
  openEditor(editor: string, file: string): Promise<number>;
  /** The name that git knows the person by; undefined without git or without a name. */
  gitAuthor(cwd: string): Promise<string | undefined>;
}

export const lazyServices: Services = {
  async startLocalCloud(options) {
    const { startLocalCloud } = await import('../local/cloud.ts');
    return await startLocalCloud(options);
  },
  async startDev(options) {
    const { startDev } = await import('../dev/dev.ts');
    return await startDev(options);
  },
  async requestAccessToken(credentials, deps) {
    const { requestAccessToken } = await import('../okta/client-credentials.ts');
    return await requestAccessToken(credentials, deps);
  },
  async openDryRun(options) {
    const { createDryRun } = await import('../aws/dry-run.ts');
    return createDryRun(options);
  },
  async openFailureReader(options) {
    const { createFailureReader } = await import('../aws/failure-reader.ts');
    return createFailureReader(options);
  },
  async openCatalogStore(options) {
    const { createCatalogStore } = await import('../aws/catalog-store.ts');
    return createCatalogStore(options);
  },
  async readCaller(access, signal) {
    const { readCaller } = await import('../aws/caller.ts');
    return await readCaller(access, signal);
  },
  async openStacks(access) {
    const { createStackApi } = await import('../aws/stack.ts');
    return createStackApi(access);
  },
  async openArtifacts(options) {
    const { createArtifacts } = await import('../aws/artifacts.ts');
    return createArtifacts(options);
  },
  async openFunctions(access) {
    const { createFunctions } = await import('../aws/function-alias.ts');
    return createFunctions(access);
  },
  async openApiLoggingRole(options) {
    const { createApiLoggingRole } = await import('../aws/api-logging-role.ts');
    return createApiLoggingRole(options);
  },
  async readAlarms(access, names, signal) {
    const { readAlarms } = await import('../aws/alarms.ts');
    return await readAlarms(access, names, signal);
  },
  async removeTables(access, names, signal) {
    const { removeTables } = await import('../aws/remove-tables.ts');
    await removeTables(access, names, signal);
  },
  async postEmpty(url, signal) {
    const headers = { 'content-type': 'application/json' };
    const { status, body } = await fetch(url, { method: 'POST', headers, body: '{}', signal });
    await body?.cancel();
    return status;
  },
  async configuredRegion(profile) {
    const { configuredRegion } = await import('../aws/caller.ts');
    return await configuredRegion(profile);
  },
  async openFunctionInvoker(options) {
    const { createFunctionInvoker } = await import('../aws/function-invoker.ts');
    return createFunctionInvoker(options);
  },
  async openReceiptReader(options) {
    const { createReceiptReader } = await import('../aws/receipt-reader.ts');
    return createReceiptReader(options);
  },
  async openMessagingAccount(options) {
    const { createMessagingAccount } = await import('../aws/messaging-account.ts');
    return createMessagingAccount(options);
  },
  async openGuidanceTable(options) {
    const { createGuidanceTable } = await import('../aws/guidance-table.ts');
    return createGuidanceTable(options);
  },
  async openEditor(editor, file) {
    const { openEditor } = await import('./editor.ts');
    return await openEditor(editor, file);
  },
  async gitAuthor(cwd) {
    const { gitAuthor } = await import('./git-author.ts');
    return await gitAuthor(cwd);
  },
};
