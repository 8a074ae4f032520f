import type { FormattingOptions, JSONPath } from 'jsonc-parser';
import { applyEdits, modify } from 'jsonc-parser';

/** What a place of a JSON file is to hold; `undefined` takes it out. */
export interface JsonChange {
  readonly path: readonly string[];
  readonly value: unknown;
}

/** Changes places of a JSON text and leaves every other character of it as it is. */
export function changeJson(text: string, changes: readonly JsonChange[]): string {
  const mark = text.startsWith('\uFEFF') ? '\uFEFF' : '';
  const formattingOptions = formattingOf(text);
  const changed = changes.reduce((json, { path, value }) => {
    const place: JSONPath = [...path];
    return applyEdits(json, modify(json, place, value, { formattingOptions }));
  }, text.slice(mark.length));
  return mark + changed;
}

/** As the file itself is indented; as ours are, where it is not. Its line ends jsonc-parser sees by itself. */
function formattingOf(text: string): FormattingOptions {
  const indent = /\n([ \t]+)"/.exec(text)?.[1] ?? '  ';
  return {
    insertSpaces: !indent.startsWith('\t'),
    tabSize: indent.startsWith('\t') ? 1 : indent.length,
  };
}

/** A new file as ours are written. */
export const jsonFile = (content: unknown): string => `${JSON.stringify(content, undefined, 2)}\n`;
