import { join } from 'node:path';

/** The package's own root: this file runs as `dist/cli/paths.js`, or from the sources as `src/cli/paths.ts`. */
const root = join(import.meta.dirname, '..', '..');

/** The folder whose `templates` are those that the package ships, one file a language. */
export const shippedCatalog = root;

/** The sample beside them that the local cloud uses: settings and origination identities. */
export const sampleCatalog = join(root, 'templates', 'sample');

/** The function's bundle, the same file that a deployment zips. */
export const functionBundle = (name: 'sender' | 'authorizer') => join(root, 'dist', 'functions', name, 'index.cjs');

/** A file of the page that `dev` shows; the script is bundled, the others are copied. */
export const pageFile = (name: string) => join(root, 'dist', 'dev', 'page', name);

/** In a clone, where there are sources and a bundler; the package has neither. */
export const bundleScript = join(root, 'scripts', 'bundle.ts');
export const sourceFolder = join(root, 'src');

/** The stack's template, as it is shipped. */
export const stackTemplate = join(root, 'cloudformation', 'okta-otp.yaml');

/** The schema of `okta-otp.json`, as it is shipped. */
export const shippedConfigSchema = join(root, 'schemas', 'okta-otp.schema.json');
