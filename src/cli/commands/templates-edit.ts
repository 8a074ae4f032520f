import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { CatalogFile } from '../../core/catalog.ts';
import { OktaOtpError, UsageError } from '../../core/error.ts';
import { checkFiles, describeFindings, refuseErrors } from '../check-language.ts';
import type { Context } from '../context.ts';
import type { TemplatesTextFlags } from '../describe/templates.ts';
import { catalogFolderOf, sameFolder } from '../environments.ts';
import type { ExitCode } from '../exit.ts';
import { exit } from '../exit.ts';
import { fileOf } from '../language-start.ts';
import { applyTextFlags, parseLanguageFile } from '../language-text.ts';
import { toLocale } from '../languages.ts';
import { openWorkspace } from '../workspace.ts';

/** Changes texts of a language by options, or in a person's editor; what is not sound is not written. */
export async function editTemplates(context: Context, typed: string, flags: TemplatesTextFlags): Promise<ExitCode> {
  const locale = toLocale(typed);
  const workspace = openWorkspace(context.cwd, await catalogFolderOf(context, flags));
  const there = await workspace.files();
  const file = fileOf(there, locale);
  if (file === undefined) {
    throw new UsageError('template-not-found', 'the folder has no file of this language', {
      hint: `okta-otp templates add ${locale}${sameFolder(flags)}`,
    });
  }
  const { sms, voice, voiceId, reviewed } = flags;
  const isGiven = [sms, voice, voiceId, reviewed].some((given) => given !== undefined);
  const text = isGiven ? byFlags(file, locale, flags) : await byEditor(context, there, file);
  if (text === undefined) {
    context.stderr.write('Nothing was changed.\n');
    return exit.interrupted;
  }
  const draft = { path: file.path, text };
  const { errors, others } = checkFiles(there, [draft]);
  refuseErrors(errors);
  const isChanged = text !== file.text;
  if (isChanged) await workspace.write(draft);
  if (flags.json === true) {
    context.stdout.write(`${JSON.stringify({ file: file.path, locale, written: isChanged, findings: others })}\n`);
    return exit.done;
  }
  const own = others.filter((finding) => finding.file === file.path);
  if (own.length > 0) context.stderr.write(`Worth a look:${describeFindings(own)}\n`);
  const next = `To publish it: okta-otp catalog push${sameFolder(flags)}`;
  context.stderr.write(isChanged ? `Wrote ${file.path}.\n${next}\n` : `Nothing to change: ${file.path} is the same.\n`);
  return exit.done;
}

/** Only a file that can be read has places to change. */
function byFlags({ text }: CatalogFile, locale: string, flags: TemplatesTextFlags): string {
  if (parseLanguageFile(text) === undefined) {
    throw new UsageError('catalog-invalid', 'the file of this language cannot be read', {
      hint: `okta-otp templates edit ${locale}, without options, opens it in an editor`,
    });
  }
  return applyTextFlags(text, locale, flags);
}

/** Lets a person edit a copy until it is sound; undefined when they give up. */
async function byEditor(
  context: Context,
  there: readonly CatalogFile[],
  file: CatalogFile,
): Promise<string | undefined> {
  if (!context.isInteractive) {
    throw new UsageError('edit-missing', 'it is not said what to change, and nobody can be asked here', {
      hint: 'name it by --sms, --voice, --voice-id, --reviewed or --no-reviewed',
    });
  }
  const editor = [context.env['VISUAL'], context.env['EDITOR']].find((command) => (command ?? '') !== '');
  if (editor === undefined) {
    throw new UsageError('editor-missing', 'no editor is known: neither VISUAL nor EDITOR is set', {
      hint: 'EDITOR=vi okta-otp templates edit …, or name what to change: --sms, --voice, --voice-id, --reviewed',
    });
  }
  const folder = await mkdtemp(join(tmpdir(), 'okta-otp-'));
  try {
    const copy = join(folder, basename(file.path));
    await writeFile(copy, file.text);
    for (;;) {
      const code = await context.services.openEditor(editor, copy);
      if (code !== 0) {
        throw new OktaOtpError('editor-failed', `the editor ended with ${code}, and nothing was written`, {
          hint: 'see that the command in VISUAL or EDITOR starts',
        });
      }
      const text = await readFile(copy, 'utf8');
      const { errors } = checkFiles(there, [{ path: file.path, text }]);
      if (errors.length === 0) return text;
      context.stderr.write(`That is not sound:${describeFindings(errors)}\n`);
      const again = (await context.ask('Edit it again? No discards what was written (Y/n)')).trim();
      if (/^no?$/i.test(again)) return undefined;
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
