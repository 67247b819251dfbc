/**
 * Functions that fuzzing leaves out, because libtorch itself crashes or does not come back for some wrong arguments, and
 * with it Python: each was tried there.
 */
const null_pointer = 'Python crashes too: libtorch follows a null pointer in missing or foreign state';
const division = 'Python crashes too: libtorch divides by a number of groups or samples that is zero';
const pivots = 'Python crashes too: libtorch reads pivots that are not there';
const counting = 'Python does not come back either: libtorch counts up to the integer that it is given';

const polynomials = [
  'chebyshev_polynomial_t',
  'chebyshev_polynomial_u',
  'chebyshev_polynomial_v',
  'chebyshev_polynomial_w',
  'hermite_polynomial_h',
  'hermite_polynomial_he',
  'laguerre_polynomial_l',
  'legendre_polynomial_p',
  'shifted_chebyshev_polynomial_t',
  'shifted_chebyshev_polynomial_u',
  'shifted_chebyshev_polynomial_v',
  'shifted_chebyshev_polynomial_w',
];

/** The names, and why. */
export const known_crashes: ReadonlyMap<string, string> = new Map([
  ['quantized_lstm_cell', null_pointer],
  ['batch_norm_update_stats', null_pointer],
  ['native_batch_norm', null_pointer],
  ['mkldnn_rnn_layer', null_pointer],
  ['lstm', null_pointer],
  ['native_group_norm', division],
  ['max_pool1d', counting],
  ['adaptive_max_pool2d', counting],
  ['adaptive_max_pool2d_with_indices', counting],
  ['adaptive_avg_pool3d', counting],
  ['matrix_power', counting],
  ['linalg.matrix_power', counting],
  ['lu_unpack', pivots],
  ...polynomials.map((name): [string, string] => [name, counting]),
]);
