import { defineConfig } from 'vitest/config';

import { unit_tests } from './tests/unit.js';
import common from './vitest.config.mjs';

/** `npm run test:unit`: what needs neither Python, nor a compiler, nor the network. Under a minute. */
export default defineConfig({
  test: {
    ...common.test,
    include: unit_tests(),
    globalSetup: [],
    // Programs are not found by name: a test that would start Python or a compiler fails here instead of being slow elsewhere.
    env: { ...common.test?.env, PATH: '' },
  },
});
