import { diffCatalogs } from '../../core/catalog-diff.ts';
import type { Context } from '../context.ts';
import type { ExitCode } from '../exit.ts';
import { exit } from '../exit.ts';
import type { CatalogDiffFlags } from '../published-catalog.ts';
import { readWorkspace, withCatalogStore } from '../published-catalog.ts';
import { renderCatalogDiff } from '../render-catalog-diff.ts';

/** Shows what a push would change of the active version. */
export async function diffCatalog(context: Context, flags: CatalogDiffFlags): Promise<ExitCode> {
  const { read } = await readWorkspace(context, flags);
  return await withCatalogStore(context, flags, async (store) => {
    const active = await store.active();
    const changes = diffCatalogs(active === undefined ? [] : await store.files(active), read);
    if (flags.json === true) {
      context.stdout.write(`${JSON.stringify({ active: active?.number ?? null, changes })}\n`);
    } else {
      context.stdout.write(renderCatalogDiff(changes, context.stdout));
      const version = active === undefined ? 'Nothing is published yet' : `Compared with version ${active.number}`;
      context.stderr.write(`${version}${changes.length === 0 ? ': no difference' : ''}.\n`);
    }
    return flags.exitCode === true && changes.length > 0 ? exit.notGood : exit.done;
  });
}
