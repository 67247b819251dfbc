/**
 * The addon: finding it, loading it, and the types of its exports.
 *
 * Loading has two steps (docs/design.md): a loader without libtorch dependency opens libtorch's libraries by absolute
 * path; after that the main addon finds them by name.
 */
import '../_internal/bundled.js';
import { in_this_realm } from '../_internal/realm.js';
import { python_types_in } from './error_text.js';
import { warn } from '../_internal/warnings.js';
import type { NodeBuffer } from '../_internal/node_types.js';

/** What `put` of the tensor table returns: `handle * 4 + tracking`, or -1 for "no tensor". */
export type Wrapped = number;
/** The number of a slot in the tensor table. */
export type Handle = number;
/** Opaque native generator. */
export type NativeGenerator = object;
/** Opaque native module of TorchScript. */
export type NativeModule = object;
/** Opaque native program of `torch.export`. */
export type NativeProgram = object;
/** Opaque native package of AOTInductor. */
export type NativePackage = object;
/** Opaque native call that waits for a thread. */
export type NativeCall = object;
/** Opaque native store of torch.distributed. */
export type NativeStore = object;
/** Opaque native process group. */
export type NativeGroup = object;
/** What communicates for a group; opaque. */
export type NativeBackend = object;
/** Opaque native collective that was started. */
export type NativeWork = object;
/** Opaque native reducer of gradients. */
export type NativeReducer = object;
/** A value with its kind; the meaning of a third element depends on it (native/core/convert.h). */
export type Tagged = [kind: number, payload: unknown, about?: unknown];

/** An argument or a result of a schema. */
export interface SchemaArgument {
  name: string;
  type: string;
  keyword_only: boolean;
  aliases: boolean;
  written: boolean;
  /** The letters of `Tensor(a!)`; what has one in common may share memory. */
  alias_sets: string[];
  default?: Tagged;
}

/** What a schema says. */
export interface ParsedSchema {
  text: string;
  arguments: SchemaArgument[];
  returns: SchemaArgument[];
}

/** How the addon calls an overload for arguments of given kinds. */
export interface ResolvedPlan {
  plan: number;
  returns: string;
  same_as: number;
  in_memory: boolean;
  operator: string;
}

/** The result of `torch.memory_stats`. */
export interface MemoryStats {
  /** Tensors that JavaScript can reach, or that have not been found unreachable yet. */
  live_tensors: number;
  /** Bytes of the storages behind them; a storage shared by views counts once. */
  live_bytes: number;
  /** Those of them that are on devices. */
  device_bytes: number;
  /** Bytes libtorch has allocated on the CPU in this process, what autograd graphs saved included. */
  process_bytes: number;
  /** The number of searches for dead tensors, after garbage collections. */
  sweeps: number;
  /** The number of those after a collection of the whole heap, which search old tensors too. */
  whole_sweeps: number;
  pages: number;
  tracked_singly: number;
}

/** Functions of the system's C library that take one number. */
export type FunctionOfC =
  | 'acos'
  | 'acosh'
  | 'asin'
  | 'asinh'
  | 'atan'
  | 'atanh'
  | 'cbrt'
  | 'cos'
  | 'cosh'
  | 'erf'
  | 'erfc'
  | 'exp'
  | 'exp2'
  | 'expm1'
  | 'log'
  | 'log10'
  | 'log1p'
  | 'log2'
  | 'sin'
  | 'sinh'
  | 'tan'
  | 'tanh';

/** The functions of native/data/python_math.cpp. */
export type NativeMath = Record<`math_${FunctionOfC}`, (x: number) => number> &
  Record<`math_${'atan2' | 'fmod' | 'hypot' | 'nextafter' | 'pow' | 'ldexp'}`, (x: number, y: number) => number> & {
    math_fma: (x: number, y: number, z: number) => number;
  } & {
    math_complex_pow: (re: number, im: number, exponent_re: number, exponent_im: number) => [re: number, im: number];
  };

/** The functions of the addon (native/*.cpp, each `export_*`). Tensors are handles here. */
export interface Native extends NativeMath {
  // tensor_table.cpp
  track(handle: Handle, wrapper: object): void;
  track_page(chunk: number, page: object): object;
  move_to_graph_page(handle: Handle): Wrapped;
  dispose(handle: Handle): void;
  is_disposed(handle: Handle): boolean;
  scope_begin(): void;
  scope_end(kept: readonly Handle[]): void;
  scope_keep(handle: Handle): void;
  memory_stats(): MemoryStats;
  set_collector(collect: (whole_heap: boolean) => boolean): void;
  free_garbage(): void;
  // dispatch.cpp
  packet(display: string, names: readonly string[], numbers_as_tensors: boolean, method?: boolean): number;
  packet_of_all(qualified: string): number;
  overloads_of(qualified: string): string[];
  schema_of(name: string, overload: string): string | null;
  forget_names(): void;
  resolve(packet: number, kinds: readonly number[], names: readonly string[], texts: readonly string[]): ResolvedPlan;
  argument_memory(): Float64Array;
  intern(text: string): number;
  /** Calls a plan with what is in the argument memory; `packed` is `plan * argument_memory + base`. */
  call(packed: number): unknown;
  call_with(plan: number, ...args: unknown[]): unknown;
  // context.cpp
  sdp_priority(): number[];
  set_sdp_priority(numbers: readonly number[]): void;
  // dispatch_mode.cpp
  dispatch_mode_push(handler: (qualified: string, args: readonly Tagged[]) => readonly Tagged[]): void;
  dispatch_mode_pop(): void;
  detach_beside(handle: Handle): Wrapped;
  tensor_identity(handle: Handle): number;
  // library.cpp
  library_define(namespace: string, schema: string): string;
  library_undefine(qualified: string): void;
  library_impl(
    qualified: string,
    dispatch_key: string,
    implementation: ((args: readonly Tagged[]) => readonly Tagged[]) | null,
    where_it_records?: boolean,
  ): void;
  library_unimpl(qualified: string, dispatch_key: string): void;
  library_bump_versions(qualified: string): void;
  library_has_kernel(qualified: string, dispatch_key: string): boolean;
  library_parse(schema: string): ParsedSchema;
  library_call(qualified: string, args: readonly Tagged[]): Tagged[];
  below_autograd_enter(): void;
  below_autograd_exit(): void;
  layer_lower(): [level: number, batch_size: number, randomness: number];
  layer_raise(): void;
  batch_unwrap(handle: Handle, level: number): [value: Wrapped, dim: number] | null;
  // vision/operators.cpp
  vision_register(): void;
  vision_withdraw(): boolean;
  decode_jpeg(bytes: Uint8Array, by_planes: boolean, part: readonly number[] | null): Wrapped | null;
  jpeg_size(bytes: Uint8Array): [height: number, width: number] | null;
  resize_as_pillow(handle: Handle, height: number, width: number, filter: string): Wrapped;
  // clip.cpp
  norm_of_norms(handles: readonly Handle[], order: number): Wrapped;
  scale_all(handles: readonly Handle[], factor: Handle): void;
  // tensor.cpp
  /** The memory in which `shape`, `strides` and calls with several results return numbers. */
  scratch(): Float64Array;
  shape(handle: Handle): number | number[];
  strides(handle: Handle): number | number[];
  dim(handle: Handle): number;
  size(handle: Handle, dim: number): number;
  numel(handle: Handle): number;
  storage_offset(handle: Handle): number;
  dtype(handle: Handle): number;
  layout(handle: Handle): number;
  device(handle: Handle): string;
  is_nested(handle: Handle): boolean;
  is_quantized(handle: Handle): boolean;
  data_ptr(handle: Handle): bigint;
  is_contiguous(handle: Handle, format?: number): boolean;
  version(handle: Handle): number;
  is_view(handle: Handle): boolean;
  variable_data(handle: Handle): Wrapped;
  set_data(handle: Handle, source: Handle): void;
  alias_detached(handle: Handle): Wrapped;
  // data.cpp
  from_scratch(first: number, second: number, dtype: number, requires_grad: boolean): Wrapped;
  from_data(
    data: ArrayBufferView,
    shape: readonly number[],
    element: number,
    dtype: number,
    device: string,
    requires_grad: boolean,
  ): Wrapped;
  share_data(
    data: ArrayBufferView,
    shape: readonly number[],
    strides: readonly number[],
    offset: number,
    element: number,
  ): Wrapped;
  read(handle: Handle): ArrayBuffer;
  /** Leaves `...sizes, ...elements` of a small tensor in the scratch memory; the number of dimensions, -1 when it cannot. */
  read_numbers(handle: Handle): number;
  /** Leaves `offset, bytes, dimensions or -1, ...sizes, ...strides` in the scratch memory. */
  memory(handle: Handle): ArrayBuffer;
  item(handle: Handle): number | bigint | boolean | { re: number; im: number };
  // indexing.cpp
  /** Subscripts are an array, or their count in the scratch memory. */
  index_get(handle: Handle, subscripts: number | readonly (number | bigint)[]): Wrapped;
  index_put(
    handle: Handle,
    subscripts: number | readonly (number | bigint)[],
    value: Handle,
    accumulate: boolean,
  ): void;
  index_fill(handle: Handle, subscripts: number | readonly (number | bigint)[], value: number): void;
  // background.cpp
  background_start(call: NativeCall): Promise<unknown>;
  background_cancel(call: NativeCall): boolean;
  // distributed/availability.cpp
  distributed_available(): boolean;
  // distributed/stores.cpp
  store_add(store: NativeStore, key: string, amount: number | bigint): number | bigint;
  store_append(store: NativeStore, key: string, value: Uint8Array): void;
  store_check(store: NativeStore, keys: readonly string[]): boolean;
  store_clone(store: NativeStore): NativeStore;
  store_compare_set(store: NativeStore, key: string, expected: Uint8Array, desired: Uint8Array): Uint8Array;
  store_delete_key(store: NativeStore, key: string): boolean;
  store_file(path: string, workers: number): NativeStore;
  store_get(store: NativeStore, key: string): Uint8Array;
  store_has_extended_api(store: NativeStore): boolean;
  store_hash(): NativeStore;
  store_list_keys(store: NativeStore): string[];
  store_multi_get(store: NativeStore, keys: readonly string[]): Uint8Array[];
  store_multi_set(store: NativeStore, keys: readonly string[], values: readonly Uint8Array[]): void;
  store_num_keys(store: NativeStore): number | bigint;
  store_prefix(prefix: string, store: NativeStore): NativeStore;
  store_queue_len(store: NativeStore, key: string): number | bigint;
  store_queue_pop(store: NativeStore, key: string, block: boolean): Uint8Array;
  store_queue_push(store: NativeStore, key: string, value: Uint8Array): void;
  store_set(store: NativeStore, key: string, value: Uint8Array): void;
  /** Times are milliseconds. */
  store_set_timeout(store: NativeStore, timeout: number): void;
  store_tcp(
    host: string,
    port: number,
    workers: number | null,
    is_server: boolean,
    timeout: number,
    wait_for_workers: boolean,
    multi_tenant: boolean,
    listening: number | null,
    libuv: boolean,
  ): NativeStore;
  store_tcp_place(store: NativeStore): [host: string, port: number, libuv: boolean];
  store_timeout(store: NativeStore): number;
  store_wait(store: NativeStore, keys: readonly string[], timeout: number | null): void;
  // distributed/groups.cpp
  distributed_debug_level(): number;
  distributed_set_debug_level(level: number | null): void;
  group_abort(group: NativeGroup): void;
  group_allgather(
    group: NativeGroup,
    outputs: readonly (readonly Handle[])[],
    inputs: readonly Handle[],
    async: boolean,
  ): NativeWork | null;
  group_allgather_coalesced(
    group: NativeGroup,
    outputs: readonly (readonly Handle[])[],
    inputs: readonly Handle[],
    async: boolean,
  ): NativeWork | null;
  group_allgather_single(group: NativeGroup, output: Handle, input: Handle, async: boolean): NativeWork | null;
  group_allreduce(group: NativeGroup, tensors: readonly Handle[], reduction: number, async: boolean): NativeWork | null;
  group_allreduce_coalesced(
    group: NativeGroup,
    tensors: readonly Handle[],
    reduction: number,
    async: boolean,
  ): NativeWork | null;
  group_alltoall(
    group: NativeGroup,
    outputs: readonly Handle[],
    inputs: readonly Handle[],
    async: boolean,
  ): NativeWork | null;
  group_alltoall_single(
    group: NativeGroup,
    output: Handle,
    input: Handle,
    output_sizes: readonly number[],
    input_sizes: readonly number[],
    async: boolean,
  ): NativeWork | null;
  group_barrier(group: NativeGroup, timeout: number | null, device: string, async: boolean): NativeWork | null;
  group_broadcast(group: NativeGroup, tensors: readonly Handle[], root: number, async: boolean): NativeWork | null;
  group_destroy(group: NativeGroup): void;
  group_gather(
    group: NativeGroup,
    outputs: readonly (readonly Handle[])[],
    inputs: readonly Handle[],
    root: number,
    async: boolean,
  ): NativeWork | null;
  group_new(store: NativeStore, rank: number, size: number, default_backend: string): NativeGroup;
  group_set_name(group: NativeGroup, name: string, description: string): void;
  group_add_gloo(
    group: NativeGroup,
    store: NativeStore,
    helper_store: NativeStore,
    devices: readonly string[],
    timeout: number,
    name: string,
    ranks: readonly number[],
  ): void;
  group_add_backend(
    group: NativeGroup,
    name: string,
    backend: NativeBackend,
    helper_store: NativeStore,
    devices: readonly string[],
    timeout: number,
  ): void;
  group_bind(group: NativeGroup, device: string): void;
  group_coalesces(group: NativeGroup, device_type: string): boolean;
  group_start_coalescing(group: NativeGroup, device_type: string): void;
  group_end_coalescing(group: NativeGroup, device_type: string): NativeWork | null;
  group_monitored_barrier(group: NativeGroup, timeout: number, wait_all_ranks: boolean): void;
  group_recv(group: NativeGroup, tensors: readonly Handle[], source: number | null, tag: number): NativeWork | null;
  group_reduce(
    group: NativeGroup,
    tensors: readonly Handle[],
    root: number,
    reduction: number,
    async: boolean,
  ): NativeWork | null;
  group_reduce_scatter(
    group: NativeGroup,
    outputs: readonly Handle[],
    inputs: readonly (readonly Handle[])[],
    reduction: number,
    async: boolean,
  ): NativeWork | null;
  group_reduce_scatter_single(
    group: NativeGroup,
    output: Handle,
    input: Handle,
    reduction: number,
    async: boolean,
  ): NativeWork | null;
  group_scatter(
    group: NativeGroup,
    outputs: readonly Handle[],
    inputs: readonly (readonly Handle[])[],
    root: number,
    async: boolean,
  ): NativeWork | null;
  group_send(group: NativeGroup, tensors: readonly Handle[], destination: number, tag: number): NativeWork | null;
  group_sequence_number(group: NativeGroup): number | bigint;
  group_set_timeout(group: NativeGroup, timeout: number): void;
  // distributed/works.cpp
  work_abort(work: NativeWork): void;
  work_is_completed(work: NativeWork): boolean;
  work_is_success(work: NativeWork): boolean;
  work_result(work: NativeWork): Wrapped[];
  work_source_rank(work: NativeWork): number;
  work_wait(work: NativeWork, timeout: number): boolean;
  work_wait_async(work: NativeWork, timeout: number): Promise<boolean>;
  // distributed/reducer.cpp
  broadcast_coalesced(
    group: NativeGroup,
    tensors: readonly Handle[],
    bytes: number,
    source: number,
    keep_versions: boolean,
  ): void;
  bucket_assignment(
    tensors: readonly Handle[],
    limits: readonly number[],
    sparse: readonly boolean[],
  ): [buckets: number[][], limits: number[]];
  reducer_builtin_comm_hook(reducer: NativeReducer, number: number, name: string): void;
  reducer_check_finalized(reducer: NativeReducer): void;
  reducer_comm_hook(
    reducer: NativeReducer,
    hook: (index: number, is_last: boolean, buffer: [Wrapped], parameters: number[]) => () => [Handle],
    name: string,
    parameters: readonly Handle[],
  ): void;
  reducer_delay_all_reduce(reducer: NativeReducer): void;
  reducer_local_used_map(reducer: NativeReducer): [Wrapped];
  reducer_log_construction(
    reducer: NativeReducer,
    module: string,
    devices: readonly number[],
    output_device: number,
    broadcast_buffers: boolean,
    sync_batch_norm: boolean,
    static_graph: boolean,
  ): void;
  reducer_logged(reducer: NativeReducer): Record<string, string | number | bigint>;
  reducer_new(
    params: readonly Handle[],
    buckets: readonly (readonly number[])[],
    group: NativeGroup,
    sparse: readonly boolean[],
    bucket_bytes_cap: number,
    find_unused_parameters: boolean,
    gradient_as_bucket_view: boolean,
    names: readonly string[],
    first_bucket_bytes_cap: number,
    skip_all_reduce_unused_params: boolean,
    bucket_bytes_cap_list: readonly number[],
    batched_grad_copy: boolean,
  ): NativeReducer;
  reducer_prepare_backward(reducer: NativeReducer, outputs: readonly Handle[]): void;
  reducer_prepare_forward(reducer: NativeReducer): void;
  reducer_push_rebuilt_params(reducer: NativeReducer): void;
  reducer_rebuild_buckets(reducer: NativeReducer): boolean;
  reducer_remove_hooks(reducer: NativeReducer): void;
  reducer_set_forward_work(reducer: NativeReducer, work: NativeWork, divide_by_initial_world_size: boolean): void;
  reducer_set_sample_rate(reducer: NativeReducer, iterations: number): void;
  reducer_set_static_graph(reducer: NativeReducer): void;
  reducer_shadow_backward(reducer: NativeReducer): void;
  verify_params(group: NativeGroup, tensors: readonly Handle[]): void;
  // jit.cpp
  jit_load(
    source: string | Uint8Array,
    device: string | null,
    extra_files: readonly string[],
  ): [NativeModule, ...NodeBuffer[]];
  jit_save(
    module: NativeModule,
    write: (bytes: Uint8Array) => void,
    extra_files: readonly (string | Uint8Array)[],
  ): void;
  jit_freeze(module: NativeModule, preserved: readonly string[] | null, optimize_numerics: boolean): NativeModule;
  jit_optimize_for_inference(module: NativeModule, methods: readonly string[]): NativeModule;
  jit_original_name(module: NativeModule): string;
  jit_identity(module: NativeModule): bigint;
  jit_exclusive(module: NativeModule): boolean;
  jit_members(module: NativeModule): string[];
  jit_child(module: NativeModule, name: string): NativeModule;
  jit_tensor(module: NativeModule, name: string, known: Handle): Wrapped;
  jit_attribute(module: NativeModule, name: string): Tagged;
  jit_set_attribute(module: NativeModule, name: string, value: Tagged): void;
  jit_text(module: NativeModule, method: string, what: 'code' | 'graph' | 'inlined_graph' | 'schema'): string;
  jit_parameters_of(module: NativeModule, method: string): (string | boolean)[];
  jit_call(
    module: NativeModule,
    method: string,
    positional: readonly Tagged[],
    named: readonly (string | Tagged)[],
  ): Tagged;
  jit_prepare(
    module: NativeModule,
    method: string,
    positional: readonly Tagged[],
    named: readonly (string | Tagged)[],
  ): NativeCall;
  // export/exports.cpp; what it compiles is described in lib/export/compile.ts
  export_compile(description: object): NativeProgram;
  export_run(program: NativeProgram, inputs: Float64Array, kinds: Uint8Array): unknown[];
  export_prepare(program: NativeProgram, inputs: Float64Array, kinds: Uint8Array): NativeCall;
  // export/recorder.cpp
  record_begin(capture: (operator: string) => void, tensors: readonly Handle[]): void;
  /** Tensors among the arguments and results are numbers of the second part's elements. */
  record_end(
    tensors: readonly Handle[],
  ): [
    calls: [operator: string, inputs: Tagged[], outputs: Tagged[], grad_mode: boolean][],
    tensors: Wrapped[],
    numbers: number[],
    constants: [number: number, origin: number, changed: boolean, value: Wrapped | null][],
  ];
  // export/functionalization.cpp
  functional_mode(on: boolean): boolean;
  functional_wrap(handle: Handle): Wrapped;
  functional_value(handle: Handle): Wrapped;
  is_composite(name: string, overload: string): boolean;
  // inductor.cpp
  inductor_load(
    path: string,
    model_name: string,
    run_single_threaded: boolean,
    num_runners: number,
    device_index: number,
    check_inputs: boolean | undefined,
  ): NativePackage;
  inductor_call_spec(model: NativePackage): string[];
  inductor_metadata(model: NativePackage): Record<string, string>;
  inductor_constant_fqns(model: NativePackage): string[];
  inductor_load_constants(
    model: NativePackage,
    names: readonly string[],
    tensors: readonly Handle[],
    check_full_update: boolean,
    user_managed: boolean,
    allow_h2d_copy: boolean,
  ): void;
  inductor_run(model: NativePackage, inputs: readonly Handle[]): Wrapped[];
  inductor_prepare(model: NativePackage, inputs: readonly Handle[]): NativeCall;
  // autograd.cpp
  requires_grad(handle: Handle): boolean;
  set_requires_grad(handle: Handle, flag: boolean): void;
  is_leaf(handle: Handle): boolean;
  output_nr(handle: Handle): number;
  grad(handle: Handle): Wrapped;
  grad_dtype(handle: Handle): number;
  set_grad_dtype(handle: Handle, dtype: number): void;
  set_grad(handle: Handle, grad: Handle): void;
  retain_grad(handle: Handle): void;
  retains_grad(handle: Handle): boolean;
  register_hook(handle: Handle, hook: (grad: Wrapped) => Handle | undefined): number;
  remove_hook(handle: Handle, position: number): void;
  backward(
    tensors: readonly Handle[],
    grads: readonly Handle[],
    retain_graph: boolean | undefined,
    create_graph: boolean,
    inputs: readonly Handle[],
  ): void;
  gradients(
    outputs: readonly Handle[],
    inputs: readonly Handle[],
    grads: readonly Handle[],
    retain_graph: boolean | undefined,
    create_graph: boolean,
    allow_unused: boolean,
  ): Wrapped[];
  grad_enabled(): boolean;
  set_grad_enabled(flag: boolean): boolean;
  inference_mode_enter(flag: boolean): void;
  inference_mode_exit(): void;
  inference_mode_enabled(): boolean;
  // node_hooks.cpp
  register_node_hook(handle: Handle, hook: (outputs: Wrapped[], inputs: Wrapped[]) => Handle[] | undefined): void;
  register_accumulated_hook<T extends object>(handle: Handle, wrapper: T, hook: (leaf: T | Wrapped) => void): number;
  remove_accumulated_hook(handle: Handle, id: number): void;
  // shared_memory.cpp
  copy_with_storage(handle: Handle, holder: Handle): Wrapped;
  is_shared(handle: Handle): boolean;
  owns_memory(handle: Handle): boolean;
  share_memory(handle: Handle): void;
  // random.cpp
  generator_new(device: string): NativeGenerator;
  generator_default(device: string): NativeGenerator;
  generator_set_seed(generator: NativeGenerator, seed: number | bigint): void;
  generator_seed(generator: NativeGenerator): bigint;
  generator_initial_seed(generator: NativeGenerator): bigint;
  generator_get_state(generator: NativeGenerator): Wrapped;
  generator_set_state(generator: NativeGenerator, state: Handle): void;
  generator_device(generator: NativeGenerator): string;
  manual_seed(seed: number | bigint): void;
  // warnings.cpp
  set_warning_sink(sink: (message: string, deprecated: boolean) => void): void;
  // device.cpp
  device_parse(text: string): { type: string; index: number | null };
  device_count(type: string): number;
  device_current(type: string): number;
  device_set_current(device: string): void;
  device_synchronize(device: string): void;
  device_initialize(type: string): void;
  device_built(type: string): boolean;
  cuda_version(): string | null;
  cuda_device_name(index: number): string;
  get_num_threads(): number;
  set_num_threads(count: number): void;
  get_num_interop_threads(): number;
  set_num_interop_threads(count: number): void;
  get_default_dtype(): number;
  set_default_dtype(code: number): void;
  dtype_info(code: number): [name: string, itemsize: number, floating: boolean, complex: boolean];
  promote_types(a: number, b: number): number;
  show_config(): string;
  version_of_libtorch(): string;
}

interface AddonSearch {
  find_addon(minor: string): string | null;
  find_loader(): string | null;
  addon_candidates(minor: string): string[];
  loader_candidates(): string[];
  minor_of(version: string): string;
  missing_addon(candidates: readonly string[]): string;
}

interface LibtorchSearch {
  find(): { version: string; libraries: string[] };
}

const addons = require('../../scripts/install/addon.js') as AddonSearch;

function load_loader(): { open(paths: readonly string[]): void } {
  const file = addons.find_loader();
  if (file === null) throw new Error(addons.missing_addon(addons.loader_candidates()));
  const found = require_addon(file) as { open(paths?: readonly string[]): void };
  return in_this_realm(found, () => {
    found.open();
  });
}

/** The system's reason alone ("invalid ELF header") does not say what to do. */
function require_addon(file: string): unknown {
  try {
    return require(file);
  } catch (error) {
    throw new Error(
      `torch-node: the addon ${file} cannot be loaded: ${(error as Error).message}. ` +
        'Run `npx torch-node doctor` to see what is wrong and what to do.',
    );
  }
}

const loader = load_loader();

function load(): [addon: Native, file: string] {
  const { find } = require('../../scripts/install/libtorch.js') as LibtorchSearch;
  const { version, libraries } = find();
  const minor = addons.minor_of(version);
  const file = addons.find_addon(minor);
  if (file === null) throw new Error(addons.missing_addon(addons.addon_candidates(minor)));
  try {
    loader.open(libraries);
  } catch (error) {
    throw new Error(
      `torch-node: ${(error as Error).message}. Run \`npx torch-node doctor\` to see what is wrong and what to do.`,
    );
  }
  return [require_addon(file) as Native, file];
}

const [addon, file] = load();

/** Where the addon is. */
export const addon_file: string = file;

/** The loaded addon. */
export const native: Native = in_this_realm(addon, () => addon.shape(-1));

/** Errors of the engine and of assignments do not pass through lib/_C/dispatch.ts: their names of types are replaced here. */
function with_python_types<A extends unknown[], R>(call: (...args: A) => R): (...args: A) => R {
  return (...args) => {
    try {
      return call(...args);
    } catch (error) {
      throw python_types_in(error);
    }
  };
}
native.backward = with_python_types(native.backward);
native.gradients = with_python_types(native.gradients);
native.index_put = with_python_types(native.index_put);
native.index_fill = with_python_types(native.index_fill);

native.set_warning_sink((message, deprecated) => {
  warn(message, deprecated ? 'DeprecationWarning' : 'UserWarning');
});

/** Opens a shared library, which registers its operators. @throws Error with the system's reason */
export function open_library(path: string): void {
  loader.open([path]);
}
