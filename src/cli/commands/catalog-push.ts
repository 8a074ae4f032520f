import type { Catalog, CatalogFile } from '../../core/catalog.ts';
import { parseCatalog } from '../../core/catalog.ts';
import { diffCatalogs } from '../../core/catalog-diff.ts';
import { OktaOtpError, UsageError } from '../../core/error.ts';
import { checkIdentities } from '../check-identities.ts';
import type { Context } from '../context.ts';
import type { ExitCode } from '../exit.ts';
import { exit } from '../exit.ts';
import { refuseToSwitchOn } from '../kill-switch.ts';
import type { ProtectDifference } from '../protect-blocks.ts';
import { carryBlocks, protectConfigurationOf, renderBlocks, repairBlocks } from '../protect-blocks.ts';
import type { CatalogChangeFlags, TimedStore } from '../published-catalog.ts';
import { authorOf, confirm, fromDeployed, readWorkspace, withCatalogStore } from '../published-catalog.ts';
import { renderCatalogDiff } from '../render-catalog-diff.ts';

/** Publishes the workspace as a new version, unless it is what is active already. */
export async function pushCatalog(context: Context, given: CatalogChangeFlags): Promise<ExitCode> {
  const { read } = await readWorkspace(context, given);
  const { originationIdentities: identities } = validCatalog(read);
  checkIdentities(context, given, read);
  const flags = await fromDeployed(context, given);
  const configuration = protectConfigurationOf(context, flags);
  return await withCatalogStore(context, flags, async (store) => {
    const active = await store.active();
    const published = active === undefined ? [] : await filesOrNone(context, store, active);
    const changes = diffCatalogs(published, read);
    const tell = ({ version, published, words, protect }: Outcome) => {
      const result = { version, published, changes, ...(protect === undefined ? {} : { protect }) };
      if (flags.json === true) context.stdout.write(`${JSON.stringify(result)}\n`);
      else context.stderr.write(`${words}\n${protect === undefined ? '' : renderBlocks(protect)}`);
      return exit.done;
    };
    if (active !== undefined && changes.length === 0) {
      const version = active.number;
      const protect = configuration && (await repairBlocks(context, flags, { configuration, identities, version }));
      if (protect === 'declined') return exit.interrupted;
      const words = `Nothing to publish: version ${version} is the same.`;
      return tell({ version, published: false, words, protect: protect || undefined });
    }
    refuseToSwitchOn(flags, { active: published, wanted: read });
    if (flags.json !== true) context.stderr.write(renderCatalogDiff(changes, context.stderr));
    const question = `Publish this in place of ${active === undefined ? 'nothing' : `version ${active.number}`}?`;
    if (!(await confirm(context, flags, { question, command: 'catalog push' }))) return exit.interrupted;
    const { number } = await store.publish({
      files: read,
      author: await authorOf(context, flags),
      now: context.clock.now(),
      id: context.newId(),
      against: active,
    });
    const done = {
      version: number,
      published: true,
      words: `Published version ${number}; senders take it up within a minute.`,
    };
    if (configuration === undefined) tell(done);
    else {
      const again = 'okta-otp catalog push';
      const carried = carryBlocks(context, flags, { configuration, identities, version: number, again });
      // The version stands whatever becomes of the blocks, and the result says so.
      tell({
        ...done,
        protect: await carried.catch((error: unknown) => {
          tell(done);
          throw error;
        }),
      });
    }
    await tidy(context, flags, store);
    return exit.done;
  });
}

interface Outcome {
  readonly version: number;
  readonly published: boolean;
  readonly words: string;
  /** What was changed in the protect configuration; undefined where none is known, or it was not reached. */
  readonly protect?: ProtectDifference | undefined;
}

/** The catalog, or all that is wrong with the files at once; their contents are not quoted. */
export function validCatalog(files: readonly CatalogFile[]): Catalog {
  const parsed = parseCatalog(files);
  if (parsed.ok) return parsed.value;
  const problems = parsed.problems.map(({ path, message }) => `\n  ${path} ${message}`).join('');
  throw new UsageError('catalog-invalid', `the catalog is not valid:${problems}`, {
    hint: 'correct the files and push again; nothing was published',
  });
}

/** A damaged version must not keep anybody from replacing it. */
async function filesOrNone(context: Context, store: TimedStore, active: Parameters<TimedStore['files']>[0]) {
  try {
    return await store.files(active);
  } catch (error) {
    if (!(error instanceof OktaOtpError && error.code === 'catalog-unsound')) throw error;
    context.stderr.write(`Version ${active.number} is damaged in the table, and compared as if it were empty.\n`);
    return [];
  }
}

/** The new version is out: that older ones could not be deleted is no failure of the push, and the next one tries again. */
async function tidy(context: Context, { json }: CatalogChangeFlags, store: TimedStore): Promise<void> {
  try {
    await store.prune();
  } catch (error) {
    if (json === true) return;
    const why = error instanceof OktaOtpError ? error.message : 'something unexpected failed';
    context.stderr.write(`Versions that are no longer kept could not be deleted (${why}).\n`);
  }
}
