/** `torch._inductor`: models that AOTInductor has compiled to native code. Compiling them is Python's own. */
import { statSync } from 'node:fs';

import { background_call, CallQueue, take_signal } from '../_C/call_queue.js';
import { native, type NativePackage, type Wrapped } from '../_C/native.js';
import type { Tail } from '../_internal/arguments.js';
import { settings } from '../_internal/compile_options.js';
import { kind_of, python_size } from '../_internal/representation.js';
import { is_plain_object } from '../_internal/plain_object.js';
import { Tensor } from '../_tensor.js';
import { wrap } from '../_C/tensor_base.js';
import { flatten, parse_tree, unflatten, type Tree } from './pytree.js';
import { signature } from '../_internal/signature.js';

/** The options of {@link aoti_load_package}. */
export interface LoadPackageOptions {
  /** Which of the models in the package. Default `'model'`. */
  model_name?: string;
  /** Runs without the code that lets several calls run at once. */
  run_single_threaded?: boolean;
  /** How many calls can run at once; each has buffers of its own. Default 1. */
  num_runners?: number;
  /** Which device of the model's kind; -1 for the current one. */
  device_index?: number;
  /**
   * Checks dtypes, sizes and strides of the inputs before they reach the compiled code, which reads beyond a tensor that is
   * smaller than those it was compiled for. Default: on, unless the environment has `AOTI_RUNTIME_CHECK_INPUTS=0`. A model
   * whose sizes vary rejects sizes 0 and 1 then, unless it was compiled with `aot_inductor.check_lowerbound=False`.
   */
  check_inputs?: boolean;
}

/** The options of {@link AOTICompiledModel.load_constants}. */
export interface LoadConstantsOptions {
  /** Throw when a constant is missing. */
  check_full_update: boolean;
  /** Use the memory of the tensors instead of a copy. */
  user_managed?: boolean;
  /** Copy tensors from the CPU to the model's device. */
  allow_h2d_copy?: boolean;
}

/**
 * A compiled model: a function that takes and gives what the exported one took and gave.
 * @example
 * ```ts
 * const compiled = (path: string): torch._inductor.AOTICompiledModel => torch._inductor.aoti_load_package(path);
 * try {
 *   print(compiled('missing.pt2')(torch.ones(1, 2)));
 * } catch (error) {
 *   print((error as Error).message); // The provided filename missing.pt2 does not exist
 * }
 * ```
 */
export interface AOTICompiledModel {
  (...args: unknown[]): unknown;
}

const LOAD_CONSTANTS = signature<LoadConstantsOptions & { constants_map: Readonly<Record<string, Tensor>> }>(
  'load_constants',
  'constants_map: dict, *, check_full_update: bool, user_managed?: bool, allow_h2d_copy?: bool',
);
const LOAD_PACKAGE = signature<LoadPackageOptions & { path: string }>(
  'aoti_load_package',
  'path: str, run_single_threaded?: bool, device_index?: int, *, model_name?: str, num_runners?: int, check_inputs?: bool',
);

/**
 * A model compiled by AOTInductor, as {@link aoti_load_package} returns it. Mirrors
 * `torch.export.pt2_archive._package.AOTICompiledModel`.
 *
 * Call it with what the exported model took: tensors, arrays for tuples and lists, objects for dicts, keyword
 * arguments in an object at the end. No graph is recorded.
 */
export class AOTICompiledModel {
  declare private readonly model: NativePackage;
  declare private readonly queue: CallQueue;
  declare private readonly inputs: Tree;
  declare private readonly outputs: Tree;

  /** @internal use `aoti_load_package` */
  constructor(model: NativePackage, num_runners: number) {
    const self = ((...args: unknown[]) => self.run(...args)) as AOTICompiledModel;
    Object.setPrototypeOf(self, new.target.prototype as object);
    const [inputs, outputs] = native.inductor_call_spec(model);
    const fields = {
      model,
      queue: new CallQueue(num_runners),
      inputs: parse_tree(inputs!),
      outputs: parse_tree(outputs!),
    };
    for (const [name, value] of Object.entries(fields)) Object.defineProperty(self, name, { value });
    return self;
  }

  /**
   * Calls the model.
   * @throws TypeError when the arguments are not those of the exported model; Error when the compiled code does not
   * accept them
   */
  run(...args: unknown[]): unknown {
    return this.given(native.inductor_run(this.model, this.taken(args)));
  }

  /**
   * Runs the model on another thread. An object with `signal` may come last: `await model.run_async(x, { signal })`.
   * @returns the result; rejected as {@link AOTICompiledModel.run} throws, or with the reason of the signal
   */
  async run_async(...args: unknown[]): Promise<unknown> {
    const { signal, rest } = take_signal(args);
    signal?.throwIfAborted();
    const call = background_call(native.inductor_prepare(this.model, this.taken(rest)));
    return this.given((await this.queue.add(call, signal)) as Wrapped[]);
  }

  /** How many calls may run in the background at once; more than `num_runners` wait for a runner. */
  get concurrency(): number {
    return this.queue.concurrency;
  }

  set concurrency(calls: number) {
    this.queue.concurrency = calls;
  }

  /** The metadata of the compilation. */
  get_metadata(): Record<string, string> {
    return native.inductor_metadata(this.model);
  }

  /** The names of the parameters and buffers that the compiled code uses. */
  get_constant_fqns(): string[] {
    return native.inductor_constant_fqns(this.model);
  }

  /**
   * Replaces parameters and buffers.
   * @param constants_map - tensors by the names of {@link AOTICompiledModel.get_constant_fqns}
   * @throws Error when a name, a size, a dtype or a device is not the model's
   */
  load_constants(constants_map: Readonly<Record<string, Tensor>>, options: LoadConstantsOptions): void;
  load_constants(...args: unknown[]): void {
    const {
      constants_map,
      check_full_update,
      user_managed = false,
      allow_h2d_copy = false,
    } = LOAD_CONSTANTS.read(args);
    const entries = Object.entries(constants_map);
    for (const [name, tensor] of entries) {
      if (tensor instanceof Tensor) continue;
      throw new TypeError(`load_constants(): constant '${name}' must be Tensor, not ${kind_of(tensor)}`);
    }
    native.inductor_load_constants(
      this.model,
      entries.map(([name]) => name),
      entries.map(([, tensor]) => tensor._h),
      check_full_update,
      user_managed,
      allow_h2d_copy,
    );
  }

  /** The handles of the tensors among the arguments, in the order of the compiled code. */
  private taken(args: readonly unknown[]): number[] {
    const [positional, keywords] = this.inputs.children as [Tree, Tree];
    const names = keywords.keys ?? [];
    const last = args[args.length - 1];
    const named = names.length > 0 && args.length === positional.children.length + 1 && is_plain_object(last);
    const given = named ? last : {};
    const missing = names.filter((name) => !Object.hasOwn(given, name as string));
    const unknown = Object.keys(given).filter((name) => !names.includes(name));
    if (missing.length > 0 || unknown.length > 0) {
      throw new TypeError(
        `Ran into a kwarg keyword mismatch: Got the following keywords ${listed(Object.keys(given))} but ` +
          `expected ${listed(names)}`,
      );
    }
    const leaves: unknown[] = [];
    flatten(named ? args.slice(0, -1) : args, positional, 'args', leaves);
    flatten(given, keywords, 'kwargs', leaves);
    return leaves.filter((leaf) => leaf instanceof Tensor).map((leaf) => leaf._h);
  }

  private given(outputs: readonly Wrapped[]): unknown {
    return unflatten(outputs.map(wrap), this.outputs);
  }
}

function listed(names: readonly unknown[]): string {
  return `[${names.map((name) => `'${String(name)}'`).join(', ')}]`;
}

/**
 * Loads a package made by `torch._inductor.aoti_compile_and_package`. Mirrors `torch._inductor.aoti_load_package`. A
 * package contains native code: load only those that you trust.
 *
 * @param path - path of the `.pt2` file
 * @param options - `run_single_threaded`, `device_index`, `model_name`, `num_runners`, `check_inputs`; see {@link
 * LoadPackageOptions}
 * @throws Error when there is no such file, it is not such a package, or it was made for another machine or libtorch
 * @example
 * ```ts
 * try {
 *   torch._inductor.aoti_load_package('missing.pt2');
 * } catch (error) {
 *   print((error as Error).message); // The provided filename missing.pt2 does not exist
 * }
 * ```
 */
export function aoti_load_package(
  path: string,
  run_single_threaded?: boolean,
  device_index?: number,
  options?: LoadPackageOptions,
): AOTICompiledModel;
export function aoti_load_package(
  path: string,
  ...options: Tail<[run_single_threaded: boolean, device_index: number], LoadPackageOptions>
): AOTICompiledModel;
export function aoti_load_package(options: LoadPackageOptions & { path: string }): AOTICompiledModel;
export function aoti_load_package(...args: unknown[]): AOTICompiledModel {
  const {
    path,
    model_name = 'model',
    run_single_threaded = false,
    num_runners = 1,
    device_index = -1,
    check_inputs,
  } = LOAD_PACKAGE.read(args);
  if (num_runners < 1) throw new RangeError(`num_runners must be positive, not ${python_size(num_runners)}`);
  if (statSync(path, { throwIfNoEntry: false }) === undefined)
    throw new Error(`The provided filename ${path} does not exist`);
  return new AOTICompiledModel(
    native.inductor_load(path, model_name, run_single_threaded, num_runners, device_index, check_inputs),
    run_single_threaded ? 1 : num_runners,
  );
}
export * from '../absent/inductor.js';

/** Settings of Python's `torch._inductor.config` with its defaults; others may be set too. They are kept and have no effect. */
export const config = settings({
  allow_buffer_reuse: true,
  benchmark_kernel: false,
  conv_1x1_as_mm: false,
  coordinate_descent_check_all_directions: false,
  coordinate_descent_tuning: false,
  cpp_wrapper: false,
  debug: false,
  epilogue_fusion: true,
  fallback_random: false,
  force_fuse_int_mm_with_mul: false,
  freezing: false,
  fx_graph_cache: true,
  inplace_buffers: true,
  max_autotune: false,
  max_autotune_gemm: false,
  max_autotune_pointwise: false,
  max_autotune_gemm_backends: 'ATEN,TRITON,CPP',
  pattern_matcher: true,
  reorder_for_locality: true,
  shape_padding: true,
  size_asserts: true,
  split_reductions: true,
  use_mixed_mm: true,
  triton: settings({
    autotune_pointwise: true,
    cudagraph_trees: true,
    cudagraphs: false,
    dense_indexing: false,
    slow_path_cudagraph_asserts: true,
    tiling_prevents_pointwise_fusion: true,
    unique_kernel_names: true,
  }),
  cpp: settings({ min_chunk_size: 512, enable_kernel_profile: false, threads: -1, weight_prepack: true }),
});
