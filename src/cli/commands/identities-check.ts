import { Chalk } from 'chalk';
import { accountIdOf } from '../../core/account-inventory.ts';
import { identitiesPath } from '../../core/catalog.ts';
import type { AccountFinding } from '../../core/compare-with-account.ts';
import { compareWithAccount } from '../../core/compare-with-account.ts';
import { printable } from '../../core/printable.ts';
import type { Context, Output } from '../context.ts';
import type { IdentitiesAccountFlags } from '../describe/identities-account.ts';
import { withEnvironmentAccount } from '../environment-account.ts';
import type { ExitCode } from '../exit.ts';
import { exit } from '../exit.ts';
import { readIdentities } from '../identities-file.ts';

/** Compares the file with the account; ends with 3 when something of it could not send. */
export async function checkAccountIdentities(context: Context, flags: IdentitiesAccountFlags): Promise<ExitCode> {
  const { identities } = await readIdentities(context, flags);
  const inventory = await withEnvironmentAccount(context, flags, (account) => account.inventory());
  const findings = compareWithAccount(identities, inventory);
  const count = (of: AccountFinding['severity']) => findings.filter(({ severity }) => severity === of).length;
  const summary = { errors: count('error'), warnings: count('warning'), infos: count('info') };
  const { region } = inventory;
  const account = accountIdOf(inventory);
  if (flags.json === true) {
    context.stdout.write(`${JSON.stringify({ region, account: account ?? null, findings, summary })}\n`);
  } else {
    context.stdout.write(renderAccountFindings(findings, context.stdout));
    const place = `${account === undefined ? 'the account' : `account ${account}`} in ${region}`;
    const { errors, warnings, infos } = summary;
    context.stderr.write(
      findings.length === 0
        ? `${identitiesPath} and ${place} agree.\n`
        : `Compared with ${place}: errors ${errors}, warnings ${warnings}, unused ${infos}.\n`,
    );
  }
  return summary.errors > 0 ? exit.notGood : exit.done;
}

function renderAccountFindings(findings: readonly AccountFinding[], output: Output): string {
  const colors = new Chalk({ level: output.hasColor ? 1 : 0 });
  const paint = { error: colors.red, warning: colors.yellow, info: colors.dim };
  return findings
    .map(({ severity, rule, country, channel, identity, message, fix }) => {
      const place = [country, channel].filter((part) => part !== undefined).join(' ');
      const words = `${place === '' ? '' : `${place}: `}${printable(identity)} ${message}`;
      return `${paint[severity](severity)} ${words} ${colors.dim(`(${rule})`)}\n  fix: ${fix}\n`;
    })
    .join('');
}
