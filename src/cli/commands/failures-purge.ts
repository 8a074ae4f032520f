import { UsageError } from '../../core/error.ts';
import type { Context } from '../context.ts';
import type { FailuresPurgeFlags } from '../describe/failures.ts';
import type { ExitCode } from '../exit.ts';
import { exit } from '../exit.ts';
import { withFailuresQueue } from '../failures-queue.ts';
import { inTime } from '../in-time.ts';

/** What has to be typed for it. */
const word = 'purge';

/** Deletes every record of the failures queue, once somebody has said so. */
export async function purgeFailures(context: Context, flags: FailuresPurgeFlags): Promise<ExitCode> {
  if (flags.yes !== true && !context.isInteractive) {
    throw new UsageError('confirmation-missing', 'nobody can be asked here whether to delete the records', {
      hint: 'okta-otp failures purge --yes',
    });
  }
  return await withFailuresQueue(context, flags, async (reader) => {
    const { visible, hidden } = await inTime(context, (signal) => reader.count(signal));
    const count = visible + hidden;
    const tell = (purged: number, words: string) => {
      if (flags.json === true) context.stdout.write(`${JSON.stringify({ purged })}\n`);
      else context.stderr.write(`${words}\n`);
    };
    if (count === 0) {
      tell(0, 'The failures queue is empty.');
      return exit.done;
    }
    const messages = count === 1 ? '1 message' : `${count} messages`;
    if (flags.yes !== true) {
      context.stderr.write(`The failures queue holds about ${messages}. Deleted, they cannot be had back.\n`);
      const typed = await context.ask(`Type "${word}" to delete them:`);
      if (typed.trim() !== word) {
        context.stderr.write('Nothing was deleted.\n');
        return exit.interrupted;
      }
    }
    await inTime(context, (signal) => reader.purge(signal));
    tell(count, `Deleted about ${messages}; SQS takes up to a minute for it.`);
    return exit.done;
  });
}
