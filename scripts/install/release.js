'use strict';
/** What this package is made for. */

/** The libtorch release that is obtained and packed. */
const VERSION = '2.13.0';

/** The builds of it that `torch-node install` knows, by what is asked for: null is the one for the CPU. */
const BUILDS = new Map([
  [null, 'cpu'],
  ['12.8', 'cu128'],
  ['13.0', 'cu130'],
]);

module.exports = { BUILDS, VERSION };
