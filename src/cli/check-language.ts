import type { CatalogFile } from '../core/catalog.ts';
import { UsageError } from '../core/error.ts';
import { lintCatalog } from '../core/lint.ts';
import type { Finding } from '../core/lint-rules.ts';
import { createLineFinder } from './json-lines.ts';
import type { FindingAtLine } from './render-findings.ts';

/** What is to be said about files that are to be written, beside those that are there. */
export interface CheckedFiles {
  /** Errors that were not there before: they keep the files from being written. */
  readonly errors: readonly FindingAtLine[];
  /** Everything else about these files, and whether the default language still has its texts. */
  readonly others: readonly FindingAtLine[];
}

/** Checks files as they would be, among those of the folder as they are; nothing is written. */
export function checkFiles(there: readonly CatalogFile[], drafts: readonly CatalogFile[]): CheckedFiles {
  const paths = drafts.map(({ path }) => path);
  const after = [...there.filter(({ path }) => !paths.includes(path)), ...drafts];
  const known = new Set(lintCatalog(there).map(keyOf));
  const found = lintCatalog(after).filter(({ file, rule }) => paths.includes(file) || rule === 'default-language');
  const placed = found.map((finding): FindingAtLine => {
    const text = after.find(({ path }) => path === finding.file)?.text ?? '';
    return { ...finding, line: createLineFinder(text)(finding.path) };
  });
  const isNew = (finding: FindingAtLine) =>
    finding.severity === 'error' && paths.includes(finding.file) && !known.has(keyOf(finding));
  return { errors: placed.filter(isNew), others: placed.filter((finding) => !isNew(finding)) };
}

const keyOf = ({ file, path, rule, message }: Finding) => [file, path, rule, message].join('\n');

/** One line a finding, and what to do about it below. */
export const describeFindings = (findings: readonly FindingAtLine[]): string =>
  findings
    .map(({ file, line, path, severity, rule, message, fix }) => {
      const place = path === '' ? '' : `${path} `;
      return `\n  ${file}:${line} ${severity} ${rule} ${place}${message}\n    fix: ${fix}`;
    })
    .join('');

/** Throws with all errors at once, if there is one. */
export function refuseErrors(errors: readonly FindingAtLine[]): void {
  if (errors.length === 0) return;
  throw new UsageError(
    'template-refused',
    `the text is not sound, and nothing was written:${describeFindings(errors)}`,
    {
      hint: 'correct it and run the command again; docs/lint.md explains the rules',
    },
  );
}
