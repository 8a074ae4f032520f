import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editIdentities, entryOf } from '../../src/cli/edit-identities.ts';
import { parseIdentities } from '../../src/cli/identities-file.ts';
import type { CatalogFile } from '../../src/core/catalog.ts';
import { identitiesPath } from '../../src/core/catalog.ts';

/** How somebody has laid a file out. */
interface Style {
  readonly eol: string;
  readonly unit: string;
  readonly endsWithEol: boolean;
  /** Between an entry and its value, and after a comma on one line. */
  readonly space: string;
  /** An empty line between countries. */
  readonly isAiry: boolean;
  readonly isOneLine: boolean;
}

const styles: fc.Arbitrary<Style> = fc.record({
  eol: fc.constantFrom('\n', '\r\n'),
  unit: fc.constantFrom('  ', '    ', '\t'),
  endsWithEol: fc.boolean(),
  space: fc.constantFrom('', ' ', '  '),
  isAiry: fc.boolean(),
  isOneLine: fc.boolean(),
});

const entries = fc.constantFrom<unknown>(
  '+34600000001',
  ['+34600000001', 'ACME'],
  { sms: ['+34600000001', 'ACME'], voice: '+34600000001' },
  { voice: '+34600000001', sms: { identities: 'ACME', enabled: false } },
  { sms: 'ACME', parameters: { IN_ENTITY_ID: '1'.repeat(19), IN_TEMPLATE_ID: '2'.repeat(19) } },
  { enabled: 'blocked' },
);
const countries = fc.constantFrom('ES', 'FR', 'IN', 'PT', 'US', '*');
const files = fc.uniqueArray(fc.tuple(countries, entries), { maxLength: 5, selector: ([country]) => country });
type Entries = readonly (readonly [country: string, entry: unknown])[];

/** One line of a value, spaced as its author likes it. */
function oneLine(value: unknown, { space }: Style): string {
  if (Array.isArray(value)) return `[${value.map((item) => JSON.stringify(item)).join(`,${space}`)}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([key, member]) => `"${key}":${space}${JSON.stringify(member)}`);
  return `{${space}${members.join(`,${space}`)}${space}}`;
}

function write(all: Entries, style: Style): string {
  const { eol, unit, endsWithEol, space, isAiry, isOneLine } = style;
  const property = ([country, entry]: Entries[number]) => {
    const isObject = typeof entry === 'object' && entry !== null && !Array.isArray(entry);
    if (isOneLine || !isObject) return `"${country}":${space}${oneLine(entry, style)}`;
    const members = Object.entries(entry).map(
      ([key, member]) => `${unit}${unit}"${key}":${space}${oneLine(member, style)}`,
    );
    return `"${country}":${space}{${eol}${members.join(`,${eol}`)}${eol}${unit}}`;
  };
  const end = endsWithEol ? eol : '';
  if (all.length === 0) return `{}${end}`;
  if (isOneLine) return `{${all.map(property).join(`,${space}`)}}${end}`;
  const between = `,${isAiry ? eol : ''}${eol}${unit}`;
  return `{${eol}${unit}${all.map(property).join(between)}${eol}}${end}`;
}

const fileOf = (text: string): CatalogFile => ({ path: identitiesPath, text });
const routeOf = (country: string, entry: unknown) =>
  parseIdentities([fileOf(JSON.stringify({ [country]: entry }))]).originationIdentities[country];

/** What stands in the text for a country, byte for byte. */
function written([country, entry]: Entries[number], style: Style): string {
  const alone = write([[country, entry]], { ...style, endsWithEol: false });
  return alone.slice(1, -1).trim();
}

function expectItsOwn(text: string, others: Entries, style: Style): void {
  for (const other of others) expect(text).toContain(written(other, style));
  expect(text.endsWith(style.eol)).toBe(style.endsWithEol);
  if (style.eol === '\n') expect(text).not.toContain('\r');
  else expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
  expect(text).not.toMatch(/[ \t]+\r?$/m);
}

describe('a file of identities that is edited', () => {
  it('says what was set, and keeps every other line, its line ends and its end', () => {
    fc.assert(
      fc.property(files, styles, countries, entries, (all, style, country, entry) => {
        const text = write(all, style);
        const edited = editIdentities(fileOf(text), country, routeOf(country, entry));
        const others = all.filter(([other]) => other !== country);
        // A file of one line, and no end, has no line ends to keep.
        const eol = text.includes('\n') ? style.eol : '\n';
        expectItsOwn(edited.text, others, { ...style, eol });
        const { originationIdentities } = parseIdentities([edited]);
        expect(originationIdentities[country]).toEqual(routeOf(country, entry));
        expect(Object.keys(JSON.parse(edited.text))).toHaveLength(others.length + 1);
        // What says the same already is left as it is, however it is written.
        expect(editIdentities(edited, country, routeOf(country, entry)).text).toBe(edited.text);
      }),
      { numRuns: 500 },
    );
  });

  it('is as it was once a country that was added is removed again', () => {
    fc.assert(
      fc.property(files, styles, countries, entries, (all, style, country, entry) => {
        const others = all.filter(([other]) => other !== country);
        const text = write(others, style);
        const added = editIdentities(fileOf(text), country, routeOf(country, entry));
        expect(editIdentities(added, country, undefined).text).toBe(text);
      }),
      { numRuns: 500 },
    );
  });

  it('has nothing of a country that was removed, and all of the others', () => {
    fc.assert(
      fc.property(files, styles, (all, style) => {
        const [first] = all;
        if (first === undefined) return;
        const edited = editIdentities(fileOf(write(all, style)), first[0], undefined);
        expectItsOwn(edited.text, all.slice(1), style);
        expect(entryOf(edited, first[0])).toBeUndefined();
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['two spaces', '{\n  "ES": {\n    "sms": ["+34600000001",   "ACME"],\n    "voice": "+34600000001"\n  }\n}\n'],
    [
      'tabs and CRLF',
      '{\r\n\t"ES": {\r\n\t\t"sms": ["+34600000001",   "ACME"],\r\n\t\t"voice": "+34600000001"\r\n\t}\r\n}',
    ],
  ])('keeps the lines within an entry of which one member changes: %s', (_, text) => {
    const route = routeOf('ES', { sms: ['+34600000001', 'ACME'], voice: '+34600000002' });
    expect(editIdentities(fileOf(text), 'ES', route).text).toBe(
      text.replace('"voice": "+34600000001"', '"voice": "+34600000002"'),
    );
  });

  it('is refused with a comment in it, which no reader of the catalog takes', () => {
    const text = '{\n  // the office\n  "ES": "+34600000001"\n}\n';
    expect(() => editIdentities(fileOf(text), 'FR', routeOf('FR', 'ACME'))).toThrow(/not valid/);
  });
});
