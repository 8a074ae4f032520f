import type { Command } from 'commander';
import { InvalidArgumentError, Option } from 'commander';
import type { Channel } from '../../core/channel.ts';
import { channels } from '../../core/channel.ts';
import type { Context } from '../context.ts';
import { dirHelp } from '../default-folder.ts';
import type { EnvironmentAccountFlags } from '../environment-account.ts';
import type { ExitCode } from '../exit.ts';
import { ofAccount } from './identities-account.ts';

/** Describes the commands `sandbox …`; what one does is imported when it is called. */
export function describeSandbox(program: Command, context: Context, onEnd: (code: ExitCode) => void): void {
  const sandbox = program
    .command('sandbox')
    .summary('see what a new AWS account may send, and lift its limits')
    .description(
      'A new account is in the sandbox of End User Messaging: it sends to verified numbers only, for one dollar a month. Each Region has a sandbox of its own.',
    );

  ofAccount(
    sandbox
      .command('status')
      .summary('show tier, limits, and what fails because of them')
      .description(
        'Shows whether the account is in the sandbox, how many destinations it has verified, what it may spend, and what fails because of that. Ends with 3 in the sandbox.',
      ),
  ).action(async (flags: EnvironmentAccountFlags) => {
    const { showSandboxStatus } = await import('../commands/sandbox-status.ts');
    onEnd(await showSandboxStatus(context, flags));
  });

  ofAccount(
    sandbox
      .command('verify')
      .summary('make a number one that the sandbox may send to')
      .description(
        'Adds a number to the verified destinations, has AWS send it a code, and verifies it with that code: typed when asked, or given to a second run with --code. A number that was added can be deleted after a day.',
      )
      .argument('<phone>', 'number in E.164, such as +34612345678')
      .addOption(new Option('--channel <channel>', 'how the code is sent').choices(channels).default('sms'))
      .option('--from <identity>', 'origination identity that it comes from (default: AWS takes one that can)')
      .option('--code <code>', 'the code that came; nothing is sent then'),
  ).action(async (phone: string, flags: SandboxVerifyFlags) => {
    const { verifyDestination } = await import('../commands/sandbox-verify.ts');
    onEnd(await verifyDestination(context, phone, flags));
  });

  sandbox
    .command('request')
    .summary('write the support case that lifts a limit')
    .description(
      'Prints the text of a support case that takes the account out of the sandbox or raises a spend limit, with the countries of originationIdentities.json; nothing is sent to AWS. What only you know stands in <angle brackets>.',
    )
    .addOption(
      new Option('--kind <kind>', 'leave the sandbox, or raise a spend limit')
        .choices(['leave', 'spend'])
        .default('leave'),
    )
    .addOption(new Option('--channel <channel>', 'whose limit it is').choices(channels).default('sms'))
    .option('--limit <dollars>', 'US dollars a month that are asked for', toLimit)
    .option('--env <name>', 'environment of okta-otp.json that it is for (default: the only one)')
    .option('--region <region>', "AWS Region that sends (default: the environment's)")
    .option('--dir <folder>', dirHelp)
    .option('--json', 'print the result (and errors) as JSON')
    .action(async (flags: SandboxRequestFlags) => {
      const { writeSupportCase } = await import('../commands/sandbox-request.ts');
      onEnd(await writeSupportCase(context, flags));
    });
}

/** As commander has parsed them. */
export interface SandboxVerifyFlags extends EnvironmentAccountFlags {
  readonly channel: Channel;
  readonly from?: string;
  readonly code?: string;
}

export interface SandboxRequestFlags {
  readonly kind: 'leave' | 'spend';
  readonly channel: Channel;
  readonly limit?: number;
  readonly env?: string;
  readonly region?: string;
  readonly dir?: string;
  readonly json?: boolean;
}

function toLimit(typed: string): number {
  if (!/^[1-9]\d{0,6}$/.test(typed)) throw new InvalidArgumentError('It must be whole US dollars, 1 or more.');
  return Number(typed);
}
