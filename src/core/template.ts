import type { Decoder } from './decode.ts';
import { boolean, exactObject, nullable, oneOf, optional, refine, string } from './decode.ts';
import { parseLocale } from './locale.ts';
import type { RequestType } from './request-type.ts';
import { requestTypes } from './request-type.ts';

/**
 * The voices of the service, each with the language that it speaks.
 * @see https://docs.aws.amazon.com/pinpoint/latest/apireference_smsvoicev2/API_SendVoiceMessage.html
 */
export const voices = {
  AMY: 'en-GB',
  ASTRID: 'sv-SE',
  BIANCA: 'it-IT',
  BRIAN: 'en-GB',
  CAMILA: 'pt-BR',
  CARLA: 'it-IT',
  CARMEN: 'ro-RO',
  CELINE: 'fr-FR',
  CHANTAL: 'fr-CA',
  CONCHITA: 'es-ES',
  CRISTIANO: 'pt-PT',
  DORA: 'is-IS',
  EMMA: 'en-GB',
  ENRIQUE: 'es-ES',
  EWA: 'pl-PL',
  FILIZ: 'tr-TR',
  GERAINT: 'en-GB',
  GIORGIO: 'it-IT',
  GWYNETH: 'cy-GB',
  HANS: 'de-DE',
  INES: 'pt-PT',
  IVY: 'en-US',
  JACEK: 'pl-PL',
  JAN: 'pl-PL',
  JOANNA: 'en-US',
  JOEY: 'en-US',
  JUSTIN: 'en-US',
  KARL: 'is-IS',
  KENDRA: 'en-US',
  KIMBERLY: 'en-US',
  LEA: 'fr-FR',
  LIV: 'nb-NO',
  LOTTE: 'nl-NL',
  LUCIA: 'es-ES',
  LUPE: 'es-US',
  MADS: 'da-DK',
  MAJA: 'pl-PL',
  MARLENE: 'de-DE',
  MATHIEU: 'fr-FR',
  MATTHEW: 'en-US',
  MAXIM: 'ru-RU',
  MIA: 'es-MX',
  MIGUEL: 'es-US',
  MIZUKI: 'ja-JP',
  NAJA: 'da-DK',
  NICOLE: 'en-AU',
  PENELOPE: 'es-US',
  RAVEENA: 'en-IN',
  RICARDO: 'pt-BR',
  RUBEN: 'nl-NL',
  RUSSELL: 'en-AU',
  SALLI: 'en-US',
  SEOYEON: 'ko-KR',
  TAKUMI: 'ja-JP',
  TATYANA: 'ru-RU',
  VICKI: 'de-DE',
  VITORIA: 'pt-BR',
  ZEINA: 'arb',
  ZHIYU: 'cmn-CN',
} as const;
export type VoiceId = keyof typeof voices;

/** What a text may ask for between `{{` and `}}`. */
export const placeholders = ['otp', 'minutes', 'firstName', 'org'] as const;

interface TemplateKey {
  readonly locale: string;
  /** undefined: for every request type that has no text of its own. */
  readonly requestType: RequestType | undefined;
}

/** One text of the catalog: an SMS as it reads, or the SSML that a voice speaks. */
export type Template =
  | (TemplateKey & { readonly channel: 'sms'; readonly text: string })
  | (TemplateKey & { readonly channel: 'voice'; readonly ssml: string; readonly voiceId: VoiceId });

const placeholder = /\{\{([^{}]*)\}\}/g;

/** The placeholders of a text in order of appearance, known or not. */
export function placeholdersOf(text: string): readonly string[] {
  const names: string[] = [];
  fillPlaceholders(text, (name) => {
    names.push(name);
    return '';
  });
  return names;
}

/** Replaces every placeholder once, in one pass: a value is never scanned again. */
export function fillPlaceholders(text: string, replacement: (name: string) => string): string {
  return text.replace(placeholder, (_, name: string) => replacement(name.trim()));
}

export const locale = refine(
  string({ max: 35 }),
  (value, refuse) => parseLocale(value) ?? refuse('must be a BCP 47 tag such as es or pt-BR'),
);

const text = (max: number): Decoder<string> =>
  refine(string({ max }), (value, refuse) => {
    const names = placeholdersOf(value);
    const unknown = names.filter((name) => !placeholders.some((known) => known === name));
    if (unknown.length > 0) return refuse(`has a placeholder that is none of {{${placeholders.join('}}, {{')}}}`);
    return names.includes('otp') ? value : refuse('lacks {{otp}}');
  });

/** Characters of SSML that the service takes, tags included. */
export const longestSsml = 6000;

/** The service's own limits, in characters. */
const smsText = text(1600);
const ssml = text(longestSsml);

export const voiceIds = Object.keys(voices).filter((id): id is VoiceId => Object.hasOwn(voices, id));
const voiceId = oneOf(voiceIds);
/** Texts for single request types beside the general one. */
const variants = (of: Decoder<string>) =>
  optional(
    exactObject({
      'pre-enrollment': optional(of),
      'mfa-verification': optional(of),
      'account-unlock': optional(of),
      'password-reset': optional(of),
    }),
  );

/** A language as a translator reviews it: `templates/<locale>.json`. */
export interface LanguageTemplates {
  readonly locale: string;
  /** Read and approved by a native speaker. */
  readonly reviewed: boolean;
  readonly templates: readonly Template[];
}

/** Decodes one language file; a language that the service has no voice for says `"voice": null`. */
export const languageTemplates: Decoder<LanguageTemplates> = refine(
  exactObject({
    $schema: optional(string()),
    locale,
    reviewed: boolean,
    sms: exactObject({ text: smsText, variants: variants(smsText) }),
    voice: nullable(exactObject({ voiceId, ssml, variants: variants(ssml) })),
  }),
  ({ locale: of, reviewed, sms, voice }) => {
    const perType = (general: string, own: typeof sms.variants) =>
      [undefined, ...requestTypes].flatMap((requestType) => {
        const written = requestType === undefined ? general : own?.[requestType];
        return written === undefined ? [] : [{ requestType, written }];
      });
    const spoken = ({ voiceId: speaker, ssml: general, variants: own }: NonNullable<typeof voice>) =>
      perType(general, own).map(
        ({ requestType, written }): Template => ({
          locale: of,
          requestType,
          channel: 'voice',
          ssml: written,
          voiceId: speaker,
        }),
      );
    return {
      locale: of,
      reviewed,
      templates: [
        ...perType(sms.text, sms.variants).map(
          ({ requestType, written }): Template => ({ locale: of, requestType, channel: 'sms', text: written }),
        ),
        ...(voice === undefined ? [] : spoken(voice)),
      ],
    };
  },
);
