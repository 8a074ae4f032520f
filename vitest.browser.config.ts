import { defineConfig } from 'vitest/config';

/** The page of `okta-otp dev` in a real browser: `npm run test:browser`. */
export default defineConfig({
  test: {
    include: ['test/browser/**/*.test.ts'],
    setupFiles: ['test/support/leak-sink.setup.ts'],
    globalSetup: ['test/browser/require-chromium.ts'],
    pool: 'forks',
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
