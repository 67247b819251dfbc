import { defineConfig } from 'vitest/config';

import common from './vitest.config.mjs';

/** `npm run test:browser`: pages in a real headless Chromium, from CHROMIUM or the PATH. With TORCH_NODE_PICTURES its screenshots are kept. */
export default defineConfig({
  test: {
    ...common.test,
    include: ['tests/browser/**/*.test.ts'],
    exclude: [],
    maxWorkers: 1,
  },
});
