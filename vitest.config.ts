import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{agent,firmware,hal,sim,scripts}/**/*.test.ts'],
    exclude: ['sim/browser/**', '**/*.hil.test.ts', '**/node_modules/**'],
    testTimeout: 20_000,
  },
});
