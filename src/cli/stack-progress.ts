import { Chalk } from 'chalk';
import type { StackEvent } from '../aws/stack.ts';
import { printable } from '../core/printable.ts';
import type { Context } from './context.ts';
import type { StackFollower } from './deploy-report.ts';

const barWidth = 24;
/** Resources that are shown below the bar at a time. */
const mostShown = 6;
/** Goes to the first column and removes everything from there on; ECMA-48. */
const upAndClear = (lines: number) => (lines === 0 ? '' : `\u001b[${lines}A\r\u001b[J`);

/** Shows how far a stack is: a bar and the resources in work on a terminal, elsewhere one line for each change of state. */
export function createStackProgress(
  { stderr, isInteractive, env }: Pick<Context, 'stderr' | 'isInteractive' | 'env'>,
  { expected, notes }: { readonly expected: number; readonly notes: ReadonlyMap<string, string> },
): StackFollower {
  const { green, red, dim } = new Chalk({ level: stderr.hasColor ? 1 : 0 });
  const isLive = isInteractive && env['TERM'] !== 'dumb';
  const inWork = new Map<string, StackEvent>();
  const done = new Set<string>();
  const last = new Map<string, string>();
  let drawn = 0;

  const line = (event: StackEvent) => {
    const { at, status, logicalId, type, reason } = event;
    const words = status.toLowerCase().replaceAll('_', ' ');
    const paint = status.endsWith('FAILED') ? red : status.endsWith('COMPLETE') ? green : dim;
    const why = reason === undefined || !status.endsWith('FAILED') ? '' : `: ${printableReason(reason)}`;
    const time = new Date(at).toISOString().slice(11, 19);
    const note = status === 'UPDATE_IN_PROGRESS' ? notes.get(logicalId) : undefined;
    const noted = note === undefined ? '' : `: ${note}`;
    return `${time} ${paint(words.padEnd(20))} ${printable(logicalId)} (${printable(type)})${why}${noted}`;
  };

  const draw = () => {
    const share = expected === 0 ? 0 : Math.min(1, done.size / expected);
    const filled = Math.round(share * barWidth);
    const bar = `[${'#'.repeat(filled)}${'.'.repeat(barWidth - filled)}] ${done.size} of ${Math.max(expected, done.size)}`;
    const shown = [...inWork.values()].slice(0, mostShown).map((event) => `  ${line(event)}`.slice(0, stderr.columns));
    stderr.write(`${upAndClear(drawn)}${[bar, ...shown].join('\n')}\n`);
    drawn = shown.length + 1;
  };

  return {
    onEvent(event) {
      if (!event.ofStack) {
        if (event.status.endsWith('_IN_PROGRESS')) inWork.set(event.logicalId, event);
        else {
          inWork.delete(event.logicalId);
          done.add(event.logicalId);
        }
      }
      if (!isLive) {
        // CloudFormation tells the beginning of a resource twice: when it is its turn, and when it has a name.
        if (last.get(event.logicalId) !== event.status) stderr.write(`${line(event)}\n`);
        last.set(event.logicalId, event.status);
        return;
      }
      if (event.status.endsWith('FAILED')) {
        stderr.write(`${upAndClear(drawn)}${line(event)}\n`);
        drawn = 0;
      }
      draw();
    },
    end() {
      if (isLive) stderr.write(upAndClear(drawn));
      drawn = 0;
    },
  };
}

/** Of AWS' words, without what would control a terminal. */
export const printableReason = (reason: string) => reason.replace(/[\p{Cc}\p{Cf}]+/gu, ' ').trim();
