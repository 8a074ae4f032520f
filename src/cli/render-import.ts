import { Chalk } from 'chalk';
import type { Output } from './context.ts';
import type { LanguageDraft } from './import-language.ts';
import type { FindingAtLine } from './render-findings.ts';
import { renderFindings } from './render-findings.ts';

const marks = { added: '+', changed: '~', same: '=' } as const;

/** What an import writes, what got better in it, and what is worth a look. */
export function renderImport(
  drafts: readonly LanguageDraft[],
  findings: readonly FindingAtLine[],
  output: Output,
): string {
  const colors = new Chalk({ level: output.hasColor ? 1 : 0 });
  const paint = { added: colors.green, changed: colors.yellow, same: colors.dim } as const;
  const lines = drafts.flatMap(({ path, kind, improvements }) => [
    paint[kind](`${marks[kind]} ${path}`),
    ...improvements.map((improvement) => `    ${improvement.path} ${improvement.message}`),
  ]);
  return `${lines.join('\n')}\n${renderFindings(findings, drafts.length, output)}`;
}
