import { defineConfig } from 'vitest/config';

/** What the mutation run of `src/core` tries each mutant against: the tests that need nothing but core. */
export default defineConfig({
  test: { include: ['test/core/**/*.test.ts'], setupFiles: ['test/support/leak-sink.setup.ts'] },
});
