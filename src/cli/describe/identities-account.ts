import type { Command } from 'commander';
import { Option } from 'commander';
import type { Channel } from '../../core/channel.ts';
import { channels } from '../../core/channel.ts';
import type { Context } from '../context.ts';
import { dirHelp } from '../default-folder.ts';
import type { EnvironmentAccountFlags } from '../environment-account.ts';
import type { ExitCode } from '../exit.ts';

/** Describes the commands `identities …` that ask the account; what one does is imported when it is called. */
export function describeAccountIdentities(
  identities: Command,
  context: Context,
  onEnd: (code: ExitCode) => void,
): void {
  const ofFolder = (command: Command) => ofAccount(command.option('--dir <folder>', dirHelp));

  ofFolder(
    identities
      .command('discover')
      .summary("read the account's identities and propose the file")
      .description(
        'Reads the phone numbers, sender IDs and pools of the account in one Region, and proposes originationIdentities.json: pools before their members, nothing that is not active, and what the file says already stays. AWS takes one such request a second.',
      )
      .option('--write', 'write the file; asks first')
      .option('--yes', 'write the file without asking; needed where nobody can answer'),
  ).action(async (flags: IdentitiesDiscoverFlags) => {
    const { discoverIdentities } = await import('../commands/identities-discover.ts');
    onEnd(await discoverIdentities(context, flags));
  });

  ofFolder(
    identities
      .command('check')
      .summary('compare the file with the account')
      .description(
        'Finds what of originationIdentities.json is missing in the account, not active, not registered or not able to do what it is there for, and what of the account is not used; each with the next command. Ends with 3 when messages could not be sent.',
      ),
  ).action(async (flags: IdentitiesAccountFlags) => {
    const { checkAccountIdentities } = await import('../commands/identities-check.ts');
    onEnd(await checkAccountIdentities(context, flags));
  });

  ofAccount(
    identities
      .command('request')
      .summary('get a phone number for testing')
      .description(
        'Requests a phone number that takes no registration beforehand: a US long code for calls, a US toll-free number, or a simulator, which sends to simulated phones only. It costs money every month until it is released.',
      )
      .option('--country <code>', 'ISO 3166 code; AWS has such numbers for US', 'US')
      .addOption(new Option('--capability <channel>', 'what it shall do').choices(channels).makeOptionMandatory())
      .addOption(
        new Option('--type <type>', 'kind of number (default: long-code for voice, simulator for sms)').choices(
          requestableTypes,
        ),
      )
      .option('--yes', 'do not ask; needed where nobody can answer'),
  ).action(async (flags: IdentitiesRequestFlags) => {
    const { requestIdentity } = await import('../commands/identities-request.ts');
    onEnd(await requestIdentity(context, flags));
  });
}

export const ofAccount = (command: Command): Command =>
  command
    .option('--env <name>', 'environment of okta-otp.json whose account it is (default: the only one)')
    .option('--region <region>', "AWS Region (default: the environment's, then the SDK's own)")
    .option(
      '--profile <name>',
      "profile of the AWS configuration files (default: the environment's, then as for the AWS CLI)",
    )
    .option('--json', 'print the result (and errors) as JSON');

const requestableTypes = ['long-code', 'toll-free', 'simulator'] as const;

/** As commander has parsed them. */
export interface IdentitiesAccountFlags extends EnvironmentAccountFlags {
  readonly dir?: string;
}

export interface IdentitiesDiscoverFlags extends IdentitiesAccountFlags {
  readonly write?: boolean;
  readonly yes?: boolean;
}

export interface IdentitiesRequestFlags extends EnvironmentAccountFlags {
  readonly country: string;
  readonly capability: Channel;
  readonly type?: (typeof requestableTypes)[number];
  readonly yes?: boolean;
}
