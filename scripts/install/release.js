'use strict';
/** The libtorch release of this package. */

/** The libtorch release that is obtained and packed. */
const VERSION = '2.13.0';

/** The release of each minor version of libtorch for which the sources compile. */
const RELEASES = new Map([
  ['2.11', '2.11.0'],
  ['2.12', '2.12.1'],
  ['2.13', VERSION],
  ['2.14', '2.14.1'],
]);

/** The builds that `torch-node install` knows, by the CUDA version; null is the build for the CPU. */
const BUILDS = new Map([
  [null, 'cpu'],
  ['12.8', 'cu128'],
  ['13.0', 'cu130'],
]);

module.exports = { BUILDS, RELEASES, VERSION };
