import type { Remark } from './lint-rules.ts';
import { parseLocale } from './locale.ts';
import { parseSsml } from './ssml.ts';
import type { VoiceId } from './template.ts';
import { voiceIds, voices } from './template.ts';

/**
 * The elements that standard voices know, which are all but `<amazon:domain>`; the service calls with no other voices.
 * @see https://docs.aws.amazon.com/polly/latest/dg/supportedtags.html and, for both of breathing,
 * https://docs.aws.amazon.com/polly/latest/dg/breath-tag.html
 */
const known = new Set([
  'speak',
  'amazon:auto-breaths',
  'amazon:breath',
  'amazon:effect',
  'break',
  'emphasis',
  'lang',
  'mark',
  'p',
  'phoneme',
  'prosody',
  's',
  'say-as',
  'sub',
  'w',
]);

/** What a writer means by an element that only other voices know. */
const instead: Readonly<Record<string, string>> = { audio: 'words', 'amazon:domain': '<prosody>', voice: '"voiceId"' };

/**
 * Looks at the SSML of a call.
 *
 * @param body - as it goes out, with a name
 */
export function lintSsml(body: string): readonly Remark[] {
  const parsed = parseSsml(body);
  if (!parsed.ok) {
    return parsed.problems.map(({ message }) => ({
      rule: 'ssml-malformed',
      message: `is no well-formed SSML: ${message}`,
      fix: 'close what is open, write & and < as entities, and put no {{otp}} into an attribute',
    }));
  }
  const names = new Set(parsed.value.flatMap((token) => (token.kind === 'open' ? [token.name] : [])));
  const unknown = [...names]
    .filter((name) => !known.has(name))
    .map(
      (name): Remark => ({
        rule: 'ssml-element',
        message: `has <${name}>, which the service's standard voices do not accept`,
        fix: `take <${name}> out, or use ${instead[name] ?? [...known].slice(4).join(', ')} in its place`,
      }),
    );
  const pauses = parsed.value.flatMap((token) =>
    token.kind === 'open' && token.name === 'break' ? [token.attributes.get('time') ?? ''] : [],
  );
  return pauses.some((time) => millisecondsOf(time) > longestPauseMs) ? [...unknown, pausesTooLong] : unknown;
}

/** @see https://docs.aws.amazon.com/polly/latest/dg/break-tag.html */
const longestPauseMs = 10_000;

const pausesTooLong: Remark = {
  rule: 'ssml-element',
  message: 'has a <break> of more than 10 s, the longest that the voices take',
  fix: 'make it shorter: who waits for a code hangs up',
};

/** `0.5s`, `600ms`; 0 for what is neither. */
function millisecondsOf(time: string): number {
  const [, number = '0', unit] = /^\s*\+?([\d.]+)(m?s)\s*$/.exec(time) ?? [];
  return Number(number) * (unit === 's' ? 1000 : 1);
}

/** Looks whether a voice speaks a language. */
export function lintVoice(locale: string, voiceId: VoiceId): readonly Remark[] {
  if (languageOf(voices[voiceId]) === languageOf(locale)) return [];
  const speakers = voicesFor(locale);
  return [
    {
      rule: 'voice-language',
      message: `${voiceId} speaks ${voices[voiceId]}, not ${locale}`,
      fix:
        speakers.length === 0
          ? 'set "voice" to null: the service has no voice for this language'
          : `take one of ${speakers.join(', ')}`,
    },
  ];
}

/** Voices of children, which nobody expects from a bank. https://docs.aws.amazon.com/polly/latest/dg/available-voices.html */
const children: readonly VoiceId[] = ['IVY', 'JUSTIN'];

/** The voices that speak a language, those of its region first, and children last in either. */
export function voicesFor(locale: string): readonly VoiceId[] {
  const regionOf = (tag: string) => new Intl.Locale(tag).maximize().region;
  const rank = (id: VoiceId) => Number(regionOf(voices[id]) !== regionOf(locale)) * 2 + Number(children.includes(id));
  return voiceIds.filter((id) => languageOf(voices[id]) === languageOf(locale)).sort((a, b) => rank(a) - rank(b));
}

/** `arb` and `cmn-CN` are how the service calls `ar` and `zh-CN`. */
const languageOf = (tag: string) => parseLocale(tag)?.split('-')[0];
