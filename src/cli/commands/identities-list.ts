import { channels } from '../../core/channel.ts';
import type { NumberList } from '../../core/number-list.ts';
import type { Context } from '../context.ts';
import { countryName, toCountryOrDefault } from '../country.ts';
import type { IdentitiesListFlags } from '../describe/identities.ts';
import type { ExitCode } from '../exit.ts';
import { exit } from '../exit.ts';
import { readIdentities } from '../identities-file.ts';
import type { IdentityRow } from '../render-identities.ts';
import { renderIdentities } from '../render-identities.ts';

/** Lists whom messages come from, by country and channel, and the numbers that are treated apart. */
export async function listIdentities(context: Context, flags: IdentitiesListFlags): Promise<ExitCode> {
  const { json, country } = flags;
  const only = country === undefined ? undefined : toCountryOrDefault(country);
  const { workspace, identities, numbers, file } = await readIdentities(context, flags);
  const rows = Object.entries(identities)
    .filter(([code]) => only === undefined || code === only)
    .flatMap(([code, route]) =>
      channels.map((channel): IdentityRow => {
        const { switch: state, identities: candidates, maxPrice, parameters } = route[channel];
        return {
          country: code,
          name: countryName(code),
          channel,
          switch: state,
          identities: candidates.map(({ kind, value }) => ({ kind, value })),
          ...(maxPrice === undefined ? {} : { maxPrice }),
          ...(parameters === undefined || channel !== 'sms' ? {} : { parameters }),
        };
      }),
    );
  const shown = { allow: numbers.allow.map(maskListed), deny: numbers.deny.map(maskListed) } satisfies NumberList;
  context.stdout.write(
    json === true
      ? `${JSON.stringify({ identities: rows, numbers: shown })}\n`
      : renderIdentities(rows, shown, context.stdout),
  );
  if (json !== true && rows.length === 0) {
    const none =
      file === undefined ? `${workspace.folder} has no originationIdentities.json` : 'Nothing is named there';
    context.stderr.write(`${none}: okta-otp identities set ${only ?? 'FR'} <identity> adds one.\n`);
  }
  return exit.done;
}

/** A person's number is shown by its ends; the start of a range is nobody's number, unless it is nearly a whole one. */
function maskListed(entry: string): string {
  const rangeDigits = 8;
  const isRange = entry.endsWith('*');
  if (isRange && entry.length <= rangeDigits + 2) return entry;
  return isRange ? `${entry.slice(0, 4)}…*` : `${entry.slice(0, 3)}…${entry.slice(-2)}`;
}
