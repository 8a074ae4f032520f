import { Chalk } from 'chalk';
import type { Channel } from '../core/channel.ts';
import type { Output } from './context.ts';

/** A text as `templates list --json` prints it: of an SMS parts and encoding, of a call the voice. */
export interface TemplateRow {
  readonly locale: string;
  readonly channel: Channel;
  /** Absent: for every request type that has no text of its own. */
  readonly requestType?: string;
  readonly reviewed: boolean;
  readonly encoding?: string;
  readonly parts?: number;
  readonly voiceId?: string;
}

const head = ['LOCALE', 'CHANNEL', 'FOR', 'PARTS', 'ENCODING', 'VOICE', 'REVIEWED'];

/** The texts as a table. */
export function renderTemplateList(rows: readonly TemplateRow[], output: Output): string {
  const colors = new Chalk({ level: output.hasColor ? 1 : 0 });
  const cells = rows.map(({ locale, channel, requestType, parts, encoding, voiceId, reviewed }) => [
    locale,
    channel,
    requestType ?? 'all',
    parts === undefined ? '-' : String(parts),
    encoding ?? '-',
    voiceId ?? '-',
    reviewed ? 'yes' : 'no',
  ]);
  const widths = head.map((title, column) =>
    Math.max(...[head, ...cells].map((row) => row[column]?.length ?? 0), title.length),
  );
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return [colors.bold(line(head)), ...cells.map(line), ''].join('\n');
}
