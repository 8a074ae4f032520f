import type { Context } from '../context.ts';
import type { FailuresListFlags } from '../describe/failures.ts';
import type { ExitCode } from '../exit.ts';
import { exit } from '../exit.ts';
import { readFailures, withFailuresQueue } from '../failures-queue.ts';
import { inTime } from '../in-time.ts';
import type { FailureList } from '../render-failure-list.ts';
import { countByCause, notesOn, renderFailureList } from '../render-failure-list.ts';

/** Lists the failures that wait in the queue; they stay there. */
export async function listFailures(context: Context, flags: FailuresListFlags): Promise<ExitCode> {
  const list = await withFailuresQueue(context, flags, (reader) =>
    inTime(context, async (signal): Promise<FailureList> => {
      // Counted first, or the messages that are read would count as hidden.
      const waiting = await reader.count(signal);
      const { failures, ...rest } = await readFailures(reader, { limit: flags.limit }, signal);
      return { failures, summary: countByCause(failures), ...rest, waiting };
    }),
  );
  if (flags.json === true) {
    context.stdout.write(`${JSON.stringify(list)}\n`);
    return exit.done;
  }
  context.stdout.write(renderFailureList(list, context.stdout));
  for (const note of notesOn(list, flags.limit)) context.stderr.write(`${note}\n`);
  return exit.done;
}
