/** Which functions of torch Python lets classes take over, by namespace: the index behind `torch.overrides`. */
import { is_absent } from './absent/absent.js';
import type { AnyFunction } from './_internal/guards.js';
import { namespace } from './_internal/namespace.js';

/** In Python a class cannot take these over, since they take no tensors, are factories or are deprecated. */
const IGNORED: Readonly<Record<string, string>> = {
  torch:
    'arange are_deterministic_algorithms_enabled as_strided as_tensor asarray autocast_decrement_nesting ' +
    'autocast_increment_nesting bartlett_window blackman_window broadcast_shapes can_cast clear_autocast_cache compile cond ' +
    'cudnn_affine_grid_generator cudnn_batch_norm cudnn_convolution cudnn_convolution_add_relu cudnn_convolution_relu ' +
    'cudnn_convolution_transpose cudnn_grid_sampler cudnn_is_acceptable device dtype empty empty_permuted empty_quantized ' +
    'empty_strided enable_grad eye fill finfo fork from_file from_numpy frombuffer full get_autocast_cpu_dtype ' +
    'get_autocast_dtype get_autocast_gpu_dtype get_autocast_ipu_dtype get_autocast_xla_dtype get_default_device ' +
    'get_default_dtype get_deterministic_debug_mode get_device_module get_float32_matmul_precision get_num_interop_threads ' +
    'get_num_threads get_rng_state hamming_window hann_window iinfo import_ir_module import_ir_module_from_buffer ' +
    'inference_mode init_num_threads initial_seed is_anomaly_check_nan_enabled is_anomaly_enabled ' +
    'is_autocast_cache_enabled is_autocast_cpu_enabled is_autocast_enabled is_autocast_ipu_enabled is_autocast_xla_enabled ' +
    'is_deterministic_algorithms_warn_only_enabled is_grad_enabled is_inference_mode_enabled is_storage is_tensor ' +
    'is_vulkan_available is_warn_always_enabled kaiser_window layout linspace load logspace manual_seed memory_format ' +
    'merge_type_from_type_comment miopen_ctc_loss mkldnn_adaptive_avg_pool2d mkldnn_convolution ' +
    'mkldnn_linear_backward_weights mkldnn_max_pool2d mkldnn_max_pool3d mkldnn_rnn_layer no_grad normal ones parse_ir ' +
    'parse_schema parse_type_comment promote_types qscheme rand rand_like randint randint_like randn randn_like randperm ' +
    'range result_type save scalar_tensor seed set_anomaly_enabled set_autocast_cache_enabled set_autocast_cpu_dtype ' +
    'set_autocast_cpu_enabled set_autocast_dtype set_autocast_enabled set_autocast_gpu_dtype set_autocast_ipu_dtype ' +
    'set_autocast_ipu_enabled set_autocast_xla_dtype set_autocast_xla_enabled set_default_device set_default_tensor_type ' +
    'set_deterministic_debug_mode set_float32_matmul_precision set_flush_denormal set_grad_enabled set_num_interop_threads ' +
    'set_num_threads set_printoptions set_rng_state set_warn_always sparse_bsc_tensor sparse_bsr_tensor ' +
    'sparse_compressed_tensor sparse_coo_tensor sparse_csc_tensor sparse_csr_tensor sym_constrain_range ' +
    'sym_constrain_range_for_size sym_fresh_size tensor thread_safe_generator tril_indices triu_indices typename ' +
    'unify_type_list use_deterministic_algorithms vander vmap wait zeros',
  'torch.functional': 'broadcast_shapes',
  'torch.nn.functional':
    'assert_int_or_pair boolean_dispatch grouped_mm handle_torch_function hardsigmoid hardswish has_torch_function ' +
    'has_torch_function_unary has_torch_function_variadic scaled_grouped_mm scaled_mm sigmoid tanh upsample ' +
    'upsample_bilinear upsample_nearest',
  'torch.nn.init':
    'calculate_gain constant dirac eye kaiming_normal kaiming_uniform normal orthogonal sparse uniform xavier_normal ' +
    'xavier_uniform',
  'torch.Tensor':
    '_addmm_activation _conj _conj_physical _is_all_true _is_any_true _is_zerotensor _lazy_clone _make_subclass ' +
    '_make_wrapper_subclass _neg_view _philox_normal_ _philox_uniform_ _to_sparse _to_sparse_bsc _to_sparse_bsr _to_sparse_csc _to_sparse_csr _typed_storage ' +
    '_use_count _view_func _view_func_unsafe as_subclass eig lstsq new new_empty new_empty_strided new_full new_ones ' +
    'new_tensor new_zeros reinforce solve stride symeig to_padded_tensor to_sparse_bsc to_sparse_bsr to_sparse_coo ' +
    'to_sparse_csc to_sparse_csr unflatten',
  'torch.linalg': '',
  'torch.fft': 'fftfreq rfftfreq',
  'torch.special': '',
};

/** Of `torch`, what Python has elsewhere or not in `torch.__all__`, and what is only here. */
const NOT_LISTED = new Set(
  (
    'slice lu unique pca_lowrank svd_lowrank set_default_dtype complex_number get_printoptions f format print python_repr ' +
    'enumerate zip deepcopy hand_over take_over keep memory_stats scope while_loop from_dlpack to_dlpack show_config ' +
    'segment_reduce set_grad_enabled'
  ).split(' '),
);
/** Of tensors, what is only here, and what all objects have. */
const ONLY_HERE = new Set(
  'constructor _index_put _view_dtype dispose toString valueOf toJSON length toLocaleString'.split(' '),
);

/** What is known of the functions here. */
export interface Overridable {
  /** By the path of the namespace, or of the property: a namespace is another object to `import` than to `require`. */
  readonly functions: Map<string, AnyFunction[]>;
  readonly ignored: Set<AnyFunction>;
  /** The name of each function, such as `torch.nn.functional.relu`. */
  readonly names: Map<unknown, string>;
}

let known: Overridable | undefined;

/** The functions of torch as they are when this is first called. */
export function overridable(): Overridable {
  return (known ??= look());
}

// Methods and getters, modules and the root differ in small ways that are clearest side by side.
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: one walk over all that torch has
function look(): Overridable {
  const found: Overridable = { functions: new Map(), ignored: new Set(), names: new Map() };
  const add = (key: string, path: string, value: AnyFunction, listed: boolean, ignored: boolean): void => {
    found.names.set(value, path);
    if (ignored) found.ignored.add(value);
    else if (listed) found.functions.set(key, [...(found.functions.get(key) ?? []), value]);
  };
  for (const [path, names] of Object.entries(IGNORED)) {
    const ignored = new Set(names.split(' '));
    const holder = path
      .split('.')
      .slice(1)
      .reduce<unknown>((at, name) => (at as Record<string, unknown>)[name], namespace.torch) as object;
    if (path === 'torch.Tensor') {
      for (const [name, { get, value }] of members((holder as { prototype: object }).prototype)) {
        if (ONLY_HERE.has(name)) continue;
        if (get !== undefined) add(`${path}.${name}`, `${path}.${name}.__get__`, get, true, ignored.has(name));
        else if (typeof value === 'function') {
          add(path, `${path}.${name}`, value as AnyFunction, true, ignored.has(name));
        }
      }
      continue;
    }
    // The last of several names is kept, as in Python.
    for (const name of Object.getOwnPropertyNames(holder).sort()) {
      const value = (holder as Record<string, unknown>)[name];
      if (typeof value !== 'function' || is_absent(value) || name.startsWith('__') || name === 'unique_dim') continue;
      if (path === 'torch' && NOT_LISTED.has(name)) {
        if (ignored.has(name)) found.ignored.add(value as AnyFunction);
        continue;
      }
      const listed = /^[a-z]/.test(name) && !name.endsWith('_');
      add(path, `${path}.${name}`, value as AnyFunction, listed, ignored.has(name));
    }
  }
  return found;
}

/** The members of instances, those of a subclass before those of its parents. */
function members(prototype: object): Map<string, PropertyDescriptor> {
  const all = new Map<string, PropertyDescriptor>();
  for (let at: object | null = prototype; at !== null && at !== Object.prototype; ) {
    for (const [name, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(at))) {
      if (!all.has(name)) all.set(name, descriptor as PropertyDescriptor);
    }
    at = Object.getPrototypeOf(at) as object | null;
  }
  return all;
}
