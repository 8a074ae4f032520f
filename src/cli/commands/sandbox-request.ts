import type { Context } from '../context.ts';
import { countryName } from '../country.ts';
import type { SandboxRequestFlags } from '../describe/sandbox.ts';
import { impliedEnvironment } from '../environments.ts';
import type { ExitCode } from '../exit.ts';
import { exit } from '../exit.ts';
import { readIdentities } from '../identities-file.ts';
import { regionOf } from '../region.ts';
import { supportCase } from '../support-case.ts';

/** Prints the support case that takes the account out of the sandbox or raises a spend limit; asks AWS for nothing. */
export async function writeSupportCase(context: Context, flags: SandboxRequestFlags): Promise<ExitCode> {
  const { kind, channel, limit } = flags;
  const { identities } = await readIdentities(context, flags);
  const environment = (await impliedEnvironment(context, flags))?.environment;
  const region = flags.region ?? environment?.region ?? regionOf(context);
  const countries = Object.entries(identities)
    .filter(([code, route]) => code !== '*' && route[channel].switch === 'on' && route[channel].identities.length > 0)
    .map(([code]) => countryName(code));
  const written = supportCase({ kind, channel, limit, region, countries });
  if (flags.json === true) {
    context.stdout.write(`${JSON.stringify(written)}\n`);
    return exit.done;
  }
  const fields = Object.entries(written.fields).map(([name, value]) => `${name}: ${value}`);
  context.stdout.write(`${[...fields, '', written.description].join('\n')}\n`);
  context.stderr.write(
    `\nOpen a case at ${written.link}, one for each Region, and fill in what stands in <brackets>.\n`,
  );
  return exit.done;
}
