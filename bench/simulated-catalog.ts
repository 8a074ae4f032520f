import type { CatalogContent } from '../src/core/catalog.ts';
import type { Template } from '../src/core/template.ts';

/** A catalog with as many templates as asked for: English and Spanish as shipped, the rest made up in private locales. */
export function simulatedCatalog(templates: number): CatalogContent {
  const of = (locale: string): Template[] => [
    {
      locale,
      requestType: undefined,
      channel: 'sms',
      text: '{{otp}} is your verification code for {{org}}. It expires in {{minutes}} min. Never share it.',
    },
    {
      locale,
      requestType: undefined,
      channel: 'voice',
      voiceId: 'JOANNA',
      ssml: '<speak>Your verification code for {{org}} is {{otp}}. Once more, your code is {{otp}}. Goodbye.</speak>',
    },
  ];
  const locales = Array.from({ length: templates / 2 }, (_, index) => ['en', 'es'][index] ?? `en-x-b${index}`);
  return {
    settings: { org: 'Example Corp' },
    originationIdentities: { '*': '+18005550123' },
    templates: locales.flatMap(of),
  };
}
