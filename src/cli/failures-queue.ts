import type { FailureReader, ReadOptions } from '../aws/failure-reader.ts';
import { UsageError } from '../core/error.ts';
import type { FailureRecord } from '../core/failure-record.ts';
import { parseFailureRecord } from '../core/failure-record.ts';
import type { Context } from './context.ts';
import { deployedEnvironment } from './deployed-environment.ts';
import type { FailuresFlags } from './describe/failures.ts';
import { refuseUnnamed } from './environments.ts';

/** A message that is no record of a failure: which of its fields are wrong, and nothing of what they hold. */
export interface UnreadableMessage {
  readonly messageId: string;
  /** Milliseconds since the epoch. */
  readonly sentAt: number;
  readonly problems: readonly string[];
}

/** What was read from the failures queue, oldest first. */
export interface ReadFailures {
  readonly failures: readonly FailureRecord[];
  readonly unreadable: readonly UnreadableMessage[];
  /** How many of these messages SQS still hides from others. */
  readonly stillHidden: number;
}

/** Where the failures queue is: the option, then the environment variable, then what is deployed. */
async function failuresQueueOf(context: Context, flags: FailuresFlags) {
  const { region, profile } = flags;
  const named = flags.queueUrl ?? (flags.env === undefined ? context.env['OKTA_OTP_FAILURES_QUEUE_URL'] : undefined);
  if (named !== undefined && named !== '') return { queueUrl: checked(named), region, profile };
  const deployed = await deployedEnvironment(context, flags);
  if (deployed === undefined) await refuseUnnamed(context, flags);
  const queueUrl = checked(deployed?.outputs['FailuresQueueUrl'] ?? '');
  return { queueUrl, region: deployed?.region, profile: deployed?.profile };
}

function checked(url: string): string {
  if (url === '') {
    throw new UsageError('queue-url-missing', 'the URL of the failures queue is not known', {
      hint: "pass --queue-url or --env, or set OKTA_OTP_FAILURES_QUEUE_URL, as in the sender's own environment",
    });
  }
  // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-queue-message-identifiers.html
  if (!URL.canParse(url) || !/^https?:\/\/[^/]+\/\d{12}\/[\w-]+$/.test(url)) {
    throw new UsageError('queue-url-invalid', 'the URL of the failures queue is not that of an SQS queue', {
      hint: 'for example https://sqs.eu-west-1.amazonaws.com/<account>/okta-otp-failures',
    });
  }
  return url;
}

/** Opens the failures queue for as long as `use` takes. */
export async function withFailuresQueue<T>(
  context: Context,
  flags: FailuresFlags,
  use: (reader: FailureReader) => Promise<T>,
): Promise<T> {
  const { queueUrl, region, profile } = await failuresQueueOf(context, flags);
  const reader = await context.services.openFailureReader({ queueUrl, region, profile, clock: context.clock });
  try {
    return await use(reader);
  } finally {
    reader.close();
  }
}

export interface ReadFailuresOptions {
  readonly limit: number;
  /** Ends the reading once it has seen what it looks for. */
  readonly isEnough?: (record: FailureRecord) => boolean;
}

/** Reads messages and tells records from what is none. */
export async function readFailures(
  reader: FailureReader,
  { limit, isEnough = () => false }: ReadFailuresOptions,
  signal: AbortSignal,
): Promise<ReadFailures> {
  const options: ReadOptions = {
    limit,
    isEnough({ body }) {
      const parsed = parseFailureRecord(body);
      return parsed.ok && isEnough(parsed.value);
    },
  };
  const { messages, stillHidden } = await reader.read(options, signal);
  const failures: FailureRecord[] = [];
  const unreadable: UnreadableMessage[] = [];
  for (const { messageId, sentAt, body } of messages) {
    const parsed = parseFailureRecord(body);
    if (parsed.ok) failures.push(parsed.value);
    else unreadable.push({ messageId, sentAt, problems: parsed.problems.map(({ path }) => path || 'the whole') });
  }
  return { failures: failures.toSorted((a, b) => a.at - b.at), unreadable, stillHidden };
}
