import { parseCatalog } from '../../core/catalog.ts';
import { diffCatalogs } from '../../core/catalog-diff.ts';
import { OktaOtpError } from '../../core/error.ts';
import { printable } from '../../core/printable.ts';
import type { Context } from '../context.ts';
import { catalogFolderOf } from '../environments.ts';
import type { ExitCode } from '../exit.ts';
import { exit } from '../exit.ts';
import { sendsCodes } from '../kill-switch.ts';
import { compareBlocks, isEmpty, protectConfigurationOf } from '../protect-blocks.ts';
import type { CatalogFlags } from '../published-catalog.ts';
import { fromDeployed, withCatalogStore } from '../published-catalog.ts';
import { toTime } from '../render-catalog-history.ts';
import { openWorkspace } from '../workspace.ts';

type Comparison = 'same' | 'different' | 'empty' | 'unknown';

const comparisons: Readonly<Record<Comparison, string>> = {
  same: 'the same',
  different: 'differs: okta-otp catalog diff',
  empty: 'has no files of a catalog',
  unknown: 'not compared',
};

/** Shows which version is active and whether it is sound; ends with 3 when it is not, or there is none. */
export async function showCatalogStatus(context: Context, given: CatalogFlags): Promise<ExitCode> {
  const flags = await fromDeployed(context, given);
  const configuration = protectConfigurationOf(context, flags);
  const local = await openWorkspace(context.cwd, await catalogFolderOf(context, flags)).files();
  return await withCatalogStore(context, flags, async (store) => {
    const active = await store.active();
    if (active === undefined) {
      if (flags.json === true) context.stdout.write(`${JSON.stringify({ active: null })}\n`);
      else context.stderr.write('Nothing is published yet: okta-otp catalog push\n');
      return exit.notGood;
    }
    const published = await store.files(active).catch((error: unknown) => {
      if (error instanceof OktaOtpError && error.code === 'catalog-unsound') return undefined;
      throw error;
    });
    const sound = published !== undefined;
    const sends = published && sendsCodes(published);
    const workspace = compare(published, local);
    const protect = configuration && (await protectState(context, flags, { configuration, files: published }));
    const { number, author, at, count, by, since, sha256 } = active;
    if (flags.json === true) {
      const described = {
        number,
        author,
        at,
        count,
        by,
        since,
        sha256,
        sound,
        ...(sends === undefined ? {} : { sends }),
      };
      context.stdout.write(`${JSON.stringify({ active: described, workspace, ...(protect ? { protect } : {}) })}\n`);
    } else {
      const rows = [
        `version    ${number}`,
        `pushed     ${toTime(at)} UTC by ${printable(author)}`,
        `active     since ${toTime(since)} UTC by ${printable(by)}`,
        ...(sends === false ? [`sending    OFF: okta-otp catalog switch on`] : []),
        `files      ${count}`,
        `hash       ${sound ? 'as published' : 'NOT as published: push again, or okta-otp catalog rollback'}`,
        `workspace  ${comparisons[workspace]}`,
        ...(protect ? [`protect    ${protectWords[protect]}`] : []),
      ];
      context.stdout.write(`${rows.join('\n')}\n`);
    }
    return sound && protect !== 'different' ? exit.done : exit.notGood;
  });
}

type Files = Parameters<typeof diffCatalogs>[0];

function compare(published: Files | undefined, local: Files): Comparison {
  if (local.length === 0) return 'empty';
  if (published === undefined) return 'unknown';
  return diffCatalogs(published, local).length === 0 ? 'same' : 'different';
}

type ProtectState = 'same' | 'different' | 'unknown';

const protectWords: Readonly<Record<ProtectState, string>> = {
  same: 'blocks what the version blocks',
  different: 'differs: okta-otp catalog push',
  unknown: 'not compared',
};

/** Whether the protect configuration blocks what the active version blocks. */
async function protectState(
  context: Context,
  flags: CatalogFlags,
  { configuration, files }: { readonly configuration: string; readonly files: Files | undefined },
): Promise<ProtectState> {
  const parsed = files === undefined ? undefined : parseCatalog(files);
  if (!parsed?.ok) return 'unknown';
  const identities = parsed.value.originationIdentities;
  return isEmpty(await compareBlocks(context, flags, { configuration, identities })) ? 'same' : 'different';
}
