import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { UsageError } from '../core/error.ts';
import type { PlacedItem } from '../core/guidance-file.ts';
import { findGuidanceItems } from '../core/guidance-file.ts';
import type { Context } from './context.ts';
import type { TemplatesImportFlags } from './describe/templates.ts';
import { inTime } from './in-time.ts';

/** Reads the guidance's items from the file or the table that is named; throws for neither, for both, and for none in it. */
export async function readGuidanceItems(
  context: Context,
  file: string | undefined,
  { fromTable, region, profile }: TemplatesImportFlags,
): Promise<readonly PlacedItem[]> {
  if ((file === undefined) === (fromTable === undefined)) {
    throw new UsageError('import-source', 'either a file or a table is imported', {
      hint: 'okta-otp templates import data.txt, or okta-otp templates import --from-table <name>',
    });
  }
  return fromTable === undefined
    ? await ofFile(context, file ?? '')
    : await ofTable(context, { table: fromTable, region, profile });
}

async function ofFile({ cwd }: Context, file: string): Promise<readonly PlacedItem[]> {
  const hint = 'name a file with items such as {"language": {"S": "en"}, …}';
  let bytes: Uint8Array;
  try {
    bytes = await readFile(resolve(cwd, file));
  } catch (cause) {
    throw new UsageError('file-unreadable', 'the file cannot be read', { hint: 'compare its name and rights', cause });
  }
  const text = decoded(bytes);
  const found = text === undefined ? undefined : findGuidanceItems(text);
  if (found?.ok === true) return found.value;
  const problems = found?.problems ?? [{ path: '', message: 'is neither UTF-8 nor UTF-16' }];
  const list = problems.map(({ path, message }) => `\n  ${path === '' ? 'the file' : path} ${message}`).join('');
  throw new UsageError('import-invalid', `this cannot be imported, and nothing was written:${list}`, { hint });
}

/** PowerShell's `>` writes UTF-16, with a byte order mark that says so. */
function decoded(bytes: Uint8Array): string | undefined {
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8';
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

interface NamedTable {
  readonly table: string;
  readonly region: string | undefined;
  readonly profile: string | undefined;
}

async function ofTable(context: Context, named: NamedTable): Promise<readonly PlacedItem[]> {
  // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html
  if (!/^[\w.-]{3,255}$/.test(named.table)) {
    throw new UsageError('table-invalid', 'the name of the table is not one that DynamoDB allows', {
      hint: 'copy it from the stack of the guidance',
    });
  }
  const table = await context.services.openGuidanceTable(named);
  try {
    const items = await inTime(context, (signal) => table.items(signal));
    if (items.length > 0) return items.map((value, index) => ({ place: `item ${index + 1}`, value }));
  } finally {
    table.close();
  }
  throw new UsageError('import-empty', 'the table has no items', {
    hint: 'compare --from-table, --region and --profile with where the guidance is deployed',
  });
}
