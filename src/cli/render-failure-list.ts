import { Chalk } from 'chalk';
import type { FailureReader } from '../aws/failure-reader.ts';
import type { Cause } from '../core/failure-policy.ts';
import { causeNames, causes } from '../core/failure-policy.ts';
import type { FailureRecord } from '../core/failure-record.ts';
import type { Output } from './context.ts';
import type { ReadFailures, UnreadableMessage } from './failures-queue.ts';

/** What `failures list --json` prints. */
export interface FailureList extends ReadFailures {
  readonly summary: Summary;
  /** What SQS guessed to be in the queue before anything was read. */
  readonly waiting: Awaited<ReturnType<FailureReader['count']>>;
}

/** How often each cause was met; the most frequent first. */
export type Summary = Readonly<Partial<Record<Cause, number>>>;

export function countByCause(failures: readonly FailureRecord[]): Summary {
  const counts = causeNames.map(
    (cause) => [cause, failures.filter((failure) => failure.cause === cause).length] as const,
  );
  return Object.fromEntries(counts.filter(([, count]) => count > 0).toSorted(([, a], [, b]) => b - a));
}

/** Less of a cause's words says nothing; a narrow terminal wraps them. */
const fewestWords = 24;

/** The failures as a table, what could not be read, and how often each cause was met; empty when there is nothing. */
export function renderFailureList({ failures, unreadable, summary }: FailureList, output: Output): string {
  const { bold, dim } = new Chalk({ level: output.hasColor ? 1 : 0 });
  const blocks = [
    failures.length === 0
      ? []
      : failureRows(failures, output.columns).map((row, index) => (index === 0 ? bold(row) : row)),
    unreadable.length === 0
      ? []
      : [bold(`Unreadable: ${unreadable.length} of another form or version`), ...unreadable.map(unreadableRow)],
    failures.length === 0 ? [] : [bold(counted(failures.length, 'failure')), ...summaryRows(summary, dim)],
  ];
  return blocks
    .filter((block) => block.length > 0)
    .map((block) => `${block.join('\n')}\n`)
    .join('\n');
}

const head = ['time (UTC)', 'event id', 'channel', 'country', 'cause', 'answer', 'what happened'];

function failureRows(failures: readonly FailureRecord[], columns: number): string[] {
  const rows = failures.map(({ at, eventId, channel, country, cause, answer, preview }) => {
    const words = preview ? `Okta's preview: ${causes[cause].words}` : causes[cause].words;
    return [toTime(at), eventId, channel, country ?? '–', cause, answer, words];
  });
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  const before = widths.slice(0, -1).reduce((sum, width) => sum + width + gap.length, 0);
  const wordsWidth = Math.max(fewestWords, columns - before);
  return all.map((row) =>
    row
      .map((cell, column) => (column === row.length - 1 ? cut(cell, wordsWidth) : cell.padEnd(widths[column] ?? 0)))
      .join(gap),
  );
}

const gap = '  ';

const unreadableRow = ({ messageId, sentAt, problems }: UnreadableMessage) =>
  [toTime(sentAt), `message ${messageId}`, `wrong: ${cut(problems.join(', '), 60)}`].join(gap);

function summaryRows(summary: Summary, dim: (text: string) => string): string[] {
  const met = causeNames.flatMap((cause) => {
    const count = summary[cause];
    return count === undefined ? [] : [{ cause, count }];
  });
  const wide = Math.max(...met.map(({ cause }) => cause.length));
  return met
    .toSorted((a, b) => b.count - a.count)
    .map(({ cause, count }) => `${String(count).padStart(5)}  ${cause.padEnd(wide)}  ${dim(causes[cause].words)}`);
}

/** What a person should know beside the list, of which no more than `limit` was to be read. */
export function notesOn({ failures, unreadable, stillHidden, waiting }: FailureList, limit: number): string[] {
  const read = failures.length + unreadable.length;
  return [
    ...(read === 0 && waiting.hidden === 0 ? ['No failures wait in the queue.'] : []),
    // What SQS counts may be a minute old; below the limit everything was read, whatever it says.
    ...(read >= limit && waiting.visible > read
      ? [`About ${waiting.visible} messages wait: --limit reads more of them.`]
      : []),
    ...(waiting.hidden > 0
      ? [`Hidden while somebody else reads: about ${counted(waiting.hidden, 'message')}. Run this again in a minute.`]
      : []),
    ...(stillHidden > 0
      ? [`Not given back: ${counted(stillHidden, 'message')}, hidden from others for up to a minute.`]
      : []),
    ...(failures.length > 0 ? ['Everything about one, and what to do: okta-otp failures show <eventId>'] : []),
  ];
}

const counted = (count: number, noun: string) => `${count} ${noun}${count === 1 ? '' : 's'}`;

const cut = (text: string, width: number) => (text.length <= width ? text : `${text.slice(0, width - 1)}…`);

/** `2026-01-28 21:43:40`. */
const toTime = (at: number) => new Date(at).toISOString().slice(0, 19).replace('T', ' ');
