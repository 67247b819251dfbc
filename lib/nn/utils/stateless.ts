/** Mirrors `torch.nn.utils.stateless`. */
import { functional_call as call, type FunctionalCallOptions, type NamedTensors } from '../../functional_call.js';
import type { Module } from '../module.js';
import { warn } from '../warnings.js';

/** @deprecated in favour of `torch.func.functional_call`, which does the same */
export function functional_call<M extends Module>(
  module: M, parameters_and_buffers: NamedTensors, args: unknown = null, kwargs: Record<string, unknown> | null = null,
  options: FunctionalCallOptions = {},
): ReturnType<M> {
  warn('`torch.nn.utils.stateless.functional_call` is deprecated as of PyTorch 2.0 and will be removed in a future version '
    + 'of PyTorch. Please use `torch.func.functional_call` instead which is a drop-in replacement.', 'FutureWarning');
  return call(module, parameters_and_buffers, args, kwargs, options);
}
