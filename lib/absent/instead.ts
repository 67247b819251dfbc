/**
 * What PyTorch has and torch-node does not, and what to do instead: the one place for both. The files beside this one export
 * each name where Python has it; `tests/absent/absent.test.ts` compares them with this table and with Python.
 */

const eager = 'operators run one by one, as Python runs them without torch.compile';
const compiled = 'leave it out, or compile in Python and load the result with torch._inductor.aoti_load_package()';
const scripted = 'script or trace in Python and load the result with torch.jit.load()';
const exported = 'save the state_dict() with torch.save(), load it in Python and export there';
const autocast = 'convert the model and its inputs with .to(torch.bfloat16)';
const no_scaling = 'leave it out, since gradients in bfloat16 or float32 need no scaling';
const threads = 'use worker_threads that share the parameters by torch.hand_over()';
const one_stream =
  'leave it out, since all work of a device is on its default stream; torch.cuda.synchronize() waits for it';
const no_graphs = 'run the operators directly: CUDA graphs cannot be captured here';
const cuda_memory =
  'leave it out, since the allocator of GPU memory has no interface here; torch.memory_stats() counts tensors';
const cuda_properties = 'ask nvidia-smi; torch.cuda.get_device_name() and torch.cuda.device_count() are here';
const cuda_tensor = "make the tensor with { device: 'cuda' } and a dtype";
const cuda_seed = 'use torch.cuda.manual_seed(), torch.cuda.get_rng_state() and torch.cuda.set_rng_state()';
const quantized =
  'torch.ao.quantization.quantize_dynamic() is here, and quantized tensors and their operators: torch.quantize_per_tensor()';
const static_quantization =
  'only dynamic quantization is here: torch.ao.quantization.quantize_dynamic(); quantize in Python, and load with torch.jit.load()';
const profile = 'use torch.profiler, which records kernels too';
const log = 'write a log of your own, or use a chart package for JavaScript';
const own_operator = 'use torch.library.custom_op(), or load a compiled library with torch.ops.load_library()';
const not_inherited = 'the class Tensor has no overridable protocol here; write a function';
const strided_nested = 'torch.nested has the strided layout';
const masks = 'the functions of torch.masked take a mask beside the tensor';
const hub =
  'load weights with torch.hub.load_state_dict_from_url() into a model that is written here, or a scripted one with torch.jit.load()';
const pipes = 'extend torch.utils.data.Dataset or IterableDataset';
const replicas = `nn.DataParallel runs a module on one device; ${threads}` as const;

/** Modules by their path in Python. */
export const modules = {
  'torch.amp': autocast,
  'torch.distributed': threads,
  'torch.export': exported,
  'torch.fx': `change modules by hand; ${eager}`,
  'torch.monitor': log,
  'torch.multiprocessing': threads,
  'torch.onnx': exported,
  'torch.package': 'save the state_dict() with torch.save()',
  'torch.quantization': quantized,
  'torch.return_types': 'results with names are arrays with these names: torch.max(x, 1).values',

  'torch.backends.cusparselt': 'use dense or CSR tensors',

  'torch.cpu.amp': autocast,

  'torch.cuda.amp': autocast,
  'torch.cuda.comm': threads,
  'torch.cuda.graphs': no_graphs,
  'torch.cuda.memory': cuda_memory,
  'torch.cuda.nccl': threads,
  'torch.cuda.nvtx': profile,
  'torch.cuda.profiler': profile,
  'torch.cuda.random': 'its functions are in torch.cuda',
  'torch.cuda.streams': one_stream,

  'torch.nn.intrinsic': quantized,
  'torch.nn.parallel.distributed': threads,
  'torch.nn.qat': quantized,
  'torch.nn.quantizable': quantized,
  'torch.nn.quantized': quantized,

  'torch.utils.bundled_inputs': scripted,
  'torch.utils.collect_env': 'run npx torch-node doctor',
  'torch.utils.cpp_extension': own_operator,
  'torch.utils.data.datapipes': pipes,
  'torch.utils.mobile_optimizer': scripted,
} as const;

/** Functions and classes by their path in Python. */
export const names = {
  'torch.autocast': autocast,
  'torch.GradScaler': no_scaling,
  'torch.OutOfMemoryError': 'catch an Error and look at its message',
  'torch.cond': 'write an if statement on cond.item()',
  'torch.get_autocast_dtype': autocast,
  'torch.get_autocast_gpu_dtype': autocast,
  'torch.is_autocast_enabled': autocast,
  'torch.set_autocast_dtype': autocast,
  'torch.set_autocast_enabled': autocast,
  'torch.while_loop': 'write a while loop on cond.item()',

  'torch._inductor.aoti_compile_and_package': compiled,
  'torch._inductor.compile': compiled,

  'torch.ao.quantization.DeQuantStub': static_quantization,
  'torch.ao.quantization.FakeQuantize': static_quantization,
  'torch.ao.quantization.HistogramObserver': static_quantization,
  'torch.ao.quantization.MinMaxObserver': static_quantization,
  'torch.ao.quantization.MovingAverageMinMaxObserver': static_quantization,
  'torch.ao.quantization.PerChannelMinMaxObserver': static_quantization,
  'torch.ao.quantization.QConfig': static_quantization,
  'torch.ao.quantization.QuantStub': static_quantization,
  'torch.ao.quantization.convert': static_quantization,
  'torch.ao.quantization.fuse_modules': static_quantization,
  'torch.ao.quantization.get_default_qat_qconfig': static_quantization,
  'torch.ao.quantization.get_default_qconfig': static_quantization,
  'torch.ao.quantization.prepare': static_quantization,
  'torch.ao.quantization.prepare_qat': static_quantization,
  'torch.ao.quantization.quantize': static_quantization,
  'torch.ao.quantization.quantize_qat': static_quantization,

  'torch.autograd.graph.GradientEdge': 'use tensor.grad_fn',
  'torch.autograd.graph.allow_mutation_on_saved_tensors': 'change a copy: x.clone().add_(1)',
  'torch.autograd.graph.get_gradient_edge': 'use tensor.grad_fn',

  'torch.autograd.profiler.emit_itt': profile,
  'torch.autograd.profiler.emit_nvtx': profile,
  'torch.autograd.profiler.load_nvprof': profile,

  'torch.cuda.BoolTensor': cuda_tensor,
  'torch.cuda.ByteTensor': cuda_tensor,
  'torch.cuda.CUDAGraph': no_graphs,
  'torch.cuda.DoubleTensor': cuda_tensor,
  'torch.cuda.Event': one_stream,
  'torch.cuda.FloatTensor': cuda_tensor,
  'torch.cuda.HalfTensor': cuda_tensor,
  'torch.cuda.IntTensor': cuda_tensor,
  'torch.cuda.LongTensor': cuda_tensor,
  'torch.cuda.OutOfMemoryError': 'catch an Error and look at its message',
  'torch.cuda.Stream': one_stream,
  'torch.cuda.current_stream': one_stream,
  'torch.cuda.default_stream': one_stream,
  'torch.cuda.device': 'select a device with torch.cuda.set_device()',
  'torch.cuda.empty_cache': cuda_memory,
  'torch.cuda.get_device_capability': cuda_properties,
  'torch.cuda.get_device_properties': cuda_properties,
  'torch.cuda.get_rng_state_all': cuda_seed,
  'torch.cuda.graph': no_graphs,
  'torch.cuda.initial_seed': cuda_seed,
  'torch.cuda.ipc_collect': cuda_memory,
  'torch.cuda.is_bf16_supported': cuda_properties,
  'torch.cuda.is_initialized': 'use torch.cuda.is_available()',
  'torch.cuda.make_graphed_callables': no_graphs,
  'torch.cuda.max_memory_allocated': cuda_memory,
  'torch.cuda.max_memory_reserved': cuda_memory,
  'torch.cuda.mem_get_info': cuda_memory,
  'torch.cuda.memory_allocated': cuda_memory,
  'torch.cuda.memory_reserved': cuda_memory,
  'torch.cuda.memory_stats': cuda_memory,
  'torch.cuda.memory_summary': cuda_memory,
  'torch.cuda.reset_peak_memory_stats': cuda_memory,
  'torch.cuda.seed': cuda_seed,
  'torch.cuda.seed_all': cuda_seed,
  'torch.cuda.set_rng_state_all': cuda_seed,
  'torch.cuda.set_stream': one_stream,
  'torch.cuda.stream': one_stream,
  'torch.cuda.utilization': cuda_properties,

  'torch.func.functionalize': 'leave it out, since only tracers need functions without mutations',

  'torch.hub.help': hub,
  'torch.hub.list': hub,
  'torch.hub.load': hub,

  'torch.jit.script': scripted,
  'torch.jit.trace': scripted,
  'torch.jit.trace_module': scripted,

  'torch.library.get_ctx': 'sizes of results are known here: nothing traces',
  'torch.library.get_kernel': 'call the operator, torch.ops.aten.add.Tensor',
  'torch.library.impl_abstract': 'use torch.library.register_fake()',
  'torch.library.infer_schema':
    "write the schema, '(Tensor x, float a) -> Tensor': functions of JavaScript have no types at run time",
  'torch.library.opcheck': 'compare the results of the operator with those of its parts',
  'torch.library.register_autocast': autocast,
  'torch.library.register_torch_dispatch': not_inherited,
  'torch.library.triton_op': 'use torch.library.custom_op()',
  'torch.library.wrap_triton': 'use torch.library.custom_op()',

  'torch.masked.MaskedTensor': masks,
  'torch.masked.as_masked_tensor': masks,
  'torch.masked.masked_tensor': masks,

  'torch.nested.nested_tensor_from_jagged': strided_nested,

  'torch.nn.parallel.DistributedDataParallel': threads,
  'torch.nn.parallel.data_parallel': replicas,
  'torch.nn.parallel.gather': replicas,
  'torch.nn.parallel.parallel_apply': replicas,
  'torch.nn.parallel.replicate': replicas,
  'torch.nn.parallel.scatter': replicas,

  'torch.sparse.to_sparse_semi_structured': 'use x.to_sparse_csr()',

  'torch.utils.checkpoint.CheckpointPolicy': 'checkpoint a smaller function',
  'torch.utils.checkpoint.create_selective_checkpoint_contexts': 'checkpoint a smaller function',
  'torch.utils.checkpoint.GraphExecGroup': 'call backward() once for all losses',
  'torch.utils.checkpoint.SAC_IGNORED_OPS': 'checkpoint a smaller function',
  'torch.utils.checkpoint.SelectiveCheckpointContext': 'checkpoint a smaller function',
  'torch.utils.checkpoint.set_checkpoint_debug_enabled': 'compare the two runs of the function yourself',
  'torch.utils.data.DataChunk': pipes,
  'torch.utils.data.DFIterDataPipe': pipes,
  'torch.utils.data.argument_validation': pipes,
  'torch.utils.data.guaranteed_datapipes_determinism': pipes,
  'torch.utils.data.non_deterministic': pipes,
  'torch.utils.data.runtime_validation': pipes,
  'torch.utils.data.runtime_validation_disabled': pipes,
  'torch.utils.data.IterDataPipe': pipes,
  'torch.utils.data.MapDataPipe': pipes,
  'torch.utils.data.functional_datapipe': pipes,
  'torch.utils.swap_tensors': 'assign the new tensor to the field of the module',
} as const;
