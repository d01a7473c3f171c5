import { defineConfig } from 'vitest/config';

/** Configurations of docs/servers.md on the real servers; a server that is missing is a failure. */
export default defineConfig({
  test: {
    include: ['scripts/**/*.servers.test.ts'],
    setupFiles: ['scripts/testing/seed.ts'],
    testTimeout: 20_000,
    // One after the other: a cluster that elects its leader must not wait for other servers' tests.
    fileParallelism: false,
  },
});
