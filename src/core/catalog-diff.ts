import type { CatalogFile } from './catalog.ts';
import { identitiesPath, numbersPath } from './catalog.ts';
import { isObject, parseJson } from './decode.ts';

export type ChangeKind = 'added' | 'removed' | 'changed';

/** A part of a file by its place in the JSON: `sms.text`, or a country; never with what it holds. */
export interface PartChange {
  readonly part: string;
  readonly kind: ChangeKind;
}

/** How a file differs; without parts when only its layout does, or when it is no JSON. */
export interface FileChange {
  readonly path: string;
  readonly kind: ChangeKind;
  readonly parts: readonly PartChange[];
}

/** What makes `after` of `before`, in the order of the paths; files count as changed by a single character. */
export function diffCatalogs(before: readonly CatalogFile[], after: readonly CatalogFile[]): readonly FileChange[] {
  const old = new Map(before.map(({ path, text }) => [path, text]));
  const young = new Map(after.map(({ path, text }) => [path, text]));
  return [...new Set([...old.keys(), ...young.keys()])].sort().flatMap((path): FileChange[] => {
    const [was, is] = [old.get(path), young.get(path)];
    if (was === is) return [];
    if (was === undefined) return [{ path, kind: 'added', parts: [] }];
    if (is === undefined) return [{ path, kind: 'removed', parts: [] }];
    return [{ path, kind: 'changed', parts: changedParts(path, was, is) }];
  });
}

function changedParts(path: string, was: string, is: string): readonly PartChange[] {
  const [before, after] = [parseJson(was), parseJson(is)];
  if (!before.ok || !after.ok) return [];
  // Below a country or a list of numbers there is nothing that reads well in one line.
  const isFlat = path === identitiesPath || path === numbersPath;
  return compare(before.value, after.value, { place: [], depth: isFlat ? 1 : 4 });
}

interface Where {
  readonly place: readonly string[];
  /** How many levels further down parts still have names. */
  readonly depth: number;
}

function compare(before: unknown, after: unknown, { place, depth }: Where): readonly PartChange[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  if (depth === 0 || !isObject(before) || !isObject(after)) return [{ part: place.join('.'), kind: 'changed' }];
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((key) => {
    const below = [...place, isName(key) ? key : '…'];
    if (!Object.hasOwn(before, key)) return [{ part: below.join('.'), kind: 'added' as const }];
    if (!Object.hasOwn(after, key)) return [{ part: below.join('.'), kind: 'removed' as const }];
    return compare(before[key], after[key], { place: below, depth: depth - 1 });
  });
}

/** A number that was put where a name belongs is not shown. */
const isName = (key: string) => /^[A-Za-z$][\w$-]*$/.test(key);
