import { UsageError } from '../../core/error.ts';
import { lintCatalog } from '../../core/lint.ts';
import type { Context } from '../context.ts';
import type { TemplatesRemoveFlags } from '../describe/templates.ts';
import { catalogFolderOf, sameFolder } from '../environments.ts';
import type { ExitCode } from '../exit.ts';
import { exit } from '../exit.ts';
import { languageNamed, readLanguages } from '../languages.ts';
import { openWorkspace } from '../workspace.ts';

/** Deletes a language from the folder, once somebody has said so. */
export async function removeTemplates(context: Context, typed: string, flags: TemplatesRemoveFlags): Promise<ExitCode> {
  const own = await openWorkspace(context.cwd, await catalogFolderOf(context, flags)).files();
  if (!own.some(({ path }) => path.startsWith('templates/'))) {
    throw new UsageError(
      'template-shipped',
      "the folder has no languages: those that list shows are the package's own",
      {
        hint: 'nothing has to be removed; a language of the folder takes the place of all of them',
      },
    );
  }
  const read = await readLanguages(context, flags);
  const { locale, file } = languageNamed(read, typed);
  if (flags.yes !== true) {
    if (!context.isInteractive) {
      throw new UsageError('confirmation-missing', 'nobody can be asked here whether to delete the language', {
        hint: `okta-otp templates remove ${locale}${sameFolder(flags)} --yes`,
      });
    }
    const answer = await context.ask(`Type "${locale}" to delete ${file.path}:`);
    if (answer.trim() !== locale) {
      context.stderr.write('Nothing was deleted.\n');
      return exit.interrupted;
    }
  }
  await read.workspace.remove(file.path);
  const left = lintCatalog(await read.workspace.files()).filter(({ rule }) => rule === 'default-language');
  for (const { message, fix } of left) context.stderr.write(`settings.json ${message}\n  fix: ${fix}\n`);
  if (flags.json === true) context.stdout.write(`${JSON.stringify({ removed: file.path, findings: left })}\n`);
  else context.stderr.write(`Deleted ${file.path}. What is published stays until the next publication.\n`);
  return exit.done;
}
