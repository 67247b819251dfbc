import { defineConfig } from 'vitest/config';

import common from './vitest.config.mjs';

/**
 * `npm run test:minor -- MINOR`: the suite on another minor version of libtorch, without what tests how the package is
 * installed, its scripts and its documentation, which are those of its own version.
 */
export default defineConfig({
  test: {
    ...common.test,
    exclude: [
      ...(common.test?.exclude ?? []),
      'tests/absent/**',
      'tests/docs/**',
      'tests/ecosystem/**',
      'tests/install/**',
      'tests/scripts/**',
    ],
    reporters: ['default', './tests/minors/differences.ts'],
  },
});
