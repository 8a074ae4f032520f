import { Chalk } from 'chalk';
import { settingsPath } from '../core/catalog.ts';
import type { ChangeKind, FileChange } from '../core/catalog-diff.ts';
import type { Output } from './context.ts';

const signs: Readonly<Record<ChangeKind, string>> = { added: '+', removed: '-', changed: '~' };

/** A change of this one setting decides whether anybody gets a code. */
const switchNotes: Readonly<Record<ChangeKind, string>> = {
  added: 'THE KILL SWITCH: look at its value',
  changed: 'THE KILL SWITCH: look at its value',
  // It is on where nothing is said.
  removed: 'THE KILL SWITCH: SENDING IS ON AGAIN',
};

/** One line for each file that differs, and below it the parts that do. */
export function renderCatalogDiff(changes: readonly FileChange[], { hasColor }: Pick<Output, 'hasColor'>): string {
  const { green, red, yellow, bold } = new Chalk({ level: hasColor ? 1 : 0 });
  const paint = { added: green, removed: red, changed: yellow };
  return changes
    .map(({ path, kind, parts }) => {
      const layout = kind === 'changed' && parts.length === 0 ? '  (layout only)' : '';
      const below = parts.map((part) => {
        const note = path === settingsPath && part.part === 'enabled' ? red(`  ${switchNotes[part.kind]}`) : '';
        return `    ${paint[part.kind](`${signs[part.kind]} ${part.part}`)}${note}\n`;
      });
      return `${bold(paint[kind](`${signs[kind]} ${path}`))}${layout}\n${below.join('')}`;
    })
    .join('');
}
