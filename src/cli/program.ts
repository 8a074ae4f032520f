import type { Argument } from 'commander';
import { Command } from 'commander';
import type { Context } from './context.ts';
import { describeCatalog } from './describe/catalog.ts';
import { describeDeploy } from './describe/deploy.ts';
import { describeDev } from './describe/dev.ts';
import { describeFailures } from './describe/failures.ts';
import { describeIdentities } from './describe/identities.ts';
import { describeInit } from './describe/init.ts';
import { describeSandbox } from './describe/sandbox.ts';
import { describeTemplates } from './describe/templates.ts';
import { describeTestCall } from './describe/test-call.ts';
import type { ExitCode } from './exit.ts';
import { version } from './version.ts';

/**
 * Describes the command line; what a command does is imported when it is called. Without a command it shows help on
 * stderr. `docs/commands.md` is generated from it.
 */
export function createProgram(context: Context, onEnd: (code: ExitCode) => void): Command {
  const program = new Command('okta-otp')
    .description("Delivers Okta's phone one-time passwords through AWS End User Messaging.")
    .version(version, '--version', 'print the version')
    .option('--no-color', 'print without colours (so does NO_COLOR)')
    .helpOption('-h, --help', 'show help')
    .helpCommand('help [command]', 'show help for a command')
    // Every command has options, and the room is needed for what it does.
    .configureHelp({
      subcommandTerm: (command) => [command.name(), ...command.registeredArguments.map(termOf)].join(' '),
    })
    .exitOverride()
    .configureOutput({
      writeOut: (text) => context.stdout.write(text),
      writeErr: (text) => context.stderr.write(text),
      // `main` prints every error, in the form that is asked for and without the numbers that were typed.
      outputError: () => {},
      getOutHelpWidth: () => context.stdout.columns,
      getErrHelpWidth: () => context.stderr.columns,
      getOutHasColors: () => context.stdout.hasColor,
      getErrHasColors: () => context.stderr.hasColor,
    });

  describeInit(program, context, onEnd);
  describeDev(program, context, onEnd);
  describeDeploy(program, context, onEnd);
  describeTestCall(program, context, onEnd);
  describeFailures(program, context, onEnd);
  describeTemplates(program, context, onEnd);
  describeIdentities(program, context, onEnd);
  describeSandbox(program, context, onEnd);
  describeCatalog(program, context, onEnd);

  return program;
}

function termOf(argument: Argument): string {
  const name = `${argument.name()}${argument.variadic ? '...' : ''}`;
  return argument.required ? `<${name}>` : `[${name}]`;
}
