import { findNodeAtLocation, parseTree } from 'jsonc-parser';
import type { AccountInventory } from '../core/account-inventory.ts';
import type { CatalogFile } from '../core/catalog.ts';
import { identitiesPath, settingsPath, templatePath } from '../core/catalog.ts';
import { proposeIdentities } from '../core/propose-identities.ts';
import { editIdentities } from './edit-identities.ts';
import type { InitAnswers } from './init-answers.ts';

/** The text of `okta-otp.json` with one more environment; an existing text keeps the way in which it is written, and its schema. */
export function addEnvironment(
  text: string | undefined,
  answers: InitAnswers,
  { account, schema }: { readonly account: string | undefined; readonly schema: string },
): string {
  const environment = toEnvironment(answers, account);
  if (text === undefined) {
    return `${JSON.stringify({ $schema: schema, environments: { [answers.env]: environment } }, null, 2)}\n`;
  }
  // By hand: jsonc-parser would format anew the line that it puts something behind.
  const root = parseTree(text);
  const last = root && findNodeAtLocation(root, ['environments'])?.children?.at(-1);
  if (last === undefined) throw new TypeError('an environment is added to those that there are');
  const end = last.offset + last.length;
  const indent = /\n([ \t]+)"/.exec(text)?.[1] ?? '  ';
  const lines = JSON.stringify(environment, null, indent).split('\n');
  const added = [`"${answers.env}": ${lines[0]}`, ...lines.slice(1)].map((line) => `${indent}${indent}${line}`);
  return [`${text.slice(0, end)},`, ...added].join(text.includes('\r\n') ? '\r\n' : '\n') + text.slice(end);
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
