import type { Context } from '../context.ts';
import type { TemplatesFlags } from '../describe/templates.ts';
import type { ExitCode } from '../exit.ts';
import { exit } from '../exit.ts';
import { languageNamed, readLanguages } from '../languages.ts';
import { renderLanguage } from '../render-language.ts';

/** Shows all texts of a language as they are written. */
export async function showTemplates(context: Context, typed: string, flags: TemplatesFlags): Promise<ExitCode> {
  const { locale, reviewed, templates, file } = languageNamed(await readLanguages(context, flags), typed);
  const language = { file: file.path, locale, reviewed, templates };
  context.stdout.write(
    flags.json === true ? `${JSON.stringify(language)}\n` : renderLanguage(language, context.stdout),
  );
  return exit.done;
}
