import { Chalk } from 'chalk';
import type { MatrixCell } from '../core/call-matrix.ts';
import { channels } from '../core/channel.ts';
import { requestTypes } from '../core/request-type.ts';
import type { TargetName } from './call-report.ts';
import type { Output } from './context.ts';

/** What came of one cell. */
export interface CellResult {
  readonly cell: MatrixCell;
  /** `unchecked`: the hook took it, and does not tell which text it sent. */
  readonly outcome: 'good' | 'failed' | 'unchecked' | 'skipped';
  /** Why it is not good, without anything private. */
  readonly why: readonly string[];
  readonly ms: number | undefined;
  /** A message, and not a dry run. */
  readonly isSent: boolean;
}

/** Why a cell is unchecked. */
export const textUnchecked = 'accepted, text not checked: the hook does not tell locale and template';

export interface MatrixReport {
  readonly target: TargetName;
  /** In the order of the matrix. */
  readonly results: readonly CellResult[];
  readonly tookMs: number;
  /** Absent unless it ended early: `after` cells with a result, and as many `underWay`. */
  readonly stopped?: { readonly after: number; readonly of: number; readonly underWay: number };
}

/** One table for languages, one for countries, whatever is not good in words, and a line that sums it up. */
export function renderMatrix({ target, results, tookMs, stopped }: MatrixReport, output: Output): string {
  const colors = new Chalk({ level: output.hasColor ? 1 : 0 });
  const marks = {
    good: colors.green('✔'),
    failed: colors.red('✘'),
    unchecked: colors.yellow('?'),
    skipped: colors.dim('–'),
  };
  const table = (group: MatrixCell['group']) => {
    const own = results.filter(({ cell }) => cell.group === group);
    const names = [...new Set(own.map(({ cell }) => cell.name))];
    const columns = channels.flatMap((channel) =>
      requestTypes
        .filter((type) => own.some(({ cell }) => cell.channel === channel && cell.requestType === type))
        .map((type) => ({ channel, type })),
    );
    if (names.length === 0) return [];
    const line = (name: string, titles: readonly string[]) =>
      [name.padEnd(nameWidth), ...titles.map((title) => title.padEnd(columnWidth))].join('').trimEnd();
    // Each channel once, above its types: the table has to fit a terminal of 80 columns.
    const above = columns.map(({ channel }, index) => (columns[index - 1]?.channel === channel ? '' : channel));
    const types = columns.map(({ type }) => shortNames[type]);
    const head = [line(group, above), ...(group === 'language' ? [line('', types)] : [])];
    const rows = names.map((name) => {
      const cells = columns.map(({ channel, type }) => {
        const found = own.find(
          ({ cell }) => cell.name === name && cell.channel === channel && cell.requestType === type,
        );
        return `${found === undefined ? ' ' : marks[found.outcome]}${' '.repeat(columnWidth - 1)}`;
      });
      return `${name.padEnd(nameWidth)}${cells.join('')}`.trimEnd();
    });
    return [...head.map((title) => colors.bold(title)), ...rows, ''];
  };
  const told = results
    .filter(({ outcome }) => outcome !== 'good')
    .map(({ cell, outcome, why }) => `${marks[outcome]} ${nameOfCell(cell)}: ${why.join('; ')}`);
  const count = countOf(results);
  const sent = results.filter(({ isSent }) => isSent).length;
  const sentWords = target === 'local' ? '' : `; ${sent} ${sent === 1 ? 'message' : 'messages'} sent`;
  const underWay = stopped === undefined || stopped.underWay === 0 ? '' : `, with ${stopped.underWay} under way`;
  const mark = isGoodMatrix(results) && stopped === undefined ? marks.good : marks.failed;
  const unchecked = count.unchecked === 0 ? '' : `, ${count.unchecked} unchecked`;
  const skipped = count.skipped === 0 ? '' : `, ${count.skipped} skipped`;
  return [
    ...table('language'),
    ...table('country'),
    ...told,
    ...(told.length === 0 ? [] : ['']),
    `${mark} ${count.good} of ${results.length} cells good, ${count.failed} failed${unchecked}${skipped}, ${(tookMs / 1000).toFixed(1)} s`,
    ...(stopped === undefined ? [] : [`stopped after ${stopped.after} of ${stopped.of} cells${underWay}${sentWords}`]),
    '',
  ].join('\n');
}

const nameWidth = 12;
const columnWidth = 8;

const shortNames = {
  'pre-enrollment': 'enroll',
  'mfa-verification': 'verify',
  'account-unlock': 'unlock',
  'password-reset': 'reset',
} as const;

/** `es sms password-reset`, `FR voice`. */
export const nameOfCell = ({ group, name, channel, requestType }: MatrixCell): string =>
  group === 'language' ? `${name} ${channel} ${requestType}` : `${name} ${channel}`;

export function countOf(results: readonly CellResult[]) {
  const count = (wanted: CellResult['outcome']) => results.filter(({ outcome }) => outcome === wanted).length;
  return {
    good: count('good'),
    failed: count('failed'),
    unchecked: count('unchecked'),
    skipped: count('skipped'),
  };
}

/** Where nothing was called, or a text was not told, nothing is proved: a gate must not let that pass. */
export const isGoodMatrix = (results: readonly CellResult[]): boolean =>
  results.some(({ outcome }) => outcome === 'good') &&
  results.every(({ outcome }) => outcome === 'good' || outcome === 'skipped');

/** The matrix as `--json` prints it. */
export const toMatrixJson = ({ target, results, tookMs, stopped }: MatrixReport) => ({
  target,
  ...countOf(results),
  tookMs,
  ...(stopped === undefined ? {} : { stopped }),
  cells: results.map(({ cell: { group, name, channel, requestType, country }, outcome, why, ms, isSent }) => ({
    group,
    name,
    channel,
    requestType,
    country,
    outcome,
    ...(why.length === 0 ? {} : { why }),
    ms,
    sent: isSent,
  })),
});
