import { Chalk } from 'chalk';
import type { Channel } from '../core/channel.ts';
import type { Output } from './context.ts';
import { renderTable } from './render-table.ts';

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
  return renderTable(head, cells, colors.bold);
}
