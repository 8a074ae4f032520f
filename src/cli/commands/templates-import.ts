import type { CatalogFile } from '../../core/catalog.ts';
import type { Problem } from '../../core/decode.ts';
import { UsageError } from '../../core/error.ts';
import { convertGuidanceItems } from '../../core/guidance-format.ts';
import { checkFiles, describeFindings } from '../check-language.ts';
import type { Context } from '../context.ts';
import type { TemplatesImportFlags } from '../describe/templates.ts';
import { catalogFolderOf, sameFolder } from '../environments.ts';
import type { ExitCode } from '../exit.ts';
import { exit } from '../exit.ts';
import { readGuidanceItems } from '../guidance-items.ts';
import type { LanguageDraft } from '../import-language.ts';
import { draftLanguage } from '../import-language.ts';
import { confirm } from '../published-catalog.ts';
import { renderImport } from '../render-import.ts';
import { openWorkspace } from '../workspace.ts';

/** What the service would refuse. What merely costs is taken over: that it does is said. */
const unsendable: readonly string[] = ['undecodable', 'ssml-malformed', 'ssml-element'];

/** Takes over the AWS guidance's texts from a file or a table, as languages of the folder. */
export async function importTemplates(
  context: Context,
  file: string | undefined,
  flags: TemplatesImportFlags,
): Promise<ExitCode> {
  const items = await readGuidanceItems(context, file, flags);
  const converted = convertGuidanceItems(items, { gsm7: flags.gsm7 === true });
  if (!converted.ok) throw invalid(converted.problems);
  const workspace = openWorkspace(context.cwd, await catalogFolderOf(context, flags));
  const there = await workspace.files();
  const drafted = await Promise.all(
    converted.value.map((language) => draftLanguage(there, language, flags.reviewed === true)),
  );
  const missing = drafted.flatMap((draft) => ('problem' in draft ? [draft.problem] : []));
  if (missing.length > 0) throw invalid(missing);
  const drafts = drafted.filter((draft): draft is LanguageDraft => 'path' in draft);
  const { errors, others } = checkFiles(there, drafts);
  const refused = errors.filter(({ rule }) => unsendable.includes(rule));
  if (refused.length > 0) {
    throw new UsageError(
      'import-invalid',
      `the service would refuse these texts, and nothing was written:${describeFindings(refused)}`,
      { hint: 'correct them where they come from, and import again' },
    );
  }

  const findings = [...errors, ...others].toSorted((a, b) => Number(a.file > b.file) - Number(a.file < b.file));
  const changes = drafts.filter(({ kind }) => kind !== 'same');
  const isDry = flags.dryRun === true;
  const report = (written: boolean) => {
    const languages = drafts.map(({ locale, path, kind, improvements }) => ({
      locale,
      file: path,
      kind,
      improvements,
    }));
    if (flags.json === true) context.stdout.write(`${JSON.stringify({ written, languages, findings })}\n`);
    else {
      if (flags.gsm7 !== true && findings.some(({ rule }) => rule === 'sms-encoding')) {
        context.stderr.write('With --gsm7 these characters are replaced.\n');
      }
      context.stderr.write(written ? `Files written: ${changes.length}.\n` : 'Nothing was written.\n');
    }
    return exit.done;
  };
  if (flags.json !== true) context.stdout.write(renderImport(drafts, findings, context.stdout));
  if (isDry || changes.length === 0) return report(false);
  const overwrites = changes.some(({ kind }) => kind === 'changed');
  const question = 'Overwrite (~) these languages of the folder?';
  const source = flags.fromTable === undefined ? file : `--from-table ${flags.fromTable}`;
  const command = `templates import ${source}${sameFolder(flags)}`;
  if (overwrites && !(await confirm(context, flags, { question, command }))) return exit.interrupted;
  for (const { path, text } of changes) await workspace.write({ path, text } satisfies CatalogFile);
  return report(true);
}

function invalid(problems: readonly Problem[]): UsageError {
  const list = problems.map(({ path, message }) => `\n  ${path === '' ? 'the input' : path} ${message}`).join('');
  return new UsageError('import-invalid', `this cannot be imported, and nothing was written:${list}`, {
    hint: 'correct or leave out these items, and import again',
  });
}
