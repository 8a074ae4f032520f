import type { CatalogFile, CatalogSettings } from '../../core/catalog.ts';
import { parseCatalog, settingsPath, templatePath } from '../../core/catalog.ts';
import { UsageError } from '../../core/error.ts';
import { parseLanguage } from '../../core/language-names.ts';
import { checkFiles, describeFindings, refuseErrors } from '../check-language.ts';
import type { Context } from '../context.ts';
import type { TemplatesAddFlags } from '../describe/templates.ts';
import { catalogFolderOf, sameFolder } from '../environments.ts';
import type { ExitCode } from '../exit.ts';
import { exit } from '../exit.ts';
import { fileOf, startLanguage } from '../language-start.ts';
import { applyTextFlags, parseLanguageFile } from '../language-text.ts';
import { askForLanguage, askForTexts } from '../language-wizard.ts';
import { toLocale } from '../languages.ts';
import { previewLanguage } from '../preview-message.ts';
import { confirm } from '../published-catalog.ts';
import { renderTemplatePreview } from '../render-template-preview.ts';
import { openWorkspace } from '../workspace.ts';

/** Adds a language, or a text for one request type; asks for what is missing where somebody can answer. */
export async function addTemplates(
  context: Context,
  typed: string | undefined,
  given: TemplatesAddFlags,
): Promise<ExitCode> {
  const asks = context.isInteractive && given.yes !== true;
  const workspace = openWorkspace(context.cwd, await catalogFolderOf(context, given));
  const there = await workspace.files();
  const settings = settingsOf(there);
  const defaultLocale = settings?.defaultLocale ?? 'en';
  const named = typed === undefined ? undefined : toLocale(typed, parseLanguage);
  if (named === undefined && !asks) {
    throw new UsageError('locale-missing', 'the language is not named', { hint: 'okta-otp templates add es-MX' });
  }
  const { locale, requestType } = await askForLanguage(context, { locale: named, given, there, asks });
  const flags = { ...given, ...(requestType === undefined ? {} : { requestType }) };
  const own = fileOf(there, locale);
  refuseExisting(own, locale, flags);

  const start = own === undefined ? await startLanguage(there, { locale, from: flags.from, defaultLocale }) : undefined;
  const base = own?.text ?? start?.text ?? '';
  const path = templatePath(locale);
  const draftOf = (texts: TemplatesAddFlags): CatalogFile => ({ path, text: applyTextFlags(base, locale, texts) });
  const texts = asks
    ? await askForTexts(context, {
        locale,
        flags,
        base,
        start,
        check: (draft) => checkFiles(there, [draftOf(draft)]).errors,
      })
    : flags;
  refuseNoText(locale, texts, start?.isSameLanguage === false);

  const draft = draftOf(texts);
  const { errors, others } = checkFiles(there, [draft]);
  refuseErrors(errors);
  const language = parseLanguageFile(draft.text);
  const previews = language === undefined ? [] : previewLanguage(language, texts.requestType, settings);
  const isJson = flags.json === true;
  if (!isJson || asks) {
    for (const preview of previews) context.stderr.write(renderTemplatePreview(preview, context.stderr));
    if (language?.templates.every(({ channel }) => channel === 'sms') === true) {
      context.stderr.write(`${locale} has no text for calls: callers hear the default language.\n`);
    }
    const own = others.filter(({ file }) => file === path);
    if (own.length > 0) context.stderr.write(`Worth a look:${describeFindings(own)}\n`);
  }
  if (asks && !(await confirm(context, {}, { question: `Write ${path}?`, command: 'templates add' }))) {
    return exit.interrupted;
  }
  await workspace.write(draft);
  if (isJson) {
    const done = {
      file: path,
      locale,
      requestType: texts.requestType,
      written: true,
      messages: previews,
      findings: others,
    };
    context.stdout.write(`${JSON.stringify(done)}\n`);
    return exit.done;
  }
  context.stderr.write(`Wrote ${path}.\n`);
  if (fileOf(await workspace.files(), defaultLocale) === undefined) {
    // The package's own are there to start from; what is published is the folder.
    context.stderr.write(`The folder lacks its default language: okta-otp templates add ${defaultLocale}\n`);
  }
  return await offerPublication(context, flags, asks);
}

/** A text for one request type has to be given, and so has one in a language that nothing is there to start from. */
function refuseNoText(locale: string, { sms, voice, requestType, from }: TemplatesAddFlags, isForeign: boolean): void {
  const isGiven = sms !== undefined || (requestType !== undefined && typeof voice === 'string');
  if (isGiven || (requestType === undefined && (!isForeign || from !== undefined))) return;
  const forType = requestType === undefined ? '' : ` --request-type ${requestType}`;
  throw new UsageError('text-missing', 'there is no text, and none of this language to start from', {
    hint: `okta-otp templates add ${locale}${forType} --sms "… {{otp}} …"`,
  });
}

/** What is there is not written over: that is what `edit` is for. */
function refuseExisting(own: CatalogFile | undefined, locale: string, flags: TemplatesAddFlags): void {
  if (own === undefined) return;
  const language = parseLanguageFile(own.text);
  if (language === undefined) {
    throw new UsageError('catalog-invalid', 'the file of this language cannot be read', {
      hint: `okta-otp templates validate${sameFolder(flags)}`,
    });
  }
  const { requestType } = flags;
  if (requestType !== undefined && !language.templates.some((template) => template.requestType === requestType)) return;
  throw new UsageError('template-exists', 'the folder has this text already', {
    hint: `okta-otp templates edit ${locale}, or add a text for one request type with --request-type`,
  });
}

/** Publishes where somebody wants that now, and else says how. */
async function offerPublication(context: Context, flags: TemplatesAddFlags, asks: boolean): Promise<ExitCode> {
  const { dir, env, region, profile } = flags;
  const table = flags.table ?? context.env['OKTA_OTP_CATALOG_TABLE'] ?? '';
  const publishes =
    asks && table !== '' && /^y(es)?$/i.test((await context.ask('Publish the catalog now? (y/N)')).trim());
  if (!publishes) {
    context.stderr.write(`To publish it: okta-otp catalog push${sameFolder(flags)}\n`);
    return exit.done;
  }
  const { pushCatalog } = await import('./catalog-push.ts');
  const code = await pushCatalog(context, {
    table,
    ...(dir === undefined ? {} : { dir }),
    ...(env === undefined ? {} : { env }),
    ...(region === undefined ? {} : { region }),
    ...(profile === undefined ? {} : { profile }),
  });
  // The language is written, whether it is published now or later.
  return code === exit.interrupted && !context.signal.aborted ? exit.done : code;
}

function settingsOf(there: readonly CatalogFile[]): CatalogSettings | undefined {
  const parsed = parseCatalog(there.filter(({ path }) => path === settingsPath));
  return parsed.ok ? parsed.value.settings : undefined;
}
