import { defineConfig } from 'vitest/config';
import { SkippedReporter } from './scripts/testing/skipped.ts';

/** Tests that drive a real Chromium: one file at a time, for they measure time and share the machine. */
export default defineConfig({
  test: {
    include: ['{agent,scripts,sim}/**/*.browser.ts'],
    reporters: ['default', new SkippedReporter()],
    fileParallelism: false,
    maxWorkers: 1,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
