import { defineConfig } from 'vitest/config';
import { SkippedReporter } from './scripts/testing/skipped.ts';

export default defineConfig({
  test: {
    include: ['{agent,firmware,hal,sim,scripts}/**/*.test.ts'],
    setupFiles: ['scripts/testing/seed.ts'],
    exclude: ['sim/browser/**', '**/*.hil.test.ts', '**/*.servers.test.ts', '**/node_modules/**'],
    testTimeout: 20_000,
    reporters: [
      'default',
      // docs/drivers.md is made of it.
      ['json', { outputFile: 'dist/reports/everyday.json' }],
      new SkippedReporter(),
    ],
  },
});
