import type { CellResult, MatrixReport } from './render-matrix.ts';
import { countOf, nameOfCell } from './render-matrix.ts';

/**
 * The matrix as JUnit XML, in the form that GitLab, Jenkins and Azure Pipelines read.
 *
 * @param startedAt - milliseconds since the epoch
 * @see https://github.com/testmoapp/junitxml
 */
export function renderJunit({ target, results, tookMs }: MatrixReport, startedAt: number): string {
  const suites = (['language', 'country'] as const).flatMap((group) => {
    const own = results.filter(({ cell }) => cell.group === group);
    if (own.length === 0) return [];
    const seconds = own.reduce((sum, { ms }) => sum + (ms ?? 0), 0) / 1000;
    const timestamp = new Date(startedAt).toISOString().replace(/\.\d+Z$/, '');
    const title = `okta-otp test-call ${target} ${group}`;
    return [
      `  <testsuite ${attributes({ name: title, timestamp, ...totals(own, seconds) })}>`,
      ...own.flatMap(renderCase),
      '  </testsuite>',
    ];
  });
  const whole = attributes({ name: 'okta-otp test-call --matrix', ...totals(results, tookMs / 1000) });
  return ['<?xml version="1.0" encoding="UTF-8"?>', `<testsuites ${whole}>`, ...suites, '</testsuites>', ''].join('\n');
}

function renderCase({ cell, outcome, why, ms }: CellResult): string[] {
  const head = attributes({
    name: nameOfCell(cell),
    classname: `okta-otp.${cell.group}.${cell.name}`,
    time: ((ms ?? 0) / 1000).toFixed(3),
  });
  if (outcome === 'good') return [`    <testcase ${head}/>`];
  const inner =
    outcome === 'skipped' || outcome === 'unchecked'
      ? `<skipped ${attributes({ message: why.join('; ') })}/>`
      : `<failure ${attributes({ message: why[0] ?? 'failed', type: 'expectation' })}>${escaped(why.join('\n'))}</failure>`;
  return [`    <testcase ${head}>`, `      ${inner}`, '    </testcase>'];
}

function totals(results: readonly CellResult[], seconds: number) {
  const { failed, skipped, unchecked } = countOf(results);
  return { tests: results.length, failures: failed, errors: 0, skipped: skipped + unchecked, time: seconds.toFixed(3) };
}

const attributes = (of: Readonly<Record<string, string | number>>): string =>
  Object.entries(of)
    .map(([name, value]) => `${name}="${escaped(String(value))}"`)
    .join(' ');

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** XML has no way at all to write most control characters. */
const escaped = (text: string): string =>
  [...text]
    .filter((character) => character === '\n' || character >= ' ')
    .map((character) => entities[character] ?? character)
    .join('');
