import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // In a browser, which not every machine has: vitest.browser.config.ts.
    exclude: ['test/browser/**'],
    setupFiles: ['test/support/leak-sink.setup.ts'],
    pool: 'forks',
    testTimeout: 30_000,
    hookTimeout: 60_000,
    coverage: {
      provider: 'v8',
      reporter: ['text-summary', 'html'],
      // Named, or a file that no test imports would not count at all.
      include: ['src/core/**/*.ts', 'src/handlers/**/*.ts', 'src/deploy/**/*.ts'],
      thresholds: { lines: 100, branches: 100, functions: 100, statements: 100 },
    },
  },
});
