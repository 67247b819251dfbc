/** Mirrors `torch.nn.utils`. */
export * from './clip_grad.js';
export * from './convert_parameters.js';
export * from './fusion.js';
export * as fusion from './fusion.js';
export * from './memory_format.js';
export * as parametrizations from './parametrizations.js';
export * as parametrize from './parametrize.js';
export * as prune from './prune.js';
export * as rnn from './rnn.js';
export { skip_init } from './skip_init.js';
export { remove_spectral_norm, spectral_norm, type SpectralNormOptions } from './spectral_norm.js';
export * as stateless from './stateless.js';
export { remove_weight_norm, weight_norm } from './weight_norm.js';
export * as clip_grad from './clip_grad.js';
export * as convert_parameters from './convert_parameters.js';
export * as memory_format from './memory_format.js';
