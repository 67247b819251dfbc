/**
 * What PyTorch has and torch-node does not, and what to do instead: the one place for both. The files beside this one export
 * each name where Python has it; `tests/absent/absent.test.ts` compares them with this table and with Python.
 */

const compiled = 'leave it out, or compile in Python and load the result with torch._inductor.aoti_load_package()';
const scripted = 'trace with torch.jit.trace(), or script in Python and load the result with torch.jit.load()';
const exported = 'save the state_dict() with torch.save(), load it in Python and export there';
const threads = 'use worker_threads that share the parameters by torch.hand_over()';
const quantized = 'use torch.ao.quantization and torch.ao.nn, where the same names are';
const profile = 'use torch.profiler, which records kernels too';
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
  'torch.package': 'save the state_dict() with torch.save()',
  'torch.quantization': quantized,
  'torch.return_types': 'results with names are arrays with these names: torch.max(x, 1).values',

  'torch.nn.intrinsic': quantized,
  'torch.nn.qat': quantized,
  'torch.nn.quantizable': quantized,
  'torch.nn.quantized': quantized,

  'torch.utils.bundled_inputs': scripted,
  'torch.utils.cpp_extension': own_operator,
  'torch.utils.data.datapipes': pipes,
  'torch.utils.mobile_optimizer': scripted,
} as const;

/** Functions and classes by their path in Python. */
export const names = {
  'torch._inductor.aoti_compile_and_package': compiled,
  'torch._inductor.compile': compiled,

  'torch.autograd.profiler.load_nvprof': profile,

  'torch.export.AdditionalInputs': exported,
  'torch.export.ExportBackwardSignature': exported,
  'torch.export.FlatArgsAdapter': exported,
  'torch.export.ModuleCallEntry': exported,
  'torch.export.ModuleCallSignature': exported,
  'torch.export.ShapesCollection': exported,
  'torch.export.UnflattenedModule': exported,
  'torch.export.dims': exported,
  'torch.export.draft_export': exported,
  'torch.export.register_dataclass': exported,
  'torch.export.unflatten': exported,

  'torch.func.functionalize': 'leave it out, since only tracers need functions without mutations',

  'torch.hub.help': hub,
  'torch.hub.list': hub,
  'torch.hub.load': hub,

  'torch.jit.script': scripted,

  'torch.library.get_ctx': 'sizes of results are known here: nothing traces',
  'torch.library.get_kernel': 'call the operator, torch.ops.aten.add.Tensor',
  'torch.library.impl_abstract': 'use torch.library.register_fake()',
  'torch.library.infer_schema':
    "write the schema, '(Tensor x, float a) -> Tensor': functions of JavaScript have no types at run time",
  'torch.library.register_torch_dispatch': not_inherited,
  'torch.library.triton_op': 'use torch.library.custom_op()',
  'torch.library.wrap_triton': 'use torch.library.custom_op()',

  'torch.masked.MaskedTensor': masks,
  'torch.masked.as_masked_tensor': masks,
  'torch.masked.masked_tensor': masks,

  'torch.nested.nested_tensor_from_jagged': strided_nested,

  'torch.nn.parallel.gather': replicas,
  'torch.nn.parallel.parallel_apply': replicas,
  'torch.nn.parallel.replicate': replicas,
  'torch.nn.parallel.scatter': replicas,

  'torch.sparse.to_sparse_semi_structured': 'use x.to_sparse_csr()',

  'torch.utils.checkpoint.GraphExecGroup': 'call backward() once for all losses',
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
} as const;
