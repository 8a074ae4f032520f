import type { VoiceId } from '../../core/template.ts';
import { voices } from '../../core/template.ts';

/** Names of Polly's that are not the ones which browsers go by. */
const spellings: Readonly<Record<string, string>> = { arb: 'ar', 'cmn-CN': 'zh-CN' };

/** The language of a voice, as browsers spell it. */
export const voiceLanguage = (voiceId: VoiceId): string => spellings[voices[voiceId]] ?? voices[voiceId];

/** Of the voices that a browser has, the one for a language: its own region first, then any of the language. */
export function pickVoice<T extends { readonly lang: string }>(
  available: readonly T[],
  language: string,
): T | undefined {
  const tagOf = ({ lang }: T) => lang.replaceAll('_', '-').toLowerCase();
  const wanted = language.toLowerCase();
  const [base] = wanted.split('-');
  return (
    available.find((voice) => tagOf(voice) === wanted) ?? available.find((voice) => tagOf(voice).split('-')[0] === base)
  );
}
