import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { CatalogContent } from '../core/catalog.ts';
import type { Decoder } from '../core/decode.ts';
import { decode, parseJson, renderProblems } from '../core/decode.ts';
import { UsageError } from '../core/error.ts';
import { originationIdentities } from '../core/origination-identities.ts';
import { languageTemplates } from '../core/template.ts';

/**
 * Reads a catalog from its files: one template file a language, and the origination identities.
 *
 * Throws a `UsageError` that names every problem of every file.
 */
export async function readCatalogFiles(templatesFolder: string, identitiesFile: string): Promise<CatalogContent> {
  const names = (await readdir(templatesFolder)).filter((name) => name.endsWith('.json')).sort();
  const problems: string[] = [];
  const read = async <T>(file: string, decoder: Decoder<T>) => {
    const json = parseJson(await readFile(file, 'utf8'));
    const decoded = json.ok ? decode(decoder, json.value) : json;
    if (decoded.ok && json.ok) return { value: decoded.value, json: json.value };
    if (!decoded.ok) problems.push(`${basename(file)}: ${renderProblems(decoded.problems, 'the file')}`);
    return undefined;
  };
  const languages = await Promise.all(names.map((name) => read(join(templatesFolder, name), languageTemplates)));
  const identities = await read(identitiesFile, originationIdentities);
  if (problems.length > 0 || identities === undefined) {
    throw new UsageError('catalog-invalid', problems.join('\n'), {
      hint: 'correct the files and run the command again',
    });
  }
  return {
    settings: {},
    originationIdentities: identities.json,
    templates: languages.flatMap((language) => language?.value.templates ?? []),
  };
}
