import { OktaOtpError } from '../../core/error.ts';
import type { FailureRecord } from '../../core/failure-record.ts';
import type { Context } from '../context.ts';
import type { FailuresFlags } from '../describe/failures.ts';
import { mostFailures } from '../describe/failures.ts';
import type { ExitCode } from '../exit.ts';
import { exit } from '../exit.ts';
import { readFailures, withFailuresQueue } from '../failures-queue.ts';
import { inTime } from '../in-time.ts';
import { renderFailure } from '../render-failure.ts';

/** Shows everything about one failure; it stays in the queue. */
export async function showFailure(context: Context, eventId: string, flags: FailuresFlags): Promise<ExitCode> {
  const isAsked = (record: FailureRecord) => record.eventId === eventId;
  // An event that came twice may have a record of each; the second one only says that there was a first.
  const isTelling = (record: FailureRecord) => isAsked(record) && record.cause !== 'duplicate-in-flight';
  const { failures } = await withFailuresQueue(context, flags, (reader) =>
    inTime(context, (signal) => readFailures(reader, { limit: mostFailures, isEnough: isTelling }, signal)),
  );
  const record = failures.findLast(isTelling) ?? failures.findLast(isAsked);
  if (record === undefined) {
    throw new OktaOtpError('failure-not-found', 'no failure of this event is in the queue', {
      hint: 'okta-otp failures list',
    });
  }
  context.stdout.write(flags.json === true ? `${JSON.stringify(record)}\n` : renderFailure(record, context.stdout));
  return exit.done;
}
