'use strict';
/**
 * The newest symbol versions that the addon may ask for: those of systems with glibc 2.28 and the libstdc++ of GCC 8,
 * which libtorch's own libraries are made for (manylinux_2_28).
 */
const LIMITS = { GLIBC: '2.28', GLIBCXX: '3.4.25', CXXABI: '1.3.11', GCC: '7.0.0' };

module.exports = { LIMITS };
