import { describe, expect, it } from 'vitest';
import { voices } from '../../../src/core/template.ts';
import { hasVoice, pickVoice, voiceLanguage } from '../../../src/dev/page/voice-language.ts';

const pick = (language: string, ...available: string[]) =>
  pickVoice(
    available.map((lang) => ({ lang })),
    language,
  )?.lang;

describe('the language of a voice', () => {
  it("is the browsers' name where Polly has one of its own", () => {
    expect([voiceLanguage('ZEINA'), voiceLanguage('ZHIYU'), voiceLanguage('JOANNA')]).toEqual(['ar', 'zh-CN', 'en-US']);
  });

  it('is one that a browser understands, of every voice', () => {
    for (const voiceId of Object.keys(voices).filter((name): name is keyof typeof voices =>
      Object.hasOwn(voices, name),
    ))
      expect(Intl.getCanonicalLocales(voiceLanguage(voiceId))).toEqual([voiceLanguage(voiceId)]);
  });
});

it('the service has a voice for some languages only', () => {
  for (const locale of ['en', 'ar', 'zh-TW', 'nb', 'es-419'])
    expect([locale, hasVoice(locale)]).toEqual([locale, true]);
  for (const locale of ['he', 'el', 'cs']) expect([locale, hasVoice(locale)]).toEqual([locale, false]);
});

describe("of a browser's voices the one is taken", () => {
  it.each([
    ['of the same region, wherever it stands', 'en-GB', ['en-US', 'en-GB'], 'en-GB'],
    ['of the language, where the region has none', 'es-MX', ['en-US', 'es-ES', 'es-AR'], 'es-ES'],
    ['that Android writes with an underscore', 'pt-BR', ['pt_PT', 'pt_BR'], 'pt_BR'],
    ['that is written in other cases', 'fr-CA', ['FR-fr', 'fr-ca'], 'fr-ca'],
    ['of the macrolanguage Norwegian', 'nb-NO', ['nn-NO', 'no-NO'], 'no-NO'],
    ["by Polly's name for Chinese", 'zh-CN', ['zh-TW', 'cmn-CN'], 'cmn-CN'],
    ['of the language, where only its name is wanted', 'ar', ['he-IL', 'ar-SA'], 'ar-SA'],
  ])('%s', (_, language, available, taken) => {
    expect(pick(language, ...available)).toBe(taken);
  });

  it('that is none, where there is none of the language', () => {
    expect(pick('cy-GB', 'en-GB', 'cyx-GB', '', 'not a tag')).toBeUndefined();
    expect(pick('en-US')).toBeUndefined();
  });
});
