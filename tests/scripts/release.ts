/** The release of libtorch that the package is made for. */
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
export const { VERSION } = require('../../scripts/install/release.js') as { VERSION: string };
export const OWN_MINOR = VERSION.split('.').slice(0, 2).join('.');
