import type { AccountInventory } from '../../core/account-inventory.ts';
import type { CatalogFile } from '../../core/catalog.ts';
import { identitiesPath } from '../../core/catalog.ts';
import { diffCatalogs } from '../../core/catalog-diff.ts';
import type { CountryRoute } from '../../core/origination-identities.ts';
import { proposeIdentities } from '../../core/propose-identities.ts';
import type { Context } from '../context.ts';
import { saysNothing } from '../country-entry.ts';
import type { IdentitiesDiscoverFlags } from '../describe/identities-account.ts';
import { editIdentities, entryOf } from '../edit-identities.ts';
import { withEnvironmentAccount } from '../environment-account.ts';
import type { ExitCode } from '../exit.ts';
import { exit } from '../exit.ts';
import { readIdentities } from '../identities-file.ts';
import { confirm } from '../published-catalog.ts';
import { renderInventory, renderLeftOut } from '../render-inventory.ts';

/** Shows what the account has, proposes the file of identities, and writes it once somebody has said so. */
export async function discoverIdentities(context: Context, flags: IdentitiesDiscoverFlags): Promise<ExitCode> {
  const { workspace, identities, file } = await readIdentities(context, flags);
  const inventory = await withEnvironmentAccount(context, flags, (account) => account.inventory());
  const proposal = proposeIdentities(inventory, identities);
  const proposed = apply(file, proposal.routes);
  const changes = diffCatalogs(file === undefined ? [] : [file], proposed === undefined ? [] : [proposed]);
  const isDifferent = proposed !== undefined && proposed.text !== file?.text;
  const isJson = flags.json === true;

  if (!isJson) {
    context.stdout.write(renderInventory(inventory, context.stdout));
    tellNothing(context, inventory);
    context.stderr.write(renderLeftOut(proposal));
    for (const [country, route] of Object.entries(proposal.routes)) {
      const written = saysNothing(route)
        ? 'out of the file: none of its identities can send'
        : shown(proposed, country);
      context.stderr.write(`${sign(file, country, route)} ${country}: ${written}\n`);
    }
    const { numbers, senderIds, pools } = inventory;
    const isEmpty = numbers.length + senderIds.length + pools.length === 0;
    if (!isDifferent && !isEmpty)
      context.stderr.write(`Nothing to propose: ${identitiesPath} says what the account has.\n`);
  }

  const wants = flags.write === true || flags.yes === true || (context.isInteractive && !isJson);
  const written = isDifferent && wants && (await agree(context, flags));
  if (written) await workspace.write(proposed);
  if (isJson) {
    const { leftOut } = proposal;
    const text = proposed === undefined ? null : JSON.parse(proposed.text);
    context.stdout.write(`${JSON.stringify({ inventory, proposal: text, changes, leftOut, written })}\n`);
  } else if (written) {
    context.stderr.write(`Wrote ${identitiesPath}. It holds once it is published: okta-otp catalog push\n`);
  } else if (isDifferent && !wants) {
    context.stderr.write('Nothing was written: okta-otp identities discover --yes writes it.\n');
  }
  return isDifferent && wants && !written ? exit.interrupted : exit.done;
}

const agree = (context: Context, flags: IdentitiesDiscoverFlags) =>
  confirm(context, flags, { question: `Write this to ${identitiesPath}?`, command: 'identities discover' });

/** The file with every country that would change, each line of the others as it was. */
function apply(file: CatalogFile | undefined, routes: Readonly<Record<string, CountryRoute>>): CatalogFile | undefined {
  return Object.entries(routes).reduce<CatalogFile | undefined>(
    (edited, [country, route]) => editIdentities(edited, country, saysNothing(route) ? undefined : route),
    file,
  );
}

const shown = (file: CatalogFile | undefined, country: string) => JSON.stringify(entryOf(file, country));

function sign(file: CatalogFile | undefined, country: string, route: CountryRoute): string {
  if (entryOf(file, country) === undefined) return '+';
  return saysNothing(route) ? '-' : '~';
}

function tellNothing(context: Context, { numbers, senderIds, pools, region }: AccountInventory): void {
  if (numbers.length + senderIds.length + pools.length > 0) return;
  context.stderr.write(
    `The account has no numbers, sender IDs or pools in ${region}: okta-otp identities request --capability voice gets a number, --region looks elsewhere.\n`,
  );
}
