'use strict';
/**
 * The newest symbol versions that the addon may ask for: those of systems with glibc 2.28 and the libstdc++ of GCC 8,
 * which libtorch's own libraries are made for (manylinux_2_28).
 */
const LIMITS = { GLIBC: '2.28', GLIBCXX: '3.4.25', CXXABI: '1.3.11', GCC: '7.0.0' };

/** The version of glibc that runs; undefined with another C library, and on other systems. @returns {string | undefined} */
function glibc_version() {
  if (process.platform !== 'linux') return undefined;
  return /** @type {any} */ (process.report.getReport()).header.glibcVersionRuntime;
}

/** What to do on a Linux without glibc, where neither libtorch nor the addon can be loaded. */
const WITHOUT_GLIBC = 'libtorch needs glibc; use a distribution or image with it: node:22-slim, not node:22-alpine.';

module.exports = { LIMITS, WITHOUT_GLIBC, glibc_version };
