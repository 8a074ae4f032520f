import type { Command } from 'commander';
import { Argument, InvalidArgumentError } from 'commander';
import type { Context } from '../context.ts';
import { dirHelp } from '../default-folder.ts';
import type { ExitCode } from '../exit.ts';
import type { CatalogChangeFlags, CatalogDiffFlags, CatalogFlags, CatalogPullFlags } from '../published-catalog.ts';

export const switchOnHelp = 'let codes go out again where "catalog switch off" has stopped them';

/** Describes the commands `catalog …`; what one does is imported when it is called. */
export function describeCatalog(program: Command, context: Context, onEnd: (code: ExitCode) => void): void {
  const catalog = program
    .command('catalog')
    .summary('publish the message catalog, and go back to an earlier one')
    .description(
      'Publishes the files of the catalog (settings, origination identities, numbers, templates) to the table that the sender reads. A version is published whole or not at all; the last 20 are kept to go back to.',
    );
  const ofTable = (command: Command) =>
    command
      .option('--table <name>', 'the catalog table (default: OKTA_OTP_CATALOG_TABLE, then what is deployed)')
      .option('--env <name>', 'environment of okta-otp.json whose table it is (default: the only one)')
      .option('--region <region>', "AWS Region (default: the SDK's own)")
      .option('--profile <name>', 'profile of the AWS configuration files (default: as for the AWS CLI)')
      .option('--json', 'print the result (and errors) as JSON');
  const ofFolder = (command: Command) => ofTable(command.option('--dir <folder>', dirHelp));
  const withProtect = (command: Command) =>
    command.option(
      '--protect-configuration <id>',
      'whose country rules follow the catalog (default: OKTA_OTP_PROTECT_CONFIGURATION, else none)',
    );
  const withSwitch = (command: Command) => command.option('--switch-on', switchOnHelp);
  const byAuthor = (command: Command) =>
    command
      .option('--yes', 'do not ask; needed where nobody can answer')
      .option('--author <name>', "who is named in the history (default: git's user.name, then the login)");

  ofFolder(
    catalog
      .command('diff')
      .summary('show what a push would change')
      .description('Compares the files with the active version: + added, - removed, ~ changed.')
      .option('--exit-code', 'end with 3 when there is a difference'),
  ).action(async (options: CatalogDiffFlags) => {
    const { diffCatalog } = await import('../commands/catalog-diff.ts');
    onEnd(await diffCatalog(context, options));
  });

  byAuthor(
    withSwitch(
      withProtect(
        ofFolder(
          catalog
            .command('push')
            .summary('publish the files as a new version')
            .description(
              'Checks the files, shows what changes, and publishes them as a new version. Files that are the same as the active version are not published again. When somebody else has published meanwhile, nothing is. Countries that the catalog blocks are then blocked in the protect configuration, and no others are; a run without changes puts right what was changed there.',
            ),
        ),
      ),
    ),
  ).action(async (options: CatalogChangeFlags) => {
    const { pushCatalog } = await import('../commands/catalog-push.ts');
    onEnd(await pushCatalog(context, options));
  });

  ofFolder(
    catalog
      .command('pull')
      .summary('write the active version into the folder')
      .description('Writes the files of the active version into the folder, byte for byte as they were pushed.')
      .option('--yes', 'overwrite and remove files that differ without asking; needed where nobody can answer'),
  ).action(async (options: CatalogPullFlags) => {
    const { pullCatalog } = await import('../commands/catalog-pull.ts');
    onEnd(await pullCatalog(context, options));
  });

  ofTable(
    catalog
      .command('history')
      .summary('list the versions that can be gone back to')
      .description('Lists the versions that were active and are kept, the newest first; * is active now.'),
  ).action(async (options: CatalogFlags) => {
    const { showCatalogHistory } = await import('../commands/catalog-history.ts');
    onEnd(await showCatalogHistory(context, options));
  });

  byAuthor(
    withSwitch(
      withProtect(
        ofTable(
          catalog
            .command('rollback')
            .summary('make an earlier version active again')
            .description(
              'Makes an earlier version active again, after checking that the sender can read it. Its country blocks go into the protect configuration.',
            )
            .argument('[version]', 'number of the version (default: the one before the active one)', toVersion),
        ),
      ),
    ),
  ).action(async (version: number | undefined, options: CatalogChangeFlags) => {
    const { rollBackCatalog } = await import('../commands/catalog-rollback.ts');
    onEnd(await rollBackCatalog(context, version, options));
  });

  byAuthor(
    ofTable(
      catalog
        .command('switch')
        .summary('the kill switch: stop sending codes, or go on')
        .description(
          'Publishes the active version once more with sending switched off or on, and nothing else changed. While it is off, Okta sends codes itself. Takes hold within a minute.',
        )
        .addArgument(new Argument('<state>', 'on or off').choices(['on', 'off'])),
    ),
  ).action(async (state: 'on' | 'off', options: CatalogChangeFlags) => {
    const { switchCatalog } = await import('../commands/catalog-switch.ts');
    onEnd(await switchCatalog(context, state, options));
  });

  withProtect(
    ofFolder(
      catalog
        .command('status')
        .summary('show which version is active, and whether it is sound')
        .description(
          'Shows the active version, who published it and when, whether its files are as they were published, whether the folder differs, and whether the protect configuration blocks what the version blocks. Ends with 3 when the files or the blocks are not as they should be, or nothing is published.',
        ),
    ),
  ).action(async (options: CatalogFlags) => {
    const { showCatalogStatus } = await import('../commands/catalog-status.ts');
    onEnd(await showCatalogStatus(context, options));
  });
}

function toVersion(typed: string): number {
  if (!/^[1-9]\d{0,5}$/.test(typed)) throw new InvalidArgumentError('It must be the number of a version.');
  return Number(typed);
}
