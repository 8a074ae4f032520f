import { Chalk } from 'chalk';
import { oktaWaitsMs } from '../core/hook-verdict.ts';
import type { LatencySummary } from '../core/latency-summary.ts';
import type { TargetName } from './call-report.ts';

/** Many calls summed up, as `test-call --repeat --json` prints it. */
export interface RepeatReport {
  readonly target: TargetName;
  /** Those that came to a result. */
  readonly calls: number;
  /** Absent unless it ended early. */
  readonly stopped?: { readonly after: number; readonly of: number };
  readonly concurrency: number;
  readonly tookMs: number;
  readonly good: number;
  /** Messages that went out. */
  readonly sent: number;
  /** Calls of which nobody knows whether a message went out. */
  readonly unknown: number;
  /** Every call was a dry run, by the word of the hook. */
  readonly dryRun: boolean;
  /** Most frequent first. */
  readonly failures: readonly { readonly cause: string; readonly count: number }[];
  /** Absent when nobody answered. */
  readonly latency: LatencySummary | undefined;
}

const barWidth = 40;

/** A histogram with its percentiles, failures by cause, and a line that sums it up. */
export function renderRepeat(report: RepeatReport, hasColor: boolean): string {
  const colors = new Chalk({ level: hasColor ? 1 : 0 });
  const { latency, failures, calls, good, stopped } = report;
  const most = Math.max(1, ...(latency?.buckets ?? []).map(({ count }) => count));
  const round = (ms: number) => String(Math.round(ms));
  const bars = (latency?.buckets ?? []).map(({ fromMs, toMs, count }) => {
    const range = toMs === undefined ? `${fromMs} ms and more` : `${fromMs} to ${toMs} ms`;
    const bar = '█'.repeat(Math.ceil((count / most) * barWidth));
    const isLate = fromMs >= oktaWaitsMs;
    return `${range.padStart(16)}  ${String(count).padStart(6)}  ${isLate ? colors.red(bar) : colors.cyan(bar)}`.trimEnd();
  });
  const percentiles =
    latency === undefined
      ? ['Nobody answered.']
      : [
          (['min', 'p50', 'p95', 'p99', 'max'] as const)
            .map((name) => `${colors.bold(name)} ${round(latency[name])} ms`)
            .join('   '),
        ];
  const mark = good === calls && stopped === undefined ? colors.green('✔') : colors.red('✘');
  const perSecond = report.tookMs > 0 ? `, ${((calls / report.tookMs) * 1000).toFixed(1)} a second` : '';
  return [
    ...bars,
    ...(bars.length === 0 ? [] : ['']),
    ...percentiles,
    '',
    ...failures.map(({ cause, count }) => `${colors.red('✘')} ${String(count).padStart(6)}  ${cause}`),
    ...(failures.length === 0 ? [] : ['']),
    `${mark} ${good} of ${calls} calls good, ${report.concurrency} at a time${perSecond}`,
    sentWords(report),
    ...(stopped === undefined ? [] : [`stopped after ${stopped.after} of ${stopped.of} calls`]),
    '',
  ].join('\n');
}

function sentWords({ target, sent, unknown, dryRun }: RepeatReport): string {
  if (dryRun) return 'dry run: nothing was sent';
  const where = target === 'local' ? ' to the phone of the local cloud' : '';
  const messages = `${sent} ${sent === 1 ? 'message' : 'messages'} sent${where}`;
  return unknown === 0
    ? messages
    : `${messages}, and of ${unknown} more ${unknown === 1 ? 'call' : 'calls'} nobody knows`;
}
