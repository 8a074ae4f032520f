import { Chalk } from 'chalk';
import type { Finding, Severity } from '../core/lint-rules.ts';
import type { Output } from './context.ts';

export interface FindingAtLine extends Finding {
  /** From 1. */
  readonly line: number;
}

/** How many findings there are of each severity. */
export function countFindings(findings: readonly Finding[]): Readonly<Record<`${Severity}s`, number>> {
  const count = (severity: Severity) => findings.filter((finding) => finding.severity === severity).length;
  return { errors: count('error'), warnings: count('warning'), notes: count('note') };
}

/** One line a finding, what to do about it below, and a summary. */
export function renderFindings(findings: readonly FindingAtLine[], files: number, output: Output): string {
  const colors = new Chalk({ level: output.hasColor ? 1 : 0 });
  const paint = { error: colors.red, warning: colors.yellow, note: colors.dim } as const;
  const { errors, warnings, notes } = countFindings(findings);
  const lines = findings.flatMap(({ file, line, path, severity, rule, message, fix }) => [
    `${file}:${line} ${paint[severity](severity)} ${rule} ${path === '' ? '' : `${path} `}${message}`,
    `  ${colors.dim(`fix: ${fix}`)}`,
  ]);
  const summary = [counted(errors, 'error'), counted(warnings, 'warning'), counted(notes, 'note')].join(', ');
  return [...lines, `${counted(files, 'file')}: ${summary}`, ''].join('\n');
}

const counted = (count: number, noun: string) => `${count} ${noun}${count === 1 ? '' : 's'}`;
