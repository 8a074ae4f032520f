import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import type { Context } from '../context.ts';
import type { ExitCode } from '../exit.ts';

/** As commander has parsed and defaulted them. */
export interface FailuresFlags {
  readonly queueUrl?: string;
  /** Of `okta-otp.json`, whose stack says which queue it is. */
  readonly env?: string;
  readonly region?: string;
  readonly profile?: string;
  readonly json?: boolean;
}

export interface FailuresListFlags extends FailuresFlags {
  readonly limit: number;
}

export interface FailuresPurgeFlags extends FailuresFlags {
  readonly yes?: boolean;
}

/** Describes the commands `failures …`; what one does is imported when it is called. */
export function describeFailures(program: Command, context: Context, onEnd: (code: ExitCode) => void): void {
  const failures = program
    .command('failures')
    .summary('see from the failures queue why codes did not go out')
    .description(
      'Shows why codes did not go out, from the records that the sender puts into the failures queue (SQS). No code is ever sent again from there: a record holds neither code nor number, and the person has long asked for another one. Reading takes nothing out of the queue.',
    );
  const ofQueue = (command: Command) =>
    command
      .option('--queue-url <url>', 'the failures queue (default: OKTA_OTP_FAILURES_QUEUE_URL)')
      .option('--env <name>', 'environment of okta-otp.json whose queue it is')
      .option('--region <region>', "AWS Region (default: the queue URL's own)")
      .option('--profile <name>', 'profile of the AWS configuration files (default: as for the AWS CLI)')
      .option('--json', 'print the result (and errors) as JSON');

  ofQueue(
    failures
      .command('list')
      .summary('list what failed, and how often for which cause')
      .description(
        'Lists the failures that wait in the queue, the newest last, and counts them by cause. They stay in the queue, and no code is sent again.',
      )
      .option('--limit <n>', `read no more than this many, up to ${mostFailures}`, toLimit, 100),
  ).action(async (options: FailuresListFlags) => {
    const { listFailures } = await import('../commands/failures-list.ts');
    onEnd(await listFailures(context, options));
  });

  ofQueue(
    failures
      .command('show')
      .summary('show everything about one failure, and what to do next')
      .description(
        'Shows everything that is known of one failure: the attempts, what Okta was told and what that made it do, the cause, and what to do next. The code itself is not known, and is not sent again.',
      )
      .argument('<eventId>', "id of Okta's event, as list shows it (after -- if it begins with a dash)"),
  ).action(async (eventId: string, options: FailuresFlags) => {
    const { showFailure } = await import('../commands/failures-show.ts');
    onEnd(await showFailure(context, eventId, options));
  });

  ofQueue(
    failures
      .command('purge')
      .summary('delete all records from the failures queue')
      .description(
        'Deletes all records from the failures queue, for good. They are of no use but to be read: no code could be sent from them.',
      )
      .option('--yes', 'do not ask; needed where nobody can answer'),
  ).action(async (options: FailuresPurgeFlags) => {
    const { purgeFailures } = await import('../commands/failures-purge.ts');
    onEnd(await purgeFailures(context, options));
  });
}

/** Beyond it reading would take longer than a command may. */
export const mostFailures = 1_000;

function toLimit(typed: string): number {
  const limit = /^\d+$/.test(typed) ? Number(typed) : 0;
  // In words: four digits in an error could be a code, and are not shown.
  if (limit < 1 || limit > mostFailures) throw new InvalidArgumentError('It must be between one and a thousand.');
  return limit;
}
