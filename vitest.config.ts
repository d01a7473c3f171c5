import { defineConfig } from 'vitest/config';
import { SkippedReporter } from './scripts/testing/skipped.ts';

export default defineConfig({
  test: {
    include: ['{agent,firmware,hal,sim,scripts}/**/*.test.ts'],
    setupFiles: ['scripts/testing/seed.ts'],
    exclude: ['**/*.vm.test.ts', '**/*.servers.test.ts', '**/node_modules/**'],
    // For what hangs: the longest takes 13 s on a quiet machine.
    testTimeout: 60_000,
    reporters: [
      'default',
      // docs/drivers.md is made of it.
      ['json', { outputFile: 'dist/reports/everyday.json' }],
      new SkippedReporter(),
    ],
  },
});
