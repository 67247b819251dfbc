// The golden values are from a processor on which MKL multiplies and solves without AVX-512: with it, grids differ in the last bit.
process.env['MKL_ENABLE_INSTRUCTIONS'] = 'AVX2';
