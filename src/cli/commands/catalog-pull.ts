import { diffCatalogs } from '../../core/catalog-diff.ts';
import { OktaOtpError, UsageError } from '../../core/error.ts';
import type { Context } from '../context.ts';
import { catalogFolderOf } from '../environments.ts';
import type { ExitCode } from '../exit.ts';
import { exit } from '../exit.ts';
import type { CatalogPullFlags } from '../published-catalog.ts';
import { confirm, withCatalogStore } from '../published-catalog.ts';
import { renderCatalogDiff } from '../render-catalog-diff.ts';
import { openWorkspace } from '../workspace.ts';

/** The only places in a folder that a table may write to. */
const known = /^(?:(?:settings|originationIdentities|numbers)\.json|templates\/[A-Za-z0-9-]+\.json)$/;

/** Writes the active version's files into the workspace, each as it was pushed. */
export async function pullCatalog(context: Context, flags: CatalogPullFlags): Promise<ExitCode> {
  const workspace = openWorkspace(context.cwd, await catalogFolderOf(context, flags));
  const local = await workspace.files();
  return await withCatalogStore(context, flags, async (store) => {
    const active = await store.active();
    if (active === undefined) {
      throw new UsageError('catalog-unpublished', 'nothing is published yet', { hint: 'okta-otp catalog push' });
    }
    const files = await store.files(active);
    if (!files.every(({ path }) => known.test(path))) {
      throw new OktaOtpError('catalog-path-unknown', `version ${active.number} has a file that no catalog has`, {
        hint: 'okta-otp catalog rollback',
      });
    }
    const changes = diffCatalogs(local, files);
    if (changes.some(({ kind }) => kind !== 'added')) {
      if (flags.json !== true) context.stderr.write(renderCatalogDiff(changes, context.stderr));
      const question = 'Overwrite (~) and remove (-) these files?';
      if (!(await confirm(context, flags, { question, command: 'catalog pull' }))) return exit.interrupted;
    }
    for (const { path, kind } of changes) {
      const file = files.find((pulled) => pulled.path === path);
      if (file !== undefined) await workspace.write(file);
      else if (kind === 'removed') await workspace.remove(path);
    }
    if (flags.json === true) context.stdout.write(`${JSON.stringify({ version: active.number, changes })}\n`);
    else context.stderr.write(`The folder has version ${active.number}; files changed: ${changes.length}.\n`);
    return exit.done;
  });
}
