import { defineConfig } from 'vitest/config';

import common from './vitest.config.mjs';

/** `npm run test:cuda`: only what needs a GPU, and without the reference Python. */
export default defineConfig({
  test: { ...common.test, include: ['tests/cuda/**/*.test.ts'], exclude: [], globalSetup: [] },
});
