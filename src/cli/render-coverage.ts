import { Chalk } from 'chalk';
import type { Channel } from '../core/channel.ts';
import type { CoverageCell, CoverageState } from '../core/coverage.ts';
import { coverageStates } from '../core/coverage.ts';
import type { Cause } from '../core/failure-policy.ts';
import { causes } from '../core/failure-policy.ts';
import type { OriginationIdentity } from '../core/identity.ts';
import { causeAdvice } from './cause-advice.ts';
import type { Output } from './context.ts';
import { countryName } from './country.ts';
import type { Probed } from './probe-coverage.ts';
import { renderTable } from './render-table.ts';
import { wrap } from './wrap.ts';

export interface Coverage {
  readonly cells: readonly CoverageCell[];
  /** Absent when the service was not asked. */
  readonly probed: readonly Probed[] | undefined;
  readonly channels: readonly Channel[];
}

/** How many cells are in each state, and what the service said of them. */
export function countCoverage(cells: readonly CoverageCell[], probed: readonly Probed[] | undefined) {
  const count = (state: CoverageState) => cells.filter((cell) => cell.state === state).length;
  const accepted = probed?.filter(({ result }) => result === 'accepted').length ?? 0;
  return {
    countries: new Set(cells.map(({ country }) => country)).size,
    ...Object.fromEntries(coverageStates.map((state) => [state, count(state)])),
    ...(probed === undefined ? {} : { accepted, refused: probed.length - accepted }),
  };
}

/** Countries by channels as a table, below it whose numbers count as another's, what the service refuses, and a summary. */
export function renderCoverage({ cells, probed, channels }: Coverage, output: Output): string {
  // A terminal may say that it has no width at all.
  const columns = Math.max(narrowest, output.columns);
  const colors = new Chalk({ level: output.hasColor ? 1 : 0 });
  const byCountry = Map.groupBy(cells, ({ country }) => country);
  const head = ['COUNTRY', 'NAME', ...channels.map((channel) => channel.toUpperCase())];
  const rows = [...byCountry].map(([country, own]) => [
    `${country}${own.some(({ servedAs }) => servedAs !== undefined) ? '*' : ''}`,
    countryName(country),
    ...own.map((cell) => wordsOf(cell, probed)),
  ]);
  const shared = cells.flatMap(({ country, servedAs }) =>
    servedAs === undefined ? [] : [`${country} as ${servedAs}`],
  );
  const footnote =
    shared.length === 0
      ? []
      : wrap(
          `* mobile numbers cannot be told from those of another country, which serves them: ${[...new Set(shared)].join(', ')}`,
          columns,
        );
  const summary = channels.map((channel) => {
    const own = cells.filter((cell) => cell.channel === channel);
    const counts = coverageStates.map((state) => [state, own.filter((cell) => cell.state === state).length] as const);
    const said = counts
      .filter(([state, count]) => count > 0 || state === 'gap')
      .map(([state, count]) => `${count} ${summaryOf[state]}`);
    return `${channel}: ${said.join(', ')}`;
  });
  const refused = renderRefusals(probed ?? [], columns);
  const answers = probed === undefined ? [] : [summaryOfProbe(probed)];
  const lines = [
    ...footnote,
    ...refused,
    `${byCountry.size} ${byCountry.size === 1 ? 'country' : 'countries'} – ${summary.join('; ')}`,
    ...answers,
  ];
  return `${renderTable(head, rows, colors.bold)}\n${lines.join('\n')}\n`;
}

const narrowest = 60;

const summaryOf: Readonly<Record<CoverageState, string>> = {
  identity: 'with their own identity',
  default: 'by the default',
  off: 'switched off',
  blocked: 'blocked',
  gap: 'not served',
};

function wordsOf({ state, route, country, channel }: CoverageCell, probed: readonly Probed[] | undefined): string {
  const [first, ...more] = route?.identities ?? [];
  if (first === undefined) return state === 'gap' ? 'GAP' : state;
  const answers = probed?.filter((answer) => answer.country === country && answer.channel === channel) ?? [];
  const refused = answers.filter(({ result }) => result !== 'accepted').length;
  const verdict = answers.length === 0 ? '' : refused === 0 ? ' ok' : ` ${refused} of ${answers.length} refused`;
  const name = `${shortName(first)}${more.length === 0 ? '' : ` +${more.length}`}`;
  return `${state === 'default' ? `default ${name}` : name}${verdict}`;
}

/** An ARN by what stands behind its account. */
const shortName = ({ value }: OriginationIdentity) => value.replace(/^arn:.*:/, '');

/** By cause, since one cause mostly stands behind many countries. */
function renderRefusals(probed: readonly Probed[], columns: number): readonly string[] {
  const byCause = new Map<Cause, Probed[]>();
  for (const answer of probed) {
    if (answer.result !== 'accepted') byCause.set(answer.result, [...(byCause.get(answer.result) ?? []), answer]);
  }
  return [...byCause].flatMap(([cause, answers]) => [
    `refused: ${causes[cause].words}`,
    ...[...Map.groupBy(answers, ({ channel, identity }) => `${channel} ${shortName(identity)}`)].flatMap(([who, own]) =>
      wrap(`${who}: ${own.map(({ country }) => country).join(' ')}`, columns - 2).map((line) => `  ${line}`),
    ),
    `  fix: ${causeAdvice[cause]}`,
  ]);
}

function summaryOfProbe(probed: readonly Probed[]): string {
  const accepted = probed.filter(({ result }) => result === 'accepted').length;
  return `The service was asked ${probed.length} times and would accept ${accepted} messages; nothing was sent.`;
}
