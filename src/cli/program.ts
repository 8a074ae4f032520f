import { Command, Option } from 'commander';
import { channels } from '../core/channel.ts';
import { requestTypes } from '../core/hook-request.ts';
import type { Context } from './context.ts';
import type { ExitCode } from './exit.ts';
import { version } from './version.ts';

/**
 * Describes the command line; what a command does is imported when it is called. Without a command it shows help on
 * stderr. `docs/commands.md` is generated from it.
 */
export function createProgram(context: Context, onEnd: (code: ExitCode) => void): Command {
  const json = () => new Option('--json', 'print the result (and errors) as JSON');
  const program = new Command('okta-otp')
    .description("Delivers Okta's phone one-time passwords through AWS End User Messaging.")
    .version(version, '--version', 'print the version')
    .option('--no-color', 'print without colours (so does NO_COLOR)')
    .helpOption('-h, --help', 'show help')
    .helpCommand('help [command]', 'show help for a command')
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

  program
    .command('test-call')
    .summary('send a simulated Okta hook request through the whole chain')
    .description(
      'Sends a simulated Okta hook request through the whole chain – token, gateway, authorizer, sender, catalog, End User Messaging – and shows the way it took, what the phone shows, and what Okta would make of the answer. With nothing deployed it runs on this machine and sends nothing to anybody.',
    )
    .argument('<phone>', 'number to send to, in E.164 form such as +34612345678')
    .addOption(new Option('--channel <channel>', 'how the code travels').choices(channels).default('sms'))
    .option('--locale <tag>', 'locale of the Okta user, as BCP 47', 'en-US')
    .addOption(
      new Option('--request-type <type>', 'what the code is for').choices(requestTypes).default('mfa-verification'),
    )
    .option('--otp <code>', 'the code (default: a random one)')
    .addOption(json())
    .action(async (phone: string, options: TestCallFlags) => {
      const { testCall } = await import('./commands/test-call.ts');
      onEnd(await testCall(context, phone, options));
    });

  return program;
}

/** As commander has parsed and defaulted them. */
export interface TestCallFlags {
  readonly channel: (typeof channels)[number];
  readonly locale: string;
  readonly requestType: (typeof requestTypes)[number];
  readonly otp?: string;
  readonly json?: boolean;
}
