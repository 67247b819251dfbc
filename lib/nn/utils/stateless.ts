/** Mirrors `torch.nn.utils.stateless`. */
import { signature, type Arguments } from '../../_internal/signature.js';
import { functional_call as call, type FunctionalCallOptions, type NamedTensors } from '../../func/functional_call.js';
import type { Module } from '../modules/module.js';
import { warn } from '../../_internal/warnings.js';

interface FunctionalCallArguments<M> extends FunctionalCallOptions {
  module: M;
  /** Tensors by dotted names. */
  parameters_and_buffers: NamedTensors;
  /** The arguments of the call: an array, or a single one. */
  args?: unknown;
  /** Arguments by name: the options object of the call. */
  kwargs?: Record<string, unknown> | null;
}

const FUNCTIONAL_CALL = signature<FunctionalCallArguments<Module>>(
  'functional_call',
  'module: Module, parameters_and_buffers: dict, args?: any, kwargs?: dict|None, *, tie_weights?: bool, ' +
    'strict?: bool',
);

/** @deprecated in favour of `torch.func.functional_call`, which does the same */
export function functional_call<M extends Module>(
  ...args: Arguments<
    [module: M, parameters_and_buffers: NamedTensors, args?: unknown, kwargs?: Record<string, unknown> | null],
    FunctionalCallArguments<M>,
    ['module', 'parameters_and_buffers', 'args', 'kwargs']
  >
): ReturnType<M> {
  const {
    module,
    parameters_and_buffers,
    args: its_args = null,
    kwargs = null,
    ...options
  } = FUNCTIONAL_CALL.read(args);
  warn(
    '`torch.nn.utils.stateless.functional_call` is deprecated as of PyTorch 2.0 and will be removed in a future version ' +
      'of PyTorch. Please use `torch.func.functional_call` instead which is a drop-in replacement.',
    'FutureWarning',
  );
  return call(module, parameters_and_buffers, its_args, kwargs, options) as ReturnType<M>;
}
