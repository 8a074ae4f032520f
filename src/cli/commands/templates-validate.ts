import { UsageError } from '../../core/error.ts';
import { lintCatalog } from '../../core/lint.ts';
import type { Context } from '../context.ts';
import type { TemplatesFlags } from '../describe/templates.ts';
import { catalogFolderOf } from '../environments.ts';
import type { ExitCode } from '../exit.ts';
import { exit } from '../exit.ts';
import { createLineFinder } from '../json-lines.ts';
import { regionOf } from '../region.ts';
import { countFindings, renderFindings } from '../render-findings.ts';
import { openWorkspace } from '../workspace.ts';

/** Checks the files of a catalog; not good when one of the findings is an error. */
export async function validateTemplates(context: Context, flags: TemplatesFlags): Promise<ExitCode> {
  const workspace = openWorkspace(context.cwd, await catalogFolderOf(context, flags));
  const files = await workspace.files();
  if (files.length === 0) {
    throw new UsageError('catalog-empty', 'the folder has no files of a catalog', {
      hint: 'name another folder with --dir',
    });
  }
  const finders = new Map(files.map(({ path, text }) => [path, createLineFinder(text)]));
  const findings = lintCatalog(files, { region: regionOf(context) }).map((finding) => ({
    ...finding,
    // A file that is missing is found wanting, too.
    line: finders.get(finding.file)?.(finding.path) ?? 1,
  }));
  const summary = countFindings(findings);
  context.stdout.write(
    flags.json === true
      ? `${JSON.stringify({ findings, summary: { files: files.length, ...summary } })}\n`
      : renderFindings(findings, files.length, context.stdout),
  );
  return summary.errors > 0 ? exit.notGood : exit.done;
}
