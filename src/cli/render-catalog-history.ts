import { Chalk } from 'chalk';
import type { ActiveVersion, PublishedVersion } from '../aws/catalog-history.ts';
import { printable } from '../core/printable.ts';
import type { Output } from './context.ts';

/** The versions as a table, newest first; `*` stands before the active one. */
export function renderCatalogHistory(
  versions: readonly PublishedVersion[],
  active: ActiveVersion,
  { hasColor }: Pick<Output, 'hasColor'>,
): string {
  const { bold } = new Chalk({ level: hasColor ? 1 : 0 });
  const rows = versions.map(({ number, count, author, at, id }) => {
    const mark = id === active.id ? '*' : ' ';
    const row = `${mark} ${String(number).padStart(6)}  ${toTime(at)}  ${String(count).padStart(5)}  ${printable(author)}`;
    return id === active.id ? bold(row) : row;
  });
  return [bold('  version  pushed (UTC)         files  author'), ...rows].map((row) => `${row.trimEnd()}\n`).join('');
}

/** `2026-01-28 21:43:40`. */
export const toTime = (at: number) => new Date(at).toISOString().slice(0, 19).replace('T', ' ');
