/** What programs set and ask of `torch._dynamo`, the part of Python's compiler that reads programs. There is none here. */
import { settings } from './_internal/compile_options.js';
import { no_arguments, signature } from './_internal/signature.js';
import type { Tensor } from './_tensor.js';
import { compile } from './compiler/compile.js';
import {
  allow_in_graph,
  assume_constant_result,
  disable,
  is_compiling,
  list_backends,
  reset,
  set_stance,
} from './compiler/index.js';
import { OptimizedModule } from './compiler/optimized_module.js';

const marking = (callee: string) =>
  signature<object>(
    callee,
    't: Tensor, index?: int|int[]|None, *, hint_override?: int|None, min?: int|None, max?: int|None',
  );
const MARK_DYNAMIC = marking('mark_dynamic');
const MAYBE_MARK_DYNAMIC = signature<object>('maybe_mark_dynamic', 't: Tensor, index: int|int[]');
const MARK_STATIC = signature<object>('mark_static', 't: Tensor, index?: int|int[]|None');
const MARK_STATIC_ADDRESS = signature<object>('mark_static_address', 't: Tensor, guard?: bool');
const GRAPH_BREAK = signature<object>('graph_break', 'msg?: str');

/**
 * Mirrors what programs use of `torch._dynamo`: settings, which are kept and have no effect, and marks, which do nothing.
 * @example
 * ```ts
 * torch._dynamo.config.suppress_errors = true;
 * torch._dynamo.reset();
 * print(torch._dynamo.config.recompile_limit, torch._dynamo.is_compiling());
 * ```
 * ```python
 * import torch._dynamo
 * torch._dynamo.config.suppress_errors = True
 * torch._dynamo.reset()
 * print(torch._dynamo.config.recompile_limit, torch._dynamo.is_compiling())
 * ```
 */
export const _dynamo = {
  /** Settings with Python's defaults; others may be set too. */
  config: settings({
    accumulated_recompile_limit: 256,
    allow_unspec_int_on_nn_module: false,
    assume_static_by_default: true,
    automatic_dynamic_shapes: true,
    cache_size_limit: 8,
    capture_dynamic_output_shape_ops: false,
    capture_scalar_outputs: false,
    compiled_autograd: false,
    disable: false,
    error_on_recompile: false,
    force_parameter_static_shapes: true,
    guard_nn_modules: true,
    inline_inbuilt_nn_modules: true,
    log_compilation_metrics: true,
    numpy_default_float: 'float64',
    optimize_ddp: true as boolean | string,
    recompile_limit: 8,
    specialize_float: false,
    specialize_int: false,
    suppress_errors: false,
    verbose: false,
  }),
  OptimizedModule,
  allow_in_graph,
  assume_constant_result,
  disable,
  is_compiling,
  list_backends,
  optimize: compile,
  reset,
  set_stance,

  /** Ends a graph, of which there are none. */
  graph_break(...args: [msg?: string] | [options: { msg?: string }]): void {
    GRAPH_BREAK.read(args);
  },
  /** Marks sizes of a tensor that vary; has no effect. */
  mark_dynamic(...args: [t: Tensor, index?: number | readonly number[] | null, options?: object]): void {
    MARK_DYNAMIC.read(args);
  },
  /** Marks sizes of a tensor that may vary; has no effect. */
  maybe_mark_dynamic(...args: [t: Tensor, index: number | readonly number[]]): void {
    MAYBE_MARK_DYNAMIC.read(args);
  },
  /** Marks sizes of a tensor that do not vary; has no effect. */
  mark_static(...args: [t: Tensor, index?: number | readonly number[] | null]): void {
    MARK_STATIC.read(args);
  },
  /** Marks a tensor whose memory stays in place; has no effect. */
  mark_static_address(...args: [t: Tensor, guard?: boolean]): void {
    MARK_STATIC_ADDRESS.read(args);
  },
  /** Whether Python's compiler could run, which it cannot here. */
  is_dynamo_supported(...none: []): boolean {
    no_arguments('is_dynamo_supported', none);
    return false;
  },
};
