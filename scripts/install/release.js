'use strict';
/** The libtorch release of this package. */

/** The libtorch release that is obtained and packed. */
const VERSION = '2.13.0';

/** The builds that `torch-node install` knows, by the CUDA version; null is the build for the CPU. */
const BUILDS = new Map([
  [null, 'cpu'],
  ['12.8', 'cu128'],
  ['13.0', 'cu130'],
]);

module.exports = { BUILDS, VERSION };
