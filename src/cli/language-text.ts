import { decode, isObject, parseJson } from '../core/decode.ts';
import { UsageError } from '../core/error.ts';
import { voicesFor } from '../core/lint-voice.ts';
import { asSsml } from '../core/ssml.ts';
import type { LanguageTemplates, VoiceId } from '../core/template.ts';
import { languageTemplates, voiceIds } from '../core/template.ts';
import type { TemplatesTextFlags } from './describe/templates.ts';
import type { JsonChange } from './language-file.ts';
import { changeJson } from './language-file.ts';

/** Decodes a language file; undefined for what is none. */
export function parseLanguageFile(text: string): LanguageTemplates | undefined {
  const json = parseJson(text);
  const decoded = json.ok ? decode(languageTemplates, json.value) : json;
  return decoded.ok ? decoded.value : undefined;
}

/** Writes what the options say into the text of a language's file; throws for what does not fit in there. */
export function applyTextFlags(file: string, locale: string, flags: TemplatesTextFlags): string {
  const { sms, voice, reviewed, requestType } = flags;
  const variant = requestType === undefined ? undefined : ['variants', requestType];
  const voiceId = flags.voiceId === undefined ? undefined : toVoiceId(flags.voiceId, locale);
  const hasVoice = isObject(voiceOf(file));
  const changes: JsonChange[] = [];
  const change = (path: readonly string[], value: unknown) => changes.push({ path, value });

  if (sms !== undefined) change(['sms', ...(variant ?? ['text'])], sms);
  if (voice === false) change(['voice', ...(variant ?? [])], variant === undefined ? null : undefined);
  else if (hasVoice) {
    if (voice !== undefined) change(['voice', ...(variant ?? ['ssml'])], asSsml(voice));
    if (voiceId !== undefined) change(['voice', 'voiceId'], voiceId);
  } else if (voice !== undefined || voiceId !== undefined) {
    if (voice === undefined || variant !== undefined) {
      throw new UsageError('voice-missing', 'the language has no call yet, and so no text for the voice to say', {
        hint: 'pass the text of every call with --voice, without --request-type',
      });
    }
    change(['voice'], { voiceId: voiceId ?? toVoiceId(voicesFor(locale)[0] ?? '', locale), ssml: asSsml(voice) });
  }
  if (reviewed !== undefined) change(['reviewed'], reviewed);
  return changeJson(file, changes);
}

/** The service's voice of this name; throws where there is none, and says which ones speak the language. */
export function toVoiceId(typed: string, locale: string): VoiceId {
  const found = voiceIds.find((id) => id === typed.trim().toUpperCase());
  if (found !== undefined) return found;
  const speakers = voicesFor(locale);
  throw new UsageError('voice-id-invalid', "the voice is none of the service's VoiceIds", {
    hint:
      speakers.length === 0
        ? `the service has no voice for ${locale}: pass --no-voice`
        : `${locale} is spoken by ${speakers.join(', ')}`,
  });
}

function voiceOf(file: string): unknown {
  const json = parseJson(file);
  return json.ok && isObject(json.value) ? json.value['voice'] : undefined;
}
