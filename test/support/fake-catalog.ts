import type { Catalog } from '../../src/core/catalog.ts';
import { catalog } from '../../src/core/catalog.ts';
import { decode, renderProblems } from '../../src/core/decode.ts';

/** The parts of a catalog as an operator writes them. */
export interface WrittenCatalog {
  readonly settings: Readonly<Record<string, unknown>>;
  readonly templates: readonly Readonly<Record<string, unknown>>[];
  readonly originationIdentities: Readonly<Record<string, unknown>>;
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
};

/** A catalog as an operator would write it, with some of its parts written otherwise. */
export const writtenCatalog = (parts: Partial<WrittenCatalog> = {}): WrittenCatalog => ({
  templates: parts.templates ?? written.templates,
  settings: { ...written.settings, ...parts.settings },
  originationIdentities: { ...written.originationIdentities, ...parts.originationIdentities },
});

/** The same, decoded. */
export function createCatalog(parts: Partial<WrittenCatalog> = {}): Catalog {
  const decoded = decode(catalog, writtenCatalog(parts));
  if (!decoded.ok) throw new Error(renderProblems(decoded.problems, 'the catalog of a test'));
  return decoded.value;
}
