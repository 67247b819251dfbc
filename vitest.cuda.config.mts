import { defineConfig } from 'vitest/config';

import common from './vitest.config.mjs';

/** `npm run test:cuda`: what needs a GPU; `npm run test:cuda-build`: what needs a CUDA build. Without the reference Python. */
export default defineConfig({
  test: {
    ...common.test,
    include: ['tests/cuda/**/*.test.ts', 'tests/cuda_build/**/*.test.ts'],
    exclude: [],
    globalSetup: [],
    // The CUDA build takes longer.
    setupFiles: [],
  },
});
