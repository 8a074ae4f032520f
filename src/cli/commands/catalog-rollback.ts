import { parseCatalog } from '../../core/catalog.ts';
import { diffCatalogs } from '../../core/catalog-diff.ts';
import { OktaOtpError, UsageError } from '../../core/error.ts';
import type { Context } from '../context.ts';
import type { ExitCode } from '../exit.ts';
import { exit } from '../exit.ts';
import { refuseToSwitchOn } from '../kill-switch.ts';
import type { ProtectDifference } from '../protect-blocks.ts';
import { carryBlocks, protectConfigurationOf, renderBlocks, repairBlocks } from '../protect-blocks.ts';
import type { CatalogChangeFlags, TimedStore } from '../published-catalog.ts';
import { authorOf, confirm, fromDeployed, withCatalogStore } from '../published-catalog.ts';
import { renderCatalogDiff } from '../render-catalog-diff.ts';

/** Makes an earlier version active again: the one that is named, or the newest below the active one. */
export async function rollBackCatalog(
  context: Context,
  wanted: number | undefined,
  given: CatalogChangeFlags,
): Promise<ExitCode> {
  const flags = await fromDeployed(context, given);
  const configuration = protectConfigurationOf(context, flags);
  return await withCatalogStore(context, flags, async (store) => {
    const active = await store.active();
    const versions = active === undefined ? [] : await store.versions(active);
    const version = versions.find(({ number }) =>
      wanted === undefined ? active !== undefined && number < active.number : number === wanted,
    );
    if (active === undefined || version === undefined) {
      throw new UsageError('catalog-version-unknown', 'there is no such version to go back to', {
        hint: 'okta-otp catalog history',
      });
    }
    const { number } = version;
    const tell = (rolledBack: boolean, words: string, protect?: ProtectDifference) => {
      const result = {
        version: number,
        from: active.number,
        rolledBack,
        ...(protect === undefined ? {} : { protect }),
      };
      if (flags.json === true) context.stdout.write(`${JSON.stringify(result)}\n`);
      else context.stderr.write(`${words}\n${protect === undefined ? '' : renderBlocks(protect)}`);
      return exit.done;
    };
    if (version.id === active.id && configuration === undefined)
      return tell(false, `Version ${number} is active already.`);
    const files = await store.files(version);
    const parsed = parseCatalog(files);
    if (!parsed.ok) {
      throw new OktaOtpError('catalog-version-unreadable', `the sender could not read version ${number}`, {
        hint: 'okta-otp catalog history, and choose another one',
      });
    }
    const { originationIdentities: identities } = parsed.value;
    if (version.id === active.id && configuration !== undefined) {
      const words = `Version ${number} is active already.`;
      const protect = await repairBlocks(context, flags, { configuration, identities, version: number });
      return protect === 'declined' ? exit.interrupted : tell(false, words, protect);
    }
    const before = await activeFiles(store, active);
    refuseToSwitchOn(flags, { active: before ?? [], wanted: files });
    if (flags.json !== true) {
      const damaged = `Version ${active.number} is damaged in the table, and cannot be compared.\n`;
      context.stderr.write(
        before === undefined ? damaged : renderCatalogDiff(diffCatalogs(before, files), context.stderr),
      );
    }
    const question = `Go back from version ${active.number} to version ${number}?`;
    if (!(await confirm(context, flags, { question, command: `catalog rollback ${number}` }))) return exit.interrupted;
    const by = await authorOf(context, flags);
    await store.activate({ version, against: active, by, now: context.clock.now() });
    const words = `Version ${number} is active again; senders take it up within a minute.`;
    if (configuration === undefined) return tell(true, words);
    const again = `okta-otp catalog rollback ${number}`;
    const carried = carryBlocks(context, flags, { configuration, identities, version: number, again });
    // The version stands whatever becomes of the blocks, and the result says so.
    const protect = await carried.catch((error: unknown) => {
      tell(true, words);
      throw error;
    });
    return tell(true, words, protect);
  });
}

type Files = Awaited<ReturnType<TimedStore['files']>>;
type Active = Parameters<TimedStore['files']>[0];

/** What is damaged cannot be compared, and is what one would roll back from. */
async function activeFiles(store: TimedStore, active: Active): Promise<Files | undefined> {
  try {
    return await store.files(active);
  } catch (error) {
    if (error instanceof OktaOtpError && error.code === 'catalog-unsound') return undefined;
    throw error;
  }
}
