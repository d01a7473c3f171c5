import { defineConfig } from 'vitest/config';

/**
 * Suites that need a kernel with stand-ins for a robot's devices: for a shell in the VM (`make
 * vm-shell`) or a machine that has gpio-sim, vivid and the like itself. `make vm-test` runs them with
 * Vitest's runner alone, see docs/vm.md.
 */
export default defineConfig({
  test: {
    include: ['{hal,scripts}/**/*.vm.test.ts'],
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
