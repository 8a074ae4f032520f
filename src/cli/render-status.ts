import { Chalk } from 'chalk';
import type { FunctionAlias } from '../aws/function-alias.ts';
import { printable } from '../core/printable.ts';
import type { EnvironmentStatus, Part } from './commands/status.ts';
import type { Context } from './context.ts';
import { toTime } from './render-catalog-history.ts';
import { printableReason } from './stack-progress.ts';

/** The state of an environment, one line for each part of it, and at last what is not well. */
export function renderStatus(
  status: EnvironmentStatus,
  { stdout }: Pick<Context, 'stdout'>,
  /** The options by which other commands find the same environment. */
  same: string,
): string {
  const { bold, red, green } = new Chalk({ level: stdout.hasColor ? 1 : 0 });
  const { stack, alarms, messaging, notWell } = status;
  const rows: readonly (readonly [name: string, value: string])[] = [
    ['environment', `${status.environment}, account ${status.account}, ${status.region}`],
    ['stack', `${stack.name} ${stack.status} since ${toTime(stack.changedAt)} UTC`],
    ...(stack.reason === undefined ? [] : [['', printableReason(stack.reason)] as const]),
    ['hook URL', stack.outputs['HookUrl'] ?? 'none'],
    ['sender', of(status.sender, aliasWords)],
    ['authorizer', of(status.authorizer, aliasWords)],
    [
      'catalog',
      of(status.catalog, (active) =>
        active === undefined
          ? 'none published'
          : `version ${active.version} since ${toTime(active.since)} UTC${active.sends === false ? ', SWITCHED OFF' : ''}`,
      ),
    ],
    [
      'failures',
      of(status.failures, (count) =>
        count === 0 ? 'none waiting' : `${count} waiting: okta-otp failures list${same}`,
      ),
    ],
    ['alarms', of(alarms, (all) => `${all.filter(({ state }) => state === 'alarm').length} of ${all.length} ringing`)],
    [
      'messaging',
      messaging.tier === undefined
        ? `not known (${messaging.why})`
        : `${printable(messaging.tier.toLowerCase())}, ${limit('SMS', messaging.limits.text)}, ${limit('calls', messaging.limits.voice)}`,
    ],
    ['dashboard', stack.outputs['DashboardUrl'] ?? 'none'],
  ];
  const width = Math.max(...rows.map(([name]) => name.length)) + 2;
  const verdict =
    notWell.length === 0 ? [green('All is well.')] : notWell.map((words) => red(`NOT WELL: ${printableReason(words)}`));
  return `${[...rows.map(([name, value]) => `${bold(name.padEnd(width))}${value}`), ...verdict].join('\n')}\n`;
}

const of = <T>(part: Part<T>, words: (value: T) => string) => (part.ok ? words(part.value) : `not known (${part.why})`);

function aliasWords(alias: FunctionAlias | undefined): string {
  if (alias === undefined) return 'no alias';
  const { version, shifting } = alias;
  const canary =
    shifting === undefined ? '' : `, ${Math.round(shifting.share * 100)} % on its way to version ${shifting.version}`;
  return `version ${version}${canary}`;
}

const limit = (name: string, usd: number | undefined) =>
  usd === undefined ? `${name}: no limit known` : `${name} up to $${usd} a month`;
