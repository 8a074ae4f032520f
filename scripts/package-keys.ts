import { readFileSync } from 'node:fs';
import { readCatalogFiles } from '../src/cli/catalog-files.ts';
import { functionBundle, sampleCatalog } from '../src/cli/paths.ts';
import { functionNames, packageFunction } from '../src/deploy/package-function.ts';
import { bundleFunctions } from './bundle.ts';

// Bundles and zips both functions and prints the keys, which hold the zips' hashes: `.ci/run` compares them between Nodes.
await bundleFunctions();
const catalog = await readCatalogFiles(sampleCatalog);
for (const name of functionNames) {
  const bundle = readFileSync(functionBundle(name));
  process.stdout.write(`${packageFunction({ name, bundle, ...(name === 'sender' ? { catalog } : {}) }).key}\n`);
}
