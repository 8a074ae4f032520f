import type { Command } from 'commander';
import { Option } from 'commander';
import { channels } from '../../core/channel.ts';
import { requestTypes } from '../../core/request-type.ts';
import type { Context } from '../context.ts';
import type { ExitCode } from '../exit.ts';

/** As commander has parsed and defaulted them. */
export interface TestCallFlags {
  readonly channel: (typeof channels)[number];
  readonly locale: string;
  readonly requestType: (typeof requestTypes)[number];
  readonly otp?: string;
  readonly json?: boolean;
}

/** Describes the command `test-call`; what it does is imported when it is called. */
export function describeTestCall(program: Command, context: Context, onEnd: (code: ExitCode) => void): void {
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
    .option('--json', 'print the result (and errors) as JSON')
    .action(async (phone: string, options: TestCallFlags) => {
      const { testCall } = await import('../commands/test-call.ts');
      onEnd(await testCall(context, phone, options));
    });
}
