import { defineConfig } from 'vitest/config';

/** Tests that drive a real Chromium: one file at a time, for they measure time and share the machine. */
export default defineConfig({
  test: {
    include: ['sim/browser/**/*.browser.ts'],
    fileParallelism: false,
    maxWorkers: 1,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
