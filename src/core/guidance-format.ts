import { parseChannel } from './channel.ts';
import type { Decoded, Problem } from './decode.ts';
import { isObject } from './decode.ts';
import type { PlacedItem } from './guidance-file.ts';
import { parseLanguage } from './language-names.ts';
import { gsm7Replacement, mayBeGsm7, nameCharacters } from './lint-sms.ts';
import { voicesFor } from './lint-voice.ts';
import { charactersOutsideGsm7 } from './message-parts.ts';
import { asSsml } from './ssml.ts';
import type { VoiceId } from './template.ts';
import { placeholdersOf, voiceIds } from './template.ts';

/** What was made better, or has to be known, about one text: `sms.text`. */
export interface Improvement {
  readonly path: string;
  readonly message: string;
}

/** A language out of the guidance's items, in our own form; a channel that had no item is absent. */
export interface ImportedLanguage {
  readonly locale: string;
  readonly sms?: string;
  readonly voice?: { readonly voiceId: VoiceId; readonly ssml: string };
  readonly improvements: readonly Improvement[];
}

export interface ConvertOptions {
  /** Writes an SMS in GSM-7 where its language can be: that is another text, at half the price. */
  readonly gsm7: boolean;
}

interface Sms {
  readonly channel: 'sms';
  readonly locale: string;
  readonly message: string;
}

interface Call {
  readonly channel: 'voice';
  readonly locale: string;
  readonly message: string;
  readonly voiceId: VoiceId;
  /** The item names it; else it is the first one that speaks the language. */
  readonly isNamed: boolean;
}

/** The code, and the code once more: the guidance's sender put the same into both. */
const code = /@otp2?/g;

/** Converts items of the guidance's table; all that is wrong with them comes at once, by place and never by value. */
export function convertGuidanceItems(
  placed: readonly PlacedItem[],
  options: ConvertOptions,
): Decoded<readonly ImportedLanguage[]> {
  const problems: Problem[] = [];
  const languages = new Map<string, ImportedLanguage>();
  const first = new Map<string, string>();
  for (const { place, value } of placed) {
    const item = readItem(place, value, problems);
    if (item === undefined) continue;
    const key = `${item.locale} ${item.channel}`;
    const earlier = first.get(key);
    if (earlier === item.message) continue;
    if (earlier !== undefined) {
      const message = 'is another text for the same language and channel: leave one of them';
      problems.push({ path: place, message });
      continue;
    }
    first.set(key, item.message);
    const language = languages.get(item.locale) ?? { locale: item.locale, improvements: [] };
    languages.set(item.locale, item.channel === 'sms' ? withSms(language, item, options) : withVoice(language, item));
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, value: [...languages.values()] };
}

function readItem(place: string, value: unknown, problems: Problem[]): Sms | Call | undefined {
  if (!isObject(value)) {
    problems.push({ path: place, message: 'must be an object' });
    return undefined;
  }
  const before = problems.length;
  const fields = new Map(Object.entries(value).map(([name, held]) => [name.toLowerCase().replace(/[_-]/g, ''), held]));
  const read = <T>(name: string, expected: string, parse: (text: string) => T | undefined): T | undefined => {
    const text = attributeOf(fields.get(name));
    const parsed = text === undefined ? undefined : parse(text);
    if (parsed !== undefined) return parsed;
    problems.push({ path: `${place}: ${name}`, message: fields.has(name) ? `must be ${expected}` : 'is missing' });
    return undefined;
  };
  const channel = read('messagetype', '"sms" or "voice call"', parseChannel);
  const locale = read('language', 'a tag such as es-MX, or the name of a language', parseLanguage);
  const message = read('message', 'a text with @otp', (text) => (text.search(code) < 0 ? undefined : text));
  if (message !== undefined && placeholdersOf(message).length > 0) {
    const words = 'has {{…}}, which was sent as it stands and would be a placeholder now: write it otherwise';
    problems.push({ path: `${place}: message`, message: words });
  }
  if (channel === 'sms') {
    return locale === undefined || message === undefined || problems.length > before
      ? undefined
      : { channel, locale, message };
  }
  const isNamed = (attributeOf(fields.get('voiceid')) ?? '') !== '';
  const voiceId = isNamed
    ? read('voiceid', "one of the service's VoiceIds, such as JOANNA", (text) =>
        voiceIds.find((id) => id === text.trim().toUpperCase()),
      )
    : voicesFor(locale ?? 'en')[0];
  if (!isNamed && voiceId === undefined) {
    const words = 'is missing, and the service has no voice for this language: leave the item out';
    problems.push({ path: `${place}: voiceid`, message: words });
  }
  const isWhole = channel !== undefined && locale !== undefined && message !== undefined && voiceId !== undefined;
  return isWhole && problems.length === before ? { channel, locale, message, voiceId, isNamed } : undefined;
}

/** A string of DynamoDB's JSON (`{"S": "es"}`), or of plain JSON. */
function attributeOf(value: unknown): string | undefined {
  const held = isObject(value) ? (value['S'] ?? value['N']) : value;
  return typeof held === 'string' ? held : undefined;
}

function withSms(language: ImportedLanguage, { locale, message }: Sms, { gsm7 }: ConvertOptions) {
  const notes = [...filledWrongly(message)];
  const text = message.replace(code, '{{otp}}');
  const forcing = charactersOutsideGsm7(text);
  const replaced = gsm7 && mayBeGsm7(locale, forcing) ? forcing.filter(isReplaceable) : [];
  if (replaced.length > 0) notes.push(`was written in GSM-7: ${nameCharacters(replaced)}`);
  const sms = [...text].map((one) => (replaced.includes(one) ? gsm7Replacement(one) : one)).join('');
  return { ...language, sms, improvements: [...language.improvements, ...at('sms.text', notes)] };
}

const isReplaceable = (character: string) => gsm7Replacement(character) !== undefined;

function withVoice(language: ImportedLanguage, { message, voiceId, isNamed }: Call): ImportedLanguage {
  const notes = [...filledWrongly(message)];
  const change = (from: string, to: string, note: string) => {
    if (from !== to) notes.push(note);
    return to;
  };
  const inSpeak = change(message, asSsml(message), 'was put into <speak>: the guidance sends every call as SSML');
  const escaped = change(
    inSpeak,
    inSpeak.replace(/&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[\da-f]+);)/gi, '&amp;'),
    'has & written as &amp;, without which the service refuses the call',
  );
  const bare = change(
    escaped,
    escaped.replace(/<say-as\b[^>]*>\s*(@otp2?)\s*<\/say-as>/g, '$1'),
    'has no <say-as> around the code any more, which has its own',
  );
  notes.push('says the code digit by digit with a pause after each, on every spelling of the channel');
  const noted = [
    ...at('voice.ssml', notes),
    ...(isNamed
      ? []
      : at('voice.voiceId', [`was missing, for which the service takes MATTHEW; ${voiceId} speaks this language`])),
  ];
  return {
    ...language,
    voice: { voiceId, ssml: bare.replace(code, '{{otp}}') },
    improvements: [...language.improvements, ...noted],
  };
}

/** The guidance replaced the first `@otp`, also that of an `@otp2`, and then the first `@otp2`. */
function filledWrongly(message: string): readonly string[] {
  const asSent = message.replace('@otp', '0').replace('@otp2', '0');
  return asSent === message.replace(code, '0') ? [] : ['was sent with a stray 2 or @otp; now every one is the code'];
}

const at = (path: string, messages: readonly string[]): readonly Improvement[] =>
  messages.map((message) => ({ path, message }));
