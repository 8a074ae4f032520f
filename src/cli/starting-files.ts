import { applyEdits, modify } from 'jsonc-parser';
import type { AccountInventory } from '../core/account-inventory.ts';
import type { CatalogFile } from '../core/catalog.ts';
import { identitiesPath, settingsPath, templatePath } from '../core/catalog.ts';
import { proposeIdentities } from '../core/propose-identities.ts';
import { editIdentities } from './edit-identities.ts';
import type { InitAnswers } from './init-answers.ts';
import { formattingOf } from './json-formatting.ts';

/** Where an editor finds the schema once the package is installed beside the file. */
const schema = './node_modules/okta-otp/schemas/okta-otp.schema.json';

/** The text of `okta-otp.json` with one more environment; an existing text keeps the way in which it is written. */
export function addEnvironment(text: string | undefined, answers: InitAnswers, account: string | undefined): string {
  const environment = toEnvironment(answers, account);
  if (text === undefined) {
    return `${JSON.stringify({ $schema: schema, environments: { [answers.env]: environment } }, null, 2)}\n`;
  }
  const edits = modify(text, ['environments', answers.env], environment, { formattingOptions: formattingOf(text) });
  return applyEdits(text, edits);
}

function toEnvironment(answers: InitAnswers, account: string | undefined) {
  const { region, profile, issuer, audience, clientIds, scope, production } = answers;
  return {
    region,
    ...(profile === undefined ? {} : { profile }),
    ...(account === undefined ? {} : { account }),
    ...(production ? { production } : {}),
    okta: {
      issuer,
      ...(audience === undefined ? {} : { audience }),
      ...(clientIds.length === 0 ? {} : { clientIds }),
      ...(scope === undefined ? {} : { scope }),
    },
  };
}

/**
 * A catalog that can be published as it is. Messages come from what the account can send from; a country without such an
 * identity is left to Okta.
 */
export function startingCatalog(
  { org, languages }: Pick<InitAnswers, 'org' | 'languages'>,
  shipped: readonly CatalogFile[],
  inventory: AccountInventory | undefined,
): readonly CatalogFile[] {
  const [first] = languages;
  const defaultLocale = languages.includes('en') ? undefined : first;
  const settings = { org, ...(defaultLocale === undefined ? {} : { defaultLocale }) };
  return [
    { path: settingsPath, text: `${JSON.stringify(settings, null, 2)}\n` },
    startingIdentities(inventory),
    ...languages.flatMap((language) => shipped.filter(({ path }) => path === templatePath(language))),
  ];
}

function startingIdentities(inventory: AccountInventory | undefined): CatalogFile {
  const nobody: CatalogFile = { path: identitiesPath, text: '{}\n' };
  if (inventory === undefined) return nobody;
  const { routes } = proposeIdentities(inventory, {});
  return Object.entries(routes).reduce((file, [country, route]) => editIdentities(file, country, route), nobody);
}
