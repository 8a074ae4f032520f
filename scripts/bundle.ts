import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Plugin } from 'esbuild';
import { build } from 'esbuild';

/** The two functions, each one file that a deployment zips and the local cloud runs. */
export const functions = ['sender', 'authorizer'] as const;

const root = join(import.meta.dirname, '..');

/** Bundles `src/handlers/<name>/entry.ts` to `dist/functions/<name>/index.cjs`. */
export async function bundleFunctions(): Promise<void> {
  await Promise.all(
    functions.map((name) =>
      build({
        entryPoints: [join(root, 'src', 'handlers', name, 'entry.ts')],
        outfile: join(root, 'dist', 'functions', name, 'index.cjs'),
        bundle: true,
        minify: process.env['BUNDLE_READABLE'] === undefined,
        platform: 'node',
        target: 'node24',
        format: 'cjs',
        // The SDK's ES modules are half the size of its CommonJS once bundled.
        mainFields: ['module', 'main'],
        // A dynamic import evaluates all exports of a built-in module: of `node:http` that loads undici. (Our own code has
        // none: esbuild would wrap every module that is shared with it, and V8 compile each of them twice.)
        supported: { 'dynamic-import': false },
        define: { 'import.meta.dirname': '__dirname' },
        legalComments: 'none',
        logLevel: 'warning',
        plugins: [plugin],
      }),
    ),
  );
}

/** Bundles the page of `dev` to `dist/dev/page`, beside its markup and style. */
export async function bundlePage(): Promise<void> {
  const [from, to] = [join(root, 'src', 'dev', 'page'), join(root, 'dist', 'dev', 'page')];
  await build({
    entryPoints: [join(from, 'app.ts')],
    outfile: join(to, 'app.js'),
    bundle: true,
    platform: 'browser',
    target: 'es2023',
    format: 'esm',
    logLevel: 'warning',
  });
  for (const name of ['index.html', 'style.css']) await copyFile(join(from, name), join(to, name));
}

/**
 * Parts of the dependencies that the functions never reach, since they are given everything that these would look up, and
 * what stands in for each. Together with the credential chain they would cost a third of a cold start.
 */
const standIns: readonly { readonly module: RegExp; readonly contents: string }[] = [
  {
    // Credentials come with the environment: profiles, SSO, STS and the rest of the default chain stay behind.
    module: /[\\/]@aws-sdk[\\/]credential-provider-node[\\/]dist-es[\\/]index\.js$/,
    contents: `export const defaultProvider = () => async () => { throw new Error('credentials are given'); };`,
  },
  {
    // Our own transport carries the requests, and hands over whole bodies.
    module: /[\\/]@smithy[\\/]node-http-handler[\\/]dist-es[\\/]index\.js$/,
    contents: `export const NodeHttpHandler = { create: (handler) => handler };
export const streamCollector = async (body) => body;`,
  },
  {
    // No function has profile files; every setting that could be read from one is given.
    module: /[\\/]shared-ini-file-loader[\\/]readFile\.js$/,
    contents: `export const filePromises = {}; export const fileIntercept = {}; export const readFile = async () => '';`,
  },
  {
    module: /[\\/]@smithy[\\/]core[\\/]dist-es[\\/]submodules[\\/]event-streams[\\/]index\.js$/,
    contents: 'export class EventStreamSerde {}',
  },
  {
    // Checksums of event streams, which none of the three services has; it would load zlib.
    module: /[\\/]checksum[\\/]crc32[\\/]Crc32Node\.js$/,
    contents: 'export class Crc32Node {}',
  },
];

const plugin: Plugin = {
  name: 'okta-otp',
  setup(builder) {
    for (const { module, contents } of standIns) {
      builder.onLoad({ filter: module }, () => ({ contents, loader: 'js' }));
    }
    // An object of this size is read faster as JSON than as JavaScript. https://v8.dev/blog/cost-of-javascript-2019#json
    builder.onLoad({ filter: /metadata\.max\.json\.js$/ }, async ({ path }) => {
      const { default: metadata }: { default: unknown } = await import(pathToFileURL(path).href);
      return { contents: `export default JSON.parse(${JSON.stringify(JSON.stringify(metadata))})`, loader: 'js' };
    });
  },
};

if (process.argv[1] === import.meta.filename) await Promise.all([bundleFunctions(), bundlePage()]);
