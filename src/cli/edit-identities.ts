import type { Node } from 'jsonc-parser';
import { applyEdits, findNodeAtLocation, modify, parseTree } from 'jsonc-parser';
import type { CatalogFile } from '../core/catalog.ts';
import { identitiesPath } from '../core/catalog.ts';
import { isObject, parseJson } from '../core/decode.ts';
import { UsageError } from '../core/error.ts';
import type { CountryRoute } from '../core/origination-identities.ts';
import { saysNothing, writeRoute } from './country-entry.ts';
import { parseIdentities } from './identities-file.ts';

/** What is written for a country, if anything. */
export function entryOf(file: CatalogFile | undefined, country: string): unknown {
  const json = parseJson(file?.text ?? '{}');
  return json.ok && isObject(json.value) && Object.hasOwn(json.value, country) ? json.value[country] : undefined;
}

/**
 * The file with another route for a country (or with none), every other line as it was.
 *
 * Throws when the outcome would not be valid, or would not say what it is meant to.
 */
export function editIdentities(
  file: CatalogFile | undefined,
  country: string,
  route: CountryRoute | undefined,
): CatalogFile {
  if (route !== undefined && saysNothing(route)) {
    throw new UsageError(
      'identities-missing',
      'the country would be left without any identity, and so without messages',
      { hint: `name an identity, or okta-otp identities remove ${shellWord(country)}` },
    );
  }
  const before = entryOf(file, country);
  const written = route && writeRoute(route, { preferFlat: !isObject(before) });
  const text = file?.text ?? '{}\n';
  // What is there and says the same is left as somebody has written it.
  if (file !== undefined && JSON.stringify(before) === JSON.stringify(written)) return file;
  const edited = { path: identitiesPath, text: withEntry(text, country, written) };
  parseIdentities([edited]);
  if (JSON.stringify(entryOf(edited, country)) !== JSON.stringify(written)) {
    // Who reads takes the last of them, an editor the first.
    throw new UsageError('identities-twice', 'the file names the country twice', {
      hint: `take one of the two out of ${identitiesPath}; it is as it was`,
    });
  }
  return edited;
}

/** `*` would be all files of the folder to a shell. */
export const shellWord = (country: string): string => (country === '*' ? '"*"' : country);

function withEntry(text: string, country: string, written: unknown): string {
  // Without formatting options it touches nothing but the property and its comma.
  if (written === undefined) return applyEdits(text, modify(text, [country], undefined, {}));
  const root = parseTree(text);
  const properties = root?.children ?? [];
  const indent = /\n([ \t]+)"/.exec(text)?.[1] ?? '  ';
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const value = writeValue(written, { indent, eol });
  const old = root && findNodeAtLocation(root, [country]);
  if (old !== undefined) return splice(text, old, value);
  const property = `${JSON.stringify(country)}: ${value}`;
  const last = properties.at(-1);
  if (root === undefined || last === undefined) {
    return splice(text, root ?? { offset: 0, length: 0 }, `{${eol}${indent}${property}${eol}}`);
  }
  const between = text.slice(root.offset, properties[0]?.offset).includes('\n') ? `,${eol}${indent}` : ', ';
  // The default stays last, where people look for it.
  return last.children?.[0]?.value === '*'
    ? splice(text, { offset: last.offset, length: 0 }, `${property}${between}`)
    : splice(text, { offset: last.offset + last.length, length: 0 }, `${between}${property}`);
}

const splice = (text: string, { offset, length }: Pick<Node, 'offset' | 'length'>, by: string) =>
  text.slice(0, offset) + by + text.slice(offset + length);

/** On one line as long as that is easy to read, as entries by hand are. */
function writeValue(value: unknown, { indent, eol }: { readonly indent: string; readonly eol: string }): string {
  const line = onOneLine(value);
  if (line.length <= readable || !isObject(value)) return line;
  const members = Object.entries(value).map(([key, member]) => `${indent}${indent}"${key}": ${onOneLine(member)}`);
  return `{${eol}${members.join(`,${eol}`)}${eol}${indent}}`;
}

const readable = 90;

function onOneLine(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(onOneLine).join(', ')}]`;
  if (!isObject(value)) return JSON.stringify(value);
  return `{ ${Object.entries(value)
    .map(([key, member]) => `"${key}": ${onOneLine(member)}`)
    .join(', ')} }`;
}
