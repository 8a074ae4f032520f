import { join } from 'node:path';

/** The package's own root: this file runs as `dist/cli/paths.js`, or from the sources as `src/cli/paths.ts`. */
const root = join(import.meta.dirname, '..', '..');

/** The templates that the package ships, one file a language. */
export const shippedTemplates = join(root, 'templates');

/** The sample of origination identities that the local cloud uses. */
export const sampleIdentities = join(root, 'templates', 'sample', 'originationIdentities.json');

/** The function's bundle, the same file that a deployment zips. */
export const functionBundle = (name: 'sender' | 'authorizer') => join(root, 'dist', 'functions', name, 'index.cjs');
