import type { CatalogFile } from '../src/core/catalog.ts';
import { identitiesPath, settingsPath, templatePath } from '../src/core/catalog.ts';

/** A catalog with as many templates as asked for: English, Spanish, and the rest in variants that are made up. */
export function simulatedCatalog(templates: number): readonly CatalogFile[] {
  const locales = Array.from(
    { length: templates / 2 },
    (_, index) => ['en', 'es'][index] ?? `en-b${String(index).padStart(4, '0')}`,
  );
  const language = (locale: string) => ({
    path: templatePath(locale),
    text: JSON.stringify({
      locale,
      reviewed: true,
      sms: { text: '{{otp}} is your verification code for {{org}}. It expires in {{minutes}} min. Never share it.' },
      voice: {
        voiceId: 'JOANNA',
        ssml: '<speak>Your verification code for {{org}} is {{otp}}. Once more, your code is {{otp}}. Goodbye.</speak>',
      },
    }),
  });
  return [
    { path: settingsPath, text: '{"org":"Example Corp"}' },
    { path: identitiesPath, text: '{"*":"+18005550123"}' },
    ...locales.map(language),
  ];
}
