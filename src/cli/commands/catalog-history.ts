import type { Context } from '../context.ts';
import type { ExitCode } from '../exit.ts';
import { exit } from '../exit.ts';
import type { CatalogFlags } from '../published-catalog.ts';
import { withCatalogStore } from '../published-catalog.ts';
import { renderCatalogHistory } from '../render-catalog-history.ts';

/** Lists the versions that were active and are kept, newest first. */
export async function showCatalogHistory(context: Context, flags: CatalogFlags): Promise<ExitCode> {
  return await withCatalogStore(context, flags, async (store) => {
    const active = await store.active();
    const versions = active === undefined ? [] : await store.versions(active);
    if (flags.json === true) {
      const listed = versions.map(({ number, author, at, count, sha256, id }) => ({
        number,
        author,
        at,
        count,
        sha256,
        active: id === active?.id,
      }));
      context.stdout.write(`${JSON.stringify({ versions: listed })}\n`);
    } else if (active === undefined) {
      context.stderr.write('Nothing is published yet: okta-otp catalog push\n');
    } else {
      context.stdout.write(renderCatalogHistory(versions, active, context.stdout));
    }
    return exit.done;
  });
}
