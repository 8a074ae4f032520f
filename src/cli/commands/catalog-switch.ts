import { applyEdits, modify } from 'jsonc-parser';
import { parseCatalog, settingsPath } from '../../core/catalog.ts';
import { OktaOtpError, UsageError } from '../../core/error.ts';
import type { Context } from '../context.ts';
import type { ExitCode } from '../exit.ts';
import { exit } from '../exit.ts';
import type { CatalogChangeFlags } from '../published-catalog.ts';
import { authorOf, confirm, withCatalogStore } from '../published-catalog.ts';

/**
 * The kill switch: publishes the active version once more, with nothing but `enabled` in its settings changed. It needs no
 * folder, so that it works from wherever somebody is woken.
 */
export async function switchCatalog(
  context: Context,
  wanted: 'on' | 'off',
  flags: CatalogChangeFlags,
): Promise<ExitCode> {
  const enabled = wanted === 'on';
  return await withCatalogStore(context, flags, async (store) => {
    const active = await store.active();
    if (active === undefined) {
      throw new UsageError('catalog-unpublished', 'nothing was published yet, so there is nothing to switch', {
        hint: 'okta-otp catalog push',
      });
    }
    const files = await store.files(active);
    const parsed = parseCatalog(files);
    if (!parsed.ok) {
      throw new OktaOtpError('catalog-version-unreadable', 'the active version cannot be read by this release', {
        hint: 'okta-otp catalog rollback',
      });
    }
    const tell = (version: number, words: string) => {
      const result = { version, enabled, switched: version !== active.number };
      if (flags.json === true) context.stdout.write(`${JSON.stringify(result)}\n`);
      else context.stderr.write(`${words}\n`);
      return exit.done;
    };
    if (parsed.value.settings.enabled === enabled) return tell(active.number, `It is ${wanted} already.`);
    const question = enabled ? 'Let codes go out again?' : 'Stop sending codes? Okta then sends them itself.';
    if (!(await confirm(context, flags, { question, command: `catalog switch ${wanted}` }))) return exit.interrupted;

    const settings = files.find(({ path }) => path === settingsPath) ?? { path: settingsPath, text: '{}\n' };
    const formattingOptions = { insertSpaces: true, tabSize: 2 };
    const text = applyEdits(settings.text, modify(settings.text, ['enabled'], enabled, { formattingOptions }));
    const { number } = await store.publish({
      files: [...files.filter(({ path }) => path !== settingsPath), { ...settings, text }],
      author: await authorOf(context, flags),
      now: context.clock.now(),
      id: context.newId(),
      against: active,
    });
    return tell(
      number,
      `Switched ${wanted} as version ${number}; senders take it up within a minute. The files in your folder stay as they are.`,
    );
  });
}
