import { defineConfig } from 'vitest/config';

/** The commands against the moto server, which `scripts/moto.sh` fetches first. */
export default defineConfig({
  test: {
    include: ['test/moto/*.moto.ts'],
    setupFiles: ['test/support/leak-sink.setup.ts'],
    pool: 'forks',
    // A deployment tries its URL for half a minute, and moto has none.
    testTimeout: 180_000,
    hookTimeout: 60_000,
  },
});
