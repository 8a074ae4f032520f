import { Chalk } from 'chalk';
import type { ChangeKind, FileChange } from '../core/catalog-diff.ts';
import type { Output } from './context.ts';

const signs: Readonly<Record<ChangeKind, string>> = { added: '+', removed: '-', changed: '~' };

/** One line for each file that differs, and below it the parts that do. */
export function renderCatalogDiff(changes: readonly FileChange[], { hasColor }: Pick<Output, 'hasColor'>): string {
  const { green, red, yellow, bold } = new Chalk({ level: hasColor ? 1 : 0 });
  const paint = { added: green, removed: red, changed: yellow };
  return changes
    .map(({ path, kind, parts }) => {
      const layout = kind === 'changed' && parts.length === 0 ? '  (layout only)' : '';
      const below = parts.map((part) => `    ${paint[part.kind](`${signs[part.kind]} ${part.part}`)}\n`);
      return `${bold(paint[kind](`${signs[kind]} ${path}`))}${layout}\n${below.join('')}`;
    })
    .join('');
}
