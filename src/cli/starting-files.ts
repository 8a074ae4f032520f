import { applyEdits, modify } from 'jsonc-parser';
import type { CatalogFile } from '../core/catalog.ts';
import { identitiesPath, settingsPath, templatePath } from '../core/catalog.ts';
import type { InitAnswers } from './init-answers.ts';

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

/** As the file indents and ends its lines already. */
function formattingOf(text: string) {
  const indent = /^([ \t]+)"/m.exec(text)?.[1] ?? '  ';
  return {
    insertSpaces: !indent.includes('\t'),
    tabSize: indent.includes('\t') ? 1 : indent.length,
    eol: text.includes('\r\n') ? '\r\n' : '\n',
  };
}

/** A catalog that can be published as it is: no country has an identity yet, so Okta goes on sending by itself. */
export function startingCatalog(
  { org, languages }: Pick<InitAnswers, 'org' | 'languages'>,
  shipped: readonly CatalogFile[],
): readonly CatalogFile[] {
  const [first] = languages;
  const defaultLocale = languages.includes('en') ? undefined : first;
  const settings = { org, ...(defaultLocale === undefined ? {} : { defaultLocale }) };
  return [
    { path: settingsPath, text: `${JSON.stringify(settings, null, 2)}\n` },
    { path: identitiesPath, text: '{}\n' },
    ...languages.flatMap((language) => shipped.filter(({ path }) => path === templatePath(language))),
  ];
}
