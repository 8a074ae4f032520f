import type { Command } from 'commander';
import { Option } from 'commander';
import type { Context } from '../context.ts';
import type { ExitCode } from '../exit.ts';
import { defaultFolder } from '../workspace.ts';

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
      .option('--dir <folder>', `folder of the catalog's files (default: ${defaultFolder})`)
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
}

/** As commander has parsed them. */
export interface IdentitiesFlags {
  readonly dir?: string;
  readonly json?: boolean;
}

export interface IdentitiesListFlags extends IdentitiesFlags {
  readonly country?: string;
}
