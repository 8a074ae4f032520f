import { randomBytes } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { OktaOtpError, UsageError } from '../../core/error.ts';
import type { Dev } from '../../dev/dev.ts';
import type { DevEvent, Places, TrustedIssuer } from '../../dev/events.ts';
import { readCatalogFiles } from '../catalog-files.ts';
import type { Context } from '../context.ts';
import { defaultFolder } from '../default-folder.ts';
import type { DevFlags } from '../describe/dev.ts';
import { catalogFolderOf } from '../environments.ts';
import type { ExitCode } from '../exit.ts';
import { exit } from '../exit.ts';
import { followSources } from '../follow-sources.ts';
import { bundleScript, functionBundle, pageFile, sampleCatalog, shippedCatalog } from '../paths.ts';
import { renderDevEvent } from '../render-dev-event.ts';
import { watchFiles } from '../watch-files.ts';
import type { Workspace } from '../workspace.ts';
import { openWorkspace } from '../workspace.ts';

/** Runs the local cloud with its page until Ctrl-C. */
export async function runDev(context: Context, flags: DevFlags): Promise<ExitCode> {
  const { clock } = context;
  const unread = new AbortController();
  const signal = AbortSignal.any([context.signal, unread.signal]);
  const trusted = trustedBy(flags);
  const folder = await folderOf(context, flags);
  const workspace = folder === undefined ? undefined : openWorkspace(context.cwd, folder);
  const early: DevEvent[] = [];
  let hasStarted = false;
  const tell = (event: DevEvent) => {
    // The addresses come first, whatever happens meanwhile.
    if (!hasStarted) {
      early.push(event);
      return;
    }
    const text = flags.json === true ? `${JSON.stringify(event)}\n` : renderDevEvent(event, context.stdout);
    context.stdout.write(text);
  };
  if (flags.json !== true) context.stderr.write('Starting the local cloud: nothing leaves this machine.\n');
  const dev = await startOnPort(() =>
    context.services.startDev({
      clock,
      bundles: { sender: functionBundle('sender'), authorizer: functionBundle('authorizer') },
      readFiles: async () => withDefaults(await filesOf(workspace)),
      writeFile: workspace?.write,
      folder: workspace?.folder,
      newId: context.newId,
      randomInt: context.randomInt,
      readAsset: (name) => readFile(pageFile(name), 'utf8'),
      token: randomBytes(24).toString('base64url'),
      trusted,
      onEvent: tell,
      ...(flags.port === undefined ? {} : { port: flags.port }),
      ...(flags.hookPort === undefined ? {} : { gatewayPort: flags.hookPort }),
    }),
  );
  let keyFile: string | undefined;
  try {
    if (flags.clientKey !== undefined) keyFile = await writeClientKey(dev, resolve(context.cwd, flags.clientKey));
    const watched = { clock, signal };
    const reload = () => void dev.world.reload();
    if (workspace !== undefined) watchFiles(workspace.folder, watched, reload);
    // In a clone those that the package ships are sources too.
    if (existsSync(bundleScript)) watchFiles(join(shippedCatalog, 'templates'), watched, reload);
    followSources(dev, watched);
    if (flags.json === true) context.stdout.write(`${JSON.stringify({ type: 'started', places: dev.places })}\n`);
    else context.stderr.write(welcome(dev.places, workspace?.folder));
    hasStarted = true;
    for (const event of early.splice(0)) tell(event);
    // What changed between the first reading and the watch.
    await dev.world.reload();
    watchReader(context, { isJson: flags.json === true, signal, onGone: () => unread.abort() });
    await aborted(signal);
    return context.signal.aborted ? exit.interrupted : exit.done;
  } finally {
    await dev.close();
    if (keyFile !== undefined) await rm(keyFile, { force: true });
    if (flags.json !== true) context.stderr.write('Stopped; nothing is left behind.\n');
  }
}

/** How soon `dev --json` notices that nobody reads. */
const aliveEveryMs = 5_000;

/** Nobody presses Ctrl-C for `dev --json | head`: it ends when nobody reads any more, which only a write can tell. */
function watchReader(
  { clock, stdout }: Context,
  { isJson, signal, onGone }: { readonly isJson: boolean; readonly signal: AbortSignal; readonly onGone: () => void },
): void {
  let cancel = () => {};
  let aliveAt = clock.now();
  const look = () => {
    if (!stdout.isRead()) {
      onGone();
      return;
    }
    if (isJson && clock.now() - aliveAt >= aliveEveryMs) {
      aliveAt = clock.now();
      stdout.write(`${JSON.stringify({ type: 'alive', at: aliveAt })}\n`);
    }
    cancel = clock.after(500, look);
  };
  if (signal.aborted) return;
  signal.addEventListener('abort', () => cancel(), { once: true });
  look();
}

/** For clients that are none of ours; the key is worth something only as long as this runs, and nobody else may read it. */
async function writeClientKey({ world }: Dev, file: string): Promise<string> {
  const { privateKey, kid } = world.cloud.client;
  const jwk = { ...privateKey.export({ format: 'jwk' }), kid, alg: 'RS256', use: 'sig' };
  try {
    await writeFile(file, `${JSON.stringify(jwk)}\n`, { mode: 0o600, flag: 'wx' });
    return file;
  } catch (cause) {
    throw new UsageError('client-key-unwritable', '"--client-key" must name a new file in a folder that is there', {
      hint: 'okta-otp dev --client-key client-key.json',
      cause,
    });
  }
}

function trustedBy({ issuer, audience, clientId, scope }: DevFlags): TrustedIssuer | undefined {
  if (issuer === undefined && audience === undefined && clientId === undefined && scope === undefined) return undefined;
  if (issuer === undefined || clientId === undefined || scope === undefined) {
    throw new UsageError('dev-trust-incomplete', '"--issuer", "--client-id" and "--scope" belong together', {
      hint: 'okta-otp dev --issuer https://example.okta.com/oauth2/default --client-id 0oa… --scope telephony.hook',
    });
  }
  if (!URL.canParse(issuer) || new URL(issuer).protocol !== 'https:') {
    throw new UsageError('issuer-invalid', '"--issuer" must be the https address of an authorization server', {
      hint: 'for example --issuer https://example.okta.com/oauth2/default',
    });
  }
  return { issuer, audience, clientId, scope };
}

/** The folder that is named, or the environment's, or the usual one; without any the package's own catalog serves. */
async function folderOf({ cwd }: Context, { dir }: DevFlags): Promise<string | undefined> {
  const isFolder = (path: string) => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  if (dir !== undefined && !isFolder(openWorkspace(cwd, dir).folder)) {
    throw new UsageError('folder-missing', '"--dir" names no folder', {
      hint: 'okta-otp init, or okta-otp dev without it',
    });
  }
  if (dir !== undefined) return dir;
  const usual = (await catalogFolderOf({ cwd }, {})) ?? defaultFolder;
  return isFolder(openWorkspace(cwd, usual).folder) ? usual : undefined;
}

/** A folder that is gone is not an empty one, whose texts would be the package's. */
async function filesOf(workspace: Workspace | undefined) {
  if (workspace === undefined) return [];
  if (!existsSync(workspace.folder)) {
    throw new Error("the folder of the catalog's files is gone; it is followed again when it is back");
  }
  return await workspace.files();
}

/** What a folder lacks comes from the package: texts that nobody has changed yet, and a sender to send from. */
async function withDefaults(own: Awaited<ReturnType<typeof readCatalogFiles>>) {
  const has = (part: RegExp) => own.some(({ path }) => part.test(path));
  return [
    ...own,
    ...(has(/^templates\//) ? [] : await readCatalogFiles(shippedCatalog)),
    ...(await readCatalogFiles(sampleCatalog)).filter(({ path }) => !own.some((file) => file.path === path)),
  ];
}

async function startOnPort(start: () => Promise<Dev>): Promise<Dev> {
  try {
    return await start();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code !== 'EADDRINUSE' && code !== 'EACCES') throw error;
    throw new OktaOtpError('port-taken', 'the port is taken, or may not be used', {
      hint: 'choose another one with --port or --hook-port',
      cause: error,
    });
  }
}

const aborted = (signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });

function welcome({ page, hook, issuer, clientId, scope, trusted }: Places, folder: string | undefined): string {
  const { port } = new URL(hook);
  const how = 'put its https address before /prod/mfa into the inline hook in Okta (Workflow > Inline Hooks)';
  return [
    '',
    `The phones      ${page}`,
    `The hook        ${hook}`,
    `Tokens from     ${issuer} (client ${clientId}, scope ${scope})`,
    ...(trusted === undefined
      ? []
      : [`and from        ${trusted.issuer} (client ${trusted.clientId}, scope ${trusted.scope})`]),
    `The catalog     ${folder ?? "the package's own; --dir names a folder of yours"}`,
    '',
    'To let a real Okta preview come here: open a tunnel of your own to the hook, for example',
    `  cloudflared tunnel --url http://127.0.0.1:${port}     or     ngrok http ${port}`,
    ...(trusted === undefined
      ? [
          `${how}, and start with`,
          '  okta-otp dev --hook-port <port> --issuer <authorization server> --client-id <app> --scope <scope>',
        ]
      : [how]),
    '',
    'Ctrl-C ends it.',
    '',
  ].join('\n');
}
