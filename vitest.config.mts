import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    exclude: ['tests/cuda/**', 'tests/cuda_build/**', 'tests/ecosystem/installed/**', 'tests/browser/**'],
    globalSetup: ['tests/setup.ts'],
    setupFiles: ['tests/limits.ts'],
    reporters: ['default', './tests/totals.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 300_000,
    // Threads that wait for work must not spin: several processes share the cores. The numbers stay the same.
    env: { OMP_WAIT_POLICY: 'passive' },
    hookTimeout: 300_000,
    // The tests run the package as users get it: the compiled files, through its own exports.
    server: { deps: { external: [/\/dist\//] } },
  },
});
