'use strict';
/**
 * Why names of Python's are not here: `[pattern, reason]`, the first that matches a path counts. What lib/absent/instead.ts lists has its
 * reason there. `npm run coverage:names` prints them; tests/absent/names.test.ts fails for a missing name without a reason.
 */

const compiler = "inside of TorchScript's compiler, which Python exports without documenting it";
const devices = 'a device that this package does not support';
const graphs = 'needs a graph of the program, which nothing makes here';
const distributed =
  'shares memory with other processes, or is one of the packages on top of c10d that docs/distributed.md lists as not there';
const quantized =
  'graph modes of quantization, sparse and reference modules, and layers that eager programs seldom quantize; the eager modes are here';
const datapipes = 'data pipes, which PyTorch deprecates';
const cuda_driver = "the CUDA driver's and allocator's own interface";
const to_define = 'for subclasses to define';
const helper = 'a helper of the file, which its other names are made with';
const build = 'about how a Python build was made, or builds C++ from Python';
const mode = 'a context manager: here a function, whose guards are made again by a new call';

/** Names that Python exports for its own files without documenting them, or has deprecated: they are not counted. @type {[RegExp, string][]} */
const internal = [
  [/^torch\.(?:[A-Z]\w*Type|AVG|SUM|AggregationType)$/, compiler],
  [
    /^torch\.(?:AliasDb|Argument(?:Spec)?|Benchmark\w+|Block|BufferDict|CallStack|Capsule|Code|Compil\w+|CompleteArgumentSpec|ConcreteModuleType\w*|DeepCopyMemoTable|(?:Des|S)erializationStorageContext|ErrorReport|ExecutionPlan|FileCheck|FunctionSchema|Future|Gradient|Graph\w*|IODescriptor|JITException|LiteScriptModule|Lock\w+|LoggerBase|ModuleDict|Node|NoopLogger|OperatorInfo|ParameterDict|PyTorchFile\w+|Script\w+|StaticModule|ThroughputBenchmark|TracingState|Type|Use|Value)$/,
    compiler,
  ],
  [/^torch\.TensorType\./, compiler],
  [/^torch\.(?:import_ir_module\w*|parse_\w+|merge_type_from_type_comment|unify_type_list|fork|wait|cpp)$/, compiler],
  [/^torch\.(?:DispatchKey\w*|DisableTorchFunction\w*|ExcludeDispatchKeyGuard|Tag)$/, "the dispatcher's keys and tags"],
  [/^torch\.(?:has_lapack|has_mkl|has_openmp|has_spectral|init_num_threads)$/, 'about how libtorch was built'],
  [/^torch\.sym_fresh_size$/, graphs],
  [/^torch\.(?:autograd\.)?(?:no_grad|enable_grad|inference_mode|set_grad_enabled)\.clone$/, mode],
  [/\.clone$/, mode],
  [/^torch\.nn\.functional\.(?:has_torch_function\w*|assert_int_or_pair)$/, helper],
  [/^torch\.nn\.functional\.\w+Type\.(?:name|value)$/, "of Python's enums; here the values are numbers"],
  [/^torch\.nn\.factory_kwargs$/, helper],
  [/^torch\.nn\.\w+\.(?:check_forward_args|check_hidden_size|permute_hidden)$/, "what a module's forward calls"],
  [/^torch\.nn\.Module\.(?:forward|ipu|mtia|xpu)$/, devices],
  [/\.cls_to_become$/, 'what a lazy parameter becomes; here its prototype changes'],
  [/^torch\.(?:optim\.)?Optimizer\.(?:OptimizerP\w+|profile_hook_step)$/, helper],
  [/^torch\.optim\.optimizer\.Optimizer\./, helper],
  [/^torch\.optim\.\w+\.\w+\.share_memory$/, distributed],
  [/^torch\.optim\.Adagrad\.share_memory$/, distributed],
  [/\.recursive_undo$/, helper],
  [
    /^torch\.autograd(?:\.function)?\.(?:Function|InplaceFunction|NestedIOFunction|BackwardCFunction)\.\w+$/,
    'of the context, which here is the first argument, or for subclasses to define',
  ],
  [
    /^torch\.autograd(?:\.function)?\.(?:NestedIOFunction|InplaceFunction|BackwardCFunction|FunctionMeta)$/,
    'old or private kinds of functions',
  ],
  [/^torch\.fft\.Tensor$/, helper],
  [/^torch\.distributions\.constraints\.dependent_property\./, helper],
  [
    /^torch\.utils\.data\.(?:dataloader\.|dataset\.)?(?:\w+\.)?(?:cummulative_sizes|cumsum|check_worker_number_rationality|_DatasetKind|multiprocessing_context)$/,
    helper,
  ],
  [
    /^torch\.utils\.data\.(?:DFIterDataPipe|DataChunk|IterDataPipe|MapDataPipe|argument_validation|functional_datapipe|guaranteed_datapipes_determinism|non_deterministic|runtime_validation|runtime_validation_disabled)\b/,
    datapipes,
  ],
  [/^torch\.nn\.utils\.prune\.BasePruningMethod\.compute_mask$/, to_define],
  [/^torch\.nn\.DataParallel\.(?:gather|parallel_apply|replicate|scatter)$/, 'what forward calls'],
  [/^torch\.nn\.parallel\.data_parallel\./, 'what forward calls'],
];

/** Names that programs may miss. @type {[RegExp | string, string][]} */
const left_out = [
  [/^torch\.distributed\b/, distributed],
  [/^torch\.multiprocessing\b/, 'pools, managers, start methods and helpers that docs/porting.md lists as not there'],
  [/^torch\.nn\.parallel\.DistributedDataParallel\b/, 'what forward calls, or an older name of an option'],
  [/^torch\.nn\.parallel\b/, 'spreads a batch over several GPUs by threads that share a module'],
  [/^torch\.(?:fx|export|onnx|package|nativert|_dynamo|compiler|utils\.viz)\b/, graphs],
  [/^torch\.(?:ao|quantization|nn\.(?:quantized|qat|intrinsic|quantizable))\b/, quantized],
  [/^torch\.accelerator\.(?:graphs\.)?Graph\b/, 'graphs of kernels: torch.cuda.CUDAGraph is here'],
  [/^torch\.(?:mtia|mps|xpu|accelerator|cpu|numa)\b/, devices],
  [
    /^torch\.backends\.(?:mps|miopen|xeon|xnnpack|cusparselt|kleidiai|nnpack|python_native|opt_einsum|quantized|mkl)\b/,
    devices,
  ],
  [/^torch\.backends\.cuda\b/, cuda_driver],
  [/^torch\.cuda\b/, cuda_driver],
  [/^torch\.jit\b/, 'scripting and tracing need Python'],
  [/^torch\.(?:profiler|monitor|autograd\.profiler\w*)\b/, 'profiles and logs'],
  [
    /^torch\.utils\.collect_env\b/,
    'single steps of get_env_info, which are in a script that needs no libtorch, or about packages of Python',
  ],
  [/^torch\.utils\.(?:benchmark|bottleneck|flop_counter|module_tracker|throughput_benchmark)\b/, 'profiles and logs'],
  [/^torch\.utils\.data\.datapipes\b/, datapipes],
  [/^torch\.utils\.data\.(?:dataloader|dataset|distributed|sampler)\b/, 'the names are in torch.utils.data'],
  [/^torch\.utils\.data\.(?:graph\w*|backward_compatibility)\b/, datapipes],
  [
    /^torch\.utils\.(?:cpp_extension|cpp_backtrace|file_baton|hipify|mobile_optimizer|bundled_inputs|jit|model_zoo|show_pickle|mkldnn|backcompat|backend_registration|debug_log|weak|serialization|hooks|set_module|ThroughputBenchmark|generate_methods_for_privateuse1_backend|get_cpp_backtrace|rename_privateuse1_backend)\b/,
    build,
  ],
  [/^torch\.utils\.checkpoint\b/, 'inner parts of checkpointing'],
  [/^torch\.library\b/, 'kernels for all operators at once, and of memory that several GPUs share'],
  [/^torch\.(?:overrides|futures|return_types|types)\b/, 'protocols of Python'],
  [/^torch\.nn\.(?:attention|backends|cpp)\b/, 'parts of torch.nn of their own'],
  [/^torch\.masked\b/, 'masked tensors; the functions take a mask beside the tensor'],
  [/^torch\.nested\b/, 'nested tensors with the jagged layout'],
  [/^torch\.sparse\b/, 'semi-structured sparsity'],
  [/^torch\.func\.rearrange$/, 'patterns of einops: use permute() and reshape()'],
  [/^torch\.func\.(?:functionalize|debug_unwrap)$/, graphs],
  [/^torch\.hub\.(?:help|list|load)$/, 'runs Python from GitHub'],
  [/^torch\.serialization\b/, 'hooks for devices and for Python values that are not here'],
  [/^torch\.autograd\b/, 'controls of threads, streams and memory of the backward pass'],
  [/^torch\.nn\.modules\b/, 'private parts of modules'],
  [/^torch\.nn\.utils\.(?:init|spectral_norm|weight_norm)\./, 'the function of this name hides the file'],
  [/^torch\.nn\.parameter\b/, 'the mixin of lazy parameters'],
  [/^torch\.random\b|^torch\.thread_safe_generator$/, 'each thread has a generator of its own here'],
  [/^torch\.(?:Stream|Event|OutOfMemoryError|AcceleratorError|get_device_module)\b/, devices],
  [/^torch\.(?:compile|export)$/, graphs],
  [/^torch\.Sym\w+\./, 'numbers are not symbolic here'],
  [/^torch\.(?:version|classes|ops|contrib|storage|signal|special|distributions)\b/, 'of Python builds'],
];

/** The reason for which a name is not here, and whether it counts; undefined when there is none. @param {string} name */
function reason_for(name) {
  const { modules, names } = /** @type {{ modules: Record<string, string>, names: Record<string, string> }} */ (
    require('../../dist/absent/instead.js')
  );
  const matches = (/** @type {RegExp | string} */ pattern, /** @type {string} */ at) =>
    typeof pattern === 'string' ? pattern === at : pattern.test(at);
  // What holds for a class holds for its methods.
  const own = name.slice(0, name.lastIndexOf('.'));
  const hidden = internal.find(([pattern]) => pattern.test(name) || pattern.test(own));
  if (hidden !== undefined) return { reason: hidden[1], counted: false };
  for (let path = name; path.includes('.'); path = path.slice(0, path.lastIndexOf('.'))) {
    const instead = names[path] ?? modules[path];
    if (instead !== undefined) return { reason: instead, counted: true };
  }
  const reason = left_out.find(([pattern]) => matches(pattern, name) || matches(pattern, own))?.[1];
  return reason === undefined ? undefined : { reason, counted: true };
}

module.exports = { internal, left_out, reason_for };
