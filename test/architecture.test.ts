import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { expect, it } from 'vitest';

/** The layers, from the top down. Values are imported downwards only; types are free. */
const layers: Readonly<Record<string, readonly string[]>> = {
  cli: ['cli', 'dev', 'local', 'deploy', 'handlers', 'okta', 'aws', 'net', 'core'],
  dev: ['dev', 'local', 'handlers', 'okta', 'aws', 'net', 'core'],
  deploy: ['deploy', 'aws', 'core'],
  local: ['local', 'handlers', 'okta', 'aws', 'net', 'core'],
  handlers: ['handlers', 'okta', 'aws', 'net', 'core'],
  aws: ['aws', 'net', 'core'],
  okta: ['okta', 'net', 'core'],
  net: ['net', 'core'],
  core: ['core'],
};

/** The packages that core may use; nothing of Node's own is among them. */
const corePackages = ['libphonenumber-js/max'];

/** Who may read the outside world: environment, clock, standard streams. Everyone else is given it. */
const outside = [
  'handlers/sender/entry.ts',
  'handlers/authorizer/entry.ts',
  'handlers/system-clock.ts',
  'cli/process-context.ts',
  'cli/run.ts',
  'local/execution-environment.ts',
];

const root = resolve(import.meta.dirname, '..', 'src');
const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))
  .map((file) => file.split(sep).join('/'));
const textOf = (file: string) => readFileSync(join(root, file), 'utf8');

/** What a file imports or exports from when it runs; `import type` leaves nothing behind. */
function importsOf(file: string): string[] {
  const text = textOf(file);
  const statements = text.matchAll(/^\s*(?:import|export)\s+(?!type\b)(?:[^'";]*?\sfrom\s+)?'([^']+)'/gm);
  const dynamic = text.matchAll(/\bimport\(\s*'([^']+)'/g);
  return [...statements, ...dynamic].map((match) => match[1] ?? '');
}

const layerOf = (file: string) => file.split('/')[0] ?? '';

it('imports values downwards only', () => {
  const upward = files.flatMap((file) =>
    importsOf(file)
      .filter((specifier) => specifier.startsWith('.'))
      .map((specifier) =>
        relative(root, resolve(root, dirname(file), specifier))
          .split(sep)
          .join('/'),
      )
      .filter((target) => !(layers[layerOf(file)] ?? []).includes(layerOf(target)))
      .map((target) => `${file} imports ${target}`),
  );
  expect(upward).toEqual([]);
});

it('keeps core free of Node, the SDK and every package but the one it is allowed', () => {
  const foreign = files
    .filter((file) => layerOf(file) === 'core')
    .flatMap((file) =>
      importsOf(file)
        .filter((specifier) => !specifier.startsWith('.') && !corePackages.includes(specifier))
        .map((specifier) => `${file} imports ${specifier}`),
    );
  expect(foreign).toEqual([]);
});

it('reads clock, environment and standard streams in the few places that are meant to', () => {
  const reads =
    /\bprocess\.(env|argv|stdout|stderr|stdin|exit)\b|\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\bsetTimeout\(|\bsetInterval\(/;
  // The page's outside world is the browser.
  const readers = files.filter(
    (file) => !file.startsWith('dev/page/') && reads.test(textOf(file).replace(/^\s*(\/\/|\*|\/\*).*$/gm, '')),
  );
  expect(readers.filter((file) => !outside.includes(file))).toEqual([]);
});

it('has a folder for every layer and a layer for every folder', () => {
  expect([...new Set(files.map(layerOf))].sort()).toEqual(Object.keys(layers).sort());
});
