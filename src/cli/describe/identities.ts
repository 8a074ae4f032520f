import type { Command } from 'commander';
import { Option } from 'commander';
import type { Channel } from '../../core/channel.ts';
import { channels } from '../../core/channel.ts';
import type { CountrySwitch } from '../../core/country-switch.ts';
import { countrySwitches } from '../../core/country-switch.ts';
import type { Context } from '../context.ts';
import { dirHelp } from '../default-folder.ts';
import type { ExitCode } from '../exit.ts';
import { describeAccountIdentities } from './identities-account.ts';

/** Describes the commands `identities …`; what one does is imported when it is called. */
export function describeIdentities(program: Command, context: Context, onEnd: (code: ExitCode) => void): void {
  const identities = program
    .command('identities')
    .summary('say whom messages come from, country by country')
    .description(
      'Works on originationIdentities.json, which names for every country and channel whom messages come from: phone numbers, sender IDs and pools.',
    );
  const ofFolder = (command: Command) =>
    command
      .option('--dir <folder>', dirHelp)
      .option('--env <name>', 'environment of okta-otp.json whose files they are (default: the only one)')
      .addOption(new Option('--json', 'print the result (and errors) as JSON'));

  ofFolder(
    identities
      .command('list')
      .summary('list whom messages come from')
      .description(
        'Lists the identities of every country and channel in order of preference, whether they are switched on, and the numbers of numbers.json. Your own origination numbers are shown; of the numbers of people only the ends are.',
      )
      .option('--country <code>', 'this country alone, or "*"'),
  ).action(async (flags: IdentitiesListFlags) => {
    const { listIdentities } = await import('../commands/identities-list.ts');
    onEnd(await listIdentities(context, flags));
  });

  ofFolder(
    identities
      .command('coverage')
      .summary('show how every country is served')
      .description(
        'Shows for every country and channel the identity that serves its mobile numbers, or that the default does, that it is switched off or blocked, or a gap. With --probe the service is asked whether it would accept a message to an example number of each; nothing is sent or charged for, and all countries take two minutes or more.',
      )
      .option('--countries <codes>', 'these alone, such as FR,DE (default: all)')
      .addOption(new Option('--channel <channel>', 'one channel alone (default: both)').choices(channels))
      .option('--exit-code', 'end with 3 when there is a gap, or the service refuses')
      .option('--probe', 'ask the service, by a dry run for each identity')
      .option('--configuration-set <name>', "for --probe, as the sender names it (default: the deployed sender's)")
      .option('--protect-configuration <id>', "for --probe, as the sender names it (default: the deployed sender's)")
      .option('--region <region>', "for --probe, the AWS Region (default: the environment's, then the SDK's own)")
      .option(
        '--profile <name>',
        "for --probe, profile of the AWS configuration files (default: the environment's, then as for the AWS CLI)",
      ),
  ).action(async (flags: IdentitiesCoverageFlags) => {
    const { showCoverage } = await import('../commands/identities-coverage.ts');
    onEnd(await showCoverage(context, flags));
  });

  ofFolder(
    identities
      .command('set')
      .summary('say whom messages to a country come from')
      .description(
        'Writes the identities of a country, in order of preference, and leaves the rest of the file as it is: phone numbers, sender IDs or pools, by name, id or ARN. What is not named stays. An identity that cannot call serves SMS only.',
      )
      .argument('<country>', 'ISO 3166 code such as FR, or "*" for all that are not named')
      .argument('[identity...]', 'whom messages come from, the preferred one first')
      .addOption(new Option('--channel <channel>', 'one channel alone (default: both)').choices(channels))
      .addOption(
        new Option('--enabled <switch>', 'off: Okta sends by itself; blocked: nobody sends').choices(countrySwitches),
      )
      .option('--max-price <dollars>', 'most that a message part, or a minute of a call, may cost; none lifts it')
      .option('--entity-id <id>', 'of the DLT registration, for India')
      .option('--template-id <id>', 'of the DLT registration, for India'),
  ).action(async (country: string, typed: readonly string[], flags: IdentitiesSetFlags) => {
    const { setIdentities } = await import('../commands/identities-set.ts');
    onEnd(await setIdentities(context, country, typed, flags));
  });

  ofFolder(
    identities
      .command('remove')
      .summary('take a country out of the file')
      .description(
        'Takes a country, or one channel of it, out of the file. What "*" names serves a country that is not named.',
      )
      .argument('<country>', 'as list shows it, or "*"')
      .addOption(new Option('--channel <channel>', 'one channel alone (default: both)').choices(channels))
      .option('--yes', 'do not ask; needed where nobody can answer'),
  ).action(async (country: string, flags: IdentitiesRemoveFlags) => {
    const { removeIdentities } = await import('../commands/identities-remove.ts');
    onEnd(await removeIdentities(context, country, flags));
  });

  describeAccountIdentities(identities, context, onEnd);
}

/** As commander has parsed them. */
export interface IdentitiesFlags {
  readonly dir?: string;
  readonly env?: string;
  readonly json?: boolean;
}

export interface IdentitiesListFlags extends IdentitiesFlags {
  readonly country?: string;
}

export interface IdentitiesSetFlags extends IdentitiesFlags {
  readonly channel?: Channel;
  readonly enabled?: CountrySwitch;
  readonly maxPrice?: string;
  readonly entityId?: string;
  readonly templateId?: string;
}

export interface IdentitiesRemoveFlags extends IdentitiesFlags {
  readonly channel?: Channel;
  readonly yes?: boolean;
}

export interface IdentitiesCoverageFlags extends IdentitiesFlags {
  readonly countries?: string;
  readonly channel?: Channel;
  readonly exitCode?: boolean;
  readonly probe?: boolean;
  readonly configurationSet?: string;
  readonly protectConfiguration?: string;
  readonly region?: string;
  readonly profile?: string;
}
