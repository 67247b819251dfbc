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

/**
 * Calls a module with other parameters and buffers than its own, as `torch.func.functional_call` does, with a
 * deprecation warning. Mirrors `torch.nn.utils.stateless.functional_call`.
 *
 * @param module - the module to call
 * @param parameters_and_buffers - tensors by their dotted names, which replace those of the module during the call
 * @param args - arguments of the call: an array, or a single one
 * @param kwargs - arguments by name: the options object of the call; default null
 * @param tie_weights - replace tied tensors together; by name only; default true
 * @param strict - all parameters and buffers must be given, and no others; by name only; default false
 * @deprecated use `torch.func.functional_call`
 * @example
 * ```ts
 * const linear = new nn.Linear(2, 1);
 * const weight = torch.tensor([[1, 0.5]]);
 * print(nn.utils.stateless.functional_call(linear, { weight, bias: torch.zeros(1) }, torch.ones(2)));
 * ```
 * ```python
 * linear = nn.Linear(2, 1)
 * weight = torch.tensor([[1, 0.5]])
 * print(nn.utils.stateless.functional_call(linear, {'weight': weight, 'bias': torch.zeros(1)}, torch.ones(2)))
 * ```
 */
export function functional_call<M extends Module>(
  module: M,
  parameters_and_buffers: NamedTensors,
  args?: unknown,
  kwargs?: Record<string, unknown> | null,
  options?: Pick<FunctionalCallOptions, 'tie_weights' | 'strict'>,
): ReturnType<M>;
export function functional_call<M extends Module>(
  ...args: Arguments<
    [module: M, parameters_and_buffers: NamedTensors, args?: unknown, kwargs?: Record<string, unknown> | null],
    FunctionalCallArguments<M>,
    ['module', 'parameters_and_buffers', 'args', 'kwargs']
  >
): ReturnType<M>;
export function functional_call<M extends Module>(...args: unknown[]): ReturnType<M> {
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
