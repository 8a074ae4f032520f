import { channels } from '../../core/channel.ts';
import { countries as allCountries } from '../../core/countries.ts';
import type { CoverageCell } from '../../core/coverage.ts';
import { coverageOf } from '../../core/coverage.ts';
import { OktaOtpError } from '../../core/error.ts';
import { causes } from '../../core/failure-policy.ts';
import type { OriginationIdentities } from '../../core/origination-identities.ts';
import { routeTo } from '../../core/origination-identities.ts';
import { causeAdvice } from '../cause-advice.ts';
import type { Context } from '../context.ts';
import { countryName, toCountry } from '../country.ts';
import { deployedEnvironment } from '../deployed-environment.ts';
import type { IdentitiesCoverageFlags } from '../describe/identities.ts';
import { inEnvironmentAccount } from '../environment-account.ts';
import type { ExitCode } from '../exit.ts';
import { exit } from '../exit.ts';
import { readIdentities } from '../identities-file.ts';
import type { Probed } from '../probe-coverage.ts';
import { createProgress } from '../progress.ts';
import { countCoverage, renderCoverage } from '../render-coverage.ts';

/** Shows how every country is served on each channel, and asks the service about it when that is wanted. */
export async function showCoverage(context: Context, flags: IdentitiesCoverageFlags): Promise<ExitCode> {
  const wanted = flags.countries?.split(',').map((code) => toCountry(code)) ?? allCountries;
  const shown = flags.channel === undefined ? channels : [flags.channel];
  const { workspace, identities, file } = await readIdentities(context, flags);
  if (file === undefined && flags.json !== true) {
    context.stderr.write(`${workspace.folder} has no originationIdentities.json, so nothing is served.\n`);
  }
  const cells = coverageOf(identities, [...new Set(wanted)], shown);
  const probed = flags.probe === true ? await probe(context, flags, cells) : undefined;
  context.stdout.write(
    flags.json === true
      ? `${JSON.stringify({ coverage: cells.map((cell) => toJson(cell, probed)), summary: countCoverage(cells, probed) })}\n`
      : renderCoverage({ cells, probed, channels: shown }, context.stdout),
  );
  if (flags.json !== true) tellShadowed(context, identities, cells);
  const isGood = cells.every(({ state }) => state !== 'gap') && (probed ?? []).every(isAccepted);
  return flags.exitCode === true && !isGood ? exit.notGood : exit.done;
}

/** A country's entry stands for both channels: what it does not name is a gap, whatever `*` has. */
function tellShadowed({ stderr }: Context, identities: OriginationIdentities, cells: readonly CoverageCell[]): void {
  for (const channel of channels) {
    if (routeTo(identities, '*', channel).kind !== 'identities') continue;
    const gaps = cells.filter((cell) => cell.state === 'gap' && cell.channel === channel);
    if (gaps.length === 0) continue;
    const named = [...new Set(gaps.map(({ country, servedAs }) => servedAs ?? country))].join(', ');
    stderr.write(
      `"*" serves ${channel} for countries that are not named, so not for ${named}, which the file names.\n`,
    );
  }
}

const isAccepted = ({ result }: Probed) => result === 'accepted';

/** As the sender of the environment sends, where one is deployed and the options say nothing else. */
async function forProbe(context: Context, given: IdentitiesCoverageFlags): Promise<IdentitiesCoverageFlags> {
  const flags = await inEnvironmentAccount(context, given);
  const deployed = await deployedEnvironment(context, flags).catch((error: unknown) => {
    // Identities are tried before there is a stack, too.
    if (error instanceof OktaOtpError && error.code === 'not-deployed') return undefined;
    throw error;
  });
  const { ConfigurationSetName: configurationSet, ProtectConfigurationId: protectConfiguration } =
    deployed?.outputs ?? {};
  return {
    ...(configurationSet === undefined ? {} : { configurationSet }),
    ...(protectConfiguration === undefined ? {} : { protectConfiguration }),
    ...flags,
  };
}

async function probe(context: Context, flags: IdentitiesCoverageFlags, cells: readonly CoverageCell[]) {
  const { region, profile, configurationSet, protectConfiguration, json } = await forProbe(context, flags);
  const { probeCoverage } = await import('../probe-coverage.ts');
  const dryRun = await context.services.openDryRun({ region, profile, configurationSet, protectConfiguration });
  const progress = createProgress(context, 'Asked the service (nothing is sent):');
  try {
    const onProgress = json === true ? () => {} : progress.step;
    return await probeCoverage(context, dryRun, { cells, onProgress });
  } finally {
    progress.end();
    dryRun.close();
  }
}

function toJson({ country, channel, state, servedAs, route }: CoverageCell, probed: readonly Probed[] | undefined) {
  const answers = probed
    ?.filter((answer) => answer.country === country && answer.channel === channel)
    .map(({ identity, result }) => ({
      identity: identity.value,
      ...(result === 'accepted'
        ? { accepted: true }
        : { accepted: false, cause: result, reason: causes[result].words, fix: causeAdvice[result] }),
    }));
  return {
    country,
    name: countryName(country),
    channel,
    state,
    ...(servedAs === undefined ? {} : { servedAs }),
    identities: route?.identities.map(({ value }) => value) ?? [],
    ...(answers === undefined ? {} : { probe: answers }),
  };
}
