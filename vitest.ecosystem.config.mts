import { defineConfig } from 'vitest/config';

import common from './vitest.config.mjs';

/** `npm run test:ecosystem`: tools of users, installed from the npm registry into temporary folders. Minutes. */
export default defineConfig({
  test: {
    ...common.test,
    include: ['tests/ecosystem/**/*.test.ts'],
    exclude: [],
    globalSetup: [],
    maxWorkers: 1,
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
});
