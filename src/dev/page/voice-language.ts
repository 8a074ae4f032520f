import type { VoiceId } from '../../core/template.ts';
import { voices } from '../../core/template.ts';

/** The language of a voice as browsers spell it: `ar` of Polly's `arb`, `zh-CN` of `cmn-CN`. */
export const voiceLanguage = (voiceId: VoiceId): string => canonical(voices[voiceId]);

/** Whether the service has a voice that could speak a language. */
export const hasVoice = (locale: string): boolean =>
  pickVoice(
    Object.values(voices).map((lang) => ({ lang })),
    locale,
  ) !== undefined;

/** Of the voices that a browser has, the one for a language: its own region first, then any of the language. */
export function pickVoice<T extends { readonly lang: string }>(
  available: readonly T[],
  language: string,
): T | undefined {
  const wanted = canonical(language);
  const [base] = wanted.split('-');
  return (
    available.find(({ lang }) => canonical(lang) === wanted) ??
    available.find(({ lang }) => canonical(lang).split('-')[0] === base)
  );
}

/** Android writes `en_US`, some name Norwegian by its macrolanguage, and not every name is a BCP 47 tag. */
function canonical(written: string): string {
  const tag = written.replaceAll('_', '-').replace(/^no(?=-|$)/i, 'nb');
  try {
    return Intl.getCanonicalLocales(tag)[0] ?? tag;
  } catch {
    return tag;
  }
}
