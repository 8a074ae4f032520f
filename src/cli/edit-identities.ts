import { isDeepStrictEqual } from 'node:util';
import type { Node } from 'jsonc-parser';
import { findNodeAtLocation, getNodeValue, parseTree } from 'jsonc-parser';
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
  if (file !== undefined && isDeepStrictEqual(before, written)) return file;
  const edited = { path: identitiesPath, text: withEntry(text, country, written) };
  parseIdentities([edited]);
  if (!isDeepStrictEqual(entryOf(edited, country), written)) {
    // Who reads takes the last of them, an editor the first.
    throw new UsageError('identities-twice', 'the file names the country twice', {
      hint: `take one of the two out of ${identitiesPath}; it is as it was`,
    });
  }
  return edited;
}

/** `*` would be all files of the folder to a shell. */
export const shellWord = (country: string): string => (country === '*' ? '"*"' : country);

type Path = readonly string[];

function withEntry(text: string, country: string, written: unknown): string {
  return written === undefined ? without(text, [country]) : withValue(text, [country], written);
}

/** Of an object that stays one, only the members that differ are written: its lines are somebody's own. */
function withValue(text: string, path: Path, value: unknown): string {
  const old = nodeAt(text, path);
  if (old === undefined) return inserted(text, path, value);
  const before: unknown = getNodeValue(old);
  const anew = () => splice(text, old, writeValue(value, layoutOf(text, old.parent)));
  if (!isObject(before) || !isObject(value) || !Object.keys(before).some((key) => Object.hasOwn(value, key))) {
    return anew();
  }
  const kept = Object.keys(before)
    .filter((key) => !Object.hasOwn(value, key))
    .reduce((edited, key) => without(edited, [...path, key]), text);
  const edited = Object.entries(value)
    .filter(([key, member]) => !isDeepStrictEqual(before[key], member))
    .reduce((sofar, [key, member]) => withValue(sofar, [...path, key], member), kept);
  // One line that has grown too long to read is no layout that anybody has chosen.
  const { offset = 0, length = 0 } = nodeAt(edited, path) ?? {};
  return length > readable && !edited.slice(offset, offset + length).includes('\n') ? anew() : edited;
}

function nodeAt(text: string, path: Path): Node | undefined {
  const root = parseTree(text);
  return root && findNodeAtLocation(root, [...path]);
}

function inserted(text: string, path: Path, value: unknown): string {
  const parent = nodeAt(text, path.slice(0, -1));
  const properties = parent?.children ?? [];
  const [first, last] = [properties[0], properties.at(-1)];
  const layout = layoutOf(text, first);
  const property = `${JSON.stringify(path.at(-1))}: ${writeValue(value, layout)}`;
  const { indent, eol } = layout;
  if (parent === undefined || first === undefined || last === undefined) {
    return splice(text, parent ?? { offset: 0, length: 0 }, `{${eol}${indent}${property}${eol}}`);
  }
  const onLines = text.slice(parent.offset, first.offset).includes('\n') ? `,${eol}${indent}` : ', ';
  const gap = text.slice(endOf(properties.at(-2) ?? last), last.offset);
  const between = /^,\s*$/.test(gap) ? gap : onLines;
  // The default stays last, where people look for it.
  return last.children?.[0]?.value === '*'
    ? splice(text, span(last.offset, last.offset), `${property}${between}`)
    : splice(text, span(endOf(last), endOf(last)), `${between}${property}`);
}

/** Takes a property out with its comma and its own line; what stands before the first one stays for the next. */
function without(text: string, path: Path): string {
  const parent = nodeAt(text, path.slice(0, -1));
  const properties = parent?.children ?? [];
  const at = properties.findIndex(({ children }) => children?.[0]?.value === path.at(-1));
  const [before, property, after] = [properties[at - 1], properties[at], properties[at + 1]];
  if (parent === undefined || property === undefined) return text;
  if (before !== undefined) return splice(text, span(endOf(before), endOf(property)), '');
  return after === undefined ? splice(text, parent, '{}') : splice(text, span(property.offset, after.offset), '');
}

const endOf = ({ offset, length }: Node) => offset + length;
const span = (from: number, to: number) => ({ offset: from, length: to - from });

interface Layout {
  /** What stands before a property of the same object. */
  readonly indent: string;
  /** What one level is. */
  readonly unit: string;
  readonly eol: string;
}

/** How the file is laid out around a property. */
function layoutOf(text: string, property: Node | undefined): Layout {
  const unit = /\n([ \t]+)"/.exec(text)?.[1] ?? '  ';
  const own = /\n([ \t]*)$/.exec(text.slice(0, property?.offset ?? 0))?.[1];
  return { indent: own ?? unit, unit, eol: text.includes('\r\n') ? '\r\n' : '\n' };
}

const splice = (text: string, { offset, length }: Pick<Node, 'offset' | 'length'>, by: string) =>
  text.slice(0, offset) + by + text.slice(offset + length);

/** On one line as long as that is easy to read, as entries by hand are. */
function writeValue(value: unknown, { indent, unit, eol }: Layout): string {
  const line = onOneLine(value);
  if (line.length <= readable || !isObject(value)) return line;
  const members = Object.entries(value).map(([key, member]) => `${indent}${unit}"${key}": ${onOneLine(member)}`);
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
