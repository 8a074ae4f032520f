import type { CatalogFile } from '../../core/catalog.ts';
import { identitiesPath } from '../../core/catalog.ts';
import { channels } from '../../core/channel.ts';
import { coverageOf } from '../../core/coverage.ts';
import { UsageError } from '../../core/error.ts';
import type { Context } from '../context.ts';
import { withoutChannel } from '../country-entry.ts';
import type { IdentitiesRemoveFlags } from '../describe/identities.ts';
import { editIdentities, shellWord } from '../edit-identities.ts';
import type { ExitCode } from '../exit.ts';
import { exit } from '../exit.ts';
import { parseIdentities, readIdentities } from '../identities-file.ts';

/** Takes a country, or one channel of it, out of the file, once somebody has said so. */
export async function removeIdentities(
  context: Context,
  typed: string,
  flags: IdentitiesRemoveFlags,
): Promise<ExitCode> {
  const { json, yes, channel } = flags;
  // Taken as it is written: a code that no country has is what one wants to get rid of.
  const country = typed.trim().toUpperCase();
  const { workspace, identities, file } = await readIdentities(context, flags);
  const route = Object.hasOwn(identities, country) ? identities[country] : undefined;
  if (route === undefined) {
    throw new UsageError('identities-not-found', `${identitiesPath} does not name this country`, {
      hint: 'okta-otp identities list',
    });
  }
  // Before anybody is asked: what cannot be done is said first.
  const edited = editIdentities(file, country, channel === undefined ? undefined : withoutChannel(route, channel));
  const what = channel === undefined ? country : `${country}'s ${channel}`;
  if (yes !== true) {
    if (!context.isInteractive) {
      throw new UsageError('confirmation-missing', 'nobody can be asked here whether to remove the country', {
        hint: `okta-otp identities remove ${shellWord(country)} --yes`,
      });
    }
    const answer = await context.ask(`Type "${country}" to take ${what} out of ${identitiesPath}:`);
    if (answer.trim().toUpperCase() !== country) {
      context.stderr.write('Nothing was removed.\n');
      return exit.interrupted;
    }
  }
  await workspace.write(edited);
  if (json === true) {
    context.stdout.write(`${JSON.stringify({ removed: country, ...(channel === undefined ? {} : { channel }) })}\n`);
    return exit.done;
  }
  const next = channel === undefined ? whoServes(country, edited) : 'Nothing serves that any more.';
  context.stderr.write(`Took ${what} out of ${identitiesPath}. ${next} It holds once it is published.\n`);
  return exit.done;
}

/** A country that is not named may be served all the same. */
function whoServes(country: string, file: CatalogFile): string {
  if (country === '*') return 'Nothing serves the countries that are not named.';
  const { originationIdentities } = parseIdentities([file]);
  const cells = coverageOf(originationIdentities, [country], channels);
  const serving = cells.find(({ route }) => route !== undefined);
  if (serving === undefined) return 'Nothing serves it any more.';
  return `Now ${serving.state === 'default' ? '"*"' : serving.servedAs} serves it.`;
}
