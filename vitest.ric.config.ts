import { defineConfig } from 'vitest/config';

/** The uploaded functions under AWS' own runtime client, which `scripts/ric.mjs` installs first. */
export default defineConfig({
  test: {
    include: ['test/ric/*.ric.ts'],
    setupFiles: ['test/support/leak-sink.setup.ts'],
    pool: 'forks',
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
