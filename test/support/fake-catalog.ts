import type { Catalog, CatalogFile } from '../../src/core/catalog.ts';
import { identitiesPath, numbersPath, parseCatalog, settingsPath, templatePath } from '../../src/core/catalog.ts';
import type { RequestType } from '../../src/core/request-type.ts';
import type { Template } from '../../src/core/template.ts';
import { valueIn } from './decoded.ts';

type WithOptionalType<T> = T extends Template ? Omit<T, 'requestType'> & { readonly requestType?: RequestType } : never;

/** A template as a test writes it: general unless it names a request type. */
export type WrittenTemplate = WithOptionalType<Template>;

/** The parts of a catalog: what operators write, and the templates one by one. */
export interface WrittenCatalog {
  readonly settings: Readonly<Record<string, unknown>>;
  readonly templates: readonly WrittenTemplate[];
  readonly originationIdentities: Readonly<Record<string, unknown>>;
  readonly numbers: Readonly<Record<string, unknown>>;
}

const written: WrittenCatalog = {
  settings: { org: 'Acme', defaultLocale: 'en' },
  templates: [
    {
      locale: 'en',
      channel: 'sms',
      text: 'Hi {{firstName}}, your {{org}} code is {{otp}}. It works for {{minutes}} min.',
    },
    { locale: 'es', channel: 'sms', text: 'Tu código de {{org}} es {{otp}}.' },
    { locale: 'es', channel: 'sms', requestType: 'password-reset', text: 'Para tu nueva contraseña: {{otp}}' },
    { locale: 'en', channel: 'voice', voiceId: 'JOANNA', ssml: '<speak>Your code is {{otp}}.</speak>' },
  ],
  originationIdentities: {
    ES: ['+34600000001', '+34600000002'],
    FR: ['ACME', '+33600000001'],
    KP: { enabled: 'blocked' },
    IT: { sms: { identities: ['+39600000001'], enabled: false }, voice: ['+39600000002'] },
    US: ['+12065550100'],
  },
  numbers: {},
};

/** A catalog of any templates at all, also such as no set of files could have: a voice alone, no default language, none. */
export function createCatalog(parts: Partial<WrittenCatalog> = {}): Catalog {
  const templates = (parts.templates ?? written.templates).map(
    (entry): Template => ({ ...entry, requestType: entry.requestType }),
  );
  return { ...valueIn(parseCatalog(catalogFiles({ ...parts, templates: [] }))), templates };
}

/** A catalog as an operator would write and publish it, with some of its parts written otherwise. */
export function catalogFiles(parts: Partial<WrittenCatalog> = {}): readonly CatalogFile[] {
  const templates = parts.templates ?? written.templates;
  const file = (path: string, content: unknown): CatalogFile => ({ path, text: JSON.stringify(content, undefined, 2) });
  return [
    file(settingsPath, { ...written.settings, ...parts.settings }),
    file(identitiesPath, { ...written.originationIdentities, ...parts.originationIdentities }),
    file(numbersPath, { ...written.numbers, ...parts.numbers }),
    ...[...new Set(templates.map(({ locale }) => locale))].map((locale) =>
      file(templatePath(locale), languageFile(locale, templates)),
    ),
  ];
}

function languageFile(locale: string, templates: readonly WrittenTemplate[]) {
  const own = templates.filter((entry) => entry.locale === locale);
  const spoken = own.find((entry) => entry.channel === 'voice');
  const texts = (channel: 'sms' | 'voice', name: 'text' | 'ssml') => {
    const entries = own
      .filter((entry) => entry.channel === channel)
      .map((entry) => [entry.requestType, entry.channel === 'sms' ? entry.text : entry.ssml] as const);
    const variants = Object.fromEntries(entries.filter(([requestType]) => requestType !== undefined));
    return { [name]: entries.find(([requestType]) => requestType === undefined)?.[1], variants };
  };
  return {
    locale,
    reviewed: true,
    sms: texts('sms', 'text'),
    voice: spoken === undefined ? null : { voiceId: spoken.voiceId, ...texts('voice', 'ssml') },
  };
}
