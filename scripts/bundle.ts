import { join } from 'node:path';
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
        minify: true,
        platform: 'node',
        target: 'node24',
        format: 'cjs',
        // The SDK's ES modules are half the size of its CommonJS once bundled.
        mainFields: ['module', 'main'],
        // Importing `node:http` as a module evaluates every export of it, undici among them; requiring it does not.
        supported: { 'dynamic-import': false },
        define: { 'import.meta.dirname': '__dirname' },
        legalComments: 'none',
        logLevel: 'warning',
        plugins,
      }),
    ),
  );
}

const plugins: Plugin[] = [];

if (process.argv[1] === import.meta.filename) await bundleFunctions();
