import { describe, expect, it } from 'vitest';
import type { CatalogFile } from '../../src/core/catalog.ts';
import { diffCatalogs } from '../../src/core/catalog-diff.ts';

const file = (path: string, content: unknown): CatalogFile => ({ path, text: JSON.stringify(content) });
const partsOf = (path: string, before: unknown, after: unknown) =>
  diffCatalogs([file(path, before)], [file(path, after)]).flatMap(({ parts }) =>
    parts.map(({ kind, part }) => `${kind} ${part}`),
  );

describe('the difference of two catalogs', () => {
  it('is the files that were added, removed and changed, by path', () => {
    const before = [file('settings.json', {}), file('templates/es.json', 1), file('numbers.json', {})];
    const after = [file('templates/es.json', 2), file('templates/de.json', 1), file('numbers.json', {})];
    expect(diffCatalogs(before, after)).toEqual([
      { path: 'settings.json', kind: 'removed', parts: [] },
      { path: 'templates/de.json', kind: 'added', parts: [] },
      { path: 'templates/es.json', kind: 'changed', parts: [{ part: '', kind: 'changed' }] },
    ]);
  });

  it('is nothing for the same files in another order', () => {
    const files = [file('a', 1), file('b', 2)];
    expect(diffCatalogs(files, files.toReversed())).toEqual([]);
  });

  it('has no parts where only the layout differs, or where there is no JSON', () => {
    const path = 'settings.json';
    const changed = [{ path, kind: 'changed', parts: [] }];
    expect(diffCatalogs([{ path, text: '{}' }], [{ path, text: '{}\r\n' }])).toEqual(changed);
    expect(diffCatalogs([{ path, text: '{' }], [{ path, text: '{}' }])).toEqual(changed);
    expect(diffCatalogs([{ path, text: '{}' }], [{ path, text: '' }])).toEqual(changed);
  });

  it('names the texts of a language', () => {
    const before = { sms: { text: 'a', variants: { 'mfa-verification': 'b', other: 'c' } }, voice: null };
    const after = { sms: { text: 'A', variants: { 'mfa-verification': 'B', added: 'c' } }, voice: { ssml: 'x' } };
    expect(partsOf('templates/es.json', before, after)).toEqual([
      'changed sms.text',
      'changed sms.variants.mfa-verification',
      'removed sms.variants.other',
      'added sms.variants.added',
      'changed voice',
    ]);
  });

  it('names the countries of the identities, and nothing below them', () => {
    const after = { ES: { sms: { enabled: false } }, FR: ['+33600000001'] };
    expect(partsOf('originationIdentities.json', { ES: { sms: {} }, US: [] }, after)).toEqual([
      'changed ES',
      'removed US',
      'added FR',
    ]);
  });

  it('names the lists of numbers, and never a number, wherever somebody put it', () => {
    const after = { deny: ['+34600000001'], '+34600000002': 1, '34600000003': 1 };
    expect(partsOf('numbers.json', { deny: [] }, after)).toEqual(['changed deny', 'added …', 'added …']);
  });

  it('does not take an inherited name for a part', () => {
    expect(partsOf('settings.json', {}, { toString: 1 })).toEqual(['added toString']);
  });
});
