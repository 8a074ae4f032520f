import type { CatalogFile } from '../core/catalog.ts';
import { OktaOtpError } from '../core/error.ts';
import { parseLanguage } from '../core/language-names.ts';
import { voicesFor } from '../core/lint-voice.ts';

import type { RequestType } from '../core/request-type.ts';
import { requestTypes } from '../core/request-type.ts';
import { describeFindings } from './check-language.ts';
import type { Context } from './context.ts';
import type { TemplatesAddFlags } from './describe/templates.ts';
import type { LanguageStart } from './language-start.ts';
import { fileOf } from './language-start.ts';
import { parseLanguageFile, toVoiceId } from './language-text.ts';
import type { FindingAtLine } from './render-findings.ts';

export interface AskedLanguage {
  readonly locale: string;
  readonly requestType: RequestType | undefined;
}

/** Asks which language, and for which request type where the folder has the language already. */
export async function askForLanguage(
  context: Context,
  {
    locale: named,
    given,
    there,
    asks,
  }: {
    readonly locale: string | undefined;
    readonly given: TemplatesAddFlags;
    readonly there: readonly CatalogFile[];
    readonly asks: boolean;
  },
): Promise<AskedLanguage> {
  const locale = named ?? (await askUntil(context, 'Language (a tag such as es-MX, or its name):', parseLanguage));
  if (given.requestType !== undefined || !asks || fileOf(there, locale) === undefined) {
    return { locale, requestType: given.requestType };
  }
  const question = `${locale} is there. Which request type gets a text of its own? (${requestTypes.join(', ')})`;
  return {
    locale,
    requestType: await askUntil(context, question, (typed) => requestTypes.find((type) => type === typed)),
  };
}

export interface TextQuestions {
  readonly locale: string;
  readonly flags: TemplatesAddFlags;
  /** The file as it is before the texts come in. */
  readonly base: string;
  readonly start: LanguageStart | undefined;
  /** What would keep a draft from being written. */
  readonly check: (draft: TemplatesAddFlags) => readonly FindingAtLine[];
}

/** Asks for every text that no option gives, and again for one that is not sound. Enter keeps what is there. */
export async function askForTexts(context: Context, questions: TextQuestions): Promise<TemplatesAddFlags> {
  const { locale, start, base, flags } = questions;
  const language = parseLanguageFile(base);
  const forAll = language?.templates.filter(({ requestType }) => requestType === undefined) ?? [];
  const sms = forAll.find((template) => template.channel === 'sms');
  const spoken = forAll.find((template) => template.channel === 'voice');
  const isForeign = start?.isSameLanguage === false;
  if (start !== undefined) {
    const words = isForeign ? 'in another language, and has to be translated' : 'to start with';
    context.stderr.write(`Texts of ${start.locale}, ${words}.\n`);
  }

  let draft = flags;
  if (flags.sms === undefined) {
    const keeps = isForeign || flags.requestType !== undefined ? '' : ' (Enter keeps it)';
    context.stderr.write(`SMS: ${sms?.channel === 'sms' ? sms.text : ''}\n`);
    draft = await askForText(context, `SMS text${keeps}:`, questions, (typed) => {
      if (typed === '') return keeps === '' ? undefined : draft;
      return { ...draft, sms: typed };
    });
  }

  const speakers = voicesFor(locale);
  if (flags.voice !== undefined) return await askForReview(context, draft);
  if (speakers.length === 0) {
    context.stderr.write(`The service has no voice for ${locale}: calls take the default language.\n`);
    return await askForReview(context, { ...draft, voice: false });
  }
  if (flags.requestType !== undefined && spoken === undefined) return await askForReview(context, draft);
  const channels = await askUntil(context, 'Which channels? (sms, both; Enter for both)', (typed) =>
    typed === '' ? 'both' : ['sms', 'both'].find((one) => one === typed.toLowerCase()),
  );
  if (channels === 'sms') {
    return await askForReview(context, flags.requestType === undefined ? { ...draft, voice: false } : draft);
  }

  const current = spoken?.channel === 'voice' ? spoken : undefined;
  if (flags.voiceId === undefined && flags.requestType === undefined) {
    const voiceId = current?.voiceId ?? speakers[0] ?? '';
    const chosen = await askUntil(context, `Voice (${speakers.join(', ')}; Enter for ${voiceId}):`, (typed) =>
      speakers.find((id) => id === (typed === '' ? voiceId : typed.toUpperCase())),
    );
    // Without a call there is nothing yet that a voice could be set of.
    draft = { ...draft, voiceId: toVoiceId(chosen, locale) };
  }
  const keeps = current === undefined || flags.requestType !== undefined ? '' : ' (Enter keeps it)';
  context.stderr.write(`Call: ${current?.ssml ?? ''}\n`);
  draft = await askForText(context, `What the voice says, as words or SSML${keeps}:`, questions, (typed) => {
    if (typed === '') return keeps === '' ? undefined : draft;
    return { ...draft, voice: typed };
  });
  return await askForReview(context, draft);
}

async function askForReview(context: Context, draft: TemplatesAddFlags): Promise<TemplatesAddFlags> {
  if (draft.reviewed !== undefined) return draft;
  const typed = await context.ask('Has a native speaker read it? (y/N)');
  return /^y(es)?$/i.test(typed.trim()) ? { ...draft, reviewed: true } : draft;
}

/** Asks until an answer means something. */
async function askUntil<T>(context: Context, question: string, read: (typed: string) => T | undefined): Promise<T> {
  for (;;) {
    const answer = read((await context.ask(question)).trim());
    if (answer !== undefined) return answer;
    context.stderr.write('That is none of the possible answers.\n');
  }
}

/** Asks until a draft has no error, and says after each what is wrong with it. */
async function askForText(
  context: Context,
  question: string,
  { check }: TextQuestions,
  read: (typed: string) => TemplatesAddFlags | undefined,
): Promise<TemplatesAddFlags> {
  for (;;) {
    const draft = read((await context.ask(question)).trim());
    const errors = draft === undefined ? [] : checked(check, draft);
    if (draft !== undefined && errors.length === 0) return draft;
    context.stderr.write(draft === undefined ? 'It needs a text.\n' : `That is not sound:${errors}\n`);
  }
}

/** A draft may also not fit into the file at all. */
function checked(check: TextQuestions['check'], draft: TemplatesAddFlags): string {
  try {
    return describeFindings(check(draft));
  } catch (error) {
    if (error instanceof OktaOtpError) return `\n  ${error.message}`;
    throw error;
  }
}
