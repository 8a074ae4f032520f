import { applyEdits, modify } from 'jsonc-parser';
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
      {
        hint: `name an identity, or okta-otp identities remove ${shellWord(country)}`,
      },
    );
  }
  const before = entryOf(file, country);
  const written = route && writeRoute(route, { preferFlat: !isObject(before) });
  const text = file?.text ?? '{}\n';
  const edits = modify(text, [country], written, {
    formattingOptions: formattingOf(text),
    // The default stays last, where people look for it.
    getInsertionIndex: (keys) => (keys.at(-1) === '*' ? keys.length - 1 : keys.length),
  });
  const edited = { path: identitiesPath, text: applyEdits(text, edits) };
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

/** As the file is written already. */
function formattingOf(text: string) {
  const indent = /\n([ \t]+)"/.exec(text)?.[1] ?? '  ';
  return {
    insertSpaces: !indent.startsWith('\t'),
    tabSize: indent.startsWith('\t') ? 1 : indent.length,
    eol: text.includes('\r\n') ? '\r\n' : '\n',
  };
}
