import { basename, dirname, relative, resolve } from 'node:path';
import type { CatalogFile } from '../../core/catalog.ts';
import { identitiesPath, parseCatalog } from '../../core/catalog.ts';
import { throughputOf } from '../../core/throughput.ts';
import { configFile } from '../../deploy/config.ts';
import type { DetectedAccount } from '../account-detection.ts';
import { detectAccount } from '../account-detection.ts';
import { readCatalogFiles } from '../catalog-files.ts';
import { configSchema } from '../config-schema.ts';
import type { Context } from '../context.ts';
import { environmentsIn, readConfigText } from '../environments.ts';
import type { ExitCode } from '../exit.ts';
import { exit } from '../exit.ts';
import type { InitAnswers, InitFlags } from '../init-answers.ts';
import { collectAnswers } from '../init-answers.ts';
import { shippedCatalog } from '../paths.ts';
import { renderThroughput } from '../render-throughput.ts';
import { addEnvironment, startingCatalog } from '../starting-files.ts';
import { openWorkspace } from '../workspace.ts';

/** Describes where okta-otp will run, in okta-otp.json, and starts a catalog beside it; creates nothing in AWS. */
export async function init(context: Context, flags: InitFlags): Promise<ExitCode> {
  const file = resolve(context.cwd, flags.config ?? configFile);
  const text = await readConfigText(file);
  const taken = text === undefined ? [] : [...environmentsIn(text, file).keys()];
  const shipped = (await readCatalogFiles(shippedCatalog)).filter(({ path }) => path.startsWith('templates/'));
  const answers = await collectAnswers(context, flags, {
    region: flags.region ?? (await context.services.configuredRegion(flags.profile)),
    shipped: shipped.map(({ path }) => basename(path, '.json')),
    taken,
  });
  const { region, profile } = answers;
  const account = { region, json: flags.json === true, ...(profile === undefined ? {} : { profile }) };
  const detected = flags.detect ? await detectAccount(context, account) : undefined;
  const { reference, copy } = await configSchema(dirname(file));
  const added = addEnvironment(text, answers, { account: detected?.account, schema: reference });
  // Ours to notice, should it ever not be readable.
  const environment = environmentsIn(added, file).get(answers.env);
  if (environment === undefined) throw new TypeError('the new environment cannot be read back');

  const catalog = openWorkspace(dirname(file), environment.catalog);
  const keepsCatalog = (await catalog.files()).length > 0;
  const starting = keepsCatalog ? [] : startingCatalog(answers, shipped, detected?.inventory);
  if (!parseCatalog(starting).ok) throw new TypeError('the starting catalog cannot be read');
  if (flags.json !== true) tell(context, answers, detected);

  const beside = openWorkspace(dirname(file), '.');
  const schemas = text === undefined && copy !== undefined ? [copy] : [];
  const place = (path: string) => relative(context.cwd, path);
  const wrote = [
    ...starting.map(({ path }) => place(resolve(catalog.folder, path))),
    ...schemas.map(({ path }) => place(resolve(dirname(file), path))),
    // Last: a run that was cut short can be repeated.
    place(file),
  ];
  if (!(await agrees(context, flags, wrote))) return exit.interrupted;
  for (const part of starting) await catalog.write(part);
  for (const schema of schemas) await beside.write(schema);
  await beside.write({ path: basename(file), text: added });

  if (flags.json === true) {
    const { account, tier, inventory } = detected ?? {};
    const throughput = inventory === undefined ? undefined : throughputOf(inventory);
    const found = detected === undefined ? undefined : { account, tier, throughput, notes: detected.notes };
    context.stdout.write(`${JSON.stringify({ environment: answers.env, file, wrote, detected: found })}\n`);
    return exit.done;
  }
  context.stdout.write(wrote.map((path) => `${path}\n`).join(''));
  if (keepsCatalog) context.stderr.write(`${place(catalog.folder)} has files already, and stays as it is.\n`);
  context.stderr.write(renderNext(answers, flags, starting));
  return exit.done;
}

function tell(
  { stderr }: Context,
  { peakPerSecond, region }: InitAnswers,
  detected: DetectedAccount | undefined,
): void {
  if (detected === undefined) return;
  const { account, tier, inventory, notes } = detected;
  const say = (words: string) => stderr.write(`${words}\n`);
  if (account !== undefined) say(`AWS account ${account}, Region ${region}`);
  if (tier === 'SANDBOX') {
    say('End User Messaging is in its sandbox: it sends to ten verified numbers only (okta-otp sandbox request).');
  }
  const countries = inventory === undefined ? [] : throughputOf(inventory);
  for (const line of renderThroughput(countries, peakPerSecond)) say(line);
  if (inventory !== undefined && countries.length === 0) {
    say(`Nothing in ${region} can send a text message to anybody yet (okta-otp identities request --help).`);
  }
  for (const note of notes) say(`${note.charAt(0).toUpperCase()}${note.slice(1)}`);
}

async function agrees(context: Context, { yes }: InitFlags, wrote: readonly string[]): Promise<boolean> {
  // Nothing that exists is lost, so a run in a pipe needs no leave.
  if (yes === true || !context.isInteractive) return true;
  const shown = wrote.length > 4 ? [...wrote.slice(0, 3), `${wrote.length - 3} more`] : wrote;
  return /^(y(es)?)?$/i.test((await context.ask(`Write ${shown.join(', ')}? (yes/no) [yes]`)).trim());
}

function renderNext(
  { env, clientIds, scope }: InitAnswers,
  { config }: InitFlags,
  starting: readonly CatalogFile[],
): string {
  const identities = starting.find(({ path }) => path === identitiesPath);
  return [
    ...(clientIds.length === 0 || scope === undefined
      ? ['Until its clientIds and scope are set, the deployed hook refuses every request.']
      : []),
    ...(identities === undefined
      ? []
      : [
          `next: okta-otp identities ${identities.text === '{}\n' ? 'discover' : 'list'}, to say whom messages come from`,
        ]),
    `${identities === undefined ? 'next' : 'then'}: okta-otp deploy --env ${env}${config === undefined ? '' : ` --config ${config}`}`,
    '',
  ].join('\n');
}
